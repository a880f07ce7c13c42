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

  /// How long so many seconds of a capture last here. A capture may claim any time, so there is a limit: thirty years.
  package func nanoseconds(for seconds: Double) -> Int64 {
    switch self {
    case .maximum: 0
    case .times(let factor): Int64(min(max(0, seconds) / factor, 1e9) * 1e9)
    }
  }
}

/// Holds units back until their time has come. Nothing that is counted depends on it.
struct ReplayPace {
  private let speed: ReplaySpeed
  private var start: (capture: ReceptionTime, host: Int64)?

  init(_ speed: ReplaySpeed) { self.speed = speed }

  mutating func wait(for time: ReceptionTime?) {
    guard speed != .maximum, let time else { return }
    guard let start else {
      start = (time, HostClock.monotonic())
      return
    }
    let due = start.host + speed.nanoseconds(for: time.seconds(since: start.capture))
    let nanoseconds = due - HostClock.monotonic()
    guard nanoseconds > 0 else { return }
    var duration = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    unsafe nanosleep(&duration, nil)
  }
}
