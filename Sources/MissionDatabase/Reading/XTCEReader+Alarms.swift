/// Alarms of every kind.
extension XTCEReader {
  func readAlarms(_ chain: TypeChain, _ kind: EngineeringKind) -> AlarmRules? {
    let inherited = inheritsLabels(chain) ? base(chain)?.alarms : nil
    let standard = chain.child("DefaultAlarm").flatMap { link in
      link.isInherited && inherited != nil ? inherited?.standard : readAlarm(link.element, kind, link.system)
    }
    var contexts: [ContextAlarm] = []
    if let list = chain.child("ContextAlarmList") ?? chain.child("BinaryContextAlarmList") {
      contexts =
        list.isInherited ? inherited?.contexts ?? readContextAlarms(list, kind) : readContextAlarms(list, kind)
    }
    return standard == nil && contexts.isEmpty ? nil : AlarmRules(contexts: contexts, standard: standard)
  }

  private func readContextAlarms(_ list: TypeChain.Link, _ kind: EngineeringKind) -> [ContextAlarm] {
    var contexts: [ContextAlarm] = []
    for child in list.element.children where child.name == "ContextAlarm" {
      guard let match = child.child("ContextMatch") else {
        refuse(child, "it has no <ContextMatch>")
        continue
      }
      guard let criterion = readCriterion(match, from: list.system), let rule = readAlarm(child, kind, list.system)
      else { continue }
      contexts.append(ContextAlarm(criterion: criterion, rule: rule))
    }
    return contexts
  }

  private func readAlarm(_ element: XMLElement, _ kind: EngineeringKind, _ system: Int) -> AlarmRule? {
    guard let violations = integer("minViolations", of: element, default: 1, in: 1...Limits.alarmCount),
      let conformance = integer("minConformance", of: element, default: violations, in: 1...Limits.alarmCount),
      let isDisabled = boolean("disabled", of: element, default: false)
    else { return nil }
    var rule = AlarmRule(isDisabled: isDisabled, minimumViolations: violations, minimumConformance: conformance)
    for child in element.children {
      switch child.name {
      case "StaticAlarmRanges": rule.tests += readRanges(child, kind)
      case "AlarmMultiRanges": rule.tests += readMultiRanges(child, kind)
      case "ChangeAlarmRanges", "ChangePerSecondAlarmRanges": rule.tests += readChangeRanges(child, kind)
      case "EnumerationAlarmList": rule.tests += readLabels(child, kind)
      case "StringAlarmList": rule.tests += readPatterns(child, kind)
      case "AlarmConditions": rule.tests += readConditions(child, system)
      case "CustomAlarm": warn(child, "an alarm that is an algorithm is never raised: algorithms are not executed")
      default: continue
      }
    }
    if let level = readLevel("defaultAlarmLevel", of: element, default: .normal), level != .normal {
      switch kind {
      case .string: rule.tests.append(.otherText(level))
      case .enumerated, .boolean: rule.tests.append(.otherLabel(level))
      case .integer, .float, .binary, .absoluteTime, .relativeTime, .aggregate, .array:
        refuse(element, "`defaultAlarmLevel` is for labels and texts, and its parameters are neither")
      }
    }
    return rule
  }

  // MARK: Ranges

  /// Each level has a range at most. Where a range is `outside` it is the good one, and its inclusive limits are good:
  /// the schema can be read so that they are in alarm, but hardly an author means that.
  private func readRanges(_ element: XMLElement, _ kind: EngineeringKind) -> [AlarmRule.Test] {
    guard hasRanges(kind, element), let isInside = readForm(element), let unit = readTimeUnit(element) else {
      return []
    }
    return readLevels(element, suffix: "Range").compactMap { child, level in
      readRange(child).map { range in
        let range = range.scaled(by: unit)
        return isInside ? .inside(range, level) : .outside(range, level)
      }
    }
  }

  private func readMultiRanges(_ element: XMLElement, _ kind: EngineeringKind) -> [AlarmRule.Test] {
    guard hasRanges(kind, element) else { return [] }
    return element.children.filter { $0.name == "Range" }.compactMap { child in
      guard let range = readRange(child), let isInside = readForm(child),
        let level = readLevel("level", of: child, default: .normal)
      else { return nil }
      return isInside ? .inside(range, level) : .outside(range, level)
    }
  }

  /// Ranges are of numbers and durations: an alarm on others would never be raised.
  func hasRanges(_ kind: EngineeringKind, _ element: XMLElement) -> Bool {
    switch kind {
    case .integer, .float, .relativeTime: return true
    case .absoluteTime: refuse(element, "an alarm on a range of dates is not supported, and would never be raised")
    case .enumerated, .boolean:
      refuse(
        element, "its parameters are labels and not numbers, so that it would never be raised",
        hint: "write an <EnumerationAlarmList> of labels")
    case .string, .binary, .aggregate, .array:
      refuse(element, "its parameters are not numbers, so that it would never be raised")
    }
    return false
  }

