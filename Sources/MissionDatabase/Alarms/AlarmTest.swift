/// One test of a value, as bits: what it needs more of stands in the lists of its plan.
enum AlarmTest: BitwiseCopyable, Sendable {
  case range(AlarmBounds, isInside: Bool, AlarmLevel)
  /// By label, how bad it is; and how bad a number is that has no label.
  case labels(first: Int32, count: Int32, other: AlarmLevel)
  /// The first of the patterns that fits says how bad it is.
  case texts(first: Int32, count: Int32, other: AlarmLevel)
  /// - Parameter isOwn: It asks for the value itself, and not for others alone.
  case condition(Int32, isOwn: Bool, AlarmLevel)
  case change(AlarmBounds, isPerSecond: Bool, isPercentage: Bool, AlarmLevel)
}

/// A range of numbers with both its ends in it.
struct AlarmBounds: BitwiseCopyable, Hashable, Sendable {
  private let lower: Double
  private let upper: Double
  /// Whether they are the next numbers within the ends that were written.
  private let excludesMinimum: Bool
  private let excludesMaximum: Bool

  init(_ range: ValueRange) {
    lower = range.minimum.map { range.includesMinimum ? $0 : $0.nextUp } ?? -.infinity
    upper = range.maximum.map { range.includesMaximum ? $0 : $0.nextDown } ?? .infinity
    excludesMinimum = range.minimum != nil && !range.includesMinimum
    excludesMaximum = range.maximum != nil && !range.includesMaximum
  }

  /// As it was written.
  var range: ValueRange {
    ValueRange(
      minimum: lower == -.infinity ? nil : excludesMinimum ? lower.nextDown : lower, includesMinimum: !excludesMinimum,
      maximum: upper == .infinity ? nil : excludesMaximum ? upper.nextUp : upper, includesMaximum: !excludesMaximum)
  }

  func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

/// A rule, as a piece of the list of tests.
struct AlarmRuleBits: BitwiseCopyable, Sendable {
  var firstTest: Int32
  var testCount: Int32
  var minimumViolations: UInt32
  var minimumConformance: UInt32

  /// What is not monitored is as it should be, at once.
  static let none = AlarmRuleBits(firstTest: 0, testCount: 0, minimumViolations: 1, minimumConformance: 1)

  /// Where its tests are.
  var tests: AlarmTestRange { AlarmTestRange(first: firstTest, count: testCount) }
}

/// A piece of the list of tests.
struct AlarmTestRange: BitwiseCopyable, Equatable, Sendable {
  var first: Int32 = 0
  var count: Int32 = 0
}

/// The rule that is in force for the values of a slot in one packet.
struct AlarmChoice: BitwiseCopyable, Sendable {
  /// No packet has the number zero.
  var packetNumber: UInt64 = 0
  var rule = AlarmRuleBits.none
  /// How bad those conditions make them that do not ask for them.
  var level = AlarmLevel.normal
}

/// The rules of a slot: the first context that holds, else the standard.
struct SlotAlarms: BitwiseCopyable, Sendable {
  var firstContext: Int32
  var contextCount: Int32
  var standard: AlarmRuleBits
}

/// A rule for a condition.
struct AlarmContext: BitwiseCopyable, Sendable {
  var condition: Int32
  var rule: AlarmRuleBits
}
