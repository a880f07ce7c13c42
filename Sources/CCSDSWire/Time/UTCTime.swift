/// A time of Coordinated Universal Time, as a calendar and a clock show it: 23:59:60 in a leap second.
///
/// Whether a day has that second only a `LeapSecondTable` knows.
package struct UTCTime: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Days since 1958-01-01.
  package let day: Int64
  /// From the day's midnight on, less than 86,401 seconds.
  package let nanosecondOfDay: Int64

  package init?(day: Int64, nanosecondOfDay: Int64) {
    guard day.magnitude <= Self.largestDay.magnitude, 0..<Self.longestDay ~= nanosecondOfDay else { return nil }
    self.init(knownDay: day, nanosecondOfDay: nanosecondOfDay)
  }

  /// A time that is known to be one.
  init(knownDay: Int64, nanosecondOfDay: Int64) {
    day = knownDay
    self.nanosecondOfDay = nanosecondOfDay
  }

  /// - Parameters:
  ///   - hour: 0…23.
  ///   - minute: 0…59.
  ///   - second: 0…59, at 23:59 also 60.
  ///   - nanosecond: Of the second, 0…999,999,999.
  package init?(_ date: CalendarDate, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0) {
    guard 0...23 ~= hour, 0...59 ~= minute, 0...(hour == 23 && minute == 59 ? 60 : 59) ~= second,
      0...999_999_999 ~= nanosecond
    else { return nil }
    let secondOfDay = Int64((hour * 60 + minute) * 60 + second)
    self.init(day: date.daysSince1958, nanosecondOfDay: secondOfDay * Self.second + Int64(nanosecond))
  }

  package static func < (left: UTCTime, right: UTCTime) -> Bool {
    (left.day, left.nanosecondOfDay) < (right.day, right.nanosecondOfDay)
  }

  /// The date.
  package var date: CalendarDate { CalendarDate(daysSince1958: day) }
  /// 0…86400, the last in a leap second only.
  package var secondOfDay: Int { Int(nanosecondOfDay / Self.second) }
  /// Whether it lies in the second that was inserted at the end of its day.
  package var isInLeapSecond: Bool { secondOfDay == Self.secondsPerDay }
  /// 0…23.
  package var hour: Int { isInLeapSecond ? 23 : secondOfDay / 3600 }
  /// 0…59.
  package var minute: Int { isInLeapSecond ? 59 : secondOfDay / 60 % 60 }
  /// 0…59, or 60 in a leap second.
  package var second: Int { isInLeapSecond ? 60 : secondOfDay % 60 }
  /// Of the second.
  package var nanosecond: Int { Int(nanosecondOfDay % Self.second) }

  /// ISO 8601 with nanoseconds, such as `2016-12-31T23:59:60.000000000Z`.
  package var iso8601: String { iso8601(fractionDigitCount: 9) }

  /// ISO 8601 with so many digits behind the point, at most nine; what is behind them is cut off.
  package func iso8601(fractionDigitCount: Int) -> String {
    let date = date
    let digitCount = min(max(fractionDigitCount, 0), 9)
    let fraction = digitCount == 0 ? "" : "." + Self.digits(Int64(nanosecond), 9).prefix(digitCount)
    return "\(Self.digits(date.year, 4))-\(Self.digits(Int64(date.month), 2))-\(Self.digits(Int64(date.day), 2))"
      + "T\(Self.digits(Int64(hour), 2)):\(Self.digits(Int64(minute), 2)):\(Self.digits(Int64(second), 2))"
      + fraction + "Z"
  }

  private static func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.count)) + text
  }

  static let second: Int64 = 1_000_000_000
  static let secondsPerDay = 86_400
  /// More than any `TAIInstant` is away.
  static let largestDay: Int64 = TAIInstant.largestSecond / Int64(secondsPerDay) + 2
  private static let longestDay: Int64 = 86_401 * second
}
