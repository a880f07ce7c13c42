/// The last value of a parameter, or of a part of one, and how it stands with its limits.
package struct ParameterEntry: BitwiseCopyable, Sendable {
  package var sample: ParameterSample
  /// How many values there were; zero before the first.
  package var count: UInt64
  /// Of the packet with the last value.
  package var stamp: PacketStamp
  /// The alarm that is raised.
  package var level: AlarmLevel
  /// The tests of the rule that is in force for it.
  var tests: AlarmTestRange
  /// How many octets of a text or of octets are kept: the first ones.
  package var octetCount: UInt32
  /// Whether it is in the list of what has changed.
  var isChanged: Bool

  /// An entry of which nothing is known.
  init(slot: Int) {
    sample = ParameterSample(slot: UInt32(slot), bitOffset: 0, bitCount: 0)
    count = 0
    stamp = PacketStamp()
    level = .normal
    tests = AlarmTestRange()
    octetCount = 0
    isChanged = false
  }
}
