import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase
import Publish

/// An alarm that was raised, has changed or was cleared, as an event.
struct AlarmRecord {
  let context: RenderingContext

  /// - Parameter untoldCount: How many changes of the same parameter before it are not told.
  func event(
    _ alarm: AlarmEvent, of packet: DecodedPacket, link: String, at time: Int64, untoldCount: Int = 0
  ) -> EventRecord {
    var record = EventRecord(.parameter, severity: severity(of: alarm), time: time, link: link) {
      write(alarm, packet, to: &$0)
      if untoldCount > 0 { $0.member("untold_changes", untoldCount) }
    }
    record.scid = Int(packet.channel.spacecraftID.rawValue)
    record.vcid = Int(packet.channel.virtualChannelID.rawValue)
    record.apid = Int(packet.applicationProcessID.rawValue)
    return record
  }

  private func write(_ alarm: AlarmEvent, _ packet: DecodedPacket, to json: inout JSONWriter) {
    let slot = Int(alarm.sample.slot)
    let octets = unsafe PlacedOctets(alarm.sample, kept: alarm.octets.span.bytes)
    json.member("name", context.catalog.names[slot])
    json.member("value", RenderedValue.engineering(alarm.sample, octets, context))
    json.member("raw", RenderedValue.raw(alarm.sample, octets, context))
    if !context.catalog.units[slot].isEmpty { json.member("unit", context.catalog.units[slot]) }
    if let fault = alarm.sample.fault { json.member("validity", fault) }
    json.member("limit_level", alarm.level.name)
    json.member("previous_level", alarm.previousLevel.name)
    if let violation = alarm.violation { json.member("violates", violation) }
    if let since = alarm.since { json.member("since", context.timestamp(since)) }
    json.member("violations", alarm.violationCount)
    if alarm.isSuspect { json.member("suspect", true) }
    if alarm.isStored { json.member("stored", true) }
    if let time = alarm.stamp.onBoardTime { json.member("time", context.timestamp(time)) }
    if let time = packet.receivedAt { json.member("received", time.rfc3339) }
    json.member("seq", packet.sequenceCount)
    json.object("provenance") { packet.provenance.write(to: &$0, after: packet.missingPacketCount) }
  }

  /// Old data call nobody.
  private func severity(of alarm: AlarmEvent) -> EventSeverity {
    guard !alarm.isStored else { return .info }
    return switch alarm.level {
    case .normal, .watch: .notice
    case .warning: .warning
    case .distress, .critical, .severe: .error
    }
  }
}

extension AlarmLevel {
  /// The word for it.
  var name: String {
    switch self {
    case .normal: "normal"
    case .watch: "watch"
    case .warning: "warning"
    case .distress: "distress"
    case .critical: "critical"
    case .severe: "severe"
    }
  }
}
