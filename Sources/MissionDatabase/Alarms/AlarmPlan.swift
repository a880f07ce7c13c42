/// All alarm rules of a mission database, made for slots, as flat lists.
package struct AlarmPlan: Sendable {
  /// One set of limits.
  struct TimedSet: Sendable {
    var validFrom: Int64
    /// By slot the place in `alarms`, or -1.
    var alarms: [Int32]
  }

  /// By when they begin.
  private(set) var sets: [TimedSet] = []
  private(set) var alarms: [SlotAlarms] = []
  private(set) var contexts: [AlarmContext] = []
  private(set) var tests: [AlarmTest] = []
  private(set) var labelLevels: [AlarmLevel] = []
  private(set) var patternTests: [PatternTest] = []
  private(set) var patterns: [TextPattern] = []
  private(set) var conditions = ConditionTable()
  /// By slot the elements that conditions ask for, in ascending order; nothing for most of them.
  private(set) var elementPlaces: [UInt32: [ElementMemory]] = [:]
  /// By slot the place in the list of states, or -1 where no set has an alarm for it.
  let states: [Int32]
  /// By state, whether its slot is the element of an array.
  let isElement: [Bool]
  /// By slot.
  let characters: [StringEncoding.CharacterSet?]
  /// What a person should know of rules that never come to anything.
  package let notices: [DatabaseProblem]

  /// A pattern that a text is compared with.
  struct PatternTest: BitwiseCopyable, Sendable {
    var pattern: Int32
    var level: AlarmLevel
  }

  /// - Parameter sets: The alarms of the database itself, where there is no set besides.
  /// - Throws: All rules that cannot be followed.
  package init(
    _ slots: [ParameterSlot], of database: MissionDatabase, sets: [LimitSet] = []
  ) throws(DatabaseErrors) {
    var compiler = AlarmCompiler(slots: slots, of: database)
    self.sets.append(TimedSet(validFrom: .min, alarms: compiler.compile(database)))
    for set in sets.sorted(by: { ($0.validFrom ?? .min) < ($1.validFrom ?? .min) }) {
      let alarms = compiler.compile(set.database)
      compiler.check(set.database, alarms, database)
      self.sets.append(TimedSet(validFrom: set.validFrom ?? .min, alarms: alarms))
    }
    let problems = compiler.problems.problems
    guard !problems.contains(where: { $0.severity == .error }) else {
      throw DatabaseErrors(problems: problems, omittedCount: compiler.problems.omittedCount)
    }
    notices = problems
    alarms = compiler.alarms
    contexts = compiler.contexts
    tests = compiler.tests
    labelLevels = compiler.labelLevels
    patternTests = compiler.patternTests
    patterns = compiler.patterns
    conditions = compiler.conditions
    elementPlaces = Dictionary(
      grouping: conditions.elements.indices.map { Int32($0) }, by: { [conditions] in conditions.elements[Int($0)].slot }
    )
    .mapValues { [conditions] places in
      places.map { ElementMemory(occurrence: conditions.elements[Int($0)].occurrence, place: $0) }
        .sorted { $0.occurrence < $1.occurrence }
    }
    characters = slots.map { slot in
      if case .string(let encoding) = database.types[slot.type.value].encoding { encoding.characters } else { nil }
    }
    var states: [Int32] = []
    var isElement: [Bool] = []
    for (index, slot) in slots.enumerated() {
      guard self.sets.contains(where: { $0.alarms[index] >= 0 }) else {
        states.append(-1)
        continue
      }
      states.append(Int32(isElement.count))
      isElement.append(slot.isElement)
    }
    self.states = states
    self.isElement = isElement
  }

  /// The set for packets of a time; the last one where it is not known.
  func setIndex(at time: Int64?) -> Int {
    guard let time else { return sets.count - 1 }
    return sets.lastIndex { $0.validFrom <= time } ?? 0
  }

  /// Whether a slot has alarms.
  package func isMonitored(_ slot: Int) -> Bool { states[slot] >= 0 }

  /// How many slots have alarms.
  package var monitoredCount: Int { isElement.count }
}

extension ParameterSlot {
  /// Whether there may be several of it at one moment.
  var isElement: Bool {
    reference.steps.contains { step in
      if case .element = step { true } else { false }
    }
  }
}
