/// A line that is not the JSON it should be.
package struct MalformedDocument: Error, Equatable {
  /// Where it stops making sense.
  package let byteOffset: Int
}

/// Reads what the daemon writes. Deep nesting and broken text are errors, never traps.
package struct DocumentReader {
  private static let maximumDepth = 64

  private let bytes: [UInt8]
  private var offset = 0

  /// Reads one value, which is all there is.
  package static func read(_ text: some StringProtocol) throws(MalformedDocument) -> Document {
    var reader = DocumentReader(bytes: Array(text.utf8))
    let value = try reader.value(depth: 0)
    guard reader.peek() == nil else { throw reader.failure }
    return value
  }

  /// The text of a member of the outermost object, as it was written.
  static func text(of name: String, in text: String) -> String? {
    var reader = DocumentReader(bytes: Array(text.utf8))
    guard reader.take("{") else { return nil }
    while let key = try? reader.string(), reader.take(":"), reader.peek() != nil {
      let start = reader.offset
      guard (try? reader.value(depth: 1)) != nil else { return nil }
      if key == name { return String(decoding: reader.bytes[start..<reader.offset], as: UTF8.self) }
      guard reader.take(",") else { return nil }
    }
    return nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var failure: MalformedDocument { MalformedDocument(byteOffset: offset) }

  // MARK: Values

  private mutating func value(depth: Int) throws(MalformedDocument) -> Document {
    guard depth < Self.maximumDepth, let byte = peek() else { throw failure }
    switch byte {
    case UInt8(ascii: "{"):
      var members: [Document.Member] = []
      try sequence("{", "}") { reader throws(MalformedDocument) in
        let name = try reader.string()
        guard reader.take(":") else { throw reader.failure }
        members.append(Document.Member(name: name, value: try reader.value(depth: depth + 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [Document] = []
      try sequence("[", "]") { reader throws(MalformedDocument) in
        elements.append(try reader.value(depth: depth + 1))
      }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    default: return try word()
    }
  }

  private mutating func sequence(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
    _ part: (inout DocumentReader) throws(MalformedDocument) -> Void
  ) throws(MalformedDocument) {
    guard take(opening) else { throw failure }
    if take(closing) { return }
    repeat { try part(&self) } while take(",")
    guard take(closing) else { throw failure }
  }

  /// A number or one of the three names.
  private mutating func word() throws(MalformedDocument) -> Document {
    let start = offset
    while offset < bytes.count, Self.isWordByte(bytes[offset]) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      guard Double(text) != nil else { throw failure }
      return .number(text)
    }
  }

  private mutating func string() throws(MalformedDocument) -> String {
    guard take("\"") else { throw failure }
    var text: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") { text += try escape() } else { text.append(byte) }
    }
    throw failure
  }

  private mutating func escape() throws(MalformedDocument) -> [UInt8] {
    guard offset < bytes.count else { throw failure }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"):
      guard bytes.count - offset >= 4 else { throw failure }
      let digits = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
      guard let unit = UInt32(digits, radix: 16) else { throw failure }
      offset += 4
      return Array(String(Unicode.Scalar(unit).map(Character.init) ?? "\u{FFFD}").utf8)
    default: return [byte]
    }
  }

  // MARK: Bytes

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The next byte that is not blank.
  private mutating func peek() -> UInt8? {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    return offset < bytes.count ? bytes[offset] : nil
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard let byte = peek(), UInt32(byte) == scalar.value else { return false }
    offset += 1
    return true
  }
}
