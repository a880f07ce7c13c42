package import Synchronization

/// What the status server has done so far; any queue may read it at any time.
package final class StatusServerCounters: Sendable {
  /// Connected now.
  package let clientCount = Atomic<Int>(0)
  package let connectCount = Atomic<UInt64>(0)
  /// Turned away because there were too many.
  package let deniedCount = Atomic<UInt64>(0)
  /// Let go because they had not read anything for ten seconds.
  package let evictedSlowCount = Atomic<UInt64>(0)
  /// Let go because a request had no end.
  package let evictedTooLongCount = Atomic<UInt64>(0)
  /// Times that accepting was put off for want of descriptors.
  package let acceptPauseCount = Atomic<UInt64>(0)
  /// Requests that were refused before a command was known.
  package let refusedRequestCount = Atomic<UInt64>(0)

  private let requestCounts = InlineArray<15, Atomic<UInt64>> { _ in Atomic(0) }

  init() { precondition(StatusCommand.allCases.count == requestCounts.count) }

  /// The requests with this command.
  package func requestCount(_ command: StatusCommand) -> UInt64 {
    requestCounts[Self.index(command)].load(ordering: .relaxed)
  }

  func countRequest(_ command: StatusCommand) { requestCounts[Self.index(command)].add(1, ordering: .relaxed) }

  private static func index(_ command: StatusCommand) -> Int { StatusCommand.allCases.firstIndex(of: command) ?? 0 }
}
