internal import CLinux
internal import Glibc

extension Endpoint {
  /// The addresses of a name at most, which one attempt to connect tries one after the other.
  private static let addressLimit = 16
  /// Peers that the kernel lets wait to be accepted; what comes beyond them has to try again a second later.
  private static let waitingPeerLimit: Int32 = 128

  init(_ address: clinux_address) { self.address = address }

  /// Looks a name up. It waits for name servers, so it is not to be called where something else is to be done.
  static func resolve(_ name: String, port: UInt16) -> Result<[Endpoint], TCPFailure> {
    // No name ends in a number: it is an address that is not quite one, and the C library would guess at it.
    guard name.contains(":") || name.split(separator: ".").last?.allSatisfy(\.isNumber) != true
    else { return .failure(.unresolved(code: EAI_NONAME)) }
    var addresses = [clinux_address](repeating: clinux_address(), count: addressLimit)
    let count = unsafe clinux_resolve(name, port, &addresses, UInt32(addressLimit))
    guard count > 0 else { return .failure(.unresolved(code: count)) }
    return .success(addresses.prefix(Int(count)).map(Endpoint.init))
  }

  /// As people write it.
  var socketAddress: SocketAddress {
    var address = address
    var peer = clinux_peer()
    unsafe clinux_describe_address(&address, &peer)
    return SocketAddress(peer)
  }

  /// A socket that is about to be connected or is connected, or the negated error number.
  ///
  /// - Parameter receiveBufferByteCount: What to ask for; it counts only before the connection is made.
  func startConnecting(receiveBufferByteCount: Int?) -> Int32 {
    var address = address
    let descriptor = unsafe clinux_tcp_socket(&address)
    guard descriptor >= 0 else { return descriptor }
    if let receiveBufferByteCount {
      _ = clinux_set_receive_buffer(descriptor, Int32(clamping: receiveBufferByteCount))
    }
    let outcome = unsafe clinux_connect(descriptor, &address)
    guard outcome < 0, outcome != -EINPROGRESS else { return descriptor }
    close(descriptor)
    return outcome
  }

  /// A socket that peers can connect to.
  func listen(receiveBufferByteCount: Int?, description: String) throws(IngestError) -> Int32 {
    var address = address
    let descriptor = try check(unsafe clinux_tcp_socket(&address), "socket", description)
    do throws(IngestError) {
      if let receiveBufferByteCount {
        let byteCount = Int32(clamping: receiveBufferByteCount)
        try check(clinux_set_receive_buffer(descriptor, byteCount), "setsockopt", description)
      }
      try check(unsafe clinux_tcp_listen(descriptor, &address, Self.waitingPeerLimit), "listen", description)
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }
}

extension SocketAddress {
  init(_ peer: clinux_peer) {
    self =
      peer.is_ipv6 != 0
      ? SocketAddress(ipv6High: peer.address_high, low: peer.address_low, port: peer.port)
      : SocketAddress(ipv4: UInt32(truncatingIfNeeded: peer.address_low), port: peer.port)
  }

  /// Whether it is the same machine, whatever the port.
  func hasHost(of other: SocketAddress) -> Bool { high == other.high && low == other.low && isIPv6 == other.isIPv6 }
}
