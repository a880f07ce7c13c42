import CCSDSWire
import CLinux
import Glibc
import StationConfiguration
import Synchronization

/// Sockets that are bound already and wait for a link to go on with them: handed over by the service manager, kept by
/// it from an earlier run, or left by a link that a reload has ended. What such a socket holds is not lost.
///
/// They are found by the address that they are bound to, whatever they are called: every address of the machine is
/// another one than any of them. Those that nobody takes are closed.
package final class BoundSockets: Sendable {
  private struct Item {
    let descriptor: Int32
    let membership: String?
  }

  private let items: Mutex<[Item]>

  /// None yet.
  package init() { items = Mutex([]) }

  /// Takes over a descriptor; it is closed at the end when no link wants it.
  ///
  /// - Parameter membership: What `UDPDescription.membership` was when the socket was made: no socket tells which
  ///   groups it has joined, and one group too many is as wrong as one too few. Absent, the address alone decides.
  package func add(_ descriptor: Int32, membership: String? = nil) {
    items.withLock { $0.append(Item(descriptor: descriptor, membership: membership)) }
  }

  /// A socket that is bound as `udp` says, which now belongs to the caller.
  func take(boundAs udp: UDPDescription) -> Int32? {
    take(Int32(SOCK_DGRAM.rawValue), host: udp.host.description, port: udp.port, membership: udp.membership)
  }

  /// A socket that listens as `tcp` says, which now belongs to the caller.
  func take(listeningAs tcp: TCPDescription) -> Int32? {
    guard tcp.role == .listen else { return nil }
    let host = tcp.host == "localhost" ? "127.0.0.1" : tcp.host
    return take(Int32(SOCK_STREAM.rawValue), host: host, port: tcp.port, membership: "")
  }

  private func take(_ type: Int32, host: String, port: UInt16, membership: String) -> Int32? {
    var address = clinux_address()
    guard port != 0, unsafe clinux_address_parse(host, port, &address) == 0 else { return nil }
    return items.withLock { items in
      let index = items.firstIndex { item in
        unsafe clinux_is_bound(item.descriptor, type, &address) != 0
          && (item.membership ?? membership) == membership
      }
      return index.map { items.remove(at: $0).descriptor }
    }
  }

  /// Closes those that nobody took.
  func closeRest() {
    let rest = items.withLock { items in
      defer { items = [] }
      return items
    }
    for item in rest { close(item.descriptor) }
  }

  deinit { closeRest() }
}

extension [BoundSockets] {
  /// What the first of them has that has any.
  func first(_ take: (BoundSockets) -> Int32?) -> Int32? {
    for sockets in self {
      if let descriptor = take(sockets) { return descriptor }
    }
    return nil
  }
}

extension UDPDescription {
  /// Tells apart what sockets are members of; empty for one that has joined no group.
  var membership: String {
    guard group != nil else { return "" }
    var relevant = self
    relevant.allowFrom = []
    relevant.receiveBufferByteCount = 0
    relevant.maximumDatagramsPerSecond = nil
    relevant.probeIntervalSeconds = 0
    return String(StateArchive.digest(of: Array("\(relevant)".utf8)), radix: 16)
  }
}
