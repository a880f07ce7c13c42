/// The fields of a calendar and a clock as a time code wrote them, before they are known to make sense together.
struct CalendarFields {
  var year: Int64 = 1958
  var month: Int64 = 1
  var day: Int64 = 1
  /// In the place of month and day.
  var dayOfYear: Int64?
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  var nanosecond: Int64 = 0

  /// Where each field stands, for whoever is told that it is wrong.
  struct Offsets {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
  }

  /// Years of four digits; there is no year zero.
  static let years: ClosedRange<Int64> = 1...9999

  /// The instant, when there is one.
  func instant(
    _ leapSeconds: borrowing LeapSecondTable, _ offsets: Offsets
  ) throws(TimeCodeError) -> TAIInstant {
    let date = try date(offsets)
    try Self.check(hour, .hour, at: offsets.hour, 0...23)
    try Self.check(minute, .minute, at: offsets.minute, 0...59)
    // The last minute of a day may have a second more, or one less.
    let dayLength = leapSeconds.secondCount(ofDay: date.daysSince1958)
    let largest = hour == 23 && minute == 59 ? Int64(59 + dayLength - UTCTime.secondsPerDay) : 59
    try Self.check(second, .second, at: offsets.second, 0...largest)
    let time = UTCTime(
      date, hour: Int(hour), minute: Int(minute), second: Int(second), nanosecond: Int(nanosecond))
    guard let time, let instant = leapSeconds.instant(of: time) else {
      throw TimeCodeError(.year, at: offsets.year, found: year, expected: .within(Self.years))
    }
    return instant
  }

  private func date(_ offsets: Offsets) throws(TimeCodeError) -> CalendarDate {
    try Self.check(year, .year, at: offsets.year, Self.years)
    let date: CalendarDate?
    if let dayOfYear {
      try Self.check(dayOfYear, .dayOfYear, at: offsets.day, 1...Int64(CalendarDate.dayCount(ofYear: year)))
      date = CalendarDate(year: year, dayOfYear: Int(dayOfYear))
    } else {
      try Self.check(month, .month, at: offsets.month, 1...12)
      let last = Int64(CalendarDate.dayCount(ofMonth: Int(month), year: year))
      try Self.check(day, .dayOfMonth, at: offsets.day, 1...last)
      date = CalendarDate(year: year, month: Int(month), day: Int(day))
    }
    guard let date else {
      throw TimeCodeError(.year, at: offsets.year, found: year, expected: .within(Self.years))
    }
    return date
  }

  private static func check(
    _ value: Int64, _ field: TimeCodeField, at offset: Int, _ range: ClosedRange<Int64>
  ) throws(TimeCodeError) {
    guard range ~= value else {
      throw TimeCodeError(field, at: offset, found: value, expected: .within(range))
    }
  }
}
