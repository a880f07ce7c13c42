/// Parameter types: what becomes one field, and what becomes many.
extension PlanCompiler {
  /// Arrays of so many values at most become one field for each.
  private static let unrolledCapacity = 32

  /// Appends what decodes a value of a type at the cursor.
  mutating func compile(
    _ type: TypeIndex, _ reference: ParameterReference, _ entry: Entry, depth: Int
  ) throws(DatabaseProblem) {
    guard depth < Self.depthCapacity else {
      throw problem("types lie within each other more than \(Self.depthCapacity) deep", at: entry.place, "typeRef")
    }
    switch database.types[type.value].kind {
    case .aggregate(let members):
      for (index, member) in members.enumerated() {
        try compile(member.type, reference.appending(.member(index)), entry, depth: depth + 1)
      }
    case .array(let element, let dimensions):
      try compileArray(of: element, dimensions, reference, entry, depth: depth)
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime:
      if var field = try leaf(type) {
        field.slot = try slot(reference, type)
        try append(field, at: cursor)
        cursor = cursor + Int(field.bitCount)
      } else {
        try compileString(type, reference, entry)
      }
    }
  }

  /// The slot of a parameter or a part of one.
  private mutating func slot(_ reference: ParameterReference, _ type: TypeIndex) throws(DatabaseProblem) -> UInt32 {
    slots.slot(reference, type: type, in: database, labels: labels(of: type).texts)
  }

  private mutating func compileString(
    _ type: TypeIndex, _ reference: ParameterReference, _ entry: Entry
  ) throws(DatabaseProblem) {
    var field = try variableLeaf(type, at: entry.place, parameter: reference)
    field.slot = try slot(reference, type)
    var constant: Int?
    if field.size >= 0, case .fixed(let bitCount) = tables.amounts[Int(field.size)] { constant = bitCount }
    field.movesAnchor = constant == nil
    let place = Int32(tables.strings.count)
    slots.countEmission(of: field.slot, inLoop: loopDepth > 0)
    tables.strings.append(field)
    try emit(.string(place, at: cursor))
    cursor = constant.map { cursor + $0 } ?? .anchor
  }

  // MARK: Arrays

  /// The size of a type where no packet changes it and it becomes few enough fields; nil elsewhere.
  func constantBitCount(of type: TypeIndex) -> Int? {
    var budget = Self.unrolledCapacity
    return constantBitCount(of: type, &budget, depth: 0)
  }

  private func constantBitCount(of type: TypeIndex, _ budget: inout Int, depth: Int) -> Int? {
    guard depth < Self.depthCapacity else { return nil }
    let description = database.types[type.value]
    switch description.kind {
    case .aggregate(let members):
      var sum = 0
      for member in members {
        guard let bitCount = constantBitCount(of: member.type, &budget, depth: depth + 1) else { return nil }
        sum += bitCount
      }
      return sum
    case .array(let element, let dimensions):
      guard let count = Self.constantCount(of: dimensions), count <= budget else { return nil }
      var sum = 0
      for _ in 0..<count {
        guard let bitCount = constantBitCount(of: element, &budget, depth: depth + 1) else { return nil }
        sum += bitCount
      }
      return sum
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime:
      budget -= 1
      guard budget >= 0, let encoding = description.encoding else { return nil }
      return Self.leafBitCount(encoding, description.kind)
    }
  }

  /// How many elements an array has, where no packet changes it.
  static func constantCount(of dimensions: [ArrayDimension]) -> Int? {
    var product = 1
    for dimension in dimensions {
      guard case .fixed(let first) = dimension.startingIndex, case .fixed(let last) = dimension.endingIndex else {
        return nil
      }
      let (size, overflows) = last.subtractingReportingOverflow(first)
      guard !overflows, size >= -1, size < distanceCapacity else { return nil }
      let (next, overflowsToo) = product.multipliedReportingOverflow(by: size + 1)
      guard !overflowsToo, next < distanceCapacity else { return nil }
      product = next
    }
    return product
  }

