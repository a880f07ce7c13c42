import CCSDSWire
import TestSupport
import Testing

@Suite("Leap seconds")
struct LeapSecondTests {
  /// Instants and their UTC times by astropy 8.0.2.
  @Test(
    "the day before, the leap second itself, and the second after it",
    arguments: [
      (1_861_833_636, "2016-12-31T00:00:00.000000000Z"), (1_861_920_034, "2016-12-31T23:59:58.000000000Z"),
      (1_861_920_035, "2016-12-31T23:59:59.000000000Z"), (1_861_920_036, "2016-12-31T23:59:60.000000000Z"),
      (1_861_920_037, "2017-01-01T00:00:00.000000000Z"), (1_862_006_437, "2017-01-02T00:00:00.000000000Z"),
      (694_656_019, "1980-01-06T00:00:00.000000000Z"), (1_325_419_232, "2000-01-01T12:00:00.000000000Z"),
      (2_173_943_376, "2026-11-21T09:08:59.000000000Z"),
    ] as [(Int64, String)])
  func converts(seconds: Int64, expected: String) throws {
    let table = LeapSecondTable.builtIn
    let instant = try tai(seconds)
    #expect(table.utc(of: instant).iso8601 == expected)
    #expect(table.instant(of: table.utc(of: instant)) == instant)
    let late = try tai(seconds, 999_999_999)
    #expect(table.utc(of: late).iso8601 == expected.replacing(".000000000", with: ".999999999"))
    #expect(table.instant(of: table.utc(of: late)) == late)
  }

