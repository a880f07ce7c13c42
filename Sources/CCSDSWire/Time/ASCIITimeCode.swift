/// The form of a CCSDS ASCII Calendar Segmented Time Code of a known length, A or B. It has no P-field.
///
/// Standard: CCSDS 301.0-B-4 §3.5.
///
///     A: YYYY-MM-DDThh:mm:ss[.d...d][Z]
///     B: YYYY-DDDThh:mm:ss[.d...d][Z]
package struct ASCIITimeCode: Hashable, Sendable {
  /// The two variations of the code.
  package enum Variation: String, Sendable, CaseIterable {
    /// With month and day of the month.
    case a
    /// With the day of the year.
    case b
  }

  /// Which of the two.
  package let variation: Variation
  /// The digits of the fraction of a second; without any there is no point either.
  package let fractionDigitCount: Int
  /// Whether it ends in a Z.
  package let hasTerminator: Bool

  /// Nothing comes of a count that no clock has.
  package init?(_ variation: Variation, fractionDigitCount: Int = 0, hasTerminator: Bool = false) {
    guard Self.fractionDigitCounts ~= fractionDigitCount else { return nil }
    self.variation = variation
    self.fractionDigitCount = fractionDigitCount
    self.hasTerminator = hasTerminator
  }

  /// As many as are of use, and a few more.
  package static let fractionDigitCounts = 0...18

  /// The length of the text.
  package var byteCount: Int {
    (variation == .a ? 19 : 17) + (fractionDigitCount > 0 ? 1 + fractionDigitCount : 0) + (hasTerminator ? 1 : 0)
  }

  func decode(
    _ bytes: RawSpan, at offset: Int, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    guard bytes.byteCount - offset >= byteCount else {
      throw TimeCodeError(
        .time, at: offset, found: Int64(bytes.byteCount - offset), expected: .byteCount(atLeast: byteCount))
    }
    var reader = ASCIITimeReader(bytes.extracting(offset..<offset + byteCount), at: offset)
    let fields = try reader.readAll()
    return DecodedTime(
      instant: try fields.instant(completedBy: nil, leapSeconds), isExact: fields.isExact, byteCount: byteCount)
  }

  func encode(_ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable) throws(TimeCodeError) -> [UInt8] {
    let utc = leapSeconds.utc(of: instant)
    let date = utc.date
    guard CalendarFields.years ~= date.year else {
      throw TimeCodeError(.year, at: 0, found: date.year, expected: .within(CalendarFields.years))
    }
    var text = Self.digits(date.year, 4) + [Character.hyphen]
    switch variation {
    case .a: text += Self.digits(Int64(date.month), 2) + [Character.hyphen] + Self.digits(Int64(date.day), 2)
    case .b: text += Self.digits(Int64(date.dayOfYear), 3)
    }
    text += [Character.separator] + Self.digits(Int64(utc.hour), 2) + [Character.colon]
    text += Self.digits(Int64(utc.minute), 2) + [Character.colon] + Self.digits(Int64(utc.second), 2)
    if fractionDigitCount > 0 {
      let fraction = Self.digits(Int64(utc.nanosecond), 9) + repeatElement(Character.zero, count: 9)
      text += [Character.point] + fraction.prefix(fractionDigitCount)
    }
    return hasTerminator ? text + [Character.terminator] : text
  }

  private static func digits(_ value: Int64, _ count: Int) -> [UInt8] {
    let text = Array(String(value).utf8)
    return Array(repeating: Character.zero, count: max(0, count - text.count)) + text
  }

  /// The characters that separate the fields.
  enum Character {
    static let hyphen = UInt8(ascii: "-")
    static let colon = UInt8(ascii: ":")
    static let point = UInt8(ascii: ".")
    static let separator = UInt8(ascii: "T")
    static let terminator = UInt8(ascii: "Z")
    static let zero = UInt8(ascii: "0")
  }
}

extension ASCIITimeCode {
  /// Reads a text in either variation, whole or a subset of it: fields may be left out on the left, where the
  /// separators behind them stay, and on the right, where those before them go.
  ///
  /// - Parameter reference: Gives the fields that are left out on the left; those on the right are the lowest there
  ///   are. Without it nothing may be left out on the left.
  /// - Throws: The first character that is not what it should be, or the first field that makes no sense.
  package static func read(
    _ text: RawSpan, completedBy reference: UTCTime? = nil, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    var reader = ASCIITimeReader(text, at: 0)
    let fields = try reader.readAll()
    return DecodedTime(
      instant: try fields.instant(completedBy: reference, leapSeconds), isExact: fields.isExact,
      byteCount: text.byteCount)
  }
}
