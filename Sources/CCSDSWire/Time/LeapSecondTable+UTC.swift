/// Between TAI and what calendars and clocks show.
extension LeapSecondTable {
  /// The UTC time of an instant. There always is one.
  package func utc(of instant: TAIInstant) -> UTCTime {
    var index = rows.count - 1
    while index > 0, instant.seconds < rows[index].firstSecond { index -= 1 }
    if index + 1 < rows.count, rows[index + 1].offset > rows[index].offset,
      instant.seconds == rows[index + 1].firstSecond - 1
    {
      return UTCTime(
        knownDay: rows[index + 1].day - 1,
        nanosecondOfDay: Int64(UTCTime.secondsPerDay) * UTCTime.second + Int64(instant.nanoseconds))
    }
    return Self.unleaped(seconds: instant.seconds - rows[index].offset, nanoseconds: Int64(instant.nanoseconds))
  }

  /// The instant of a UTC time; nothing for a second that the day does not have: a 60 that was not inserted, or a 59
  /// that was left out.
  package func instant(of utc: UTCTime) -> TAIInstant? {
    let secondOfDay = utc.secondOfDay
    guard secondOfDay < 86_399 || secondOfDay < secondCount(ofDay: utc.day) else { return nil }
    return TAIInstant(seconds: secondOfTAI(utc), nanoseconds: Int64(utc.nanosecond))
  }

  /// How many seconds a day of UTC has: 86,400, or one more or less.
  ///
  /// - Parameter day: Days since 1958-01-01.
  package func secondCount(ofDay day: Int64) -> Int {
    UTCTime.secondsPerDay + Int(offset(onDay: day + 1) - offset(onDay: day))
  }

  /// TAI - UTC, in seconds, when a day begins.
  ///
  /// - Parameter day: Days since 1958-01-01.
  package func offset(onDay day: Int64) -> Int64 {
    var index = rows.count - 1
    while index > 0, day < rows[index].day { index -= 1 }
    return rows[index].offset
  }

  // MARK: UNIX time

  /// The instant of a count that leaves leap seconds out, as the clocks of hosts do, from 1970-01-01T00:00:00 UTC.
  ///
  /// The count of a leap second is that of the second behind it, and stands for the latter. Where a second was left out
  /// of UTC its count stands for the one behind it.
  package func instant(unixNanoseconds: Int64) -> TAIInstant {
    let seconds = unixNanoseconds.flooredQuotient(by: UTCTime.second)
    let utc = Self.unleaped(
      seconds: seconds + Self.secondsFrom1958To1970,
      nanoseconds: Int64(unixNanoseconds.remainder(behind: seconds)))
    return TAIInstant(knownSeconds: secondOfTAI(utc), nanoseconds: Int32(truncatingIfNeeded: utc.nanosecond))
  }

  /// Nanoseconds since 1970-01-01T00:00:00 UTC without leap seconds; nothing beyond 292 years.
  package func unixNanoseconds(of instant: TAIInstant) -> Int64? {
    let utc = utc(of: instant)
    let seconds = (utc.day - Self.daysFrom1958To1970) * Int64(UTCTime.secondsPerDay)
    return Int64(exactly: Int128(seconds) * Int128(UTCTime.second) + Int128(utc.nanosecondOfDay))
  }

  /// Seconds since the epoch of the TAI second that a time lies in, taking its day to have the second that it shows.
  func secondOfTAI(_ utc: UTCTime) -> Int64 {
    utc.day * Int64(UTCTime.secondsPerDay) + offset(onDay: utc.day) + Int64(utc.secondOfDay)
  }

  /// A time from seconds since 1958 in days of 86,400 of them.
  static func unleaped(seconds: Int64, nanoseconds: Int64) -> UTCTime {
    let day = seconds.flooredQuotient(by: Int64(UTCTime.secondsPerDay))
    return UTCTime(
      knownDay: day,
      nanosecondOfDay: (seconds - day * Int64(UTCTime.secondsPerDay)) * UTCTime.second + nanoseconds)
  }

  static let daysFrom1958To1970: Int64 = 4383
  static let secondsFrom1958To1970: Int64 = 378_691_200
}