  mutating func compileArray(
    of element: TypeIndex, _ dimensions: [ArrayDimension], _ reference: ParameterReference, _ entry: Entry, depth: Int
  ) throws(DatabaseProblem) {
    let elementReference = dimensions.reduce(reference) { reference, _ in reference.appending(.element(0)) }
    let count: RepeatCount
    if let constant = Self.constantCount(of: dimensions) {
      count = .fixed(constant)
    } else {
      var bounds: [DimensionBounds] = []
      for dimension in dimensions {
        bounds.append(
          DimensionBounds(
            first: try amount(dimension.startingIndex, at: entry.place),
            last: try amount(dimension.endingIndex, at: entry.place)))
      }
      count = .dimensions(first: Int32(tables.dimensions.count), count: Int32(bounds.count))
      tables.dimensions += bounds
      try anchorCursor()
    }
    if let bitCount = constantBitCount(of: element) {
      return try compileRows(
        element, elementReference, count, at: cursor, stride: bitCount, bitCount: bitCount, entry)
    }
    try compileLoop(count, gap: -1, at: cursor) { compiler throws(DatabaseProblem) in
      try compiler.compile(element, elementReference, entry, depth: depth + 1)
    }
  }

  /// Appends rows of the fields of a type of a constant size.
  mutating func compileRows(
    _ type: TypeIndex, _ reference: ParameterReference, _ count: RepeatCount, at place: Place, stride: Int,
    bitCount: Int, _ entry: Entry
  ) throws(DatabaseProblem) {
    flush()
    var fields: [(field: FixedField, offset: Int)] = []
    try collectFields(of: type, reference, &fields, from: 0)
    let first = Int32(tables.fields.count)
    loopDepth += 1
    for (field, offset) in fields { try appendField(field, at: place + offset) }
    loopDepth -= 1
    guard !fields.isEmpty else {
      cursor = place
      return
    }
    let ends = fields.map { place.offset + $0.offset + Int($0.field.bitCount) }
    let run = FieldRun(
      first: first, count: Int32(fields.count), mark: place.mark, lowestBit: Int32(place.offset),
      highestBit: Int32(ends.max() ?? 0))
    var rows = RowRun(
      run: run, count: count, stride: stride, contentEnd: place.offset + bitCount, movesAnchor: true)
    if case .fixed(let count) = count, count > 0 {
      let (extent, overflows) = stride.multipliedReportingOverflow(by: count - 1)
      if !overflows, extent.magnitude < UInt(Self.distanceCapacity) {
        rows.movesAnchor = false
        try emit(.rows(rows))
        cursor = place + extent + bitCount
        return
      }
    }
    if case .fixed(0) = count {
      cursor = place
      return
    }
    // Where the packet says how many, the anchor is at the end of what is before, and stays there when there is none.
    try emit(.rows(rows))
    cursor = .anchor
  }

  private mutating func collectFields(
    of type: TypeIndex, _ reference: ParameterReference, _ fields: inout [(field: FixedField, offset: Int)],
    from offset: Int
  ) throws(DatabaseProblem) {
    var offset = offset
    switch database.types[type.value].kind {
    case .aggregate(let members):
      for (index, member) in members.enumerated() {
        try collectFields(of: member.type, reference.appending(.member(index)), &fields, from: offset)
        offset += constantBitCount(of: member.type) ?? 0
      }
    case .array(let element, let dimensions):
      let elementReference = dimensions.reduce(reference) { reference, _ in reference.appending(.element(0)) }
      let bitCount = constantBitCount(of: element) ?? 0
      for _ in 0..<(Self.constantCount(of: dimensions) ?? 0) {
        try collectFields(of: element, elementReference, &fields, from: offset)
        offset += bitCount
      }
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime:
      guard var field = try leaf(type) else { return }
      field.slot = try slot(reference, type)
      fields.append((field, offset))
    }
  }
}

extension ParameterReference {
  /// A part of it.
  func appending(_ step: Step) -> ParameterReference { ParameterReference(parameter, steps: steps + [step]) }
}
