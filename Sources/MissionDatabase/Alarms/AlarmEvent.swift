/// That an alarm was raised, has changed its severity, or was cleared.
package struct AlarmEvent: Sendable {
  /// The value that did it, raw and engineering, with its slot.
  package var sample: ParameterSample
  /// Of a text, its first octets.
  package var octets: [UInt8]
  package var level: AlarmLevel
  package var previousLevel: AlarmLevel
  /// When the first of the violations was: nanoseconds since 1958-01-01T00:00:00 TAI, on board where that is known.
  package var since: Int64?
  /// How many violations there were up to now.
  package var violationCount: Int
  /// The packet with the value, or, when an alarm is raised, one of those that raised it, may be wrong.
  package var isSuspect: Bool
  /// It is about data that were stored, and nothing that is so now.
  package var isStored: Bool
  /// Of the packet with the value.
  package var stamp: PacketStamp
  /// What the value violates, see `AlarmPlan.violation`; absent where it violates nothing.
  package var violation: String?
}
