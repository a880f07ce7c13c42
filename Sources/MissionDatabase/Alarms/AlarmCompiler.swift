/// Makes the lists of an alarm plan, set by set.
struct AlarmCompiler {
  let slots: [ParameterSlot]
  private let names: [SlotName?]
  private(set) var alarms: [SlotAlarms] = []
  private(set) var contexts: [AlarmContext] = []
  private(set) var tests: [AlarmTest] = []
  private(set) var labelLevels: [AlarmLevel] = []
  private(set) var patternTests: [AlarmPlan.PatternTest] = []
  private(set) var patterns: [TextPattern] = []
  private(set) var conditions = ConditionTable()
  var problems = AlarmProblems()
  /// Whether there is room for no more of them.
  private var isFull = false
  private var patternIndices: [String: Int32] = [:]
  private var labelsOfType: [TypeIndex: Set<String>] = [:]
  /// What the tables of all patterns took to make.
  private var patternStepCount = 0

  /// - Parameter database: What the slots are of.
  init(slots: [ParameterSlot], of database: MissionDatabase) {
    self.slots = slots
    names = slots.map { database.name(of: $0.reference) }
  }

  /// Makes the rules of one database.
  ///
  /// - Returns: For each slot the place of its rules, or -1.
  mutating func compile(_ database: MissionDatabase) -> [Int32] {
    let resolver = SlotResolver(slots: slots, names: names, database: database)
    var places: [Kind: Int32] = [:]
    return slots.indices.map { index in
      guard !isFull, let type = resolver.type(of: index), let rules = database.types[type.value].alarms else {
        return -1
      }
      let subject = Subject(slot: slots[index], index: index, type: database.types[type.value])
      let kind = Kind(type: type, slotType: subject.slot.type, isElement: subject.slot.isElement)
      if let place = places[kind] { return place }
      let place = Int32(alarms.count)
      let isShared = append(rules, subject, resolver)
      if isShared { places[kind] = place }
      bound(subject)
      return place
    }
  }

  /// What slots have in common that have the same rules.
  private struct Kind: Hashable {
    let type: TypeIndex
    let slotType: TypeIndex
    let isElement: Bool
  }

  /// Refuses rules that together are more than can be looked at.
  private mutating func bound(_ subject: Subject) {
    guard !isFull,
      tests.count + contexts.count + conditions.nodes.count > Self.partCapacity
        || labelLevels.count + conditions.labelTruths.count > Self.labelCapacity
    else { return }
    refuse(subject)
  }

  private mutating func refuse(_ subject: Subject) {
    isFull = true
    problems.append(
      .error, "the alarms of all types together have more than \(Self.partCapacity) parts", subject.type,
      "DefaultAlarm", hint: "types that inherit alarms have them as well")
  }

  /// Ranges, contexts and parts of conditions of all rules together, and labels that they say something of.
  private static let partCapacity = 1 << 19
  private static let labelCapacity = 1 << 22

  /// What rules are for.
  private struct Subject {
    let slot: ParameterSlot
    let index: Int
    let type: ParameterType
  }

  /// - Returns: Whether they are the same for another slot of the type: where none of them asks for this one.
  private mutating func append(_ rules: AlarmRules, _ subject: Subject, _ resolver: SlotResolver) -> Bool {
    let firstTest = tests.count
    alarms.append(compile(rules, subject, resolver))
    return !tests[firstTest...].contains { test in
      if case .condition(_, let isOwn, _) = test { isOwn } else { false }
    }
  }

  private mutating func compile(_ rules: AlarmRules, _ subject: Subject, _ resolver: SlotResolver) -> SlotAlarms {
    var own: [AlarmContext] = []
    for context in rules.contexts where !isFull {
      noteUnknown(context.criterion, subject, resolver)
      let condition = Int32(conditions.add(context.criterion, resolver))
      own.append(AlarmContext(condition: condition, rule: compile(context.rule, subject, resolver)))
    }
    let first = Int32(contexts.count)
    contexts += own
    return SlotAlarms(
      firstContext: first, contextCount: Int32(own.count),
      standard: rules.standard.map { compile($0, subject, resolver) } ?? .none)
  }

