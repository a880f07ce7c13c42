/// The way from a container to the extensions that come into question: a tree of tables over integers that their
/// criteria compare with.
extension PlanCompiler {
  /// So few extensions are tested one after the other.
  private static let testedCapacity = 3
  /// Keys no farther apart than this many times their number lie in a table that is counted through.
  private static let sparseness = 64
  /// An extension, with what is not decided yet.
  private struct Contender {
    var container: Int
    var program: Int32
    /// Conditions that must all hold.
    var conditions: [Criterion]
    /// How many parts these have.
    var weight: Int
  }

  /// A condition that an integer decides.
  private struct Key: Hashable {
    var parameter: ParameterReference
    var part: DecisionInput.Part
  }

  /// Appends what decides between extensions: a place in `decisions`.
  mutating func decision(between programs: [(container: Int, program: Int32)]) throws(DatabaseProblem) -> Int32 {
    let contenders = programs.map { container, program in
      let conditions = database.containers[container].base?.criterion.map(Self.conditions) ?? []
      return Contender(
        container: container, program: program, conditions: conditions,
        weight: conditions.reduce(1) { $0 + Self.weight(of: $1) })
    }
    return try decision(between: contenders, depth: 0)
  }

  /// What must hold, all of it, taken apart.
  private static func conditions(_ criterion: Criterion) -> [Criterion] {
    guard case .all(let parts) = criterion else { return [criterion] }
    return parts.flatMap(conditions)
  }

  private static func weight(of criterion: Criterion) -> Int {
    switch criterion {
    case .comparison: 1
    case .all(let parts), .any(let parts): parts.reduce(1) { $0 + weight(of: $1) }
    case .exclusive(let left, let right): 1 + weight(of: left) + weight(of: right)
    }
  }

  private mutating func decision(between contenders: [Contender], depth: Int) throws(DatabaseProblem) -> Int32 {
    guard contenders.count > Self.testedCapacity, depth < 8, let key = bestKey(of: contenders) else {
      return try test(contenders)
    }
    // What is left of each once the key has its value, and who asks for which value.
    var rests = contenders
    var places: [Int64: [Int]] = [:]
    var without: [Int] = []
    for (index, contender) in contenders.enumerated() {
      guard let (condition, value) = condition(for: key, of: contender) else {
        without.append(index)
        continue
      }
      rests[index].conditions.remove(at: condition)
      rests[index].weight -= 1
      places[value, default: []].append(index)
    }
    copyBudget -= without.reduce(0) { $0 + rests[$1].weight } * places.count
    let otherwise = try decision(between: without.map { rests[$0] }, depth: depth + 1)
    var targets: [DecisionKey] = []
    for (value, asking) in places.sorted(by: { $0.key < $1.key }) {
      let fitting = (asking + without).sorted().map { rests[$0] }
      targets.append(DecisionKey(key: value, target: try decision(between: fitting, depth: depth + 1)))
    }
    let place = database.containers[contenders[0].container].place
    let input = DecisionInput(memory: try memory(of: key.parameter, at: place), part: key.part)
    tables.decisions.append(step(input, targets, otherwise: otherwise))
    return Int32(tables.decisions.count - 1)
  }

  /// The condition of an extension that the key decides, and the value that it asks for.
  private mutating func condition(for key: Key, of contender: Contender) -> (place: Int, value: Int64)? {
    for (place, condition) in contender.conditions.enumerated() {
      if let found = self.key(of: condition), found.key == key { return (place, found.value) }
    }
    return nil
  }

  private mutating func step(_ input: DecisionInput, _ targets: [DecisionKey], otherwise: Int32) -> Decision {
    let lowest = targets[0].key
    let (span, overflows) = targets[targets.count - 1].key.subtractingReportingOverflow(lowest)
    guard !overflows, span < Int64(targets.count * Self.sparseness) else {
      defer { tables.decisionKeys += targets }
      return .search(
        input, first: Int32(tables.decisionKeys.count), count: Int32(targets.count), otherwise: otherwise)
    }
    var dense: [Int32] = Array(repeating: otherwise, count: Int(span) + 1)
    for target in targets { dense[Int(target.key - lowest)] = target.target }
    defer { tables.decisionTargets += dense }
    return .table(
      input, lowest: lowest, first: Int32(tables.decisionTargets.count), count: Int32(dense.count),
      otherwise: otherwise)
  }

  private mutating func test(_ contenders: [Contender]) throws(DatabaseProblem) -> Int32 {
    var candidates: [Candidate] = []
    for contender in contenders {
      var found: (place: Int32, weight: Int32) = (-1, 1)
      if !contender.conditions.isEmpty {
        let criterion = contender.conditions.count == 1 ? contender.conditions[0] : .all(contender.conditions)
        found = try self.criterion(criterion, at: database.containers[contender.container].place)
      }
      candidates.append(
        Candidate(
          container: Int32(contender.container), criterion: found.place, weight: found.weight,
          program: contender.program))
    }
    tables.decisions.append(.test(first: Int32(tables.candidates.count), count: Int32(candidates.count)))
    tables.candidates += candidates
    return Int32(tables.decisions.count - 1)
  }

  // MARK: Keys

  /// The integer that leaves the fewest extensions to be tested; nil where none leaves fewer than there are.
  private mutating func bestKey(of contenders: [Contender]) -> Key? {
    var counts: [Key: [Int64: Int]] = [:]
    var weights: [Key: Int] = [:]
    var order: [Key] = []
    for contender in contenders {
      var seen: Set<Key> = []
      for condition in contender.conditions {
        guard let (key, value) = self.key(of: condition), seen.insert(key).inserted else { continue }
        if counts[key] == nil { order.append(key) }
        counts[key, default: [:]][value, default: 0] += 1
        weights[key, default: 0] += contender.weight
      }
    }
    let weight = contenders.reduce(0) { $0 + $1.weight }
    var best: (key: Key, rest: Int)?
    for key in order {
      guard let values = counts[key], let largest = values.values.max() else { continue }
      let without = contenders.count - values.values.reduce(0, +)
      // Extensions without the key stand under every value of it.
      guard (weight - weights[key, default: 0]) * values.count <= copyBudget else { continue }
      let rest = without + largest
      if rest < contenders.count, rest < best?.rest ?? .max { best = (key, rest) }
    }
    return best?.key
  }

  /// The integer that a condition asks for, where it is equality with one.
  private mutating func key(of condition: Criterion) -> (key: Key, value: Int64)? {
    guard case .comparison(let comparison) = condition, comparison.relation == .isEqual else { return nil }
    let place = database.parameters[comparison.parameter.parameter.value].place
    guard let type = try? leafType(of: comparison.parameter, at: place) else { return nil }
    let description = database.types[type.value]
    guard case .integer = description.encoding else { return nil }
    switch (comparison.operand, description.kind) {
    case (.integer(let value), .enumerated):
      return (Key(parameter: comparison.parameter, part: .raw), value)
    case (.integer(let value), .integer):
      return (Key(parameter: comparison.parameter, part: comparison.usesCalibrated ? .engineering : .raw), value)
    case (.integer(let value), _) where !comparison.usesCalibrated:
      return (Key(parameter: comparison.parameter, part: .raw), value)
    case (.unsigned(let value), _) where !comparison.usesCalibrated:
      return Int64(exactly: value).map { (Key(parameter: comparison.parameter, part: .raw), $0) }
    case (.text(let text), .enumerated) where comparison.usesCalibrated:
      guard let label = labels(of: type).place(of: text) else { return nil }
      return (Key(parameter: comparison.parameter, part: .label), Int64(label))
    default: return nil
    }
  }
}
