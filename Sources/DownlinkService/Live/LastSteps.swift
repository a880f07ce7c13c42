import Dispatch
import LinkHealth
import Publish

/// What a daemon does last, one thing after the other. A disk may hang in any of it: then the next is done all the
/// same, and somebody is told.
struct LastSteps {
  /// How many they are: each may take its time.
  static let count = 3

  let totals: @Sendable () -> Void
  let sockets: @Sendable () -> Void
  let logs: @Sendable () -> Void

  /// Does them.
  ///
  /// - Parameters:
  ///   - seconds: How long each of them is waited for.
  ///   - console: Is told of those that were not done in time: the logs may be what hangs.
  func run(within seconds: Double, console: ConsoleQueue) {
    for (name, step) in [("the totals", totals), ("the sockets of clients", sockets), ("the logs", logs)] {
      let isDone = DispatchSemaphore(value: 0)
      DispatchQueue(label: "downlinkd.end").async {
        step()
        isDone.signal()
      }
      guard isDone.wait(timeout: .now() + seconds) == .timedOut else { continue }
      console.write(
        EventRecord(.daemon, severity: .error, time: HostClock.wall()) {
          $0.member("action", "unfinished")
          $0.member("reason", "\(name) did not come to their end within \(seconds) s: they are left as they are")
        })
    }
    console.finish()
  }
}
