import CCSDSWire
import Testing

@Suite("CCSDS Day Segmented Time Code, CCSDS 301.0-B-4 §3.3")
struct DaySegmentedTimeCodeTests {
  private static func read(_ bytes: String) throws(TimeCodeError) -> String {
    text(try TimeCode.selfIdentified(agencyEpoch: .gps).read(hex(bytes)).instant)
  }

  @Test(
    "worked values",
    arguments: [
      // astropy 8.0.2.
      ("411f68000000000000", "1980-01-06T00:00:00.000000000Z"),
      ("413bec02932e000000", "2000-01-01T12:00:00.000000000Z"),
      ("41542d052658180000", "2016-12-31T23:59:59.000000000Z"),
      ("41542d05265c000000", "2016-12-31T23:59:60.000000000Z"),
      ("41542e000000000000", "2017-01-01T00:00:00.000000000Z"),
      ("416249 01f69c750000", "2026-11-21T09:08:59.125000000Z"),
      // The last microsecond and the last picosecond of the leap second: 86,400,999 ms is 0526 5FE7.
      ("41542d05265fe703e7", "2016-12-31T23:59:60.999999000Z"),
      ("42542d05265fe73b9ac9ff", "2016-12-31T23:59:60.999999999Z"),
      // The last day of 16 bits, and the one behind it.
      ("40ffff00000000", "2137-06-06T00:00:00.000000000Z"),
      ("4401000000000000", "2137-06-07T00:00:00.000000000Z"),
      // From an agency's epoch, 1980-01-06: day 0, and the last of 24 bits.
      ("48000000000000", "1980-01-06T00:00:00.000000000Z"),
      ("4cffffff00000000", "47914-06-21T00:00:00.000000000Z"),
    ])
  func readsWorkedValues(bytes: String, expected: String) throws {
    #expect(try Self.read(bytes) == expected)
  }

  @Test("picoseconds below the nanosecond are cut off, and it is told")
  func cutsPicoseconds() throws {
    let code = TimeCode.selfIdentified(agencyEpoch: nil)
    // 1 ns and 999 ps.
    let decoded = try code.read(hex("4200000000000000000 7cf"))
    #expect(decoded.instant.nanoseconds == 1)
    #expect(!decoded.isExact)
    #expect(try code.read(hex("42000000000000000003e8")).isExact)
  }

  @Test("a second more than the day has is refused; only that of a leap second is there")
  func checksMillisecond() {
    for (bytes, largest) in [
      ("40542e05265c00", 86_399_999), ("40542d05265fe8", 86_400_999), ("40624905265c00", 86_399_999),
      ("40000005265c00", 86_399_999), ("400000ffffffff", 86_399_999),
    ] as [(String, Int64)] {
      let error = #expect(throws: TimeCodeError.self) { try Self.read(bytes) }
      #expect(error?.field == .millisecondOfDay)
      #expect(error?.byteOffset == 3)
      #expect(error?.expected == .within(0...largest))
    }
  }

  @Test("parts of a millisecond are less than one")
  func checksSubmillisecond() {
    #expect(throws: TimeCodeError(.submillisecond, at: 7, found: 1000, expected: .within(0...999))) {
      try Self.read("4162490000000003e8")
    }
    #expect(
      throws: TimeCodeError(.submillisecond, at: 7, found: 1_000_000_000, expected: .within(0...999_999_999))
    ) { try Self.read("426249000000003b9aca00") }
  }

  @Test("a day before the epoch, or beyond the bits of the day, has no code")
  func refusesInstants() throws {
    let short = TimeCodeForm.daySegmented(DaySegmentedTimeCode())
    let table = LeapSecondTable.builtIn
    let last = try #require(table.instant(of: utc(2137, 6, 6, 23, 59, 59)))
    #expect(try short.encode(last, .builtIn) == hex("ffff05265818"))
    #expect(throws: TimeCodeError(.day, at: 0, found: 65_536, expected: .within(0...65_535))) {
      try short.encode(last.advanced(by: .seconds(1)) ?? last, .builtIn)
    }
    #expect(throws: TimeCodeError(.day, at: 0, found: -1, expected: .within(0...65_535))) {
      try short.encode(.ccsdsEpoch, .builtIn)
    }
  }
}
