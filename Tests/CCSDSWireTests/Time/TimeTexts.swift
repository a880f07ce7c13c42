import CCSDSWire
import Testing

/// A UTC time of a date and the parts of a day, for tests that write both out.
func utc(
  _ year: Int64, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0,
  _ nanosecond: Int = 0
) throws -> UTCTime {
  let date = try #require(CalendarDate(year: year, month: month, day: day))
  return try #require(UTCTime(date, hour: hour, minute: minute, second: second, nanosecond: nanosecond))
}

/// An instant by its second since 1958 in TAI.
func tai(_ seconds: Int64, _ nanoseconds: Int64 = 0) throws -> TAIInstant {
  try #require(TAIInstant(seconds: seconds, nanoseconds: nanoseconds))
}

/// The UTC text of an instant by the built-in table.
func text(_ instant: TAIInstant) -> String { LeapSecondTable.builtIn.utc(of: instant).iso8601 }

extension TimeCodeForm {
  /// Reads a T-field, or says what is wrong with it.
  func read(_ bytes: [UInt8]) throws(TimeCodeError) -> DecodedTime {
    try decode(unsafe bytes.span.bytes, .builtIn)
  }
}

extension TimeCode {
  /// Reads a time, or says what is wrong with it.
  func read(_ bytes: [UInt8]) throws(TimeCodeError) -> DecodedTime {
    try decode(unsafe bytes.span.bytes, .builtIn)
  }
}
