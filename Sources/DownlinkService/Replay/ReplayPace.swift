import CCSDSLink
import Glibc

/// How fast a replay goes: at the capture's pace, a multiple of it, or as fast as it can.
package enum ReplaySpeed: Sendable, Equatable {
  case maximum
  case times(Double)

  /// - Parameter text: `max`, `realtime`, or a positive number.
  package init?(_ text: String) {
    switch text {
    case "max": self = .maximum
    case "realtime": self = .times(1)
    default:
      guard let factor = Double(text), factor.isFinite, factor > 0 else { return nil }
      self = .times(factor)
    }
  }
}

/// Holds units back until their time has come. Nothing that is counted depends on it.
struct ReplayPace {
  private let speed: ReplaySpeed
  private var start: (capture: ReceptionTime, host: Int64)?

  init(_ speed: ReplaySpeed) { self.speed = speed }

  mutating func wait(for time: ReceptionTime?) {
    guard case .times(let factor) = speed, let time else { return }
    guard let start else {
      start = (time, Self.now())
      return
    }
    let elapsed = max(0, time.seconds(since: start.capture)) / factor
    // A tiny factor or a time out of a damaged capture is no reason to trap.
    let due = start.host + Int64(min(elapsed, Self.longestWaitSeconds) * 1e9)
    let nanoseconds = due - Self.now()
    guard nanoseconds > 0 else { return }
    var duration = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    unsafe nanosleep(&duration, nil)
  }

  private static let longestWaitSeconds = 4e9

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