  @Test("each of the 27 leap seconds has a 23:59:60, and no other half-year has")
  func hasAllLeapSeconds() throws {
    let table = LeapSecondTable.builtIn
    var found: [String] = []
    for year in Int64(1972)...2030 {
      for (month, day) in [(6, 30), (12, 31)] {
        let last = try utc(year, month, day, 23, 59, 60)
        guard let instant = table.instant(of: last) else {
          #expect(table.secondCount(ofDay: last.day) == 86_400)
          continue
        }
        #expect(table.secondCount(ofDay: last.day) == 86_401)
        #expect(table.utc(of: instant) == last)
        found.append("\(year)-\(month)")
      }
    }
    // Bulletin C of the IERS.
    #expect(
      found == [
        "1972-6", "1972-12", "1973-12", "1974-12", "1975-12", "1976-12", "1977-12", "1978-12", "1979-12", "1981-6",
        "1982-6", "1983-6", "1985-6", "1987-12", "1989-12", "1990-12", "1992-6", "1993-6", "1994-6", "1995-12",
        "1997-6", "1998-12", "2005-12", "2008-12", "2012-6", "2015-6", "2016-12",
      ])
    #expect(table.offset(onDay: try utc(2026, 11, 21).day) == 37)
    #expect(table.offset(onDay: try utc(2016, 12, 31).day) == 36)
    #expect(table.offset(onDay: try utc(1972, 1, 1).day) == 10)
  }

  @Test("seconds of TAI and UTC never leave each other, around every change and at random")
  func isOneToOne() throws {
    let table = LeapSecondTable.builtIn
    var instants = table.rows.flatMap { row in
      (-3...3).map { row.day * 86_400 + row.offset + $0 }
    }
    var generator = SeededGenerator(seed: 1972)
    for _ in 0..<2000 { instants.append(.random(in: -4_000_000_000...8_000_000_000, using: &generator)) }
    instants += [-(1 << 57), 1 << 57]
    for seconds in instants {
      let instant = try tai(seconds, 123_456_789)
      let time = table.utc(of: instant)
      guard table.instant(of: time) == instant || abs(seconds) == 1 << 57 else {
        Issue.record("\(seconds) is \(time.iso8601) and comes back as something else")
        return
      }
    }
  }

  @Test("before 1972 the ten seconds of that year hold")
  func continuesBefore1972() throws {
    let table = LeapSecondTable.builtIn
    let epoch = try #require(table.instant(of: utc(1970, 1, 1)))
    #expect(epoch.seconds == 378_691_210)
    #expect(table.utc(of: .ccsdsEpoch).iso8601 == "1957-12-31T23:59:50.000000000Z")
    #expect(table.instant(of: try utc(1971, 12, 31, 23, 59, 60)) == nil)
  }

  @Test("a second that was left out does not exist, and nothing else is missing")
  func knowsNegativeLeapSeconds() throws {
    let day = try utc(2030, 7, 1).day
    var rows = LeapSecondTable.builtIn.rows
    rows.append(LeapSecondTable.Row(day: day, offset: 36))
    let table = try LeapSecondTable(rows: rows)
    #expect(table.secondCount(ofDay: day - 1) == 86_399)
    #expect(table.instant(of: try utc(2030, 6, 30, 23, 59, 59)) == nil)
    #expect(table.instant(of: try utc(2030, 6, 30, 23, 59, 60)) == nil)
    let last = try #require(table.instant(of: utc(2030, 6, 30, 23, 59, 58, 5)))
    let next = try #require(last.advanced(by: .seconds(1)))
    #expect(table.utc(of: last).iso8601 == "2030-06-30T23:59:58.000000005Z")
    #expect(table.utc(of: next).iso8601 == "2030-07-01T00:00:00.000000005Z")
    #expect(table.instant(of: try utc(2030, 7, 1)) == last.advanced(by: .nanoseconds(999_999_995)))
    // The count of the second that is not there is that of the one behind it.
    let unix = try #require(table.unixNanoseconds(of: next))
    #expect(table.instant(unixNanoseconds: unix - 1_000_000_000) == next)
  }

  @Test("the clocks of hosts have one count for the leap second and the second behind it")
  func countsAsUNIX() throws {
    let table = LeapSecondTable.builtIn
    #expect(table.unixNanoseconds(of: try tai(1_861_920_035)) == 1_483_228_799_000_000_000)
    #expect(table.unixNanoseconds(of: try tai(1_861_920_036)) == 1_483_228_800_000_000_000)
    #expect(table.unixNanoseconds(of: try tai(1_861_920_037)) == 1_483_228_800_000_000_000)
    #expect(table.instant(unixNanoseconds: 1_483_228_800_000_000_000) == (try tai(1_861_920_037)))
    #expect(table.instant(unixNanoseconds: 1_483_228_799_999_999_999) == (try tai(1_861_920_035, 999_999_999)))
    #expect(table.instant(unixNanoseconds: -1) == table.instant(unixNanoseconds: 0).advanced(by: .nanoseconds(-1)))
    for nanoseconds in [Int64.min, .max] {
      #expect(table.unixNanoseconds(of: table.instant(unixNanoseconds: nanoseconds)) == nanoseconds)
    }
    #expect(table.unixNanoseconds(of: try tai(1 << 57)) == nil)
  }

  @Test("it is known until 2027-06-28, and not from that moment on")
  func expires() throws {
    let table = LeapSecondTable.builtIn
    let expiry = try #require(table.instant(of: utc(2027, 6, 28)))
    #expect(table.expiry == expiry)
    #expect(!table.isExpired(at: try #require(expiry.advanced(by: .nanoseconds(-1)))))
    #expect(table.isExpired(at: expiry))
    #expect(try !LeapSecondTable(rows: table.rows).isExpired(at: tai(1 << 57)))
  }

  @Test(
    "rows that are no table are refused, with the first that is wrong",
    arguments: [
      ([], 0, .none), ([(10, 10), (10, 11)], 1, .notLater), ([(10, 10), (9, 11)], 1, .notLater),
      ([(10, 10), (20, 10)], 1, .step(from: 10, to: 10)), ([(10, 10), (20, 12)], 1, .step(from: 10, to: 12)),
      ([(.max, 10)], 0, .absurd), ([(10, .min)], 0, .absurd),
    ] as [([(Int64, Int64)], Int, LeapSecondTable.RowError.Fault)])
  func refusesRows(rows: [(Int64, Int64)], index: Int, fault: LeapSecondTable.RowError.Fault) {
    let error = #expect(throws: LeapSecondTable.RowError.self) {
      try LeapSecondTable(rows: rows.map { LeapSecondTable.Row(day: $0.0, offset: $0.1) })
    }
    #expect(error?.index == index)
    #expect(error?.fault == fault)
  }
}
