/// Why bytes are no time, or an instant has no place in a time code: the field, what was found, and what was expected.
package struct TimeCodeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What would have been right.
  package enum Expectation: Hashable, Sendable {
    /// So many bytes.
    case byteCount(atLeast: Int)
    /// A number between these, both included.
    case within(ClosedRange<Int64>)
    /// A decimal digit.
    case digit
    /// Nothing more.
    case end
  }

  /// The field that is wrong.
  package let field: TimeCodeField
  /// Its first byte, from the beginning of the time, its P-field included, from 0.
  package let byteOffset: Int
  /// The number, character or count of bytes that is there.
  package let found: Int64
  /// What would have been right.
  package let expected: Expectation

  package init(_ field: TimeCodeField, at byteOffset: Int, found: Int64, expected: Expectation) {
    self.field = field
    self.byteOffset = byteOffset
    self.found = found
    self.expected = expected
  }

  /// The byte and its field, what was found and what was expected.
  package var description: String {
    let place = "byte \(byteOffset) (\(field.rawValue)): "
    return switch expected {
    case .byteCount(let least): place + "found \(found) bytes, expected \(least) at least"
    case .within(let range) where range.lowerBound == range.upperBound:
      place + "found \(found), expected \(range.lowerBound)"
    case .within(let range): place + "found \(found), expected \(range.lowerBound) to \(range.upperBound)"
    case .digit: place + "found \(Self.shown(found)), expected a digit"
    case .end: place + "found \(Self.shown(found)), expected the end"
    }
  }

  private static func shown(_ character: Int64) -> String {
    guard let byte = UInt8(exactly: character) else { return "the end" }
    return 0x21...0x7E ~= byte ? "'\(Character(UnicodeScalar(byte)))'" : "the byte \(byte)"
  }

  /// Stands for a character where the text has ended.
  static let end: Int64 = -1
}

/// The fields that a time code can have, by what people call them.
package enum TimeCodeField: String, Sendable {
  case preamble = "P-field"
  case preambleExtension = "second byte of the P-field"
  case codeIdentification = "time code identification"
  case epoch
  case time
  case coarse = "coarse time"
  case day
  case millisecondOfDay = "millisecond of the day"
  case submillisecond
  case year
  case month
  case dayOfMonth = "day of the month"
  case dayOfYear = "day of the year"
  case hour
  case minute
  case second
  case subsecond
  case separator
  case terminator
}

/// A time that was read.
package struct DecodedTime: Hashable, Sendable {
  /// When it is.
  package let instant: TAIInstant
  /// Whether nothing was lost: a code may have digits below the nanosecond, which are cut off.
  package let isExact: Bool
  /// The bytes that it took, its P-field included.
  package let byteCount: Int

  package init(instant: TAIInstant, isExact: Bool, byteCount: Int) {
    self.instant = instant
    self.isExact = isExact
    self.byteCount = byteCount
  }
}