  private mutating func compile(_ rule: AlarmRule, _ subject: Subject, _ resolver: SlotResolver) -> AlarmRuleBits {
    guard !rule.isDisabled else { return .none }
    let first = Int32(tests.count)
    for test in rule.tests {
      switch test {
      case .outside(let range, let level): tests.append(.range(AlarmBounds(range), isInside: false, level))
      case .inside(let range, let level): tests.append(.range(AlarmBounds(range), isInside: true, level))
      case .condition(let criterion, let level):
        noteUnknown(criterion, subject, resolver)
        let condition = conditions.add(criterion, resolver)
        let isOwn = conditions.mentions(subject.index, from: condition)
        tests.append(.condition(Int32(condition), isOwn: isOwn, level))
      case .change(let change, let level): append(change, level, subject)
      case .label, .otherLabel, .pattern, .otherText: break
      }
    }
    appendLabels(rule, subject)
    appendTexts(rule, subject)
    return AlarmRuleBits(
      firstTest: first, testCount: Int32(tests.count) - first,
      minimumViolations: UInt32(clamping: max(1, rule.minimumViolations)),
      minimumConformance: UInt32(clamping: max(1, rule.minimumConformance)))
  }

  private mutating func append(_ change: ChangeRange, _ level: AlarmLevel, _ subject: Subject) {
    guard !subject.slot.isElement else {
      return problems.append(
        .warning, "the changes of \(subject.slot.name) are not watched: which element follows which is not known",
        subject.type, "ChangeAlarmRanges")
    }
    tests.append(
      .change(
        AlarmBounds(change.range), isPerSecond: change.isPerSecond, isPercentage: change.isPercentage, level))
  }

  // MARK: Labels

  private mutating func appendLabels(_ rule: AlarmRule, _ subject: Subject) {
    var levels: [String: AlarmLevel] = [:]
    var other = AlarmLevel.normal
    for test in rule.tests {
      if case .label(let label, let level) = test { levels[label] = max(level, levels[label] ?? .normal) }
      if case .otherLabel(let level) = test { other = max(other, level) }
    }
    guard !levels.isEmpty || other != .normal else { return }
    let known = labels(of: subject)
    for label in levels.keys.sorted() where !known.contains(label) {
      problems.append(
        .warning, "'\(label)' is no label of \(subject.slot.name), so that this alarm is never raised", subject.type,
        "EnumerationAlarm")
    }
    // Each rule says something of each label: one slot can have more of them than all may have.
    guard labelLevels.count <= Self.labelCapacity - subject.slot.labels.count else { return refuse(subject) }
    tests.append(
      .labels(first: Int32(labelLevels.count), count: Int32(subject.slot.labels.count), other: other))
    labelLevels += subject.slot.labels.map { levels[$0] ?? other }
  }

  /// There may be as many rules as labels, each of few of them.
  private mutating func labels(of subject: Subject) -> Set<String> {
    if let known = labelsOfType[subject.slot.type] { return known }
    let labels = Set(subject.slot.labels)
    labelsOfType[subject.slot.type] = labels
    return labels
  }

  // MARK: Texts

  private mutating func appendTexts(_ rule: AlarmRule, _ subject: Subject) {
    var own: [AlarmPlan.PatternTest] = []
    var other = AlarmLevel.normal
    for test in rule.tests {
      if case .otherText(let level) = test { other = max(other, level) }
      guard case .pattern(let expression, let level) = test, let pattern = index(of: expression, subject) else {
        continue
      }
      own.append(AlarmPlan.PatternTest(pattern: pattern, level: level))
    }
    guard !own.isEmpty || other != .normal else { return }
    // The worst of all patterns that fit counts: it is looked for first.
    own.sort { $0.level > $1.level }
    tests.append(.texts(first: Int32(patternTests.count), count: Int32(own.count), other: other))
    patternTests += own
  }

