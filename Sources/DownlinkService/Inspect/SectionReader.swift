/// The bytes of one unit: as they were received, and as header error control has repaired them.
struct UnitBytes: Sendable {
  let received: [UInt8]
  private var repaired: [UInt8]

  init(_ bytes: [UInt8]) {
    received = bytes
    repaired = bytes
  }

  var byteCount: Int { received.count }

  /// Replaces what was received at `offset`; beyond the end it does nothing.
  mutating func repair(_ bytes: [UInt8], at offset: Int) {
    for (index, byte) in bytes.enumerated() where offset + index < repaired.count { repaired[offset + index] = byte }
  }

  /// Up to 64 bits after repair; nil when the unit ends before.
  func bits(at bitOffset: Int, count: Int) -> UInt64? { Self.bits(of: repaired, at: bitOffset, count: count) }

  /// Up to 64 bits as received; nil when the unit ends before.
  func receivedBits(at bitOffset: Int, count: Int) -> UInt64? {
    Self.bits(of: received, at: bitOffset, count: count)
  }

  private static func bits(of bytes: [UInt8], at bitOffset: Int, count: Int) -> UInt64? {
    guard bitOffset + count <= bytes.count * 8 else { return nil }
    var value: UInt64 = 0
    for bit in bitOffset..<bitOffset + count {
      value = value << 1 | UInt64(bytes[bit / 8] >> UInt8(7 - bit % 8) & 1)
    }
    return value
  }
}

/// Reads the fields of a section one behind the other, as a layout table has them.
struct SectionReader {
  private let unit: UnitBytes
  /// Where the section ends at the latest, in bytes.
  private let end: Int
  private var cursor: Int
  private var lastField: Int
  private(set) var section: Dissection.Section
  /// The first field that did not fit: its name and the bytes that it needs, from the start of the section.
  private(set) var missing: (name: String, neededByteCount: Int)?

  /// - Parameter end: Fields that reach beyond this byte are missing; at most the length of the unit.
  init(_ unit: UnitBytes, at byteOffset: Int, end: Int? = nil, title: String) {
    self.unit = unit
    self.end = min(end ?? unit.byteCount, unit.byteCount)
    cursor = byteOffset * 8
    lastField = cursor
    section = Dissection.Section(byteOffset: byteOffset, title: title)
  }

  /// Where the next field stands, in bytes.
  var byteOffset: Int { cursor / 8 }

  var title: String {
    get { section.title }
    set { section.title = newValue }
  }

  /// Reads the next field.
  ///
  /// - Returns: Its value; nil from the first field on that does not fit.
  @discardableResult
  mutating func field(
    _ bitCount: Int, _ name: String, _ meaning: (UInt64) -> String = { String($0) }
  ) -> UInt64? {
    guard missing == nil else { return nil }
    guard cursor + bitCount <= end * 8, let value = unit.bits(at: cursor, count: bitCount),
      let received = unit.receivedBits(at: cursor, count: bitCount)
    else {
      missing = (name: name, neededByteCount: (cursor + bitCount + 7) / 8 - section.byteOffset)
      return nil
    }
    let repair = value == received ? "" : ", corrected to \(Digits.raw(value, bitCount: bitCount))"
    section.items.append(
      .field(
        Dissection.Field(
          bitOffset: cursor, bitCount: bitCount, name: name, raw: Digits.raw(received, bitCount: bitCount),
          value: value, meaning: meaning(value) + repair)))
    lastField = cursor
    cursor += bitCount
    return value
  }

  /// Reads a field of whole bytes, too long for a number.
  mutating func bytes(_ count: Int, _ name: String) {
    guard missing == nil else { return }
    guard cursor / 8 + count <= end else {
      missing = (name: name, neededByteCount: cursor / 8 + count - section.byteOffset)
      return
    }
    let field = unit.received[cursor / 8..<cursor / 8 + count]
    section.items.append(
      .field(
        Dissection.Field(
          bitOffset: cursor, bitCount: count * 8, name: name, raw: Digits.excerpt(field), value: nil,
          meaning: Digits.bytes(count))))
    lastField = cursor
    cursor += count * 8
  }

  mutating func note(_ text: String) { section.items.append(.note(text)) }

  /// Says what is wrong with the field read last, or at another place.
  mutating func problem(
    _ what: String, found: String, expected: String, hint: String, atBit bitOffset: Int? = nil
  ) {
    section.items.append(
      .problem(
        Dissection.Problem(
          bitOffset: bitOffset ?? lastField, what: what, found: found, expected: expected,
          hint: hint)))
  }

  /// Says that the unit ends in the section, if it does.
  mutating func problemIfCutOff(hint: String) {
    guard let missing else { return }
    problem(
      "the \(section.title) is cut off before its \(missing.name)", found: Digits.bytes(end - section.byteOffset),
      expected: "at least \(missing.neededByteCount)", hint: hint, atBit: end * 8)
  }

  /// Shows bytes as they stand.
  mutating func dump(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<unit.byteCount)
    guard !range.isEmpty else { return }
    section.items.append(.bytes(Dissection.ByteDump(of: unit.received[range])))
  }
}

/// Numbers as a person reads them beside a standard.
enum Digits {
  /// Binary up to three bits, hexadecimal beyond, with all leading zeros.
  static func raw(_ value: UInt64, bitCount: Int) -> String {
    let isBinary = bitCount <= 3
    let text = padded(String(value, radix: isBinary ? 2 : 16), isBinary ? bitCount : (bitCount + 3) / 4)
    return isBinary ? text : "0x" + text
  }

  /// The first bytes in hexadecimal.
  static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    "0x" + bytes.prefix(8).map(hex).joined() + (bytes.count > 8 ? "…" : "")
  }

  static func hex(_ byte: UInt8) -> String { padded(String(byte, radix: 16), 2) }

  /// `1 byte`, `2 bytes`.
  static func bytes(_ count: Int) -> String { plural(count, "byte") }

  static func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// The place of a bit, byte and bit apart: `4.5`.
  static func place(_ bitOffset: Int) -> String { "\(bitOffset / 8).\(bitOffset % 8)" }

  private static func padded(_ text: String, _ count: Int) -> String {
    String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
