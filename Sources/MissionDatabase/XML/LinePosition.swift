import CCSDSWire

/// Where a parser is in a document, for people: libexpat knows it too, and takes ten times as long to find it out.
struct LinePosition {
  /// From 1; the column in characters of UTF-8.
  private(set) var line = 1
  private(set) var column = 1
  private var offset = 0
  private var endsInReturn = false

  /// Goes on to an offset that is not before the one it is at.
  mutating func advance(to end: Int, in bytes: Span<UInt8>) {
    let end = min(end, bytes.count)
    let octets = unsafe bytes.bytes
    while offset + 8 <= end {
      let word = octets.uint64(at: offset)
      // Eight characters of ASCII without an end of a line among them are the rule.
      guard word & Self.highBits == 0, Self.hasNone(below: 0x0E, word) else {
        for index in offset..<offset + 8 { pass(bytes[index]) }
        offset += 8
        continue
      }
      column += 8
      offset += 8
      endsInReturn = false
    }
    while offset < end {
      pass(bytes[offset])
      offset += 1
    }
  }

  /// A line ends with a line feed, a carriage return, or both of them.
  private mutating func pass(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\n") where endsInReturn: endsInReturn = false
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      line += 1
      column = 1
      endsInReturn = byte == UInt8(ascii: "\r")
    default:
      // All bytes of a character but the first begin with the bits 10.
      if byte & 0xC0 != 0x80 { column += 1 }
      endsInReturn = false
    }
  }

  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Whether none of eight bytes below 0x80 is less than a limit.
  private static func hasNone(below limit: UInt64, _ word: UInt64) -> Bool {
    ((word | highBits) &- limit &* 0x0101_0101_0101_0101) & highBits == highBits
  }
}
