/// A limit of a number that is in force, for a person to see.
package struct AlarmRange: Equatable, Sendable {
  package var range: ValueRange
  /// Whether the numbers in the range are in alarm; else, those outside of it.
  package var isInside: Bool
  package var level: AlarmLevel
}

extension AlarmPlan {
  /// The limits that were in force for the last value of a parameter, of the context and the set of limits that were.
  package func ranges(of entry: ParameterEntry) -> [AlarmRange] {
    let first = Int(entry.tests.first)
    return tests[first..<first + Int(entry.tests.count)].compactMap { test in
      guard case .range(let bounds, let isInside, let level) = test, level > .normal else { return nil }
      return AlarmRange(range: bounds.range, isInside: isInside, level: level)
    }
  }
}
