/// Containers: their entries, and what extends them.
extension PlanCompiler {
  /// Appends what decodes a container from the cursor on, and all that extends it.
  ///
  /// - Parameter isIncluded: It lies within another one, and the packet does not become one of it.
  mutating func compile(container index: Int, depth: Int, isIncluded: Bool) throws(DatabaseProblem) {
    let container = database.containers[index]
    guard depth < Self.depthCapacity else {
      throw problem(
        "containers extend or contain each other more than \(Self.depthCapacity) deep", at: container.place,
        "SequenceContainer")
    }
    try charge(1)
    guard openContainers.insert(index).inserted else {
      throw problem(
        "`\(container.path)` is in itself, by what it contains and by what extends that", at: container.place,
        "SequenceContainer", hint: "a container within another one brings all that extends it")
    }
    defer { openContainers.remove(index) }
    if !isIncluded { try emit(.container(Int32(index), isAbstract: container.isAbstract)) }
    try compileEntries(of: index, depth: depth)
    if !extensions[index].isEmpty { try compileExtensions(of: index, depth: depth, isIncluded: isIncluded) }
  }

  /// A container within another one brings what it extends with it.
  private mutating func compileBases(of index: Int, depth: Int) throws(DatabaseProblem) {
    var bases: [Int] = []
    var next = database.containers[index].base?.container.value
    while let base = next {
      guard bases.count < Self.depthCapacity, base != index else {
        throw problem(
          "what it extends has no end", at: database.containers[index].place, "BaseContainer")
      }
      bases.append(base)
      next = database.containers[base].base?.container.value
    }
    for base in bases.reversed() { try compileEntries(of: base, depth: depth) }
  }

  private mutating func compileEntries(of index: Int, depth: Int) throws(DatabaseProblem) {
    let entries = database.containers[index].entries
    for (number, entry) in entries.enumerated() {
      let next = number + 1 < entries.count ? entries[number + 1] : nil
      try compile(entry, number, of: index, next: next, depth: depth)
    }
  }

  /// Each extension begins where the container ended; behind included ones the cursor is where the last one ended.
  private mutating func compileExtensions(of index: Int, depth: Int, isIncluded: Bool) throws(DatabaseProblem) {
    if isIncluded { try anchorCursor() }
    flush()
    let choiceStep = Int(nextStep)
    let choicePlace = Int32(tables.choices.count)
    tables.choices.append(Choice(decision: -1, container: Int32(index), isIncluded: isIncluded))
    try emit(.end)
    let state = (cursor, frame)
    var programs: [(container: Int, program: Int32)] = []
    for candidate in extensions[index] {
      let program = nextStep
      (cursor, frame) = state
      let isMade = try withoutOnProblem(candidate) { compiler throws(DatabaseProblem) in
        try compiler.compile(container: candidate, depth: depth + 1, isIncluded: isIncluded)
        if isIncluded { try compiler.anchorCursor() }
        try compiler.emit(.end)
      }
      if isMade { programs.append((candidate, program)) }
    }
    (cursor, frame) = state
    tables.choices[Int(choicePlace)].decision = try decision(between: programs)
    tables.operations[choiceStep] = .choice(choicePlace, end: nextStep)
  }

  // MARK: Entries

  private mutating func compile(
    _ entry: Entry, _ number: Int, of container: Int, next: Entry?, depth: Int
  ) throws(DatabaseProblem) {
    try charge(1)
    if case .fixed(let count)? = entry.repetition?.count, count == 0 { return }
    var conditionStep: Int?
    if let criterion = entry.condition {
      try anchorCursor()
      let (place, weight) = try self.criterion(criterion, at: entry.place)
      conditionStep = Int(nextStep)
      try emit(
        .condition(
          Condition(
            criterion: place, weight: weight, otherwise: 0, container: Int32(container), entry: Int32(number))))
    }
    let isSteady = entry.repetition.map { if case .fixed = $0.count { true } else { false } } ?? true
    // Where it may come not at all, it must not matter then how it would be found.
    var repetitionStep: Int?
    if !isSteady, let repetition = entry.repetition {
      try anchorCursor()
      repetitionStep = Int(nextStep)
      try emit(.unlessNone(try repeatCount(repetition.count, at: entry.place), otherwise: 0))
    }
    let place = try locate(entry, before: next)
    if let repetition = entry.repetition {
      try compile(repetition, of: entry, at: place, depth: depth)
    } else {
      try compile(entry.content, of: entry, at: place, depth: depth)
    }
    if let repetitionStep {
      try anchorCursor()
      if case .unlessNone(let count, _) = tables.operations[repetitionStep] {
        tables.operations[repetitionStep] = .unlessNone(count, otherwise: nextStep)
      }
    }
    if let conditionStep {
      try anchorCursor()
      guard case .condition(var condition) = tables.operations[conditionStep] else { return }
      condition.otherwise = nextStep
      tables.operations[conditionStep] = .condition(condition)
    }
  }

