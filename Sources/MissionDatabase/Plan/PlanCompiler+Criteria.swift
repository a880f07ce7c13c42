/// Criteria, integers that the packet says, and the values that must be kept for them.
extension PlanCompiler {
  /// A criterion has no more parts than this.
  private static let partCapacity = 1_024

  /// Appends a criterion: its place in `criteria`, and how much work its test is.
  mutating func criterion(
    _ criterion: Criterion, at place: DatabasePlace
  ) throws(DatabaseProblem) -> (place: Int32, weight: Int32) {
    var partCount = 0
    let found = try node(criterion, at: place, depth: 0, &partCount)
    return (found, Int32(partCount))
  }

  private mutating func node(
    _ criterion: Criterion, at place: DatabasePlace, depth: Int, _ partCount: inout Int
  ) throws(DatabaseProblem) -> Int32 {
    try charge(1)
    partCount += 1
    guard depth < Self.depthCapacity, partCount <= Self.partCapacity else {
      throw problem("a criterion of more than \(Self.partCapacity) parts", at: place, "BooleanExpression")
    }
    let node: CriterionNode
    switch criterion {
    case .comparison(let comparison): node = try self.comparison(comparison, at: place)
    case .all(let parts):
      let range = try nodes(parts, at: place, depth: depth, &partCount)
      node = .all(first: range.first, count: range.count)
    case .any(let parts):
      let range = try nodes(parts, at: place, depth: depth, &partCount)
      node = .any(first: range.first, count: range.count)
    case .exclusive(let left, let right):
      node = .exclusive(
        try self.node(left, at: place, depth: depth + 1, &partCount),
        try self.node(right, at: place, depth: depth + 1, &partCount))
    }
    tables.criteria.append(node)
    return Int32(tables.criteria.count - 1)
  }

  private mutating func nodes(
    _ parts: [Criterion], at place: DatabasePlace, depth: Int, _ partCount: inout Int
  ) throws(DatabaseProblem) -> (first: Int32, count: Int32) {
    var places: [Int32] = []
    for part in parts { places.append(try node(part, at: place, depth: depth + 1, &partCount)) }
    defer { tables.criterionParts += places }
    return (Int32(tables.criterionParts.count), Int32(places.count))
  }

  // MARK: Comparisons

  private mutating func comparison(
    _ comparison: Comparison, at place: DatabasePlace
  ) throws(DatabaseProblem) -> CriterionNode {
    let operand: CompiledComparison.Operand
    switch comparison.operand {
    case .integer(let value): operand = .number(.signed(value))
    case .unsigned(let value): operand = .number(.unsigned(value))
    case .float(let value): operand = .number(.float(value))
    case .octets(let octets): operand = .octets(literal(octets))
    case .parameter(let reference, let usesCalibrated):
      let other = try memory(of: reference, at: place)
      if comparison.usesCalibrated, usesCalibrated,
        let first = try firstIdentity(of: comparison.parameter, at: place),
        let second = try firstIdentity(of: reference, at: place)
      {
        guard comparison.relation == .isEqual || comparison.relation == .isNotEqual else {
          throw problem(
            "labels are not above or below each other", at: place, "Condition",
            hint: "useCalibratedValue=\"false\" compares the numbers behind them")
        }
        operand = .memoryLabel(other, first: first, second: second)
      } else {
        operand = .memory(other, usesCalibrated: usesCalibrated)
      }
    case .text(let text):
      let type = try leafType(of: comparison.parameter, at: place)
      let labels = self.labels(of: type)
      if comparison.usesCalibrated, !labels.isEmpty {
        operand = try self.operand(labels, comparison.relation, text)
      } else if case .string(let encoding) = database.types[type.value].encoding {
        guard let octets = encoding.characters.octets(of: text) else {
          // No text of these characters equals it, and none can be put before or behind it.
          return comparison.relation == .isNotEqual ? .all(first: 0, count: 0) : .any(first: 0, count: 0)
        }
        operand = .octets(literal(octets))
      } else {
        let path = database.parameters[comparison.parameter.parameter.value].path
        if case .binary = database.types[type.value].encoding {
          throw problem(
            "`\(path)` is octets without a character set, so that it cannot be compared with the text `\(text)`",
            at: place, "Comparison", hint: "a type with a StringDataEncoding is compared with texts")
        }
        throw problem("`\(path)` is a number, and `\(text)` is none", at: place, "Comparison")
      }
    }
    return .comparison(
      CompiledComparison(
        memory: try memory(of: comparison.parameter, at: place), usesCalibrated: comparison.usesCalibrated,
        relation: comparison.relation, operand: operand))
  }

  /// A label is equality with one; only what else is asked of labels is written down for each of them.
  private mutating func operand(
    _ labels: DistinctLabels, _ relation: Comparison.Relation, _ text: String
  ) throws(DatabaseProblem) -> CompiledComparison.Operand {
    if relation == .isEqual || relation == .isNotEqual, !labels.hasEqualTexts {
      return .label(labels.place(of: text) ?? -1)
    }
    try charge(labels.texts.count)
    let first = Int32(tables.labelVerdicts.count)
    tables.labelVerdicts += labels.texts.map { relation.holds($0 < text ? -1 : $0 == text ? 0 : 1) }
    return .labels(first: first, count: Int32(labels.texts.count))
  }

  /// Where in `labelIdentities` those of the labels of a value begin; nil where it has no labels.
  private mutating func firstIdentity(
    of reference: ParameterReference, at place: DatabasePlace
  ) throws(DatabaseProblem) -> Int32? {
    let type = try leafType(of: reference, at: place)
    let labels = self.labels(of: type)
    guard !labels.isEmpty else { return nil }
    if let place = identityPlaces[type] { return place }
    let first = Int32(tables.labelIdentities.count)
    for text in labels.texts {
      let identity = identities[text] ?? Int32(identities.count)
      identities[text] = identity
      tables.labelIdentities.append(identity)
    }
    identityPlaces[type] = first
    return first
  }

