/// A text or octets whose size or end the packet tells, or a text that is a number.
struct VariableField: Sendable {
  /// Where the value ends within what it takes.
  enum Ending: Sendable {
    case whole
    /// A place in `octets`.
    case terminator(first: Int32, count: Int32)
    case leadingSize(bitCount: Int)
  }

  /// What is made of the value.
  enum Meaning: Sendable {
    case itself
    /// A number, of which a place in `conversions` makes the engineering value.
    case number(Int32)
    /// One of two labels, or a number.
    case boolean(one: TableRange, zero: TableRange)
    case none
  }

  var slot: UInt32
  var form: ParameterSample.Form
  /// The place in `amounts` of the bits that it takes; -1 where its ending alone says it.
  var size: Int32
  var ending: Ending
  /// A text has so many bits at most.
  var maximumBitCount: Int
  /// The octets of a character, of which a terminator begins on a multiple.
  var characterByteCount: Int
  var meaning: Meaning
  /// Whether the anchor is to be behind it.
  var movesAnchor: Bool
  /// The place in `ranges`.
  var range: Int32 = -1
  /// The place in `memories`.
  var memory: Int32 = -1
  /// Which counter says how often it came in this packet.
  var counter: Int32 = -1
}