  /// Where an entry begins.
  private mutating func locate(_ entry: Entry, before next: Entry?) throws(DatabaseProblem) -> Place {
    switch entry.location {
    case .behindPrevious(let bits): return try place(cursor, moved: bits, isBackwards: false, entry)
    case .fromStart(let bits): return try place(frame, moved: bits, isBackwards: false, entry)
    case .beforeEnd(let bits):
      return try place(Place(mark: .end, offset: 0), moved: bits, isBackwards: true, entry)
    case .beforeNext(let bits):
      switch next?.location {
      case .fromStart(let nextBits):
        let nextPlace = try place(frame, moved: nextBits, isBackwards: false, entry)
        return try place(nextPlace, moved: bits, isBackwards: true, entry)
      case .beforeEnd(let nextBits):
        let nextPlace = try place(Place(mark: .end, offset: 0), moved: nextBits, isBackwards: true, entry)
        return try place(nextPlace, moved: bits, isBackwards: true, entry)
      case .behindPrevious, .beforeNext, nil:
        throw problem(
          "it is to lie before the entry behind it, and nothing says where that begins", at: entry.place,
          "LocationInContainerInBits", hint: "give the entry behind it a place from the start or from the end")
      }
    }
  }

  /// A place so many bits further on; where the packet says them, or it is counted from the end, the anchor goes there.
  private mutating func place(
    _ place: Place, moved bits: IntegerValue, isBackwards: Bool, _ entry: Entry
  ) throws(DatabaseProblem) -> Place {
    if case .fixed(let count) = bits {
      guard count.magnitude < UInt(Self.distanceCapacity) else {
        throw problem("it lies \(count) bits away, which no packet has", at: entry.place, "LocationInContainerInBits")
      }
      let moved = place + (isBackwards ? -count : count)
      guard moved.mark != .start || moved.offset >= 0 || !startsAtPacket else {
        throw problem(
          "it begins \(-moved.offset) bits before the packet", at: entry.place, "LocationInContainerInBits")
      }
      guard moved.mark == .end else { return moved }
      try emit(.move(Move(place: moved)))
    } else {
      let amount = try self.amount(bits, at: entry.place)
      try emit(.move(Move(place: place, amount: amount, isBackwards: isBackwards)))
    }
    return .anchor
  }

  // MARK: Contents

  mutating func compile(
    _ content: Entry.Content, of entry: Entry, at place: Place, depth: Int
  ) throws(DatabaseProblem) {
    cursor = place
    switch content {
    case .parameter(let index):
      let type = database.parameters[index.value].type
      try compile(type, ParameterReference(index), entry, depth: depth + 1)
    case .array(let index, let dimensions):
      guard case .array(let element, _) = database.types[database.parameters[index.value].type.value].kind else {
        throw problem(
          "`\(database.parameters[index.value].path)` is no array", at: entry.place, "ArrayParameterRefEntry")
      }
      try compileArray(of: element, dimensions, ParameterReference(index), entry, depth: depth + 1)
    case .container(let index): try include(index, depth: depth)
    case .indirect(let reference, let namespace):
      try compileIndirection(reference, namespace, entry, depth: depth + 1)
    }
  }

  /// A container within another one, with what it extends: places from the start are from its own.
  private mutating func include(_ index: ContainerIndex, depth: Int) throws(DatabaseProblem) {
    let outer = frame
    if cursor.mark == .start {
      // The start stays where it is, so that a place from it is still right whatever the packet says in between.
      frame = cursor
      try compileBases(of: index.value, depth: depth + 1)
      try compile(container: index.value, depth: depth + 1, isIncluded: true)
      frame = outer
      return
    }
    flush()
    let step = Int(nextStep)
    let place = cursor
    try emit(.end)
    let outerStartsAtPacket = startsAtPacket
    startsAtPacket = false
    frame = .start
    cursor = .start
    try compileBases(of: index.value, depth: depth + 1)
    try compile(container: index.value, depth: depth + 1, isIncluded: true)
    try anchorCursor()
    try emit(.end)
    tables.operations[step] = .include(at: place, end: nextStep)
    frame = outer
    startsAtPacket = outerStartsAtPacket
  }

  // MARK: Repetition

  private mutating func compile(
    _ repetition: Repetition, of entry: Entry, at place: Place, depth: Int
  ) throws(DatabaseProblem) {
    let gap = try amount(repetition.offset, at: entry.place)
    let count = try repeatCount(repetition.count, at: entry.place)
    if case .fixed(let gapBits) = tables.amounts[Int(gap)], case .parameter(let index) = entry.content,
      let bitCount = constantBitCount(of: database.parameters[index.value].type)
    {
      let type = database.parameters[index.value].type
      return try compileRows(
        type, ParameterReference(index), count, at: place, stride: bitCount + gapBits, bitCount: bitCount, entry)
    }
    try compileLoop(count, gap: gap, at: place) { compiler throws(DatabaseProblem) in
      try compiler.compile(entry.content, of: entry, at: .anchor, depth: depth + 1)
    }
  }

  private mutating func repeatCount(_ value: IntegerValue, at place: DatabasePlace) throws(DatabaseProblem)
    -> RepeatCount
  {
    guard case .fixed(let count) = value else { return .amount(try amount(value, at: place)) }
    guard count >= 0 else { throw problem("it comes \(count) times", at: place, "RepeatEntry") }
    return .fixed(count)
  }

  /// Appends a part of the plan that is done several times, each time with the anchor where the last time ended. Where
  /// the packet says how often, the anchor is at the cursor already, and stays there when it is not at all.
  mutating func compileLoop(
    _ count: RepeatCount, gap: Int32, at place: Place, _ body: (inout PlanCompiler) throws(DatabaseProblem) -> Void
  ) throws(DatabaseProblem) {
    if case .fixed(0) = count {
      cursor = place
      return
    }
    flush()
    let step = Int(nextStep)
    try emit(.end)
    loopDepth += 1
    try body(&self)
    loopDepth -= 1
    try anchorCursor()
    try emit(.end)
    tables.operations[step] = .loop(Loop(count: count, at: place, gap: gap, end: nextStep))
  }
}
