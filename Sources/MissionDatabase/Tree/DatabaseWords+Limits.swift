/// What values may be, in a few words.
extension DatabaseWords {
  /// The labels of an enumeration, or of a truth value that has others than the usual ones.
  func labels(of type: ParameterType) -> [String] {
    switch type.kind {
    case .enumerated(let ranges):
      ranges.map { range in
        let values = range.values
        return values.count == 1
          ? "\(values.lowerBound) \(range.label)" : "\(values.lowerBound)...\(values.upperBound) \(range.label)"
      }
    case .boolean(let one, let zero): one == "True" && zero == "False" ? [] : ["0 \(zero)", "1 \(one)"]
    case .integer, .float, .string, .binary, .absoluteTime, .relativeTime, .aggregate, .array: []
    }
  }

  /// Outside of which a value is invalid.
  func text(of valid: ValidRange) -> String {
    text(of: valid.range) + (valid.appliesToCalibrated ? "" : " (raw)")
  }

  /// Each test of the alarms, those of contexts first, in the order in which they are asked.
  func alarms(of rules: AlarmRules?) -> [String] {
    guard let rules else { return [] }
    let contexts = rules.contexts.flatMap { context in
      texts(of: context.rule).map { "\($0) when \(text(of: context.criterion))" }
    }
    return contexts + (rules.standard.map { texts(of: $0) } ?? [])
  }

  private func texts(of rule: AlarmRule) -> [String] {
    if rule.isDisabled { return ["no alarm"] }
    var texts = rule.tests.map { text(of: $0) }
    if rule.minimumViolations > 1 { texts.append("raised by \(rule.minimumViolations) in a row") }
    if rule.minimumConformance > 1 { texts.append("cleared by \(rule.minimumConformance) good ones in a row") }
    return texts
  }

  private func text(of test: AlarmRule.Test) -> String {
    switch test {
    case .outside(let range, let level): "\(level.word) outside \(text(of: range))"
    case .inside(let range, let level): "\(level.word) within \(text(of: range))"
    case .label(let label, let level): "\(level.word) at \(label)"
    case .otherLabel(let level): "\(level.word) at any other label"
    case .pattern(let pattern, let level): "\(level.word) at texts like /\(pattern)/"
    case .otherText(let level): "\(level.word) at any other text"
    case .condition(let criterion, let level): "\(level.word) if \(text(of: criterion))"
    case .change(let change, let level):
      "\(level.word) where it changes outside \(text(of: change.range))\(change.isPercentage ? " %" : "")"
        + (change.isPerSecond ? " in a second" : " from one value to the next")
    }
  }
  private func text(of range: ValueRange) -> String { range.words }
}

extension ValueRange {
  /// Such as `26 to 34`, `26 and more`, `less than 34`.
  var words: String {
    let number = DatabaseWords.number
    return switch (minimum, maximum) {
    case (let minimum?, let maximum?):
      "\(includesMinimum ? "" : "above ")\(number(minimum)) to \(includesMaximum ? "" : "below ")\(number(maximum))"
    case (let minimum?, nil): includesMinimum ? "\(number(minimum)) and more" : "more than \(number(minimum))"
    case (nil, let maximum?): includesMaximum ? "\(number(maximum)) and less" : "less than \(number(maximum))"
    case (nil, nil): "all numbers"
    }
  }
}

extension AlarmLevel {
  fileprivate var word: String {
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
