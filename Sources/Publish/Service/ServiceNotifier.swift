import Glibc

/// Tells the service manager how the daemon is, in the manner of `sd_notify`, without its library.
///
/// Outside a service manager nothing is sent.
package final class ServiceNotifier: Sendable {
  /// One assignment of the protocol.
  package enum Message: Equatable, Sendable {
    case ready
    /// One line for `systemctl status`, cut at 80 characters.
    case status(String)
    case watchdog
    case stopping
    /// The configuration is being read again; the argument is the present of `CLOCK_MONOTONIC`.
    case reloading(monotonicMicroseconds: UInt64)
    /// The error number the daemon ends with.
    case errno(Int32)
    /// How long it may take from now until the next message, or the end.
    case extendTimeout(seconds: Double)

    fileprivate var assignment: String {
      switch self {
      case .ready: "READY=1"
      case .status(let text): "STATUS=\(String(text.map { $0.isNewline ? " " : $0 }.prefix(80)))"
      case .watchdog: "WATCHDOG=1"
      case .stopping: "STOPPING=1"
      case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
      case .errno(let number): "ERRNO=\(number)"
      case .extendTimeout(let seconds): "EXTEND_TIMEOUT_USEC=\(UInt64(max(0, seconds) * 1e6))"
      }
    }
  }

  /// How often the service manager expects `watchdog`, in microseconds; `nil` if it does not. Send it twice as often.
  package let watchdogMicroseconds: UInt64?

  private let descriptor: Int32
  private let address: UnixSocketAddress?

  /// Finds the service manager, if there is one.
  ///
  /// - Parameter environment: The value of `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
  package init(environment: (String) -> String? = ServiceNotifier.processEnvironment) {
    address = environment("NOTIFY_SOCKET").flatMap { UnixSocketAddress(serviceManagerPath: $0) }
    descriptor = address == nil ? -1 : socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    watchdogMicroseconds = Self.watchdogMicroseconds(environment)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether a service manager listens.
  package var isActive: Bool { descriptor >= 0 }

  /// Sends the messages in one datagram.
  ///
  /// - Returns: Whether the service manager's socket took them.
  @discardableResult
  package func send(_ messages: Message...) -> Bool {
    guard let address, descriptor >= 0, !messages.isEmpty else { return false }
    let bytes = Array(messages.map(\.assignment).joined(separator: "\n").utf8)
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = unsafe address.withSockaddr { pointer, length in
      unsafe sendto(descriptor, bytes, bytes.count, flags, pointer, length)
    }
    return count == bytes.count
  }

  /// A variable of this process.
  package static func processEnvironment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  private static func watchdogMicroseconds(_ environment: (String) -> String?) -> UInt64? {
    if let pid = environment("WATCHDOG_PID"), Int32(pid) != getpid() { return nil }
    guard let microseconds = environment("WATCHDOG_USEC").flatMap({ UInt64($0) }), microseconds > 0 else { return nil }
    return microseconds
  }
}
