package import Dispatch

/// Where a live capture stands.
package struct CaptureStatus: Equatable, Sendable {
  /// What it is doing.
  package enum State: String, Sendable, CaseIterable {
    case capturing
    /// The interface is there, and down.
    case down
    /// The next attempt is due later.
    case waiting
    /// It has not begun, or is over.
    case stopped
  }

  package internal(set) var state = State.stopped
  /// How often the interface was opened, and how often that was in vain.
  package internal(set) var openCount = 0
  package internal(set) var failedAttemptCount = 0
  /// Why nothing is captured, or why nothing was when that happened last.
  package internal(set) var lastTrouble: CaptureTrouble?
  /// When the next attempt is due.
  package internal(set) var retryTime: DispatchTime?
  /// What became of the packets.
  package internal(set) var counts = CaptureCounts()
  /// Datagrams that the kernel had no room for since the beginning.
  package internal(set) var kernelDroppedCount: UInt64 = 0
  package internal(set) var bufferByteCount = 0

  /// How long until the next attempt, while one is waited for.
  package var retrySeconds: Double? {
    guard state == .waiting, let retryTime else { return nil }
    let now = DispatchTime.now().uptimeNanoseconds
    return retryTime.uptimeNanoseconds > now ? Double(retryTime.uptimeNanoseconds - now) / 1e9 : 0
  }
}

/// What happens to a live capture beside the datagrams that come.
package enum CaptureEvent: Equatable, Sendable {
  /// The interface is captured on, again or for the first time.
  case began
  /// Nothing is captured any longer, or still nothing for another reason.
  case stopped(CaptureTrouble)
  /// What the kernel held has been lent, or as much as is lent at a time.
  case turnEnded
}
