/// One entry of the journal in its native protocol: fields, in one datagram.
///
/// A value without a line feed is `NAME=value`; any other is the name, its length in eight bytes, least significant
/// first, and the value: so that no value can pass for another field.
package struct JournalEntry: Equatable, Sendable {
  /// What a value may have at most; the journal itself would take more.
  package static let valueByteCapacity = 4096
  /// What is left of a value when the whole was too long for a datagram.
  package static let shortValueByteCapacity = 256

  private var fields: [(name: String, value: String)] = []

  /// An entry without fields.
  package init() {}

  package static func == (left: JournalEntry, right: JournalEntry) -> Bool { left.bytes() == right.bytes() }

  /// Adds a field.
  ///
  /// - Parameter name: Capital letters, digits and `_`, as the journal wants them; never from outside.
  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  /// Adds a field that has a number, when there is one.
  package mutating func add(_ name: String, _ value: Int?) {
    if let value { add(name, String(value)) }
  }

  /// The datagram, with every value cut to so many bytes.
  package func bytes(valueByteCapacity: Int = Self.valueByteCapacity) -> [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      let value = Self.cut(field.value, to: valueByteCapacity)
      bytes += Array(field.name.utf8)
      if value.contains(UInt8(ascii: "\n")) {
        bytes.append(UInt8(ascii: "\n"))
        let count = UInt64(value.count)
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: count >> UInt64(shift))) }
      } else {
        bytes.append(UInt8(ascii: "="))
      }
      bytes += value
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// The beginning of a text, ending between two characters.
  private static func cut(_ text: String, to capacity: Int) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > capacity else { return bytes }
    var end = capacity
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(bytes[..<end])
  }
}
