/// What the status server has done so far; any queue may read it at any time.
package final class StatusServerCounters: Sendable {
  /// Clients connected now.
  package var clientCount: UInt64 { clients.value }
  /// Clients that were admitted.
  package var connectCount: UInt64 { connects.value }
  /// Clients turned away because there were too many.
  package var deniedCount: UInt64 { denied.value }
  /// Clients let go because they had not read anything for ten seconds.
  package var evictedSlowCount: UInt64 { evictedSlow.value }
  /// Clients let go because a request was too long.
  package var evictedTooLongCount: UInt64 { evictedTooLong.value }
  /// Times that accepting was put off for want of descriptors.
  package var acceptPauseCount: UInt64 { acceptPauses.value }
  /// Requests that were refused before they had a command.
  package var refusedRequestCount: UInt64 { refusedRequests.value }

  let clients = SharedCount()
  let connects = SharedCount()
  let denied = SharedCount()
  let evictedSlow = SharedCount()
  let evictedTooLong = SharedCount()
  let acceptPauses = SharedCount()
  let refusedRequests = SharedCount()

  private let requests = InlineArray<15, SharedCount> { _ in SharedCount() }

  init() { precondition(StatusCommand.allCases.count == requests.count) }

  /// The requests with this command.
  package func requestCount(_ command: StatusCommand) -> UInt64 { requests[Self.index(of: command)].value }

  func countRequest(_ command: StatusCommand) { requests[Self.index(of: command)].add() }

  private static func index(of command: StatusCommand) -> Int { StatusCommand.allCases.firstIndex(of: command) ?? 0 }
}
