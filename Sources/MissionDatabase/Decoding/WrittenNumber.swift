import CCSDSWire
import CMath

/// Texts in a packet that are compared or read as numbers, without a copy of them.
extension RawSpan {
  /// Whether a text equals another one, letters of ASCII in either case.
  func equals(_ text: Span<UInt8>, in bits: Range<Int>) -> Bool {
    guard bits.count == 8 * text.count else { return false }
    for index in 0..<text.count
    where Self.lowered(octet(atBit: bits.lowerBound + 8 * index)) != Self.lowered(text[index]) {
      return false
    }
    return true
  }

  private static func lowered(_ octet: UInt8) -> UInt8 { 0x41...0x5A ~= octet ? octet | 0x20 : octet }

  /// A decimal number: an integer where it is written as one and fits, else a floating-point number; blanks around it
  /// do not count.
  ///
  /// With more than fifteen digits, or an exponent beyond 22, the last bits of a fraction may differ from the nearest
  /// number that there is.
  func number(writtenIn bits: Range<Int>) -> RawNumber {
    var reader = NumberReader()
    for bit in stride(from: bits.lowerBound, to: bits.upperBound, by: 8) {
      guard reader.take(octet(atBit: bit)) else { return .none(0) }
    }
    return reader.number
  }
}

/// Reads a decimal number digit by digit.
private struct NumberReader {
  private enum Stage { case blank, sign, whole, point, fraction, exponent, exponentSign, exponentDigits, trailing }

  private var stage = Stage.blank
  private var isNegative = false
  private var mantissa: UInt64 = 0
  private var digitCount = 0
  /// The power of ten that the mantissa is to be multiplied with.
  private var scale = 0
  private var exponent = 0
  private var isExponentNegative = false
  private var isInteger = true

  /// Takes the next octet; false where no number goes on like that.
  mutating func take(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39: return take(digit: UInt64(octet - 0x30))
    case UInt8(ascii: "+"), UInt8(ascii: "-"): return take(isNegative: octet == UInt8(ascii: "-"))
    case UInt8(ascii: "."):
      guard stage == .blank || stage == .sign || stage == .whole else { return false }
      stage = .point
      isInteger = false
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      guard digitCount > 0, stage == .whole || stage == .point || stage == .fraction else { return false }
      stage = .exponent
      isInteger = false
    case 0x20, 0x09...0x0D, 0x00:
      if stage == .blank { return true }
      guard isComplete else { return false }
      stage = .trailing
    default: return false
    }
    return true
  }

  private mutating func take(digit: UInt64) -> Bool {
    switch stage {
    case .blank, .sign, .whole: stage = .whole
    case .point, .fraction: stage = .fraction
    case .exponent, .exponentSign, .exponentDigits:
      stage = .exponentDigits
      exponent = min(exponent * 10 + Int(digit), 100_000)
      return true
    case .trailing: return false
    }
    if stage == .fraction { scale -= 1 }
    digitCount += 1
    let (product, overflows) = mantissa.multipliedReportingOverflow(by: 10)
    let (sum, overflowsToo) = product.addingReportingOverflow(digit)
    if overflows || overflowsToo {
      // What does not fit any more counts only by its place.
      isInteger = false
      scale += 1
    } else {
      mantissa = sum
    }
    return true
  }

  private mutating func take(isNegative sign: Bool) -> Bool {
    switch stage {
    case .blank:
      isNegative = sign
      stage = .sign
    case .exponent:
      isExponentNegative = sign
      stage = .exponentSign
    case .sign, .whole, .point, .fraction, .exponentSign, .exponentDigits, .trailing: return false
    }
    return true
  }

  private var isComplete: Bool {
    switch stage {
    case .whole, .fraction, .exponentDigits, .trailing: true
    case .point: digitCount > 0
    case .blank, .sign, .exponent, .exponentSign: false
    }
  }

  var number: RawNumber {
    guard isComplete else { return .none(0) }
    if isInteger {
      if !isNegative { return Int64(exactly: mantissa).map(RawNumber.signed) ?? .unsigned(mantissa) }
      if mantissa <= UInt64(Int64.max) { return .signed(-Int64(mantissa)) }
      if mantissa == UInt64(Int64.max) + 1 { return .signed(.min) }
    }
    let value = scaled(by: scale + (isExponentNegative ? -exponent : exponent))
    return .float(isNegative ? -value : value)
  }
  /// The mantissa times a power of ten, in steps that a floating-point number holds.
  private func scaled(by power: Int) -> Double {
    var value = Double(mantissa)
    var rest = power
    while rest < -300, value != 0 {
      value /= 1e300
      rest += 300
    }
    if value == 0 { return 0 }
    // Exact up to the 22nd power of ten.
    return rest < 0 ? value / pow(10, Double(-rest)) : value * pow(10, Double(rest))
  }
}
