import Glibc
import Ingest
package import StationConfiguration

/// What this host has against a configuration that is right in itself.
package enum EnvironmentCheck {
  /// Tries every port and directory, and leaves nothing behind.
  package static func problems(_ configuration: StationConfiguration, path: String) -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for link in configuration.links {
      guard case .udp(let udp) = link.input else { continue }
      do throws(IngestError) {
        var input = UDPInput(host: udp.host.description, port: udp.port)
        input.maximumDatagramByteCount = 1
        _ = try UDPReceiver.open(input)
      } catch {
        // A daemon that runs has its ports, and its configuration is to be checked before it is started again.
        var isInUse = false
        if case .system("bind", EADDRINUSE, _) = error { isInUse = true }
        problems.append(
          ConfigurationProblem(
            isInUse ? .warning : .error, "link '\(link.name)' cannot listen: \(error)", file: path,
            keyPath: "links[].input.udp", hint: "is a daemon running already? its port is in use then"))
      }
    }
    let socketDirectory = directory(of: configuration.status.socketPath)
    for (key, directory) in [("logs.directory", configuration.logs.directory), ("status.socket", socketDirectory)]
    where !isWritable(directory) {
      problems.append(
        ConfigurationProblem(
          .warning, "\(directory) cannot be written by this user", file: path, keyPath: key,
          hint: "the service unit makes it; otherwise: install -d -m 0750 \(directory)"))
    }
    return problems
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
