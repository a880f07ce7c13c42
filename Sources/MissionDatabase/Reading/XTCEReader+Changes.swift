/// Alarms on how much a number changes.
extension XTCEReader {
  /// A change counts without its sign, and has a greatest value that is good, perhaps also a least one.
  ///
  /// Standard: OMG XTCE 1.2, ChangeAlarmRangesType.
  func readChangeRanges(_ element: XMLElement, _ kind: EngineeringKind) -> [AlarmRule.Test] {
    guard hasRanges(kind, element), let isInside = readForm(element), let unit = readTimeUnit(element),
      let isPerSample = readWord("changeType", of: element, "changePerSample", otherwise: "changePerSecond"),
      let isPercentage = readWord("changeBasis", of: element, "percentageChange", otherwise: "absoluteChange"),
      hasUsualSpan(element)
    else { return [] }
    if isInside {
      refuse(element, "an alarm on a change that lies inside of a range is not supported")
      return []
    }
    let isPerSecond = element.name == "ChangePerSecondAlarmRanges" || !isPerSample
    return readLevels(element, suffix: "Range").compactMap { child, level in
      readUnsignedRange(child).map { range in
        let range = ChangeRange(range: range.scaled(by: unit), isPerSecond: isPerSecond, isPercentage: isPercentage)
        return .change(range, level)
      }
    }
  }

  /// Whether an attribute is the one word, and not the other, which is its default.
  private func readWord(
    _ attribute: String, of element: XMLElement, _ word: String, otherwise standard: String
  ) -> Bool? {
    switch element[attribute] ?? standard {
    case word: return true
    case standard: return false
    case let other:
      refuse(element, "`\(attribute)` is \"\(other.shortened)\", which is neither \(standard) nor \(word)")
      return nil
    }
  }

  /// A change is that from one value to the next, and by the second it is what that comes to in one.
  private func hasUsualSpan(_ element: XMLElement) -> Bool {
    guard integer("spanOfInterestInSamples", of: element, default: 1, in: 1...1) != nil,
      let span = number("spanOfInterestInSeconds", of: element, default: 0)
    else { return false }
    if span == 0 || span == 1 { return true }
    refuse(element, "`spanOfInterestInSeconds` is \(span), and a change is taken from one value to the next only")
    return false
  }

  /// A range of numbers without a sign. From -5 to 5 is up to 5; any other that begins below zero is none.
  private func readUnsignedRange(_ element: XMLElement) -> ValueRange? {
    guard var range = readRange(element) else { return nil }
    guard let minimum = range.minimum, minimum < 0 else { return range }
    guard range.maximum == -minimum, range.includesMaximum == range.includesMinimum else {
      refuse(
        element, "its minimum is \(minimum), and a change is compared without its sign",
        hint: "write the greatest change that is good as the maximum, and no minimum")
      return nil
    }
    (range.minimum, range.includesMinimum) = (nil, true)
    return range
  }
}
