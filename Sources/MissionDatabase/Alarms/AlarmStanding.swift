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
      level: state.level, violation: tests(of: rule).worstViolation(of: sample),
      violationCount: Int(state.violationCount),
      minimumViolations: Int(rule.minimumViolations), conformanceCount: Int(state.conformanceCount),
      minimumConformance: Int(rule.minimumConformance))
  }

}

extension AlarmPlan {
  /// The range that a number violates which was judged by its alarms, and is so bad. Whatever else may be wrong with a
  /// value cannot be told of it alone: it may be held in alarm by values before.
  ///
  /// - Parameter time: Of the packet: other limits may hold at other times.
  /// - Returns: Such as `outside -6000 to 6000`. Nothing where it depends on other values which alarms are in force.
  package func violation(of sample: ParameterSample, at time: Int64?, _ level: AlarmLevel) -> String? {
    let index = Int(sets[setIndex(at: time)].alarms[Int(sample.slot)])
    guard index >= 0, alarms[index].contextCount == 0 else { return nil }
    let rule = alarms[index].standard
    let worst = tests[Int(rule.firstTest)..<Int(rule.firstTest + rule.testCount)].worstViolation(of: sample)
    return worst.flatMap { $0.level == level ? $0.text : nil }
  }

  /// What a value violates that is so bad by a rule.
  func violation(of rule: AlarmRuleBits, _ sample: ParameterSample, _ level: AlarmLevel) -> String? {
    let tests = tests[Int(rule.firstTest)..<Int(rule.firstTest + rule.testCount)]
    if let worst = tests.worstViolation(of: sample), worst.level == level { return worst.text }
    for test in tests {
      switch test {
      case .change(let bounds, let isPerSecond, let isPercentage, level):
        let pace = isPerSecond ? "per second " : ""
        return "change \(pace)outside \(bounds.range.words)\(isPercentage ? " percent" : "")"
      case .labels where sample.engineeringForm == .label || sample.engineeringForm == .boolean: return "this state"
      case .labels where sample.validity == .noLabel: return "no known state"
      case .texts where sample.engineeringForm == .text: return "this text"
      case .condition(_, _, level): return "a condition"
      case .range, .labels, .texts, .condition, .change: continue
      }
    }
    return nil
  }
}

extension ArraySlice<AlarmTest> {
  /// The worst of the ranges that a number violates.
  fileprivate func worstViolation(of sample: ParameterSample) -> AlarmStanding.Violation? {
    guard sample.validity == .valid, sample.engineeringForm != .time, let number = sample.engineeringNumber?.value,
      !number.isNaN
    else { return nil }
    var worst: AlarmStanding.Violation?
    for test in self {
      guard case .range(let bounds, let isInside, let level) = test, bounds.contains(number) == isInside,
        level > worst?.level ?? .normal
      else { continue }
      worst = AlarmStanding.Violation(
        text: "\(isInside ? "within" : "outside") \(bounds.range.words)", level: level)
    }
    return worst
  }
}
