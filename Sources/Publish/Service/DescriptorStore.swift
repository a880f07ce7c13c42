internal import CLinux
import Glibc

/// The service manager's store of descriptors: what is put there is handed to the next process of the service, however
/// this one ends, in the manner of `sd_pid_notify_with_fds`.
package final class DescriptorStore: Sendable {
  private let descriptor: Int32
  private let address: UnixSocketAddress?

  /// Finds the service manager, if there is one.
  ///
  /// - Parameter environment: The value of `NOTIFY_SOCKET`.
  package init(environment: (String) -> String? = ServiceNotifier.processEnvironment) {
    address = environment("NOTIFY_SOCKET").flatMap { UnixSocketAddress(serviceManagerPath: $0) }
    descriptor = address == nil ? -1 : socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // A service manager that is busy is waited for, but not for ever.
    var limit = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    if descriptor >= 0 {
      _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether there is a service manager to ask. Whether it keeps anything, its unit file says.
  package var isActive: Bool { descriptor >= 0 }

  /// Has a descriptor kept under a name; `FDPOLL=0` because an error on a socket is no reason to let it go.
  ///
  /// - Returns: Whether the service manager's socket took it.
  package func keep(_ kept: Int32, name: String) -> Bool { send("FDSTORE=1\nFDNAME=\(name)\nFDPOLL=0", kept) }

  /// Has all that is kept under a name let go.
  package func remove(name: String) -> Bool { send("FDSTOREREMOVE=1\nFDNAME=\(name)", nil) }

  /// Waits until the service manager has done all that it was asked: what is still in its socket when this process is
  /// killed would be nobody's.
  package func waitUntilDone() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    defer { close(ends[0]) }
    for end in ends { _ = clinux_make_own(end) }
    let isSent = send("BARRIER=1", ends[1])
    close(ends[1])
    guard isSent else { return }
    // It closes its end when it gets there.
    var waiting = pollfd(fd: ends[0], events: 0, revents: 0)
    _ = unsafe poll(&waiting, 1, Int32(Self.patienceSeconds * 1000))
  }

  private func send(_ text: String, _ passed: Int32?) -> Bool {
    guard let address, descriptor >= 0 else { return false }
    let bytes = Array(text.utf8)
    return unsafe address.withSockaddr { pointer, length in
      guard let passed else {
        return unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length) == bytes.count
      }
      return unsafe clinux_send_descriptor(descriptor, pointer, UInt32(length), bytes, bytes.count, passed) == 0
    }
  }

  private static let patienceSeconds = 2
}
