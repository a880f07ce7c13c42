/// The last bound before the log: whoever writes events, there are few lines a second of each type.
///
/// Those of a link's own state, passes and statistics go through: a link makes one or two of them a second at most, and
/// a station with many links has many when it starts.
struct EventGate {
  private var aggregator = EventAggregator()

  /// Whether a record is to be written. If not, it is counted.
  mutating func admits(_ record: EventRecord, at now: Int64) -> Bool {
    switch record.eventType {
    case .link, .stats, .pass: return true
    case .daemon, .frameReject, .frameGap, .packetGap, .packetReject, .frameSync, .codeblockReject, .parameter, .clock,
      .log, .config, .client, .replay:
      return aggregator.admit(record, at: now) != nil
    }
  }

  /// What was suppressed since the last time.
  mutating func takeSuppressed() -> [EventType: UInt64] { aggregator.takeSuppressedCounts() }
}
