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
    if self == .utf8 { return String(decoding: octets, as: UTF8.self) }
    var characters = CharacterCursor(unsafe octets.span.bytes, bitOffset: 0, bitCount: octets.count * 8, self)
    var text = String.UnicodeScalarView()
    while let scalar = characters.next() { text.append(scalar) }
    return String(text)
  }

  private static func octets(_ text: String, _ octet: (Unicode.Scalar) -> UInt8?) -> [UInt8]? {
    let octets = text.unicodeScalars.map(octet)
    return octets.contains(nil) ? nil : octets.compactMap { $0 }
  }

  private static func windowsOctet(_ scalar: Unicode.Scalar) -> UInt8? {
    // What it reads as where there is nothing.
    if scalar == "\u{FFFD}" { return nil }
    for octet: UInt8 in 0x80...0x9F where CharacterCursor.windows1252(octet) == scalar { return octet }
    return scalar.value < 0x80 || 0xA0...0xFF ~= scalar.value ? UInt8(scalar.value) : nil
  }
}
