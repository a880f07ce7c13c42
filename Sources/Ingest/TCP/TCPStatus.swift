package import Dispatch

/// Where a TCP input stands.
package struct TCPStatus: Equatable, Sendable {
  /// What it is doing.
  package enum Connection: String, Sendable, CaseIterable {
    /// The name of the peer is being looked up.
    case resolving
    case connecting
    case connected
    /// The next attempt to connect is due later.
    case waiting
    /// The peer is to connect, and has not.
    case listening
    /// It has not begun, or is over.
    case stopped
  }

  package internal(set) var connection = Connection.stopped
  /// The other end of the connection, or of the last one.
  package internal(set) var peer: SocketAddress?
  /// Connections made or accepted.
  package internal(set) var connectionCount = 0
  /// Attempts to connect that came to nothing.
  package internal(set) var failedAttemptCount = 0
  /// Peers sent away: because there was a connection, and because they may not connect.
  package internal(set) var busyRefusalCount = 0
  package internal(set) var addressRefusalCount = 0
  /// Connections that could not be accepted because this host ran out of something.
  package internal(set) var acceptFailureCount = 0
  /// Why there is no connection, or why the last one ended.
  package internal(set) var lastFailure: TCPFailure?
  /// When the next attempt is due.
  package internal(set) var retryTime: DispatchTime?
  /// Bytes that the kernel holds.
  package internal(set) var receiveQueueByteCount = 0
  /// The kernel's receive buffer as it is at present.
  package internal(set) var receiveBufferByteCount = 0

  /// How long until the next attempt, while one is waited for.
  package var retrySeconds: Double? {
    guard connection == .waiting, let retryTime else { return nil }
    let now = DispatchTime.now().uptimeNanoseconds
    return retryTime.uptimeNanoseconds > now ? Double(retryTime.uptimeNanoseconds - now) / 1e9 : 0
  }
}

/// What happens to a TCP input beside the bytes that come.
package enum TCPEvent: Equatable, Sendable {
  case connected(SocketAddress)
  /// The connection ended. All that came by it has been lent.
  case disconnected(TCPFailure)
  /// No connection came about.
  case attemptFailed(TCPFailure)
  /// A peer was sent away, because there is a connection, or because it may not connect.
  case refusedBusy(SocketAddress)
  case refusedAddress(SocketAddress)
  /// What the kernel held has been lent, or as much as is lent at a time.
  case turnEnded
}
