import Synchronization

/// How many events of each type stand in no line, over all that write events. Told to once a second, read when asked.
package final class SuppressedCounts: Sendable {
  private let counts = Mutex<[EventType: UInt64]>([:])

  /// None so far.
  package init() {}

  /// The counts so far, by event type.
  package var byType: [EventType: UInt64] { counts.withLock { $0 } }

  /// Adds what was suppressed since the last time.
  package func add(_ suppressed: [EventType: UInt64]) {
    guard !suppressed.isEmpty else { return }
    counts.withLock { $0.merge(suppressed, uniquingKeysWith: &+) }
  }
}
