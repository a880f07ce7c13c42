/// Entries whose parameter another parameter names.
extension PlanCompiler {
  /// So many parameters may come into question for one entry.
  private static let namedCapacity = 4_096

  mutating func compileIndirection(
    _ reference: ParameterReference, _ namespace: String?, _ entry: Entry, depth: Int
  ) throws(DatabaseProblem) {
    let type = try leafType(of: reference, at: entry.place)
    try anchorCursor()
    let step = Int(nextStep)
    try emit(.end)
    var indirection = Indirection(memory: try memory(of: reference, at: entry.place))
    for (name, parameter) in try named(namespace, at: entry.place) {
      let program = nextStep
      guard try add(name, of: type, program, to: &indirection) else { continue }
      cursor = .anchor
      try compile(
        database.parameters[parameter].type, ParameterReference(ParameterIndex(parameter)), entry, depth: depth)
      try anchorCursor()
      try emit(.end)
    }
    indirection.byText.sort { tables.octets[$0.octets.range].lexicographicallyPrecedes(tables.octets[$1.octets.range]) }
    tables.operations[step] = .indirect(Int32(tables.indirections.count), end: nextStep)
    tables.indirections.append(indirection)
    cursor = .anchor
  }

  /// The names that a value may be, each with its parameter; the first one counts. Types that cannot be decoded are no
  /// parameters that a packet could hold.
  private func named(
    _ namespace: String?, at place: DatabasePlace
  ) throws(DatabaseProblem) -> [(name: String, parameter: Int)] {
    var known: Set<String> = []
    var found: [(name: String, parameter: Int)] = []
    for (index, parameter) in database.parameters.enumerated() where isDecodable(parameter.type, depth: 0) {
      let aliases = parameter.aliases.compactMap { alias -> String? in
        guard let namespace, alias.hasPrefix(namespace + ":") else { return nil }
        return String(alias.dropFirst(namespace.count + 1))
      }
      let names = aliases.isEmpty ? [String(parameter.name), parameter.path] : aliases
      for name in names where known.insert(name).inserted { found.append((name, index)) }
    }
    guard found.count <= Self.namedCapacity else {
      throw problem(
        "an indirect entry with \(found.count) parameters to choose from", at: place,
        "IndirectParameterRefEntry", hint: "at most \(Self.namedCapacity) are supported")
    }
    return found
  }

  private func isDecodable(_ type: TypeIndex, depth: Int) -> Bool {
    guard depth < Self.depthCapacity else { return false }
    switch database.types[type.value].kind {
    case .aggregate(let members): return members.allSatisfy { isDecodable($0.type, depth: depth + 1) }
    case .array(let element, _): return isDecodable(element, depth: depth + 1)
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime:
      return database.types[type.value].encoding != nil
    }
  }

  /// Notes by what value a parameter is named; false where no value of the type names it.
  private mutating func add(
    _ name: String, of type: TypeIndex, _ program: Int32, to indirection: inout Indirection
  ) throws(DatabaseProblem) -> Bool {
    let labels = self.labels(of: type)
    if !labels.isEmpty {
      guard let label = labels.place(of: name) else { return false }
      indirection.byLabel[label] = program
    } else if case .string(let encoding) = database.types[type.value].encoding {
      guard let octets = encoding.characters.octets(of: name) else { return false }
      indirection.byText.append((literal(octets), program))
    } else {
      guard let number = Int64(name) else { return false }
      indirection.byNumber[number] = program
    }
    return true
  }
}

extension DecodePlan {
  /// Where the part of the plan begins for the parameter that is named now; nil where none is.
  func program(of indirection: Indirection, _ memory: borrowing ValueMemory) -> Int32? {
    guard let sample = memory.value(indirection.memory) else { return nil }
    if sample.engineeringForm == .label || sample.engineeringForm == .boolean {
      return indirection.byLabel[Int32(truncatingIfNeeded: sample.engineeringBits)]
    }
    if let number = memory.number(indirection.memory, usesCalibrated: true)?.integer,
      let program = indirection.byNumber[number]
    {
      return program
    }
    let literals = tables.octets
    var low = 0
    var high = indirection.byText.count
    while low < high {
      let middle = (low + high) / 2
      let octets = literals.span.extracting(indirection.byText[middle].octets.range)
      guard let order = memory.compare(indirection.memory, with: octets) else { return nil }
      if order == 0 { return indirection.byText[middle].program }
      if order < 0 { high = middle } else { low = middle + 1 }
    }
    return nil
  }
}
