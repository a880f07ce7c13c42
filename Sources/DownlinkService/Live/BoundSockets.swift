import Glibc
import StationConfiguration
import Synchronization

/// Sockets that are bound already and wait for a link to go on with them: handed over by the service manager, kept by it
/// from an earlier run, or left by a link that a reload has ended. What such a socket holds is not lost.
///
/// They are found by the address that they are bound to, whatever they are called. Those that nobody takes are closed.
package final class BoundSockets: Sendable {
  private let descriptors: Mutex<[Int32]>

  /// None yet.
  package init() { descriptors = Mutex([]) }

  /// Takes over a descriptor; it is closed at the end when no link wants it.
  package func add(_ descriptor: Int32) { descriptors.withLock { $0.append(descriptor) } }

  /// A socket that is bound as `udp` says, which now belongs to the caller.
  func take(boundAs udp: UDPDescription) -> Int32? { take(SOCK_DGRAM, udp.host, udp.port) }

  /// A socket that listens as `tcp` says, which now belongs to the caller.
  func take(listeningAs tcp: TCPDescription) -> Int32? {
    guard tcp.role == .listen, let host = IPAddress(tcp.host == "localhost" ? "127.0.0.1" : tcp.host) else {
      return nil
    }
    return take(SOCK_STREAM, host, tcp.port)
  }

  private func take(_ type: __socket_type, _ host: IPAddress, _ port: UInt16) -> Int32? {
    descriptors.withLock { descriptors in
      guard let index = descriptors.firstIndex(where: { Self.isBound($0, type, host, port) }) else { return nil }
      return descriptors.remove(at: index)
    }
  }

  private static func isBound(_ descriptor: Int32, _ type: __socket_type, _ host: IPAddress, _ port: UInt16) -> Bool {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &number, &length) == 0, number == type.rawValue else {
      return false
    }
    var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
    length = socklen_t(bytes.count)
    let hasName = unsafe bytes.withUnsafeMutableBytes { storage in
      guard let address = unsafe storage.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
      return unsafe getsockname(descriptor, address, &length) == 0
    }
    // Family in the byte order of the host, then port and, in IPv6 behind the flow, address in network order.
    let address = bytes[0] == UInt8(AF_INET) ? 4..<8 : 8..<24
    return hasName && UInt16(bytes[2]) << 8 | UInt16(bytes[3]) == port
      && IPAddress(bytes: Array(bytes[address])) == host
  }

  /// Closes those that nobody took.
  func closeRest() {
    let rest = descriptors.withLock { descriptors in
      defer { descriptors = [] }
      return descriptors
    }
    for descriptor in rest { close(descriptor) }
  }

  deinit { closeRest() }
}
