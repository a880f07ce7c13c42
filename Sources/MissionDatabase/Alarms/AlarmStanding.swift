/// How a value stands with its limits, for a person.
package struct AlarmStanding: Equatable, Sendable {
  /// A limit that the value violates.
  package struct Violation: Equatable, Sendable {
    /// Such as `outside -6000 to 6000`.
    package var text: String
    package var level: AlarmLevel
  }

  /// What is raised.
  package var level: AlarmLevel
  /// The worst limit of a number that it violates; absent where it violates none.
  package var violation: Violation?
  /// The violations one after the other, and how many raise an alarm.
  package var violationCount: Int
  package var minimumViolations: Int
  /// The good values one after the other since, and how many clear it.
  package var conformanceCount: Int
  package var minimumConformance: Int

  /// Whether there are violations, and too few of them yet.
  package var isCounting: Bool { level == .normal && violationCount > 0 && violationCount < minimumViolations }
}

extension AlarmMonitor {
  /// How a value stands that was observed last.
  ///
  /// - Returns: Nothing where it has no limits.
  package func standing(of sample: ParameterSample) -> AlarmStanding? {
    guard let (rule, state) = rule(inForceFor: Int(sample.slot)) else { return nil }
    return AlarmStanding(
      level: state.level, violation: violation(of: rule, sample), violationCount: Int(state.violationCount),
      minimumViolations: Int(rule.minimumViolations), conformanceCount: Int(state.conformanceCount),
      minimumConformance: Int(rule.minimumConformance))
  }

  private func violation(of rule: AlarmRuleBits, _ sample: ParameterSample) -> AlarmStanding.Violation? {
    guard sample.validity == .valid, sample.engineeringForm != .time, let number = sample.engineeringNumber?.value,
      !number.isNaN
    else { return nil }
    var worst: AlarmStanding.Violation?
    for test in tests(of: rule) {
      guard case .range(let bounds, let isInside, let level) = test, bounds.contains(number) == isInside,
        level > worst?.level ?? .normal
      else { continue }
      worst = AlarmStanding.Violation(
        text: "\(isInside ? "within" : "outside") \(bounds.range.words)", level: level)
    }
    return worst
  }
}
