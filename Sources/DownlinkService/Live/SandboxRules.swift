import CLinux
import Glibc
package import StationConfiguration

/// The files that a daemon needs once it runs; everything else is out of its reach.
///
/// A rule of Landlock holds on to the file or directory that is there when it is made. What is replaced while the
/// daemon runs, as a resolver's or the daemon's own configuration, is therefore allowed by the directory that it is in.
package struct SandboxRules: Equatable, Sendable {
  /// Files, and directories with all below them, that may be read. Those that do not exist are left out.
  package var readable: [String]
  /// Directories with all below them, to be written too.
  package var writable: [String]
  /// What else the process may not reach.
  package var scopes = UInt32(CLINUX_LANDLOCK_SCOPE_SIGNALS)
  /// Directories of the configuration that are made when they are not there.
  package var directoriesToMake: [String] = []
  /// Those that it does without when they cannot be made.
  package var directoriesToTry: [String] = []

  /// Rules that allow exactly this.
  package init(readable: [String], writable: [String]) {
    self.readable = readable
    self.writable = writable
  }

  /// What a station needs.
  ///
  /// - Parameters:
  ///   - path: The file of the configuration, to read it and its neighbours again.
  ///   - environment: The variables of this process: what the service manager gave.
  package init(
    _ configuration: StationConfiguration, path: String,
    environment: (String) -> String? = SandboxRules.processEnvironment
  ) {
    directoriesToMake = Self.written(by: configuration)
    readable = Self.ofTheSystem + Self.directories(of: path) + Self.directories(of: "/etc/resolv.conf")
    for link in configuration.links {
      switch link.input {
      case .file(let file), .pcap(let file, _): readable += Self.directories(of: file)
      case .udp, .tcp, .capture, .standardInput, nil: break
      }
      let databases = (link.mission?.files ?? []) + (link.mission?.limitSets.flatMap(\.files) ?? [])
      readable += databases.flatMap(Self.directories).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    if let web = configuration.web {
      let privacy = web.privacy.map { [$0.certificatePath, $0.keyPath] + [$0.clientAuthorityPath].compactMap(\.self) }
      readable += ([web.tokenPath].compactMap(\.self) + (privacy ?? [])).flatMap(Self.directories)
    }
    readable += configuration.passes.scheduleFile.map(Self.directories) ?? []
    readable += ["CREDENTIALS_DIRECTORY"].compactMap(environment)
    let state = environment("STATE_DIRECTORY")?.split(separator: ":").map(String.init) ?? ["/var/lib/downlinkd"]
    directoriesToTry = configuration.state.directory.map { [$0] } ?? []
    writable = directoriesToMake + directoriesToTry + state
    // It is that of another program, and not for this one to make.
    writable += configuration.metrics.textfilePath.map { [Self.directory(of: $0)] } ?? []
    // A service manager may listen in the abstract space; without one, nobody there is ours.
    if environment("NOTIFY_SOCKET")?.hasPrefix("@") != true {
      scopes |= UInt32(CLINUX_LANDLOCK_SCOPE_ABSTRACT_SOCKETS)
    }
  }

  /// Names and addresses, time zones, the modules of the resolver, what the kernel says about sockets and interfaces.
  /// The user of the daemon still reads nothing there that is not for everyone.
  private static let ofTheSystem = [
    "/etc", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/lib", "/lib64", "/proc", "/sys", "/dev/random",
    "/dev/urandom",
  ]

  /// The directories that a configuration has written.
  private static func written(by configuration: StationConfiguration) -> [String] {
    let logs = configuration.logs.directory
    let sockets = [configuration.status.socketPath, configuration.status.controlSocketPath].map(directory)
    return [logs, sockets[0]] + (sockets[0] == sockets[1] ? [] : [sockets[1]])
  }

  /// The directory of a file, and that of the file which it is a symbolic link to.
  private static func directories(of path: String) -> [String] {
    let direct = directory(of: path)
    let real = directory(of: resolved(path))
    return real == direct ? [direct] : [direct, real]
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without symbolic links, or as it is when there is nothing.
  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// A variable of this process.
  package static func processEnvironment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
