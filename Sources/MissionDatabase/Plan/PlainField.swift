/// A field that holds a number of up to 57 bits as it is usually sent, of which nothing is to be made but itself, a
/// polynomial or a label: as nearly all fields of nearly all packets.
///
/// Eight bytes from that of its first bit on hold it whole. What is the same in every packet is written down already.
struct PlainField: BitwiseCopyable, Sendable {
  /// Its value without the numbers, its place from the mark of its run on.
  var sample: ParameterSample
  /// From the mark of its run.
  var bitOffset: Int32
  /// The place in `labelTables`.
  var labels: Int32
  /// As many ones as it has bits, and of them that of the sign.
  var mask: UInt64
  var sign: UInt64
  /// An integer as it is becomes no more than that: 1 of a boolean.
  var highest: UInt64
  /// c0 + c1 · raw + c2 · raw² + c3 · raw³.
  var coefficients: (Double, Double, Double, Double)

  /// One that is longer may begin within a byte and end behind the eighth one from there.
  private static let bitCapacity: UInt32 = 57

  /// - Returns: Nil where the field is more than that.
  init?(_ field: FixedField, _ tables: PlanTables) {
    guard 1...Self.bitCapacity ~= field.bitCount, field.order == .asSent,
      let coefficients = Self.coefficients(of: field, tables)
    else { return nil }
    sample = ParameterSample(
      slot: field.slot, bitOffset: UInt32(bitPattern: field.bitOffset), bitCount: field.bitCount)
    sample.rawForm = field.rawForm
    sample.engineeringForm = field.engineeringForm
    bitOffset = field.bitOffset
    labels = field.table
    mask = .max >> UInt64(64 - field.bitCount)
    sign = field.interpretation == .twosComplement ? 1 << UInt64(field.bitCount - 1) : 0
    highest = field.engineering == .boolean ? 1 : .max
    self.coefficients = coefficients
  }

  /// From that of exponent zero on; nil where there are more.
  private static func coefficients(
    of field: FixedField, _ tables: PlanTables
  ) -> (Double, Double, Double, Double)? {
    switch field.engineering {
    case .linear: return (field.constant, field.slope, 0, 0)
    case .polynomial:
      guard 1...4 ~= field.tableCount else { return nil }
      let first = Int(field.table)
      let descending = tables.coefficients[first..<first + Int(field.tableCount)]
      let dense = descending.reversed() + [0, 0, 0]
      return (dense[0], dense[1], dense[2], dense[3])
    case .same, .float, .label, .boolean, .conversion, .none: return (0, 1, 0, 0)
    }
  }

  /// Whether no integer that it can hold becomes anything but a finite number, on no step towards it.
  var isAlwaysFinite: Bool {
    let largest = Double(mask)
    let (c0, c1, c2, c3) = coefficients
    let highest = ((abs(c3) * largest + abs(c2)) * largest + abs(c1)) * largest + abs(c0)
    return highest < .greatestFiniteMagnitude / 2
  }
}

/// Fields one behind the other with which the same is to be done.
struct FieldStretch: BitwiseCopyable, Sendable {
  /// What is to be done.
  enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// Plain integers: as they are, by a polynomial that is always finite, by a label.
    case integers, calibratedIntegers, labels
    /// Plain floating-point numbers: as they are, by a polynomial.
    case floats, calibratedFloats
    /// Whatever each of them needs.
    case others

    /// What is to be done with a field, if it is a plain one.
    init(_ field: FixedField, _ plain: PlainField?) {
      self =
        switch (field.interpretation, field.engineering) {
        case _ where plain == nil: .others
        case (.unsigned, .same), (.twosComplement, .same), (.unsigned, .boolean), (.twosComplement, .boolean): .integers
        case (.unsigned, .label), (.twosComplement, .label): .labels
        case (.unsigned, .float), (.unsigned, .linear), (.unsigned, .polynomial),
          (.twosComplement, .float), (.twosComplement, .linear), (.twosComplement, .polynomial):
          plain?.isAlwaysFinite == true ? .calibratedIntegers : .others
        case (.ieee32, .same): .floats
        case (.ieee32, .linear), (.ieee32, .polynomial): .calibratedFloats
        default: .others
        }
    }
  }

  var kind: Kind
  /// Places in `fields`.
  var fields: TableRange
  /// The place in `plainFields` of the first of them; of others without a meaning.
  var firstPlain: Int32
  /// Places in `finishes`, of those that are not plain in all.
  var finishes: TableRange

  /// Places in `plainFields`.
  var plain: Range<Int> { Int(firstPlain)..<Int(firstPlain) + Int(fields.count) }
}

/// What is to be done with one value of a stretch besides.
struct FieldFinish: BitwiseCopyable, Sendable {
  /// Which value.
  var index: Int32
  /// Places in `ranges`, of its counter, and in `memories`, as a field has them.
  var range: Int32
  var counter: Int32
  var memory: Int32
}
