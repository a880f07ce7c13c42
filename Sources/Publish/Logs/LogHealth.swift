/// Whether a log can be written, and when it may say so: one notice for each way, however the disk behaves.
///
/// After a failure nothing is trusted until a record was written and brought to the disk. That is tried after a
/// second, and after twice the time each time it fails again, up to a minute; failures soon after a recovery go on
/// with the doubling, so that a disk that comes and goes makes few lines.
package struct LogHealth: Equatable {
  private static let second: Int64 = 1_000_000_000
  private static let longestDelay = 60 * second

  /// Whether something failed and nothing has proved yet that it works again.
  package private(set) var isDegraded = false
  /// The records lost since.
  package private(set) var droppedRecordCount: UInt64 = 0
  /// Whether the disk has refused since, and not the file alone.
  package private(set) var cannotSynchronize = false
  /// Whether a record was written since the last failure.
  package private(set) var hasWritten = false
  private var delay: Int64 = 0
  private var retryAt: Int64 = 0
  private var recoveredAt: Int64?

  /// A log that nothing has happened to.
  package init() {}

  /// Takes note of a failure.
  ///
  /// - Returns: Whether it is the first of its kind, so that it is to be told.
  package mutating func fail(synchronizing: Bool = false, at now: Int64) -> Bool {
    hasWritten = false
    if synchronizing { cannotSynchronize = true }
    if isDegraded {
      if now >= retryAt { wait(at: now) }
      return false
    }
    isDegraded = true
    if recoveredAt.map({ now - $0 >= Self.longestDelay }) ?? true { delay = 0 }
    wait(at: now)
    return true
  }

  /// Takes note of records that did not get into the file.
  package mutating func drop(_ count: UInt64) { if isDegraded { droppedRecordCount += count } }

  /// Takes note of a record that did.
  package mutating func noteWritten() { if isDegraded { hasWritten = true } }

  /// Whether it is time to see whether it works again.
  package func isProbeDue(at now: Int64) -> Bool { isDegraded && now >= retryAt }

  /// A record was written and is on the disk.
  ///
  /// - Returns: The records lost meanwhile.
  package mutating func recover(at now: Int64) -> UInt64 {
    defer { droppedRecordCount = 0 }
    isDegraded = false
    hasWritten = false
    cannotSynchronize = false
    recoveredAt = now
    return droppedRecordCount
  }

  private mutating func wait(at now: Int64) {
    delay = min(max(2 * delay, Self.second), Self.longestDelay)
    retryAt = now + delay
  }
}