  private mutating func index(of expression: String, _ subject: Subject) -> Int32? {
    if let index = patternIndices[expression] { return index }
    guard patternStepCount < Limits.patternStepCount else {
      problems.append(
        .error, "the patterns of all alarms together are too large", subject.type, "StringAlarm",
        hint: "write them with fewer or smaller counted repetitions")
      return nil
    }
    do throws(TextPatternError) {
      let pattern = try TextPattern(expression)
      patternStepCount += pattern.stepCount
      patterns.append(pattern)
      patternIndices[expression] = Int32(patterns.count - 1)
      return Int32(patterns.count - 1)
    } catch {
      problems.append(
        .error, "the pattern '\(expression.prefix(64))' cannot be used: \(error.message)", subject.type, "StringAlarm",
        hint:
          "a pattern is compared with the whole text; it may have characters, '.', '[…]', '|', groups and repetitions"
      )
      return nil
    }
  }

  // MARK: Conditions

  /// Refuses what cannot be known of an element of an array.
  private mutating func noteElement(_ reference: ParameterReference, _ subject: Subject, _ resolver: SlotResolver) {
    guard let slot = resolver.slot(of: reference) else { return }
    switch resolver.database.occurrence(of: reference) {
    case .any: break
    case .unknown:
      problems.append(
        .error,
        "an alarm depends on an element of \(resolver.path(of: reference)), whose inner dimensions the packet"
          + " says", subject.type, "Comparison")
    case .only:
      guard let type = resolver.type(of: slot),
        [.string, .binary].contains(resolver.database.types[type.value].kind)
      else { break }
      problems.append(
        .error,
        "an alarm depends on an element of \(resolver.path(of: reference)), of whose texts and octets none are"
          + " kept", subject.type, "Comparison")
    }
  }

  /// Says so when a criterion asks for something that no packet has.
  private mutating func noteUnknown(_ criterion: Criterion, _ subject: Subject, _ resolver: SlotResolver) {
    switch criterion {
    case .comparison(let comparison):
      var references = [comparison.parameter]
      if case .parameter(let other, _) = comparison.operand { references.append(other) }
      for reference in references { noteElement(reference, subject, resolver) }
      for reference in references where resolver.slot(of: reference) == nil {
        problems.append(
          .warning,
          "an alarm of \(subject.slot.name) depends on \(resolver.path(of: reference)), which no packet has: it never"
            + " holds", subject.type, "Comparison")
      }
    case .all(let criteria), .any(let criteria): for criterion in criteria { noteUnknown(criterion, subject, resolver) }
    case .exclusive(let left, let right):
      noteUnknown(left, subject, resolver)
      noteUnknown(right, subject, resolver)
    }
  }
}

/// What is wrong with the alarms of a database, within a bound.
struct AlarmProblems {
  private(set) var problems: [DatabaseProblem] = []
  private(set) var omittedCount = 0
  private static let capacity = 200

  mutating func append(
    _ severity: DatabaseProblem.Severity, _ message: String, _ type: ParameterType, _ element: String,
    hint: String? = nil
  ) {
    append(severity, message, at: type.place, element, hint: hint)
  }

  mutating func append(
    _ severity: DatabaseProblem.Severity, _ message: String, at place: DatabasePlace, _ element: String,
    hint: String? = nil
  ) {
    guard problems.count < Self.capacity || severity == .error && !problems.contains(where: { $0.severity == .error })
    else {
      omittedCount += 1
      return
    }
    problems.append(DatabaseProblem(severity, message, at: place, element: element, hint: hint))
  }
}

extension SlotResolver {
  /// The path of a parameter, for a person.
  func path(of reference: ParameterReference) -> String {
    let index = reference.parameter.value
    return database.parameters.indices.contains(index) ? database.parameters[index].path : "an unknown parameter"
  }
}