  func readForm(_ element: XMLElement) -> Bool? {
    switch element["rangeForm"] ?? "outside" {
    case "outside": return false
    case "inside": return true
    case let word:
      refuse(element, "`rangeForm` is \"\(word.shortened)\", which is neither outside nor inside")
      return nil
    }
  }

  /// The seconds of the unit in which the ranges of a time are written.
  func readTimeUnit(_ element: XMLElement) -> Double? {
    switch element["timeUnits"] ?? "seconds" {
    case "seconds": return 1
    case "picoSeconds": return 1e-12
    case "days": return 86_400
    case let word:
      refuse(element, "`timeUnits` is \"\(word.shortened)\", which is not supported")
      return nil
    }
  }

  // MARK: Labels, texts and conditions

  private func readLabels(_ element: XMLElement, _ kind: EngineeringKind) -> [AlarmRule.Test] {
    let labels: Set<String>
    switch kind {
    case .enumerated(let ranges): labels = ownLabels ?? Set(ranges.map(\.label))
    case .boolean(let one, let zero): labels = [one, zero]
    case .integer, .float, .string, .binary, .absoluteTime, .relativeTime, .aggregate, .array:
      refuse(element, "its parameters have no labels")
      return []
    }
    return element.children.filter { $0.name == "EnumerationAlarm" }.compactMap { child in
      // The second spelling is that of XTCE 1.1.
      guard let label = child["enumerationLabel"] ?? required("enumerationValue", of: child),
        let level = readLevel("alarmLevel", of: child, default: nil)
      else { return nil }
      guard labels.contains(label) else {
        refuse(child, "\"\(label.shortened)\" is not one of its labels")
        return nil
      }
      return .label(label, level)
    }
  }

  /// Those of the type that is being read: each of many lists may be of few of many labels.
  private var ownLabels: Set<String>? {
    guard case .type(let declaration) = subject else { return nil }
    return places.types[declaration].map(labels(of:))
  }

  private func readPatterns(_ element: XMLElement, _ kind: EngineeringKind) -> [AlarmRule.Test] {
    guard case .string = kind else {
      refuse(element, "its parameters are not texts, so that it would never be raised")
      return []
    }
    return element.children.filter { $0.name == "StringAlarm" }.compactMap { child in
      guard let pattern = required("matchPattern", of: child),
        let level = readLevel("alarmLevel", of: child, default: nil)
      else { return nil }
      return isUsable(pattern, child) ? .pattern(pattern, level) : nil
    }
  }

  /// Whether a table can be made of a pattern, and of all patterns together.
  private func isUsable(_ pattern: String, _ element: XMLElement) -> Bool {
    guard pattern.utf8.count <= Limits.patternByteCount else {
      refuse(element, "`matchPattern` is longer than \(Limits.patternByteCount) bytes")
      return false
    }
    if patterns.contains(pattern) { return true }
    guard patternStepCount < Limits.patternStepCount else {
      refuse(
        element, "the patterns of all alarms together are too large",
        hint: "write them with fewer or smaller counted repetitions")
      return false
    }
    do throws(TextPatternError) {
      patternStepCount += try TextPattern(pattern).stepCount
      patterns.insert(pattern)
      return true
    } catch {
      refuse(
        element, "the pattern \"\(pattern.shortened)\" cannot be used: \(error.message)",
        hint:
          "a pattern is compared with the whole text; it may have characters, '.', '[…]', '|', groups and repetitions"
      )
      return false
    }
  }

  private func readConditions(_ element: XMLElement, _ system: Int) -> [AlarmRule.Test] {
    readLevels(element, suffix: "Alarm").compactMap { child, level in
      readCriterion(child, from: system).map { .condition($0, level) }
    }
  }

  // MARK: Levels

  /// The children that are named for a level.
  func readLevels(_ element: XMLElement, suffix: String) -> [(XMLElement, AlarmLevel)] {
    element.children.compactMap { child in
      AlarmLevel.allCases.first { "\($0.word.capitalized)\(suffix)" == child.name }.map { (child, $0) }
    }
  }

  private func readLevel(
    _ attribute: String, of element: XMLElement, default standard: AlarmLevel?
  ) -> AlarmLevel? {
    guard let word = element[attribute] else {
      if standard == nil { refuse(element, "it has no `\(attribute)`") }
      return standard
    }
    if let level = AlarmLevel.allCases.first(where: { $0.word == word.lowercased() }) { return level }
    refuse(
      element, "`\(attribute)` is \"\(word.shortened)\", which is not a level",
      hint: Spelling.hint(word, among: AlarmLevel.allCases.map(\.word)))
    return nil
  }
}

extension AlarmLevel {
  /// As XTCE writes it.
  fileprivate var word: String { "\(self)" }
}

extension String {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

extension ValueRange {
  func scaled(by factor: Double) -> ValueRange {
    var range = self
    range.minimum = minimum.map { $0 * factor }
    range.maximum = maximum.map { $0 * factor }
    return range
  }
}
