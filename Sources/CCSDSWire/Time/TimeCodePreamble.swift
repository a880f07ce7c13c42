/// The P-field that stands before a time where its form is not agreed: nothing, one byte, or two.
///
/// Standard: CCSDS 301.0-B-4 §3.1.
package struct TimeCodePreamble: Hashable, Sendable {
  private let first: UInt8?
  private let second: UInt8?

  init(_ first: UInt8? = nil, _ second: UInt8? = nil) {
    self.first = first
    self.second = second
  }

  /// How many bytes it has.
  package var byteCount: Int { (first == nil ? 0 : 1) + (second == nil ? 0 : 1) }

  /// Its bytes.
  package var bytes: [UInt8] { [first, second].compactMap(\.self) }

  /// Compares it with the beginning of a time.
  ///
  /// - Throws: The first byte that is another.
  func check(_ bytes: RawSpan) throws(TimeCodeError) {
    guard bytes.byteCount >= byteCount else {
      throw TimeCodeError(.preamble, at: 0, found: Int64(bytes.byteCount), expected: .byteCount(atLeast: byteCount))
    }
    if let first { try Self.check(bytes.byte(at: 0), is: first, .preamble, at: 0) }
    if let second { try Self.check(bytes.byte(at: 1), is: second, .preambleExtension, at: 1) }
  }

  private static func check(
    _ byte: UInt8, is expected: UInt8, _ field: TimeCodeField, at offset: Int
  ) throws(TimeCodeError) {
    guard byte != expected else { return }
    throw TimeCodeError(field, at: offset, found: Int64(byte), expected: .within(Int64(expected)...Int64(expected)))
  }
}
