import MissionDatabase
import TestSupport
import Testing

@Suite("The characters of a text in a packet")
struct CharacterCursorTests {
  static func read(
    _ bytes: [UInt8], from bitOffset: Int = 0, count bitCount: Int? = nil, _ characters: StringEncoding.CharacterSet
  ) -> String {
    var cursor = CharacterCursor(
      unsafe bytes.span.bytes, bitOffset: bitOffset, bitCount: bitCount ?? bytes.count * 8, characters)
    var text = String.UnicodeScalarView()
    while let scalar = cursor.next() { text.append(scalar) }
    return String(text)
  }

  @Test("each set of characters reads octets as its standard says; what is no character is U+FFFD")
  func readsCharacterSets() {
    #expect(Self.read([0x41, 0x80, 0x7A], .usASCII) == "A\u{FFFD}z")
    #expect(Self.read([0x41, 0xE9, 0x80], .iso8859Latin1) == "Aé\u{80}")
    #expect(Self.read([0x80, 0xE9, 0x81, 0x9F], .windows1252) == "€é\u{FFFD}Ÿ")
    #expect(Self.read([0x20, 0xAC, 0xD8, 0x3D, 0xDE, 0x00], .utf16(isBigEndian: true)) == "€😀")
    #expect(Self.read([0xAC, 0x20, 0x3D, 0xD8, 0x00, 0xDE], .utf16(isBigEndian: false)) == "€😀")
    #expect(
      Self.read([0xDE, 0x00, 0xD8, 0x3D, 0x00, 0x41, 0x00], .utf16(isBigEndian: true)) == "\u{FFFD}\u{FFFD}A\u{FFFD}")
  }

  @Test("UTF-8 is decoded as the Unicode standard recommends, like the standard library does", arguments: 0..<64)
  func readsUTF8(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let bytes = generator.bytes(12).map { $0 & 1 == 0 ? $0 : 0x80 | $0 >> 2 }
      #expect(Self.read(bytes, .utf8) == String(decoding: bytes, as: UTF8.self), "seed \(seed): \(bytes)")
    }
  }

  @Test("a text may begin at any bit", arguments: 0..<8)
  func readsAtAnyBit(shift: Int) {
    var bits = [Bool](repeating: true, count: shift)
    for byte in "Hé!".utf8 { bits += (0..<8).map { byte & 0x80 >> $0 != 0 } }
    bits += [Bool](repeating: true, count: (8 - bits.count % 8) % 8)
    let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 << 1 | (bits[start + $1] ? 1 : 0) }
    }
    #expect(Self.read(bytes, from: shift, count: 32, .utf8) == "Hé!")
  }

  @Test("nothing outside of the packet is read")
  func staysInside() {
    #expect(Self.read([0x41, 0x42], from: 8, count: 8000, .utf8) == "B")
    #expect(Self.read([0x41, 0x42], from: 9, count: 8000, .utf8) == "")
    #expect(Self.read([0x41], from: 80, count: 8, .utf8) == "")
    #expect(Self.read([], .utf16(isBigEndian: true)) == "")
  }
}
