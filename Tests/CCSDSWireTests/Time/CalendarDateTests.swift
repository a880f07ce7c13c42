import CCSDSWire
import Testing

@Suite("Days of the Gregorian calendar")
struct CalendarDateTests {
  @Test("every day of six centuries follows the one before, by the lengths of months alone")
  func countsDays() throws {
    // Counted by hand: months of 31, 28 or 29, 31, 30, ...; 1600-01-01 is 358 years before
    // 1958-01-01, and 87 of them are leap years: 1600, 1604, ... 1956 without 1700, 1800 and 1900.
    #expect(358 * 365 + 87 == 130_757)
    var number = Int64(-130_757)
    for year in Int64(1600)..<2200 {
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      var dayOfYear = 0
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in 1...length {
          dayOfYear += 1
          let date = try #require(CalendarDate(year: year, month: index + 1, day: day))
          guard date.daysSince1958 == number, date.dayOfYear == dayOfYear,
            CalendarDate(year: year, dayOfYear: dayOfYear) == date,
            try UTCTime(#require(UTCTime(day: number, nanosecondOfDay: 0)).date) == UTCTime(date)
          else {
            Issue.record("\(year)-\(index + 1)-\(day) is \(date.daysSince1958), not \(number)")
            return
          }
          number += 1
        }
        #expect(CalendarDate(year: year, month: index + 1, day: length + 1) == nil)
      }
      #expect(CalendarDate(year: year, dayOfYear: dayOfYear + 1) == nil)
    }
  }

  @Test(
    "days that other documents number",
    arguments: [
      // The Modified Julian Date begins 36,204 days before.
      (1858, 11, 17, -36_204), (1958, 1, 1, 0), (1970, 1, 1, 4383), (2000, 1, 1, 15_340), (2137, 6, 6, 65_535),
    ] as [(Int64, Int, Int, Int64)])
  func numbersKnownDays(year: Int64, month: Int, day: Int, number: Int64) throws {
    #expect(try #require(CalendarDate(year: year, month: month, day: day)).daysSince1958 == number)
  }

  @Test(
    "what is no day is none",
    arguments: [(2023, 2, 29), (1900, 2, 29), (2024, 0, 1), (2024, 13, 1), (2024, 4, 31), (2024, 1, 0), (.max, 1, 1)]
      as [(Int64, Int, Int)])
  func refusesOthers(year: Int64, month: Int, day: Int) {
    #expect(CalendarDate(year: year, month: month, day: day) == nil)
  }
}
