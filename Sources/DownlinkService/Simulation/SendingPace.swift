import Glibc

/// The time since something began, by a clock that is never set.
struct SendingPace {
  private let start = HostClock.monotonic()
  /// Shorter waits are not worth a system call: what is due in a moment goes with what is due now.
  private static let smallestWaitSeconds = 200e-6

  /// Whether it is so long until then that a wait is worth its while.
  func hasToWait(until seconds: Double) -> Bool { seconds - elapsedSeconds > Self.smallestWaitSeconds }

  func wait(until seconds: Double) {
    let remaining = seconds - elapsedSeconds
    guard remaining > Self.smallestWaitSeconds else { return }
    var duration = timespec(tv_sec: Int(remaining), tv_nsec: Int((remaining - remaining.rounded(.down)) * 1e9))
    unsafe nanosleep(&duration, nil)
  }

  var elapsedSeconds: Double { Double(HostClock.monotonic() - start) / 1e9 }
}
