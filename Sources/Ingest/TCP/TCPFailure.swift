internal import CLinux
internal import Glibc

/// Why there is no connection.
package enum TCPFailure: Error, Equatable, Sendable {
  /// The name has no address, by the code of the resolver.
  case unresolved(code: Int32)
  /// The name was not looked up in time.
  case lookupTimeout
  /// The peer is there, and nothing listens on the port.
  case refused
  /// Nothing answered in time.
  case unanswered
  /// The connection ended in order.
  case closed
  /// The peer, or something in between, broke the connection.
  case reset
  /// The peer no longer answers the kernel's probes.
  case lost
  /// Nothing came for as long as the configuration allows.
  case idle
  /// The same peer connected again.
  case replaced
  /// Any other error of a system call.
  case system(errno: Int32)

  /// What a failed attempt to connect means.
  init(connecting errno: Int32) {
    self =
      switch errno {
      case ECONNREFUSED: .refused
      case ETIMEDOUT: .unanswered
      default: .system(errno: errno)
      }
  }

  /// What a failed read means.
  init(reading errno: Int32) {
    self =
      switch errno {
      case ECONNRESET: .reset
      case ETIMEDOUT: .lost
      default: .system(errno: errno)
      }
  }
}

extension TCPFailure: CustomStringConvertible {
  /// What happened, in a few words for a person.
  package var description: String {
    switch self {
    case .unresolved(let code): "the name cannot be looked up: \(unsafe String(cString: clinux_resolve_error(code)))"
    case .lookupTimeout: "the name was not looked up in time"
    case .refused: "the peer refuses the connection"
    case .unanswered: "the peer does not answer"
    case .closed: "the peer closed the connection"
    case .reset: "the peer reset the connection"
    case .lost: "the peer no longer answers"
    case .idle: "nothing came for too long"
    case .replaced: "the peer connected again"
    case .system(let errno): unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
  }

  /// What to do about it.
  package var hint: String {
    switch self {
    case .unresolved, .lookupTimeout: "check the name in input.tcp and the name servers of this host"
    case .refused: "start the server of the peer, or check the port in input.tcp"
    case .unanswered, .lost: "check the address in input.tcp, the network, and firewalls in between"
    case .closed, .reset: "look at the peer: it ended the connection; it may serve one client at a time"
    case .idle: "look at the peer, or raise idle_timeout if such silence is usual"
    case .replaced: "look at the peer: it lost its first connection, or connects twice"
    case .system: "see the network of this host"
    }
  }
}
