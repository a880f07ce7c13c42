import CCSDSWire

/// Reads the characters of a text where it lies, at whatever bit it begins.
///
/// Octets that are no character of the set read as U+FFFD, one for each wrong sequence.
package struct CharacterCursor: ~Escapable {
  private let bytes: RawSpan
  private let characters: StringEncoding.CharacterSet
  private var bit: Int
  private let end: Int

  /// A text of whole octets; what lies outside of `bytes` is not read.
  @_lifetime(copy bytes)
  package init(_ bytes: RawSpan, bitOffset: Int, bitCount: Int, _ characters: StringEncoding.CharacterSet) {
    self.bytes = bytes
    self.characters = characters
    bit = max(0, bitOffset)
    end = min(bytes.byteCount * 8, bit + max(0, bitCount))
  }

  /// The next character; nothing at the end.
  package mutating func next() -> Unicode.Scalar? {
    guard let octet = takeOctet() else { return nil }
    switch characters {
    case .usASCII: return octet < 0x80 ? Unicode.Scalar(octet) : Self.replacement
    case .iso8859Latin1: return Unicode.Scalar(octet)
    case .windows1252: return 0x80...0x9F ~= octet ? Self.windows1252(octet) : Unicode.Scalar(octet)
    case .utf8: return utf8(octet)
    case .utf16(let isBigEndian): return utf16(octet, isBigEndian)
    }
  }

  private var octet: UInt8? { bit + 8 <= end ? bytes.paddedOctet(atBit: bit) : nil }

  private mutating func takeOctet() -> UInt8? {
    let octet = octet
    if octet != nil { bit += 8 }
    return octet
  }

  // MARK: Unicode

  /// Standard: Unicode 16.0, table 3-7.
  private mutating func utf8(_ lead: UInt8) -> Unicode.Scalar {
    if lead < 0x80 { return Unicode.Scalar(lead) }
    let restCount: Int
    var allowed: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: restCount = 1
    case 0xE0...0xEF:
      restCount = 2
      if lead == 0xE0 { allowed = 0xA0...0xBF }
      if lead == 0xED { allowed = 0x80...0x9F }
    case 0xF0...0xF4:
      restCount = 3
      if lead == 0xF0 { allowed = 0x90...0xBF }
      if lead == 0xF4 { allowed = 0x80...0x8F }
    default: return Self.replacement
    }
    var value = UInt32(lead & 0x3F >> restCount)
    for _ in 0..<restCount {
      guard let next = octet, allowed.contains(next) else { return Self.replacement }
      bit += 8
      value = value << 6 | UInt32(next & 0x3F)
      allowed = 0x80...0xBF
    }
    return Unicode.Scalar(value) ?? Self.replacement
  }

  private mutating func utf16(_ first: UInt8, _ isBigEndian: Bool) -> Unicode.Scalar {
    guard let second = takeOctet() else { return Self.replacement }
    let lead = Self.unit(first, second, isBigEndian)
    guard 0xD800...0xDBFF ~= lead else { return Unicode.Scalar(lead) ?? Self.replacement }
    let start = bit
    if let third = takeOctet(), let fourth = takeOctet() {
      let trail = Self.unit(third, fourth, isBigEndian)
      if 0xDC00...0xDFFF ~= trail {
        return Unicode.Scalar(0x10000 + (lead - 0xD800) << 10 + trail - 0xDC00) ?? Self.replacement
      }
    }
    bit = start
    return Self.replacement
  }

  private static func unit(_ first: UInt8, _ second: UInt8, _ isBigEndian: Bool) -> UInt32 {
    isBigEndian ? UInt32(first) << 8 | UInt32(second) : UInt32(second) << 8 | UInt32(first)
  }

  // MARK: Windows

  /// What an octet from 0x80 to 0x9F is, where Latin-1 has controls.
  static func windows1252(_ octet: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(windows1252Table[Int(octet) - 0x80]) ?? replacement
  }

  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// What 0x80 to 0x9F are; five of them are nothing.
  private static let windows1252Table: [32 of UInt16] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0xFFFD, 0x017E, 0x0178,
  ]
}
