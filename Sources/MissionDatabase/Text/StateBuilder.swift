/// Makes the places of a pattern, from its end to its beginning.
struct StateBuilder {
  private(set) var states: [PatternState] = []
  private(set) var stepCount = 0

  mutating func add(_ state: PatternState) -> Int {
    states.append(state)
    return states.count - 1
  }

  /// - Returns: Where the node begins, when `next` comes behind it.
  mutating func build(_ node: PatternNode, before next: Int) throws(TextPatternError) -> Int {
    stepCount += 1
    guard stepCount < Self.largestStepCount else {
      throw TextPatternError("a pattern of too many characters when its repetitions are written out")
    }
    switch node {
    case .empty: return next
    case .one(let set): return add(.one(set, next: next))
    case .sequence(let parts):
      var next = next
      for part in parts.reversed() { next = try build(part, before: next) }
      return next
    case .choice(let branches):
      var targets: [Int] = []
      for branch in branches { targets.append(try build(branch, before: next)) }
      return add(.split(targets))
    case .repetition(let node, let atLeast, let atMost): return try build(node, atLeast, atMost, before: next)
    }
  }

  private mutating func build(
    _ node: PatternNode, _ atLeast: Int, _ atMost: Int?, before next: Int
  ) throws(TextPatternError) -> Int {
    var start = next
    if let atMost {
      for _ in atLeast..<atMost { start = add(.split([try build(node, before: start), next])) }
    } else {
      let loop = add(.split([]))
      states[loop] = .split([try build(node, before: loop), next])
      start = loop
    }
    for _ in 0..<atLeast { start = try build(node, before: start) }
    return start
  }

  private static let largestStepCount = 4096
}
