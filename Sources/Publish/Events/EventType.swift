/// What an event is about. The names are promises: they are the `event_type` of a log line.
package enum EventType: String, CaseIterable, Sendable {
  case daemon, link
  case frameReject = "frame_reject"
  case frameGap = "frame_gap"
  case packetGap = "packet_gap"
  case packetReject = "packet_reject"
  case frameSync = "frame_sync"
  case codeblockReject = "codeblock_reject"
  case parameter, clock, log, config, client, replay, stats, pass

  /// The name of the object that says what has happened: the type's own name, but for `link`.
  ///
  /// A line has the name of its link as `link` already, and no JSON object may have the same member twice.
  package var bodyName: String { self == .link ? "link_state" : rawValue }
}

/// How much an event matters to the person on shift.
package enum EventSeverity: String, CaseIterable, Sendable {
  case debug, info, notice, warning, error

  /// The priority of syslog and the journal, 7 for `debug` to 3 for `error`.
  package var priority: Int {
    switch self {
    case .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    }
  }
}
