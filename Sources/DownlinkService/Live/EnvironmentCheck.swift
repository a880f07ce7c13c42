import Dispatch
import Glibc
import Ingest
package import StationConfiguration

/// What this host has against a configuration that is right in itself.
package enum EnvironmentCheck {
  /// Tries every port and directory, and leaves nothing behind.
  package static func problems(_ configuration: StationConfiguration, path: String) -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for (index, link) in configuration.links.enumerated() {
      do throws(IngestError) {
        try tryListening(link)
      } catch {
        problems.append(problem(of: link, error, path: path, places: InputPlaces(configuration, link: index)))
      }
    }
    let socketDirectory = directory(of: configuration.status.socketPath)
    let controlDirectory = directory(of: configuration.status.controlSocketPath)
    var directories = [("logs.directory", configuration.logs.directory), ("status.socket", socketDirectory)]
    if controlDirectory != socketDirectory { directories.append(("status.control_socket", controlDirectory)) }
    for (key, directory) in directories where !isWritable(directory) {
      problems.append(
        ConfigurationProblem(
          .warning, "\(directory) cannot be written by this user", file: path, keyPath: key,
          hint: "the service unit makes it; otherwise: install -d -m 0750 \(directory)"))
    }
    if let textfile = configuration.metrics.textfilePath, unsafe access(directory(of: textfile), W_OK) != 0 {
      problems.append(
        ConfigurationProblem(
          .warning, "\(directory(of: textfile)) is not there, or cannot be written by this user", file: path,
          keyPath: "metrics.textfile",
          hint: "let the user of the daemon write there, and see textfile.conf among the examples for the unit"))
    }
    return problems
  }

  /// Opens what a link listens with, and closes it. Whom it connects to is not tried: a modem may serve only one.
  private static func tryListening(_ link: LinkConfiguration) throws(IngestError) {
    switch link.input {
    case .udp(let udp): _ = try UDPReceiver.open(UDPInput(udp, datagramByteCount: 1))
    case .tcp(let tcp) where tcp.role == .listen:
      _ = try TCPStream.open(TCPInput(tcp), queue: DispatchQueue(label: "downlinkd.check"))
    case .capture(let capture): try CaptureStream.check(CaptureInput(capture, datagramByteCount: 1))
    case .tcp, .file, .pcap, .standardInput, nil: break
    }
  }

  private static func problem(
    of link: LinkConfiguration, _ error: IngestError, path: String, places: InputPlaces
  ) -> ConfigurationProblem {
    var (severity, key) = (ConfigurationProblem.Severity.error, "udp")
    var hint = "is a daemon running already? its port is in use then"
    switch error {
    // A daemon that runs has its ports, and its configuration is to be checked before it is started again.
    case .system(_, EADDRINUSE, _):
      severity = .warning
      if case .tcp = link.input { key = "tcp" }
    case .system("join", ENODEV, _):
      key = "interface"
      hint = "write the name of an interface of this host that can multicast: see `ip link`"
    case .system("join", _, _):
      key = "group"
      hint = "see whether the interface can multicast: `ip link` says MULTICAST"
    // Whoever checks may have another permission than the service, and an interface may come later.
    case .cannotCapture(_, let trouble):
      severity = .warning
      key = "interface"
      hint = trouble.hint
    default:
      if case .tcp = link.input { key = "tcp" }
    }
    let message = "link '\(link.name)' cannot listen: \(error)"
    guard let (place, keyPath) = places.place(of: key) else {
      return ConfigurationProblem(severity, message, file: path, keyPath: "links[].input.\(key)", hint: hint)
    }
    return ConfigurationProblem(severity, message, at: place, keyPath: keyPath, hint: hint)
  }

  private static func isWritable(_ directory: String) -> Bool {
    if unsafe access(directory, W_OK) == 0 { return true }
    // It is made at the start, where its parent allows it.
    return unsafe errno == ENOENT && access(Self.directory(of: directory), W_OK) == 0
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}

/// Where the keys of one link's input stand, beside its source or below it.
private struct InputPlaces {
  let places: [String: ConfigurationPlace]
  let path: String

  init(_ configuration: StationConfiguration, link index: Int) {
    places = configuration.places
    path = "links[\(index)].input"
  }

  func place(of key: String) -> (ConfigurationPlace, keyPath: String)? {
    for name in ["\(path).\(key)", "\(path).udp.\(key)", "\(path).pcap.\(key)"] {
      if let place = places[name] { return (place, name) }
    }
    return nil
  }
}
