/// The form of a CCSDS Calendar Segmented Time Code (CCS): a date and a time of UTC, in decimal digits of four bits.
///
/// Standard: CCSDS 301.0-B-4 §3.4.
///
///     P-field: |extension 1 = 0|code 3 = 101|day of the year 1|bytes below the second 3|
///     T-field: |year 16|month 8|day 8|  or  |year 16|0 4|day of the year 12|
///              |hour 8|minute 8|second 8|[two digits of the fraction 8]...
package struct CalendarSegmentedTimeCode: Hashable, Sendable {
  /// Whether the day is counted from the beginning of the year and not of the month.
  package let hasDayOfYear: Bool
  /// The bytes of two digits each behind the second, 0…6.
  package let subsecondByteCount: Int

  /// Nothing comes of a count that the P-field cannot express.
  package init?(hasDayOfYear: Bool = false, subsecondByteCount: Int = 0) {
    guard Self.subsecondByteCounts ~= subsecondByteCount else { return nil }
    self.hasDayOfYear = hasDayOfYear
    self.subsecondByteCount = subsecondByteCount
  }

  /// What a P-field can say.
  package static let subsecondByteCounts = 0...6

  /// The length of the T-field.
  package var byteCount: Int { Self.wholeByteCount + subsecondByteCount }

  // MARK: T-field

  func decode(
    _ bytes: RawSpan, at offset: Int, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    guard bytes.byteCount - offset >= byteCount else {
      throw TimeCodeError(
        .time, at: offset, found: Int64(bytes.byteCount - offset), expected: .byteCount(atLeast: byteCount))
    }
    var fields = CalendarFields()
    fields.year = try Self.number(bytes, at: offset, 2, .year)
    if hasDayOfYear {
      fields.dayOfYear = try Self.number(bytes, at: offset + 2, 2, .dayOfYear)
    } else {
      fields.month = try Self.number(bytes, at: offset + 2, 1, .month)
      fields.day = try Self.number(bytes, at: offset + 3, 1, .dayOfMonth)
    }
    fields.hour = try Self.number(bytes, at: offset + 4, 1, .hour)
    fields.minute = try Self.number(bytes, at: offset + 5, 1, .minute)
    fields.second = try Self.number(bytes, at: offset + 6, 1, .second)
    var fraction: Int64 = 0
    for place in 0..<subsecondByteCount {
      fraction = fraction * 100 + (try Self.number(bytes, at: offset + Self.wholeByteCount + place, 1, .subsecond))
    }
    // Twelve digits at most, brought to picoseconds.
    for _ in subsecondByteCount..<6 { fraction *= 100 }
    fields.nanosecond = fraction / 1000
    let offsets = CalendarFields.Offsets(
      year: offset, month: offset + 2, day: offset + (hasDayOfYear ? 2 : 3), hour: offset + 4, minute: offset + 5,
      second: offset + 6)
    return DecodedTime(
      instant: try fields.instant(leapSeconds, offsets), isExact: fraction % 1000 == 0, byteCount: byteCount)
  }

  /// A number of so many bytes, each of two digits.
  private static func number(
    _ bytes: RawSpan, at offset: Int, _ count: Int, _ field: TimeCodeField
  ) throws(TimeCodeError) -> Int64 {
    var number: Int64 = 0
    for place in offset..<offset + count {
      let byte = bytes.byte(at: place)
      guard byte >> 4 <= 9, byte & 0xF <= 9 else {
        let digit = byte >> 4 <= 9 ? byte & 0xF : byte >> 4
        throw TimeCodeError(field, at: place, found: Int64(digit), expected: .within(0...9))
      }
      number = number * 100 + Int64(byte >> 4) * 10 + Int64(byte & 0xF)
    }
    return number
  }

  func encode(_ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable) throws(TimeCodeError) -> [UInt8] {
    let utc = leapSeconds.utc(of: instant)
    let date = utc.date
    guard CalendarFields.years ~= date.year else {
      throw TimeCodeError(.year, at: 0, found: date.year, expected: .within(CalendarFields.years))
    }
    let day =
      hasDayOfYear
      ? Self.digits(Int64(date.dayOfYear), 2) : Self.digits(Int64(date.month), 1) + Self.digits(Int64(date.day), 1)
    let time = [utc.hour, utc.minute, utc.second].flatMap { Self.digits(Int64($0), 1) }
    let fraction = Self.digits(Int64(utc.nanosecond) * 1000, 6).prefix(subsecondByteCount)
    return Self.digits(date.year, 2) + day + time + fraction
  }

  private static func digits(_ value: Int64, _ count: Int) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    for _ in 0..<count {
      bytes.insert(UInt8(rest / 10 % 10) << 4 | UInt8(rest % 10), at: 0)
      rest /= 100
    }
    return bytes
  }

  private static let wholeByteCount = 7
}

// MARK: - P-field

extension CalendarSegmentedTimeCode {
  /// Its P-field.
  var preamble: TimeCodePreamble {
    TimeCodePreamble(0b101 << 4 | (hasDayOfYear ? 0b1000 : 0) | UInt8(subsecondByteCount))
  }

  /// Reads a P-field whose code is that of the calendar segmented time code.
  init(preamble first: UInt8) throws(TimeCodeError) {
    guard
      let code = CalendarSegmentedTimeCode(
        hasDayOfYear: first & 0b1000 != 0, subsecondByteCount: Int(first & 0b111))
    else { throw TimeCodeError(.preamble, at: 0, found: Int64(first & 0b111), expected: .within(0...6)) }
    self = code
  }
}