  // MARK: Amounts

  /// Appends an integer that the packet may say: its place in `amounts`.
  mutating func amount(_ value: IntegerValue, at place: DatabasePlace) throws(DatabaseProblem) -> Int32 {
    let amount: Amount
    switch value {
    case .fixed(let value):
      if let place = fixedAmounts[value] { return place }
      fixedAmounts[value] = Int32(tables.amounts.count)
      amount = .fixed(value)
    case .dynamic(let reference, let slope, let intercept, let usesCalibrated):
      amount = .memory(
        try memory(of: reference, at: place), slope: slope, intercept: intercept, usesCalibrated: usesCalibrated)
    case .lookup(let lookups, let defaultValue):
      var compiled: [CompiledLookup] = []
      var weight: Int32 = 1
      for lookup in lookups {
        let (criterion, criterionWeight) = try self.criterion(lookup.criterion, at: place)
        compiled.append(CompiledLookup(criterion: criterion, value: lookup.value))
        weight &+= criterionWeight
      }
      amount = .lookup(
        first: Int32(tables.lookups.count), count: Int32(compiled.count), defaultValue: defaultValue, weight: weight)
      tables.lookups += compiled
    }
    tables.amounts.append(amount)
    return Int32(tables.amounts.count - 1)
  }

  // MARK: Memories

  /// The place in `memories` of a value that something depends on.
  mutating func memory(of reference: ParameterReference, at place: DatabasePlace) throws(DatabaseProblem) -> Int32 {
    if let place = memoryPlaces[reference] { return place }
    let type = try leafType(of: reference, at: place)
    var rule = MemoryRule()
    let occurrence = try occurrence(of: reference, at: place)
    switch database.types[type.value].encoding {
    case .string, .binary:
      rule.textOffset = Int32(tables.textMemoryByteCount)
      tables.textMemoryByteCount += ValueMemory.textCapacity
    case .integer, .float, nil: break
    }
    let found = Int32(tables.memories.count)
    tables.memories.append(rule)
    memoryPlaces[reference] = found
    if let occurrence { memoryOccurrences[found] = occurrence }
    return found
  }

  /// The type of a value that is no aggregate and no array.
  func leafType(of reference: ParameterReference, at place: DatabasePlace) throws(DatabaseProblem) -> TypeIndex {
    let parameter = database.parameters[reference.parameter.value]
    var type = parameter.type
    var steps = reference.steps[...]
    while true {
      switch (database.types[type.value].kind, steps.first) {
      case (.aggregate(let members), .member(let index)?) where members.indices.contains(index):
        type = members[index].type
        steps.removeFirst()
      case (.array(let element, let dimensions), .element?) where steps.count >= dimensions.count:
        type = element
        steps = steps.dropFirst(dimensions.count)
      case (.aggregate, _), (.array, _), (_, _?):
        throw problem(
          "`\(parameter.path)` with its steps is no single value", at: place, "ParameterInstanceRef",
          hint: "name a member of an aggregate, or an element of an array")
      case (_, nil): return type
      }
    }
  }

  /// Which of the values of a slot an element of an array is; nil where there is no array.
  private func occurrence(of reference: ParameterReference, at place: DatabasePlace) throws(DatabaseProblem) -> UInt32?
  {
    switch database.occurrence(of: reference) {
    case .any: return nil
    case .only(let occurrence): return occurrence
    case .unknown:
      throw problem(
        "an element of an array whose inner dimensions the packet says", at: place, "ParameterInstanceRef",
        hint: "an element can be named where all dimensions but the first are written down")
    }
  }

  /// Gives every field the memory of its value; those of an array the first of all that its elements have.
  mutating func linkMemories() throws(DatabaseProblem) {
    var bySlot: [UInt32: Int32] = [:]
    var elements: [UInt32: [ElementMemory]] = [:]
    for (reference, place) in memoryPlaces {
      guard let slot = slots.place(of: reference) else { continue }
      if let occurrence = memoryOccurrences[place] {
        elements[slot, default: []].append(ElementMemory(occurrence: occurrence, place: place))
      } else {
        bySlot[slot] = place
      }
    }
    for (slot, found) in elements {
      let sorted = found.sorted { ($0.occurrence, $0.place) < ($1.occurrence, $1.place) }
      let range = TableRange(first: Int32(tables.elementMemories.count), count: Int32(sorted.count))
      tables.elementMemories += sorted
      tables.memories[Int(sorted[0].place)].elements = range
      bySlot[slot] = sorted[0].place
    }
    for index in tables.fields.indices {
      if let place = bySlot[tables.fields[index].slot] { tables.fields[index].memory = place }
    }
    for index in tables.strings.indices {
      if let place = bySlot[tables.strings[index].slot] { tables.strings[index].memory = place }
    }
  }

  /// Gives every slot that may come more than once in a packet a counter, and marks the fields that need nothing more.
  mutating func linkCounters() {
    var counters: [Int32] = []
    for count in slots.emissionCounts {
      counters.append(count > 1 ? Int32(tables.counterCount) : -1)
      if count > 1 { tables.counterCount += 1 }
    }
    for index in tables.fields.indices {
      let counter = counters[Int(tables.fields[index].slot)]
      tables.fields[index].counter = counter
      tables.fields[index].isPlain = counter < 0 && tables.fields[index].memory < 0 && tables.fields[index].range < 0
    }
    for index in tables.strings.indices { tables.strings[index].counter = counters[Int(tables.strings[index].slot)] }
  }
}
