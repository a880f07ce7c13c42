/// Values that are no aggregates: what their bits mean, and what is made of them.
extension PlanCompiler {
  /// The size of a value that becomes a fixed field; nil where its size, or what it means, needs more.
  static func leafBitCount(_ encoding: DataEncoding, _ kind: EngineeringKind) -> Int? {
    switch encoding {
    case .integer(let encoding): return encoding.bitCount
    case .float(let encoding): return encoding.bitCount
    case .binary(.fixed(let bitCount)): return bitCount
    case .string(let encoding):
      guard case .fixed(let bitCount)? = encoding.bitCount, case .whole = encoding.ending, kind == .string else {
        return nil
      }
      return bitCount
    case .binary: return nil
    }
  }

  /// The field of a type, but for slot and place; nil where it is no fixed field.
  mutating func leaf(_ type: TypeIndex) throws(DatabaseProblem) -> FixedField? {
    if let field = leaves[type] { return field }
    let description = database.types[type.value]
    guard let encoding = description.encoding else {
      throw problem(
        "`\(description.path)` has no encoding, so that no packet can hold a value of it", at: description.place,
        "ParameterType", hint: "give the type a data encoding, or take the entry out of its container")
    }
    guard let bitCount = Self.leafBitCount(encoding, description.kind) else { return nil }
    guard (0..<Self.distanceCapacity).contains(bitCount) else {
      throw problem("a value of `\(description.path)` has \(bitCount) bits", at: description.place, "SizeInBits")
    }
    var field = FixedField(
      slot: 0, bitOffset: 0, bitCount: UInt32(bitCount), interpretation: .place, engineering: .none,
      rawForm: .octets, engineeringForm: .none)
    switch encoding {
    case .integer(let encoding): try describe(encoding, description, &field)
    case .float(let encoding): try describe(encoding, description, &field)
    case .string:
      field.rawForm = .text
      field.engineeringForm = .text
      field.engineering = .same
    case .binary:
      guard description.kind == .binary || description.kind == .string else { break }
      field.engineeringForm = .octets
      field.engineering = .same
    }
    if field.interpretation != .place { try engineer(description, type, &field) }
    if let range = description.validRange {
      field.range = Int32(tables.ranges.count)
      tables.ranges.append(range)
    }
    leaves[type] = field
    return field
  }

  // MARK: Encodings

  private mutating func describe(
    _ encoding: IntegerEncoding, _ type: ParameterType, _ field: inout FixedField
  ) throws(DatabaseProblem) {
    guard (1...64).contains(encoding.bitCount) else {
      throw problem(
        "an integer of \(encoding.bitCount) bits", at: type.place, "IntegerDataEncoding", hint: "it has 1 to 64 bits")
    }
    switch encoding.representation {
    case .unsigned: field.interpretation = encoding.bitCount < 64 ? .unsigned : .unsigned64
    case .twosComplement: field.interpretation = .twosComplement
    case .signMagnitude: field.interpretation = .signMagnitude
    case .onesComplement: field.interpretation = .onesComplement
    case .bcd: field.interpretation = .bcd
    case .packedBCD: field.interpretation = .packedBCD
    }
    switch encoding.representation {
    case .unsigned, .bcd, .packedBCD: field.rawForm = .unsigned
    case .twosComplement, .signMagnitude, .onesComplement: field.rawForm = .signed
    }
    order(encoding.order, encoding.bitCount, &field)
  }

  private mutating func describe(
    _ encoding: FloatEncoding, _ type: ParameterType, _ field: inout FixedField
  ) throws(DatabaseProblem) {
    switch (encoding.representation, encoding.bitCount) {
    case (.ieee754, 16): field.interpretation = .ieee16
    case (.ieee754, 32): field.interpretation = .ieee32
    case (.ieee754, 64): field.interpretation = .ieee64
    case (.milStd1750A, 32): field.interpretation = .milStd1750A32
    case (.milStd1750A, 48): field.interpretation = .milStd1750A48
    default:
      throw problem(
        "a floating-point number of \(encoding.bitCount) bits", at: type.place, "FloatDataEncoding",
        hint: "IEEE 754 has 16, 32 or 64 bits, MIL-STD-1750A 32 or 48")
    }
    field.rawForm = .float
    order(encoding.order, encoding.bitCount, &field)
  }

  private mutating func order(_ order: BitAndByteOrder, _ bitCount: Int, _ field: inout FixedField) {
    let ascending = (0..<UInt8(bitCount / 8)).map { $0 }
    if order.isLeastSignificantBitFirst || (order.octets ?? ascending.reversed()) != ascending.reversed() {
      field.order = .permuted
      field.orderIndex = Int32(tables.orders.count)
      tables.orders.append(order)
    }
    if !order.isLeastSignificantBitFirst, bitCount % 8 == 0, order.octets == ascending, bitCount > 8 {
      field.order = .reversedOctets
    }
  }

  // MARK: Engineering values

