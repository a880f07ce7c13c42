/// A day of the Gregorian calendar, before its introduction too.
package struct CalendarDate: Hashable, Sendable, BitwiseCopyable {
  /// The year, 0 for the one before year 1.
  package let year: Int64
  /// 1…12.
  package let month: Int
  /// Of the month, 1…31.
  package let day: Int

  /// A day that there is; nothing for others, such as February 30, and for years that are absurdly far away.
  package init?(year: Int64, month: Int, day: Int) {
    guard year.magnitude <= Self.largestYear.magnitude, 1...12 ~= month,
      1...Self.dayCount(ofMonth: month, year: year) ~= day
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day of a year, from 1; nothing for days that the year does not have.
  package init?(year: Int64, dayOfYear: Int) {
    guard year.magnitude <= Self.largestYear.magnitude, 1...Self.dayCount(ofYear: year) ~= dayOfYear,
      let newYear = CalendarDate(year: year, month: 1, day: 1)
    else { return nil }
    self.init(daysSince1958: newYear.daysSince1958 + Int64(dayOfYear - 1))
  }

  /// From years that begin in March, so that a leap day is the last of its year.
  init(daysSince1958: Int64) {
    let shifted = daysSince1958 + Self.daysFromMarchOfYear0To1958
    let era = shifted.flooredQuotient(by: Self.daysPerEra)
    let dayOfEra = shifted - era * Self.daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    year = yearOfEra + era * 400 + (shiftedMonth < 10 ? 0 : 1)
  }

  /// The days since 1958-01-01, which is day 0.
  package var daysSince1958: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredQuotient(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let shiftedMonth = Int64(month <= 2 ? month + 9 : month - 3)
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
    let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.daysPerEra + dayOfEra - Self.daysFromMarchOfYear0To1958
  }

  /// From 1 for January 1.
  package var dayOfYear: Int {
    let isBehindFebruary = month > 2
    let leapDay = isBehindFebruary && Self.isLeapYear(year) ? 1 : 0
    return Self.daysBeforeMonth[month - 1] + leapDay + day
  }

  /// Whether a year has a February 29.
  package static func isLeapYear(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func dayCount(ofYear year: Int64) -> Int { isLeapYear(year) ? 366 : 365 }

  static func dayCount(ofMonth month: Int, year: Int64) -> Int {
    switch month {
    case 2: isLeapYear(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static let largestYear: Int64 = 6_000_000_000
  private static let daysPerEra: Int64 = 146_097
  /// 0000-03-01 to 1970-01-01 is 719,468 days, and 1958-01-01 is 4383 days before that.
  private static let daysFromMarchOfYear0To1958: Int64 = 719_468 - 4383
  private static let daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
}
