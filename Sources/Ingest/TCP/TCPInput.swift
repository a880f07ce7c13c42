/// Where to receive a stream of bytes by TCP, and how patiently.
package struct TCPInput: Equatable, Sendable {
  /// Who opens the connection.
  package enum Role: Equatable, Sendable {
    case connect
    case listen
  }

  package var role: Role
  /// The peer to connect to: an address or a name. The numeric address to listen on; empty is every IPv4 address.
  package var host: String
  /// The port to connect to or to listen on; listening on 0 lets the kernel choose one.
  package var port: UInt16
  /// The kernel buffer to ask for. Absent, the kernel sizes it by itself, up to `net.ipv4.tcp_rmem`, which usually is
  /// more than a program without privilege may ask for.
  package var receiveBufferByteCount: Int?
  /// Silence after which a connection counts as half open and is broken; 0 waits for ever.
  package var idleTimeoutSeconds = 0.0
  /// The longest wait between two attempts to connect.
  package var longestRetrySeconds = 30.0
  /// How long a name may take to be looked up, and then each of its addresses to answer.
  package var attemptTimeoutSeconds = 10.0
  /// A peer that connects a second time, while its first connection has been silent for so long, has lost the first.
  package var replaceableAfterSeconds = 1.0

  package init(role: Role, host: String, port: UInt16) {
    self.role = role
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:4935`, `[::1]:4935` or `modem.example:4935`, for messages.
  package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
