/// Where to receive UDP datagrams, and how much room to give them.
package struct UDPInput: Equatable, Sendable {
  /// The most payload bytes that IPv4 fits into one datagram.
  package static let largestDatagramByteCount = 65_507
  /// What is asked of the kernel unless told otherwise: 32 MiB, half a second of 50,000 datagrams a second.
  package static let defaultReceiveBufferByteCount = 32 << 20

  /// The numeric address to bind to; empty is every IPv4 address of the machine.
  package var host: String
  /// The port to bind to; 0 lets the kernel choose one.
  package var port: UInt16
  package var receiveBufferByteCount = defaultReceiveBufferByteCount
  /// Payload bytes kept of each datagram. A longer one is lent cut, and says so.
  package var maximumDatagramByteCount = largestDatagramByteCount
  /// A multicast group to join.
  package var group: String?
  /// The interface to join the group on, by name or IPv4 address; absent, the kernel chooses.
  package var interface: String?

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// The room that a datagram is given.
  package var slotByteCount: Int { min(max(maximumDatagramByteCount, 1), Self.largestDatagramByteCount) }

  /// `127.0.0.1:10017` or `[::1]:10017`, for messages.
  package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
