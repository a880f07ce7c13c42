import LinkHealth

/// What the status server has done so far; any queue may read it at any time.
package final class StatusServerCounters: Sendable {
  /// Clients connected now.
  package var clientCount: UInt64 { clients.value }
  /// Clients that were admitted.
  package var connectCount: UInt64 { connects.value }
  /// Clients turned away because there were too many.
  package var deniedCount: UInt64 { denied.value }
  /// Clients turned away because their user had too many.
  package var deniedForUserCount: UInt64 { deniedForUser.value }
  /// Commands refused because too many were under way.
  package var busyCommandCount: UInt64 { busyCommands.value }
  /// Replies that were too long, so that an error went in their place.
  package var oversizeReplyCount: UInt64 { oversizeReplies.value }
  /// Events that found the server too far behind: nobody who watches has got them.
  package var unpublishedCount: UInt64 { unpublished.value }
  /// Clients let go because they had not read anything for ten seconds.
  package var evictedSlowCount: UInt64 { evictedSlow.value }
  /// Clients let go because a request was too long.
  package var evictedTooLongCount: UInt64 { evictedTooLong.value }
  /// Clients let go because they had never asked anything for a minute.
  package var evictedIdleCount: UInt64 { evictedIdle.value }
  /// Clients turned away because of who they are.
  package var forbiddenCount: UInt64 { forbidden.value }
  /// Events that clients did not get because they read too slowly.
  package var lostEventCount: UInt64 { lostEvents.value }
  /// Rows of parameters that clients did not get for the same reason, or because newer ones overtook them.
  package var lostRowCount: UInt64 { lostRows.value }
  /// When the last client was let go for not reading, in nanoseconds since 1970; 0 if that never happened.
  package var lastEvictionTime: Int64 { Int64(clamping: lastEviction.value) }
  /// The same by the clock that is never set.
  package var lastEvictionUptime: Int64 { Int64(clamping: lastEvictionMonotonic.value) }
  /// Commands that were given but may not be on this socket.
  package var refusedCommandCount: UInt64 { refusedCommands.value }
  /// Times that accepting was put off for want of descriptors.
  package var acceptPauseCount: UInt64 { acceptPauses.value }
  /// Requests that were refused before they had a command.
  package var refusedRequestCount: UInt64 { refusedRequests.value }

  let clients = SharedCount()
  let connects = SharedCount()
  let denied = SharedCount()
  let deniedForUser = SharedCount()
  let busyCommands = SharedCount()
  let oversizeReplies = SharedCount()
  let unpublished = SharedCount()
  let evictedSlow = SharedCount()
  let evictedTooLong = SharedCount()
  let evictedIdle = SharedCount()
  let forbidden = SharedCount()
  let lostEvents = SharedCount()
  let lostRows = SharedCount()
  let lastEviction = SharedCount()
  let lastEvictionMonotonic = SharedCount()
  let refusedCommands = SharedCount()
  let acceptPauses = SharedCount()
  let refusedRequests = SharedCount()

  private let requests = InlineArray<20, SharedCount> { _ in SharedCount() }
  private let commands = InlineArray<6, SharedCount> { _ in SharedCount() }

  init() {
    precondition(StatusCommand.allCases.count == requests.count && ControlCommand.allCases.count == commands.count)
  }

  /// The requests with this command.
  package func requestCount(_ command: StatusCommand) -> UInt64 { requests[Self.index(of: command)].value }

  /// The requests with this command that were understood.
  package func requestCount(_ command: ControlCommand) -> UInt64 { commands[Self.index(of: command)].value }

  /// Writes them, but for the clients that are there now.
  func write(to json: inout JSONWriter) {
    json.member("connected", connectCount)
    json.object("turned_away") {
      $0.member("busy", deniedCount + deniedForUserCount)
      $0.member("not_allowed", forbiddenCount)
    }
    json.object("evicted") {
      $0.member("slow", evictedSlowCount)
      $0.member("too_long", evictedTooLongCount)
      $0.member("idle", evictedIdleCount)
    }
    json.member("lost_events", lostEventCount)
    json.member("lost_parameters", lostRowCount)
    json.member("unpublished_events", unpublishedCount)
    json.member("refused_requests", refusedRequestCount)
    json.member("refused_commands", refusedCommandCount)
    json.member("accept_pauses", acceptPauseCount)
  }

  func count(_ command: StatusRequest.Command) {
    switch command {
    case .question(let command): requests[Self.index(of: command)].add()
    case .control(let command): commands[Self.index(of: command)].add()
    }
  }

  private static func index<Command: CaseIterable & Equatable>(of command: Command) -> Int {
    Command.allCases.enumerated().first { $0.element == command }?.offset ?? 0
  }
}
