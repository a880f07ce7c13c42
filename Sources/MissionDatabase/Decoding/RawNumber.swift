/// A number as it was found in a packet, before anything is made of it.
struct RawNumber: BitwiseCopyable, Sendable, Equatable {
  /// `signed`, `unsigned` or `float`; `none` where the bits are no number.
  var form: ParameterSample.Form
  var bits: UInt64

  static func signed(_ value: Int64) -> RawNumber { RawNumber(form: .signed, bits: UInt64(bitPattern: value)) }
  static func unsigned(_ value: UInt64) -> RawNumber { RawNumber(form: .unsigned, bits: value) }
  static func float(_ value: Double) -> RawNumber { RawNumber(form: .float, bits: value.bitPattern) }
  /// Bits that are no number.
  static func none(_ bits: UInt64) -> RawNumber { RawNumber(form: .none, bits: bits) }

  /// As a floating-point number; what is no number is NaN.
  var value: Double {
    switch form {
    case .signed, .time: Double(Int64(bitPattern: bits))
    case .unsigned, .boolean, .label: Double(bits)
    case .float: Double(bitPattern: bits)
    case .text, .octets, .none: .nan
    }
  }

  /// As an integer; nil where it is none, or one that is too large.
  var integer: Int64? {
    switch form {
    case .signed, .time: Int64(bitPattern: bits)
    case .unsigned, .boolean, .label: Int64(exactly: bits)
    case .float: Int64(exactly: Double(bitPattern: bits))
    case .text, .octets, .none: nil
    }
  }

  /// Less than zero where the left one is smaller, zero where they are equal; nil where one is no number.
  static func compare(_ left: RawNumber, _ right: RawNumber) -> Int? {
    if left.form != .float, right.form != .float, left.form != .none, right.form != .none {
      switch (left.isNegative, right.isNegative) {
      case (true, false): return -1
      case (false, true): return 1
      // Both on the same side of zero: two's complement orders them as it orders unsigned numbers.
      default: return left.bits < right.bits ? -1 : left.bits == right.bits ? 0 : 1
      }
    }
    let left = left.value
    let right = right.value
    guard !left.isNaN, !right.isNaN else { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }

  private var isNegative: Bool { (form == .signed || form == .time) && bits >> 63 == 1 }
}
