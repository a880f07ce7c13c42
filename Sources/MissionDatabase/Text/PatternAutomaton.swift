/// Makes the table of a pattern: first the states that a text may be in at once, then one state for each set of them.
struct PatternAutomaton {
  private(set) var alphabet: CharacterClasses
  private(set) var transitions: [UInt16] = []
  private(set) var accepts: [Bool] = []
  /// What it took to make the table.
  private(set) var stepCount: Int

  init(_ pattern: PatternNode) throws(TextPatternError) {
    var builder = StateBuilder()
    let end = builder.add(.end)
    let start = try builder.build(pattern, before: end)
    stepCount = builder.stepCount
    let sets = Array(
      Set(
        builder.states.compactMap { state in
          if case .one(let set, _) = state { set } else { nil }
        }))
    guard let alphabet = CharacterClasses(of: sets) else { throw Self.tooLarge }
    self.alphabet = alphabet
    stepCount += sets.count * alphabet.rangeCount
    try determinize(builder.states, start)
  }

  private mutating func determinize(_ states: [PatternState], _ start: Int) throws(TextPatternError) {
    let first = closure(of: [start], states)
    // The second is the dead one.
    var known: [[Int]: Int] = [first: 0, []: TextPattern.deadState]
    var sets = [first, []]
    let representatives = alphabet.representatives
    var index = 0
    while index < sets.count {
      accepts.append(sets[index].contains { states[$0].isEnd })
      for scalar in representatives {
        let targets = sets[index].compactMap { states[$0].target(of: scalar) }
        let set = closure(of: targets, states)
        if known[set] == nil {
          known[set] = sets.count
          sets.append(set)
        }
        guard stepCount <= Self.largestStepCount else { throw Self.tooLarge }
        transitions.append(UInt16(known[set] ?? TextPattern.deadState))
      }
      index += 1
    }
  }

  /// All states that are reached without a character, in ascending order.
  private mutating func closure(of starts: [Int], _ states: [PatternState]) -> [Int] {
    var seen: Set<Int> = []
    var stack = starts
    stepCount += 1
    while let index = stack.popLast() {
      stepCount += 1
      guard seen.insert(index).inserted else { continue }
      if case .split(let targets) = states[index] { stack += targets }
    }
    return seen.filter { !states[$0].isSplit }.sorted()
  }

  private static let tooLarge = TextPatternError(
    "a pattern that takes too large a table: write it with fewer or smaller counted repetitions")
  /// No table has more places than it took steps.
  private static let largestStepCount = 60_000
}

/// A place in a pattern.
enum PatternState {
  case end
  case one(ScalarSet, next: Int)
  case split([Int])

  var isEnd: Bool { if case .end = self { true } else { false } }
  var isSplit: Bool { if case .split = self { true } else { false } }

  func target(of scalar: UInt32) -> Int? {
    if case .one(let set, let next) = self, set.contains(scalar) { next } else { nil }
  }
}
