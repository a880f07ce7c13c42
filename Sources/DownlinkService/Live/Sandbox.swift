import CLinux
import Glibc
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// What keeps a daemon that somebody has taken over from the rest of the machine: Landlock, for the files.
///
/// It is entered before anything is opened and while there is one thread: the kernel confines a thread and those that
/// come from it, so that later is too late for the threads of the queues.
package struct Sandbox: Equatable, Sendable {
  /// The version of Landlock that confines this process; 0 when none does.
  package let landlockVersion: Int
  /// Why it is not confined; `nil` when it is, or when nobody wanted it.
  package let obstacle: String?
  /// The directories that may be written.
  package let writableDirectories: [String]

  /// No confinement: for whoever runs a daemon inside another program.
  package static let none = Sandbox(landlockVersion: 0, obstacle: nil, writableDirectories: [])

  private static func none(because obstacle: String) -> Sandbox {
    Sandbox(landlockVersion: 0, obstacle: obstacle, writableDirectories: [])
  }

  /// Confines this process for good to what the configuration needs.
  ///
  /// Where the kernel cannot, that is an obstacle and no error: the unit and the user that it runs as still confine it.
  package static func enter(for file: StationFile) throws(ServiceError) -> Sandbox {
    let rules = SandboxRules(file.configuration, path: file.path)
    for directory in rules.directoriesToMake { try Outlets.makeDirectory(directory) }
    for directory in rules.directoriesToTry { try? Outlets.makeDirectory(directory) }
    _ = clinux_forbid_new_privileges()
    _ = clinux_forbid_inspection()
    CrashSignals.endAtOnce()
    guard threadCount == 1 else { return .none(because: "other threads run already") }
    return enforce(rules)
  }

  /// Confines the calling thread and those that it starts.
  package static func enforce(_ rules: SandboxRules) -> Sandbox {
    let version = clinux_landlock_version()
    guard version > 0 else { return .none(because: "the kernel has no Landlock, or it is switched off") }
    let ruleset = clinux_landlock_create(version, rules.scopes)
    guard ruleset >= 0 else {
      return .none(because: "the rules of Landlock are refused: \(IngestError.text(-ruleset))")
    }
    defer { close(ruleset) }
    for path in rules.readable {
      // What is not there cannot be read; what is made later in a directory that was not there needs a restart.
      _ = unsafe clinux_landlock_allow(ruleset, version, path, 0)
    }
    let written = rules.writable.filter { unsafe clinux_landlock_allow(ruleset, version, $0, 1) == 0 }
    _ = unsafe clinux_landlock_allow(ruleset, version, "/dev/null", 1)
    let result = clinux_landlock_enforce(ruleset)
    guard result == 0 else { return .none(because: "Landlock is refused: \(IngestError.text(-result))") }
    return Sandbox(landlockVersion: Int(version), obstacle: nil, writableDirectories: written)
  }

  /// The threads of this process, or 0 when that cannot be seen.
  private static var threadCount: Int {
    guard let directory = unsafe opendir("/proc/self/task") else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
      if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}

extension Outlets {
  /// Says once how the process is confined.
  func report(_ sandbox: Sandbox) {
    guard sandbox != .none else { return }
    emit(
      EventRecord(.daemon, severity: sandbox.obstacle == nil ? .info : .warning, time: HostClock.wall()) {
        $0.member("action", "sandbox")
        $0.member("landlock_abi", sandbox.landlockVersion)
        if let obstacle = sandbox.obstacle { $0.member("reason", obstacle) }
      })
  }
}
