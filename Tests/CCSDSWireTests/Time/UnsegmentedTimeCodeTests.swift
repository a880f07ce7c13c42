import CCSDSWire
import TestSupport
import Testing

@Suite("CCSDS Unsegmented Time Code, CCSDS 301.0-B-4 §3.2")
struct UnsegmentedTimeCodeTests {
  private static func form(
    _ coarse: Int, _ fine: Int, epoch: CounterEpoch? = nil, unit: Int64? = nil
  ) throws -> TimeCodeForm {
    .unsegmented(
      try #require(
        UnsegmentedTimeCode(
          coarseByteCount: coarse, fineByteCount: fine, agencyEpoch: epoch, fineUnitPicoseconds: unit)))
  }

  @Test("every P-field that can be says what it should, and every other is refused")
  func readsEveryPreamble() {
    // By the tables of the standard: bits 1 to 3 the code, 4 and 5 coarse - 1, 6 and 7 fine; then 1 and 2, 3 to 5.
    var accepted = 0
    for first in UInt8.min...UInt8.max where [0b001, 0b010].contains(first >> 4 & 0b111) {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second] + [UInt8](repeating: 0, count: 17)
        let isExtended = first >= 0x80
        let coarse = Int(first >> 2 & 3) + 1 + (isExtended ? Int(second >> 5 & 3) : 0)
        let fine = Int(first & 3) + (isExtended ? Int(second >> 2 & 7) : 0)
        let isRight = !isExtended || second & 0b1000_0011 == 0
        let code = try? TimeCodeForm.read(preamble: unsafe bytes.span.bytes, agencyEpoch: .gps, .builtIn)
        guard isRight == (code != nil) else {
          Issue.record("\(first) \(second)")
          return
        }
        guard let code else { continue }
        accepted += 1
        let decoded = try? TimeCode.selfIdentified(agencyEpoch: .gps).read(bytes)
        guard code.byteCount == (isExtended ? 2 : 1), code.form.byteCount == coarse + fine,
          decoded?.byteCount == (isExtended ? 2 : 1) + coarse + fine,
          // Without a second byte of the P-field it is the first of the time.
          !isExtended && second > 0 || decoded?.instant == (first >> 4 & 3 == 1 ? .ccsdsEpoch : .gpsEpoch)
        else {
          Issue.record("\(first) \(second)")
          return
        }
      }
    }
    // 32 without a second byte, whatever is behind them, and as many with each of 32 second bytes.
    #expect(accepted == 32 * 256 + 32 * 32)
  }

  @Test(
    "the P-fields of the standard page",
    arguments: [
      (4, 0, "1c"), (4, 1, "1d"), (4, 2, "1e"), (4, 3, "1f"), (5, 5, "9f28"), (1, 0, "10"), (7, 10, "9f7c"),
      (2, 5, "9708"), (6, 1, "9d40"),
    ])
  func writesPreamble(coarse: Int, fine: Int, expected: String) throws {
    #expect(try Self.form(coarse, fine).preamble.bytes == hex(expected))
    var agency = hex(expected)
    agency[0] = agency[0] & 0x8F | 0x20
    #expect(try Self.form(coarse, fine, epoch: .gps).preamble.bytes == agency)
  }

  @Test("no count of bytes that a P-field cannot say makes a code")
  func refusesCounts() {
    for (coarse, fine) in [(0, 0), (8, 0), (4, 11), (4, -1)] {
      #expect(UnsegmentedTimeCode(coarseByteCount: coarse, fineByteCount: fine) == nil)
    }
    #expect(UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 5, fineUnitPicoseconds: 1) == nil)
    #expect(UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 0, fineUnitPicoseconds: 1) == nil)
    #expect(UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 2, fineUnitPicoseconds: 0) == nil)
  }

  @Test(
    "fractions are cut off to the nanosecond, and it is told where something was lost",
    arguments: [
      // By hand: fine / 256^n s. 1/256 s is 3,906,250 ns; 1/65536 s 15,258.789 ns; 2^-24 s 59.6 ns; 2^-32 s 0.23 ns.
      ("00000000", 0, 0, true), ("0000000001", 1, 3_906_250, true), ("00000000ff", 1, 996_093_750, true),
      ("000000000001", 2, 15_258, false), ("000000008000", 2, 500_000_000, true),
      ("00000000000001", 3, 59, false), ("0000000000000001", 4, 0, false),
      ("00000000ffffffff", 4, 999_999_999, false), ("000000004000000000", 5, 250_000_000, true),
      ("00000000ffffffffffffffffffff", 10, 999_999_999, false),
      ("0000000080000000000000000000", 10, 500_000_000, true),
      ("0000000000000000000000000001", 10, 0, false),
    ])
  func cutsFractions(bytes: String, fine: Int, nanoseconds: Int32, isExact: Bool) throws {
    let decoded = try Self.form(4, fine).read(hex(bytes))
    #expect(decoded.instant.nanoseconds == nanoseconds)
    #expect(decoded.isExact == isExact)
    #expect(decoded.instant.seconds == 0)
  }

  @Test("every form comes back to the nanosecond where it is as fine as that, else to its own last digit")
  func roundTrips() throws {
    var generator = SeededGenerator(seed: 301)
    for coarse in 1...7 {
      for fine in 0...10 {
        for epoch in [nil, CounterEpoch.gps, .unix] {
          let form = try Self.form(coarse, fine, epoch: epoch)
          for _ in 0..<20 {
            // Up to the largest count, but no farther than an instant can be from the epoch of UNIX.
            let seconds = Int64(generator.next() >> UInt64(64 - 8 * coarse))
            let start = (epoch ?? .ccsds).instant.seconds + (epoch == .unix ? 100 : 0)
            let instant = try tai(start + seconds / 2, Int64(generator.next() % 1_000_000_000))
            let decoded = try form.read(form.encode(instant, .builtIn))
            let lost = try #require(instant.nanoseconds(since: decoded.instant))
            let resolution: Int64 = fine >= 4 ? 1 : 1_000_000_000 >> Int64(8 * fine) + 2
            guard 0..<resolution ~= lost else {
              Issue.record("\(coarse)+\(fine): \(instant) comes back as \(decoded.instant)")
              return
            }
          }
        }
      }
    }
  }

  @Test("an epoch of an agency's own counts from there, with leap seconds or without")
  func countsFromAgencyEpoch() throws {
    let table = LeapSecondTable.builtIn
    let y2k = CounterEpoch(try #require(table.instant(of: utc(2000, 1, 1))))
    // 2017-01-01 is 6210 days later, and 5 leap seconds.
    let uniform = try Self.form(4, 0, epoch: y2k)
    #expect(text(try uniform.read(hex("1ffb0305")).instant) == "2017-01-01T00:00:00.000000000Z")
    #expect(6210 * 86_400 + 5 == 0x1FFB_0305)
    let civil = try Self.form(4, 0, epoch: CounterEpoch(y2k.instant, countsLeapSeconds: false))
    #expect(text(try civil.read(hex("1ffb0300")).instant) == "2017-01-01T00:00:00.000000000Z")
    #expect(text(try civil.read(hex("1ffb02ff")).instant) == "2016-12-31T23:59:59.000000000Z")
    // The leap second has the count of the one behind it.
    #expect(try civil.encode(tai(1_861_920_036), .builtIn) == hex("1ffb0300"))
    #expect(try uniform.encode(tai(1_861_920_036), .builtIn) == hex("1ffb0304"))
    // An epoch need not be a whole second: J2000 has 816 ms.
    let astronomers = try Self.form(4, 1, epoch: .j2000)
    #expect(text(try astronomers.read(hex("0000000080")).instant) == "2000-01-01T11:58:56.316000000Z")
  }

  @Test("an instant before the epoch, or beyond the counter, has no code")
  func refusesInstants() throws {
    let form = try Self.form(4, 2)
    #expect(throws: TimeCodeError(.coarse, at: 0, found: -1, expected: .within(0...0xFFFF_FFFF))) {
      try form.encode(tai(-1), .builtIn)
    }
    #expect(throws: TimeCodeError(.coarse, at: 0, found: 1 << 32, expected: .within(0...0xFFFF_FFFF))) {
      try form.encode(tai(1 << 32), .builtIn)
    }
    #expect(try form.encode(tai((1 << 32) - 1, 999_999_999), .builtIn) == hex("ffffffffffff"))
    // The largest count of all is an instant.
    #expect(try Self.form(7, 0).read(hex("ffffffffffffff")).instant.seconds == (1 << 56) - 1)
    #expect(try Self.form(7, 0, epoch: .unix).read(hex("ffffffffffffff")).instant.seconds > 1 << 55)
  }

  @Test("a fine time in units of the mission's own may be cut short, and is never longer than its bytes")
  func hasUnits() throws {
    let form = try Self.form(4, 2, unit: 15_200_000)
    #expect(try form.encode(tai(0, 999_999_999), .builtIn) == hex("00000000ffff"))
    #expect(try form.read(hex("00000000ffff")).instant.nanoseconds == 996_132_000)
    let milliseconds = try Self.form(4, 2, unit: 1_000_000_000)
    #expect(try milliseconds.read(hex("0000000103e7")).instant == tai(1, 999_000_000))
    // More units than a second has run into the next.
    #expect(try milliseconds.read(hex("0000000107d0")).instant == tai(3))
    let picoseconds = try Self.form(4, 4, unit: 1)
    #expect(try !picoseconds.read(hex("00000000000003e9")).isExact)
  }
}
