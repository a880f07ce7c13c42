import CCSDSLink
import LinkHealth
import MissionDatabase

/// What a pass is told of limits.
extension ParameterStage {
  private static let violationCapacity = 256

  /// Keeps alarms that a packet has raised or made worse, until somebody takes them. Stored data are of another time.
  mutating func noteViolations(_ alarms: [AlarmEvent], _ about: DecodedPacket) {
    for alarm in alarms where alarm.level > alarm.previousLevel && !alarm.isStored {
      guard violations.count < Self.violationCapacity else { return }
      let context = about.mission.context
      let octets = unsafe PlacedOctets(alarm.sample, kept: alarm.octets.span.bytes)
      violations.append(
        PassViolations.Violation(
          parameter: context.catalog.names[Int(alarm.sample.slot)], level: alarm.level.name,
          value: RenderedValue.engineering(alarm.sample, octets, context).plain, time: about.receivedAt))
    }
  }

  /// Gives them away.
  mutating func takeViolations() -> [PassViolations.Violation] {
    defer { violations.removeAll(keepingCapacity: true) }
    return violations
  }
}

extension RenderedValue {
  /// As it stands in a report.
  fileprivate var plain: String {
    switch self {
    case .integer(let value): String(value)
    case .unsigned(let value): String(value)
    case .number(let value): String(describing: value)
    case .single(let value): String(describing: value)
    case .flag(let value): String(value)
    case .text(let value): String(value.prefix(128))
    case .absent: "no value"
    }
  }
}
