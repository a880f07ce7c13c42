extension StringEncoding.CharacterSet {
  /// A text as its octets are sent; nil where it has a character that cannot be.
  func octets(of text: String) -> [UInt8]? {
    switch self {
    case .utf8: return Array(text.utf8)
    case .usASCII: return text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
    case .iso8859Latin1: return Self.octets(text) { $0.value < 0x100 ? UInt8($0.value) : nil }
    case .windows1252: return Self.octets(text, Self.windowsOctet)
    case .utf16(let isBigEndian):
      return text.utf16.flatMap { unit in
        isBigEndian
          ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
    }
  }

  /// The text that octets stand for; what stands for nothing becomes U+FFFD.
  func text(of octets: [UInt8]) -> String {
    switch self {
    case .utf8: return String(decoding: octets, as: UTF8.self)
    case .usASCII: return Self.text(octets) { $0 < 0x80 ? Unicode.Scalar($0) : nil }
    case .iso8859Latin1: return Self.text(octets) { Unicode.Scalar($0) }
    case .windows1252: return Self.text(octets, Self.windowsScalar)
    case .utf16(let isBigEndian):
      let units = stride(from: 0, to: octets.count & ~1, by: 2).map { offset in
        let (first, second) = (UInt16(octets[offset]), UInt16(octets[offset + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
      }
      return String(decoding: units, as: UTF16.self)
    }
  }

  private static func octets(_ text: String, _ octet: (Unicode.Scalar) -> UInt8?) -> [UInt8]? {
    let octets = text.unicodeScalars.map(octet)
    return octets.contains(nil) ? nil : octets.compactMap { $0 }
  }

  private static func text(_ octets: [UInt8], _ scalar: (UInt8) -> Unicode.Scalar?) -> String {
    var text = String.UnicodeScalarView()
    for octet in octets { text.append(scalar(octet) ?? "\u{FFFD}") }
    return String(text)
  }

  private static func windowsOctet(_ scalar: Unicode.Scalar) -> UInt8? {
    if let place = windowsScalars.firstIndex(of: UInt16(truncatingIfNeeded: scalar.value)), scalar.value < 0x10000,
      scalar.value != 0
    {
      return UInt8(0x80 + place)
    }
    return scalar.value < 0x80 || 0xA0...0xFF ~= scalar.value ? UInt8(scalar.value) : nil
  }

  private static func windowsScalar(_ octet: UInt8) -> Unicode.Scalar? {
    guard 0x80...0x9F ~= octet else { return Unicode.Scalar(octet) }
    let value = windowsScalars[Int(octet) - 0x80]
    return value == 0 ? nil : Unicode.Scalar(value)
  }

  /// What Windows-1252 has from 0x80 to 0x9F, where Latin-1 has controls; zero where it has nothing.
  private static let windowsScalars: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]
}