  private mutating func engineer(
    _ type: ParameterType, _ index: TypeIndex, _ field: inout FixedField
  ) throws(DatabaseProblem) {
    // Numbers that every pattern of bits stands for.
    let isCommonInteger = field.interpretation == .unsigned || field.interpretation == .twosComplement
    switch type.kind {
    case .integer(let isSigned, _)
    where type.calibration.isIdentity && (field.rawForm == .unsigned || field.rawForm == .signed && isSigned):
      field.engineering = .same
      field.engineeringForm = field.rawForm
      return
    case .float where type.calibration.isIdentity && field.rawForm == .float, .string, .binary:
      field.engineering = .same
      field.engineeringForm = field.rawForm
      return
    case .float:
      if try engineerSimply(type.calibration, &field) { return }
    case .relativeTime(let scale, let offset) where type.calibration.isIdentity:
      field.engineering = .linear
      field.engineeringForm = .float
      (field.constant, field.slope) = (offset, scale)
      return
    case .enumerated where isCommonInteger:
      field.engineering = .label
      field.engineeringForm = .label
      field.table = labelTable(of: index)
      return
    case .boolean where isCommonInteger:
      field.engineering = .boolean
      field.engineeringForm = .boolean
      return
    case .integer, .relativeTime, .enumerated, .boolean, .absoluteTime, .aggregate, .array: break
    }
    field.engineering = .conversion
    field.table = try conversion(of: type, index)
  }

  /// Where a number needs no calibrator, or one polynomial, and nothing else.
  private mutating func engineerSimply(
    _ calibration: Calibration, _ field: inout FixedField
  ) throws(DatabaseProblem) -> Bool {
    guard calibration.contexts.isEmpty else { return false }
    field.engineeringForm = .float
    guard let calibrator = calibration.standard else {
      field.engineering = .float
      return true
    }
    guard case .polynomial(let terms) = calibrator, let dense = Self.coefficients(terms) else { return false }
    if dense.count <= 2 {
      field.engineering = .linear
      field.constant = dense.first ?? 0
      field.slope = dense.count == 2 ? dense[1] : 0
    } else {
      field.engineering = .polynomial
      field.table = Int32(tables.coefficients.count)
      field.tableCount = Int32(dense.count)
      tables.coefficients += dense.reversed()
    }
    return true
  }

  // MARK: Texts and octets

  /// The field of a type whose size or meaning the packet tells, but for its slot.
  mutating func variableLeaf(
    _ type: TypeIndex, at place: DatabasePlace, parameter: ParameterReference
  ) throws(DatabaseProblem) -> VariableField {
    let description = database.types[type.value]
    var field = VariableField(
      slot: 0, form: .octets, size: -1, ending: .whole, maximumBitCount: 0, characterByteCount: 1, meaning: .none,
      movesAnchor: false)
    switch description.encoding {
    case .binary(let size):
      field.size = try amount(size, at: place)
      if description.kind == .binary || description.kind == .string { field.meaning = .itself }
    case .string(let encoding): try describe(encoding, description, type, at: place, &field)
    case .integer, .float, nil: break
    }
    if let range = description.validRange {
      field.range = Int32(tables.ranges.count)
      tables.ranges.append(range)
    }
    return field
  }

  private mutating func describe(
    _ encoding: StringEncoding, _ type: ParameterType, _ index: TypeIndex, at place: DatabasePlace,
    _ field: inout VariableField
  ) throws(DatabaseProblem) {
    field.form = .text
    field.maximumBitCount = encoding.maximumBitCount
    if case .utf16 = encoding.characters { field.characterByteCount = 2 }
    if let size = encoding.bitCount { field.size = try amount(size, at: place) }
    switch encoding.ending {
    case .whole:
      guard encoding.bitCount != nil else {
        throw problem("nothing says how long a text of `\(type.path)` is", at: type.place, "StringDataEncoding")
      }
    case .terminator(let octets):
      guard !octets.isEmpty else {
        throw problem("a terminator of no octets", at: type.place, "TerminationChar")
      }
      let literal = self.literal(octets)
      field.ending = .terminator(first: literal.first, count: literal.count)
    case .leadingSize(let bitCount):
      guard (1...64).contains(bitCount) else {
        throw problem("a size in front of a text of \(bitCount) bits", at: type.place, "LeadingSize")
      }
      field.ending = .leadingSize(bitCount: bitCount)
    }
    switch type.kind {
    case .string, .binary: field.meaning = .itself
    case .boolean(let one, let zero):
      field.meaning = .boolean(
        one: literal(encoding.characters.octets(of: one) ?? []),
        zero: literal(encoding.characters.octets(of: zero) ?? []))
    case .integer, .float, .enumerated, .absoluteTime, .relativeTime:
      field.meaning = .number(try conversion(of: type, index))
    case .aggregate, .array: break
    }
  }

  /// Octets, at a place of their own.
  mutating func literal(_ octets: [UInt8]) -> TableRange {
    let literal = TableRange(first: Int32(tables.octets.count), count: Int32(octets.count))
    tables.octets += octets
    return literal
  }
}
