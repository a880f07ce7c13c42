/// A value at a constant distance from the field before it, of a constant size, whose meaning needs no other value.
///
/// It is as small as it can be, since a packet is a run through an array of these.
struct FixedField: BitwiseCopyable, Sendable {
  var slot: UInt32
  /// From the mark of its run.
  var bitOffset: Int32
  var bitCount: UInt32
  var interpretation: RawInterpretation
  var engineering: EngineeringRule
  var rawForm: ParameterSample.Form
  var engineeringForm: ParameterSample.Form
  /// Nothing is to be done but to decode it: no valid range, no memory, no count.
  var isPlain = true
  var order: BitOrder = .asSent
  /// The place in `orders`, where `order` is `permuted`.
  var orderIndex: Int32 = -1
  /// The place in `coefficients`, in `labelTables` or in `conversions`, as `engineering` needs.
  var table: Int32 = -1
  /// How many coefficients there are.
  var tableCount: Int32 = 0
  /// The place in `ranges`.
  var range: Int32 = -1
  /// The place in `memories`.
  var memory: Int32 = -1
  /// Which counter says how often it came in this packet.
  var counter: Int32 = -1
  /// constant + slope · raw, where `engineering` is `linear`.
  var constant = 0.0
  var slope = 1.0
}

/// Whether the bits of a number come as they are written down.
enum BitOrder: UInt8, BitwiseCopyable, Sendable {
  case asSent
  /// Octets from the least significant one on.
  case reversedOctets
  case permuted
}

/// What makes an engineering value of a raw one.
enum EngineeringRule: UInt8, BitwiseCopyable, Sendable {
  /// It is the same.
  case same
  /// The same number as a floating-point one.
  case float
  case linear
  case polynomial
  case label
  case boolean
  /// All else: a place in `conversions`.
  case conversion
  /// There is none.
  case none
}

/// Fields that lie at constant distances from one mark, checked against the end of the packet once.
struct FieldRun: BitwiseCopyable, Sendable {
  /// The place in `fields`.
  var first: Int32
  var count: Int32
  var mark: Place.Mark
  /// The first bit and the bit behind the last one, from the mark.
  var lowestBit: Int32
  var highestBit: Int32
  /// Places in `stretches`: all its fields, in their order.
  var stretches = TableRange(first: 0, count: 0)

  /// Places in `fields`.
  var fields: Range<Int> { Int(first)..<Int(first) + Int(count) }
}

/// Places in a table, one behind the other.
struct TableRange: BitwiseCopyable, Sendable {
  var first: Int32
  var count: Int32

  var range: Range<Int> { Int(first)..<Int(first) + Int(count) }
}
