import Dispatch
import Glibc
import Ingest
package import StationConfiguration

/// What this host has against a configuration that is right in itself.
package enum EnvironmentCheck {
  /// Tries every port and directory, and leaves nothing behind.
  package static func problems(_ configuration: StationConfiguration, path: String) -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for link in configuration.links {
      do throws(IngestError) {
        try tryListening(link)
      } catch {
        problems.append(problem(of: link, error, path: path))
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
    return problems
  }

  /// Opens what a link listens with, and closes it. Whom it connects to is not tried: a modem may serve only one.
  private static func tryListening(_ link: LinkConfiguration) throws(IngestError) {
    switch link.input {
    case .udp(let udp):
      var input = UDPInput(host: udp.host.description, port: udp.port)
      input.maximumDatagramByteCount = 1
      _ = try UDPReceiver.open(input)
    case .tcp(let tcp) where tcp.role == .listen:
      _ = try TCPStream.open(TCPInput(tcp), queue: DispatchQueue(label: "downlinkd.check"))
    case .tcp, .file, .pcap, .standardInput, nil: break
    }
  }

  private static func problem(
    of link: LinkConfiguration, _ error: IngestError, path: String
  ) -> ConfigurationProblem {
    // A daemon that runs has its ports, and its configuration is to be checked before it is started again.
    var isInUse = false
    if case .system(_, EADDRINUSE, _) = error { isInUse = true }
    var key = "links[].input.udp"
    if case .tcp = link.input { key = "links[].input.tcp" }
    return ConfigurationProblem(
      isInUse ? .warning : .error, "link '\(link.name)' cannot listen: \(error)", file: path, keyPath: key,
      hint: "is a daemon running already? its port is in use then")
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
