internal import CLinux
internal import Glibc

/// Sends single datagrams from this host to a UDP socket of its own, in a way that never leaves the host.
package struct ProbeSender: Sendable {
  /// Why a socket cannot be sent to from here.
  package enum Obstacle: Error, Equatable, Sendable {
    /// The group is joined for named sources, and this host is none of them.
    case sourceSpecific

    /// For a person.
    package var reason: String {
      switch self {
      case .sourceSpecific: "the socket hears the named sources of its group only"
      }
    }
  }

  /// Where to send, for messages.
  package let target: String
  private let endpoint: Endpoint
  private let isGroup: Bool
  private let interface: String?

  /// - Parameters:
  ///   - input: How the socket was bound.
  ///   - port: The port that it has.
  package init(to input: UDPInput, port: UInt16) throws(IngestError) {
    let loopback = ["": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"]
    let host = loopback[input.host] ?? input.host
    endpoint = try Endpoint(host: host, port: port)
    target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    isGroup = input.group != nil && host == input.group
    interface = input.interfaces.first
  }

  /// What stands against probing, if anything does.
  package static func obstacle(to input: UDPInput) -> Obstacle? {
    input.host == input.group && !input.sources.isEmpty ? .sourceSpecific : nil
  }

  /// Sends a datagram from a new socket, which is closed at once.
  ///
  /// - Returns: Where it comes from.
  package func send(_ datagram: RawSpan) throws(IngestError) -> SocketAddress {
    let descriptor = try endpoint.makeSocket(nonblocking: true, description: target)
    defer { close(descriptor) }
    if isGroup {
      var address = endpoint.address
      let index = interface.flatMap { NetworkInterface(named: $0).index } ?? 0
      try check(unsafe clinux_keep_on_host(descriptor, &address, index), "setsockopt", target)
    }
    try endpoint.connect(descriptor, description: target)
    var source = clinux_address()
    try check(unsafe clinux_local_address(descriptor, &source), "getsockname", target)
    var byteCount = datagram.byteCount
    let sent = unsafe datagram.withUnsafeBytes { unsafe clinux_send_batch(descriptor, $0.baseAddress, &byteCount, 1) }
    try check(sent, "send", target)
    return Endpoint(source).socketAddress
  }
}
