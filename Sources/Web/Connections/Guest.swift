import NIOCore

/// One connection, as the server sees it. Confined to the server's thread.
struct Guest {
  /// Where it stands.
  enum Phase: Equatable {
    /// Nothing of a request has come yet.
    case waiting
    /// A part of a request has come.
    case arriving
    /// What it asks for waits for a disk.
    case asking
    /// An answer is on its way, with so many bytes to go.
    case answering(byteCount: Int)
    /// It is told events.
    case streaming
    /// It has got its last words.
    case leaving
  }

  let id: Int
  let channel: any Channel
  let address: String
  let localAddress: String?
  /// Nanoseconds since 1970.
  let connectTime: Int64
  var phase = Phase.waiting
  /// When it came to where it stands, or last made progress there, by the clock that is never set.
  var since: Int64
  /// Whether it has ever sent a request.
  var hasAsked = false

  /// What is to be done about it by now.
  enum Due: Equatable {
    case nothing
    /// Its time is up; it is told so.
    case timeout
    case close
    /// It takes nothing of what it has asked for.
    case stalled
  }

  /// What is due at a time of the clock that is never set.
  func due(at now: Int64, _ options: WebOptions) -> Due {
    func isOver(_ seconds: Int) -> Bool { now - since >= Int64(seconds) * 1_000_000_000 }
    switch phase {
    case .waiting: return isOver(hasAsked ? options.idleSeconds : options.headSeconds) ? .close : .nothing
    case .arriving: return isOver(options.headSeconds) ? .timeout : .nothing
    case .answering: return isOver(options.stallSeconds) ? .stalled : .nothing
    case .asking, .streaming: return .nothing
    case .leaving: return isOver(2) ? .close : .nothing
    }
  }
}
