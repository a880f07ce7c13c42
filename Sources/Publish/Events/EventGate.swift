/// The last bound before the log: whoever writes events, there are few lines a second of each type.
///
/// Events that say under which reason they are alike are merged. Those of a link's own state and statistics pass:
/// a link makes one or two of them a second at most, and a station with many links has many when it starts.
struct EventGate {
  private var aggregator = EventAggregator()

  /// The records to be written because of this one.
  mutating func admit(_ record: EventRecord, at now: Int64) -> [EventRecord] {
    if let reason = record.repeatedReason { return aggregator.submit(record, reason: reason, at: now) }
    switch record.eventType {
    case .link, .stats: return [record]
    case .daemon, .frameReject, .frameGap, .packetGap, .packetReject, .frameSync, .codeblockReject, .parameter, .clock,
      .log, .config, .client, .replay:
      return aggregator.admit(record, at: now).map { [$0] } ?? []
    }
  }

  /// The summaries that are due. Call it about once a second.
  mutating func tick(at now: Int64) -> [EventRecord] { aggregator.tick(at: now) }

  /// The summaries of everything still counted, at the end.
  mutating func flush() -> [EventRecord] { aggregator.flush() }

  /// What was suppressed since the last time.
  mutating func takeSuppressed() -> [EventType: UInt64] { aggregator.takeSuppressedCounts() }
}
