/// What the bits of a value mean.
enum RawInterpretation: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  /// At most 63 bits of it, so that it fits a signed word too.
  case unsigned
  case twosComplement
  case ieee32
  case ieee64
  /// No number: the value is the place itself.
  case place
  case unsigned64
  case signMagnitude
  case onesComplement
  /// One digit in each octet.
  case bcd
  /// Two digits in each octet.
  case packedBCD
  case ieee16
  case milStd1750A32
  case milStd1750A48

  /// The number that `bitCount` bits, in the lowest places of a word, stand for.
  @inline(never)
  func number(_ word: UInt64, bitCount: Int) -> RawNumber {
    switch self {
    case .unsigned, .unsigned64: .unsigned(word)
    case .twosComplement: .signed(Self.extended(word, bitCount))
    case .signMagnitude: Self.signMagnitude(word, bitCount)
    case .onesComplement: Self.onesComplement(word, bitCount)
    case .bcd: Self.decimal(word, bitCount: bitCount, digitBitCount: 8)
    case .packedBCD: Self.decimal(word, bitCount: bitCount, digitBitCount: 4)
    case .ieee16: .float(Self.half(UInt16(truncatingIfNeeded: word)))
    case .ieee32: .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))))
    case .ieee64: .float(Double(bitPattern: word))
    case .milStd1750A32: .float(Self.milStd1750A32(word))
    case .milStd1750A48: .float(Self.milStd1750A48(word))
    case .place: .none(word)
    }
  }

  /// The lowest bits with their sign carried to the top.
  @inline(__always)
  static func extended(_ word: UInt64, _ bitCount: Int) -> Int64 {
    let excess = Int64(truncatingIfNeeded: 64 &- bitCount)
    return (Int64(bitPattern: word) &<< excess) &>> excess
  }

  /// Minus zero is zero.
  private static func signMagnitude(_ word: UInt64, _ bitCount: Int) -> RawNumber {
    let sign: UInt64 = 1 << UInt64(bitCount - 1)
    let magnitude = Int64(word & (sign - 1))
    return .signed(word & sign == 0 ? magnitude : -magnitude)
  }

  /// All ones are zero.
  private static func onesComplement(_ word: UInt64, _ bitCount: Int) -> RawNumber {
    let sign: UInt64 = 1 << UInt64(bitCount - 1)
    return .signed(word & sign == 0 ? Int64(word) : -Int64(~word & (sign - 1)))
  }

  /// A digit above nine makes it no number.
  private static func decimal(_ word: UInt64, bitCount: Int, digitBitCount: Int) -> RawNumber {
    let mask: UInt64 = (1 << UInt64(digitBitCount)) - 1
    var value: UInt64 = 0
    // From the first digit on; where the size is no multiple, the first one has fewer bits.
    var shift = (bitCount - 1) / digitBitCount * digitBitCount
    while shift >= 0 {
      let digit = word >> UInt64(shift) & mask
      guard digit <= 9 else { return .none(word) }
      value = value * 10 + digit
      shift -= digitBitCount
    }
    return .unsigned(value)
  }

  /// IEEE 754 binary16: sign 1, exponent 5, fraction 10.
  private static func half(_ word: UInt16) -> Double {
    let sign = word >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(word >> 10 & 0x1F)
    let fraction = Double(word & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * power(-24)
    case 0x1F: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * power(exponent - 25)
    }
  }

  /// MIL-STD-1750A, floating point: mantissa 24, a two's complement fraction; exponent 8, two's complement: its value
  /// is m · 2^(e − 23).
  private static func milStd1750A32(_ word: UInt64) -> Double {
    let mantissa = extended(word >> 8, 24)
    let exponent = extended(word & 0xFF, 8)
    return Double(mantissa) * power(Int(exponent) - 23)
  }

  /// MIL-STD-1750A, extended floating point: mantissa, high 24; exponent 8; mantissa, low 16: m · 2^(e − 39).
  private static func milStd1750A48(_ word: UInt64) -> Double {
    let mantissa = extended((word >> 24) << 16 | word & 0xFFFF, 40)
    let exponent = extended(word >> 16 & 0xFF, 8)
    return Double(mantissa) * power(Int(exponent) - 39)
  }

  /// 2 to the power of an exponent from −1022 to 1023.
  private static func power(_ exponent: Int) -> Double { Double(bitPattern: UInt64(exponent + 1023) << 52) }
}
