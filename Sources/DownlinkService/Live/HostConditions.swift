import CCSDSLink
import Glibc
package import LinkHealth

/// What of this host may come to trouble everything at once: its clock, and how many files a process may have open.
package struct HostConditions {
  /// How long a clock that was set is a problem.
  private static let clockMemorySeconds: Int64 = 600
  /// Counting descriptors means listing them; a problem of that kind does not come from one second to the next.
  private static let countingIntervalSeconds: Int64 = 10
  private static let tolerableShare = 0.8

  private var step: (seconds: Double, wall: Int64, monotonic: Int64)?
  private(set) var descriptors: (count: Int, limit: Int)?
  private var countedAt: Int64?

  /// Nothing is known yet.
  package init() {}

  /// Takes note that the clock of this host was set.
  ///
  /// - Parameters:
  ///   - wall: What it says now.
  ///   - monotonic: The same time by the clock that is never set.
  package mutating func noteClockStep(seconds: Double, wall: Int64, monotonic: Int64) {
    step = (seconds, wall, monotonic)
  }

  /// What is wrong, at a time of the clock that is never set.
  package mutating func problems(at now: Int64) -> [Problem] {
    if countedAt.map({ now - $0 >= Self.countingIntervalSeconds * 1_000_000_000 }) ?? true {
      descriptors = Self.countDescriptors()
      countedAt = now
    }
    return [clockProblem(at: now), descriptorProblem].compactMap { $0 }
  }

  private func clockProblem(at now: Int64) -> Problem? {
    guard let step, now - step.monotonic < Self.clockMemorySeconds * 1_000_000_000 else { return nil }
    let direction = step.seconds < 0 ? "back" : "forward"
    let size = (step.seconds.magnitude * 1000).rounded() / 1000
    return Problem(
      .clockStepped, .warning, since: ReceptionTime(nanosecondsSince1970: step.wall),
      message: "the clock of this host was set \(direction) by \(size) s",
      hint: "if nobody has set it on purpose, look at its time service: 'timedatectl' or 'chronyc tracking'")
  }

  private var descriptorProblem: Problem? {
    guard let (count, limit) = descriptors, Double(count) > Double(limit) * Self.tolerableShare else { return nil }
    return Problem(
      .descriptorsLow, .warning,
      message: "\(count) of \(limit) file descriptors that this process may have are in use",
      hint: "see who is connected with 'downlinkctl clients'; raise LimitNOFILE= of the service, or lower "
        + "status.max_clients")
  }

  /// How many descriptors are open, and how many may be.
  static func countDescriptors() -> (count: Int, limit: Int)? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(directory) }
    // Not counted: the entries for the directory itself and its parent, and the descriptor it is read by.
    var count = -3
    while unsafe readdir(directory) != nil { count += 1 }
    return (count, Int(clamping: limit.rlim_cur))
  }
}
