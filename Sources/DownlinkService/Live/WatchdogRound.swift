import Synchronization

/// The answers that the watchdog waits for.
final class WatchdogRound: Sendable {
  private let silent: Mutex<[String]>

  /// - Parameter queues: Who has to answer, by name.
  init(expecting queues: [String] = []) { silent = Mutex(queues) }

  func note(_ queue: String) { silent.withLock { $0.removeAll { $0 == queue } } }

  /// Who has not answered.
  var missing: [String] { silent.withLock { $0 } }
}
