/// When a value is worth alarm: the first context that holds, with all that it says or does not say, else the default.
package struct AlarmRules: Hashable, Sendable {
  package var contexts: [ContextAlarm]
  package var standard: AlarmRule?

  package init(contexts: [ContextAlarm] = [], standard: AlarmRule? = nil) {
    self.contexts = contexts
    self.standard = standard
  }
}

/// An alarm that is for a condition.
package struct ContextAlarm: Hashable, Sendable {
  package var criterion: Criterion
  package var rule: AlarmRule

  package init(criterion: Criterion, rule: AlarmRule) {
    self.criterion = criterion
    self.rule = rule
  }
}

/// How bad a value is.
package enum AlarmLevel: Int, BitwiseCopyable, CaseIterable, Comparable, Hashable, Sendable {
  case normal, watch, warning, distress, critical, severe

  package static func < (left: AlarmLevel, right: AlarmLevel) -> Bool { left.rawValue < right.rawValue }
}

/// When a value is worth alarm.
package struct AlarmRule: Hashable, Sendable {
  /// A test of one value. The most severe level of all tests counts.
  package enum Test: Hashable, Sendable {
    /// In alarm where the number lies outside of the range.
    case outside(ValueRange, AlarmLevel)
    /// In alarm where the number lies in the range.
    case inside(ValueRange, AlarmLevel)
    /// The label of an enumeration.
    case label(String, AlarmLevel)
    /// Any label that no other test names.
    case otherLabel(AlarmLevel)
    /// A text that equals this pattern, an ECMA-like regular expression as XTCE writes it; of several the first counts.
    case pattern(String, AlarmLevel)
    case otherText(AlarmLevel)
    case condition(Criterion, AlarmLevel)
    /// How much the number changes from one value to the next, or within a second.
    case change(ChangeRange, AlarmLevel)
  }

  package var tests: [Test]
  /// Nothing is an alarm.
  package var isDisabled: Bool
  /// So many violations one after the other raise it.
  package var minimumViolations: Int
  /// So many good values one after the other clear it.
  package var minimumConformance: Int

  package init(tests: [Test] = [], isDisabled: Bool = false, minimumViolations: Int = 1, minimumConformance: Int = 1) {
    self.tests = tests
    self.isDisabled = isDisabled
    self.minimumViolations = minimumViolations
    self.minimumConformance = minimumConformance
  }
}

/// A change of a number that is not right.
package struct ChangeRange: Hashable, Sendable {
  /// In alarm where the change lies outside of it, without its sign: whichever way the number went.
  package var range: ValueRange
  /// A change within a second, and not from one value to the next.
  package var isPerSecond: Bool
  /// The change in hundredths of the value before it.
  package var isPercentage: Bool

  package init(range: ValueRange, isPerSecond: Bool, isPercentage: Bool) {
    self.range = range
    self.isPerSecond = isPerSecond
    self.isPercentage = isPercentage
  }
}
