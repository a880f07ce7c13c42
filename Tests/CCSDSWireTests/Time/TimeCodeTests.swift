import CCSDSWire
import TestSupport
import Testing

@Suite("Time codes, CCSDS 301.0-B-4 §3")
struct TimeCodeTests {
  /// Every form there is that can say all seconds of our time.
  private static let forms: [TimeCodeForm] = {
    var forms: [TimeCodeForm] = []
    for coarse in 4...7 {
      for fine in 0...10 {
        for epoch in [nil, CounterEpoch.gps] {
          forms += [UnsegmentedTimeCode(coarseByteCount: coarse, fineByteCount: fine, agencyEpoch: epoch)]
            .compactMap(\.self).map { .unsegmented($0) }
        }
      }
    }
    for isLong in [false, true] {
      for submillisecond in DaySegmentedTimeCode.Submillisecond.allCases {
        for day in [nil, Int64(8040)] {
          forms.append(
            .daySegmented(
              DaySegmentedTimeCode(hasLongDay: isLong, submillisecond: submillisecond, agencyEpochDay: day)))
        }
      }
    }
    for hasDayOfYear in [false, true] {
      for count in 0...6 {
        forms += [CalendarSegmentedTimeCode(hasDayOfYear: hasDayOfYear, subsecondByteCount: count)]
          .compactMap(\.self).map { .calendarSegmented($0) }
      }
    }
    for variation in ASCIITimeCode.Variation.allCases {
      for (digits, hasTerminator) in [(0, false), (0, true), (3, true), (9, false), (12, true)] {
        forms += [ASCIITimeCode(variation, fractionDigitCount: digits, hasTerminator: hasTerminator)]
          .compactMap(\.self).map { .ascii($0) }
      }
    }
    return forms
  }()

  @Test("the leap second of 2016 and its neighbours come back from every code", arguments: forms)
  func keepsLeapSecond(form: TimeCodeForm) throws {
    // 2016-12-31T00:00:00, 23:59:59, 23:59:60, 2017-01-01T00:00:00 and 00:00:01, in TAI by astropy.
    for seconds in [1_861_833_636, 1_861_920_035, 1_861_920_036, 1_861_920_037, 1_861_920_038] {
      let instant = try tai(Int64(seconds))
      let bytes = try form.encode(instant, .builtIn)
      #expect(bytes.count == form.byteCount)
      let decoded = try form.read(bytes)
      #expect(decoded == DecodedTime(instant: instant, isExact: true, byteCount: bytes.count))
      guard form.preamble.byteCount > 0 else { continue }
      let explicit = try TimeCode.explicit(form).encode(instant, .builtIn)
      #expect(explicit == form.preamble.bytes + bytes)
      #expect(try TimeCode.explicit(form).read(explicit).instant == instant)
    }
  }

  @Test("an instant comes back from every code as exactly as the code is fine", arguments: forms)
  func roundTrips(form: TimeCodeForm) throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      // 1980-01-07 to 2090, which every one of them can say.
      let instant = try tai(
        694_742_419 + Int64(generator.next() % 3_470_000_000), Int64(generator.next() % 1_000_000_000))
      let bytes = try form.encode(instant, .builtIn)
      let decoded = try form.read(bytes)
      let lost = try #require(instant.nanoseconds(since: decoded.instant))
      guard 0..<Self.resolution(of: form) ~= lost else {
        Issue.record("\(instant) comes back as \(decoded.instant)")
        return
      }
      // What was written is all there is: it is written alike again.
      guard try form.encode(decoded.instant, .builtIn) == bytes || lost > 0 else {
        Issue.record("\(bytes) is not written twice")
        return
      }
    }
  }

  private static func resolution(of form: TimeCodeForm) -> Int64 {
    switch form {
    case .unsegmented(let code): code.fineByteCount >= 4 ? 1 : 1_000_000_000 >> Int64(8 * code.fineByteCount) + 2
    case .daySegmented(let code):
      switch code.submillisecond {
      case .none: 1_000_000
      case .microseconds: 1000
      case .picoseconds: 1
      }
    case .calendarSegmented(let code):
      [1_000_000_000, 10_000_000, 100_000, 1000, 10, 1, 1][code.subsecondByteCount]
    case .ascii(let code): code.fractionDigitCount == 0 ? 1_000_000_000 : code.fractionDigitCount == 3 ? 1_000_000 : 1
    }
  }

  @Test("every length short of a whole time is refused", arguments: forms)
  func refusesShortTimes(form: TimeCodeForm) throws {
    let bytes = try form.encode(tai(1_861_920_036), .builtIn)
    for count in 0..<bytes.count {
      #expect(
        throws: TimeCodeError(.time, at: 0, found: Int64(count), expected: .byteCount(atLeast: bytes.count))
      ) { try form.read(Array(bytes.prefix(count))) }
    }
    let preamble = form.preamble.bytes
    for count in 0..<(preamble.isEmpty ? 0 : preamble.count + bytes.count) {
      #expect(throws: TimeCodeError.self) { try TimeCode.explicit(form).read(Array((preamble + bytes).prefix(count))) }
      #expect(throws: TimeCodeError.self) {
        try TimeCode.selfIdentified(agencyEpoch: .gps).read(Array((preamble + bytes).prefix(count)))
      }
    }
  }

  @Test("an agreed P-field must be there, to the bit")
  func checksPreamble() throws {
    let form = TimeCodeForm.daySegmented(DaySegmentedTimeCode(submillisecond: .microseconds))
    #expect(throws: TimeCodeError(.preamble, at: 0, found: 0x40, expected: .within(0x41...0x41))) {
      try TimeCode.explicit(form).read(hex("40624901f69c750000"))
    }
    let long = try #require(UnsegmentedTimeCode(coarseByteCount: 5, fineByteCount: 5))
    #expect(throws: TimeCodeError(.preambleExtension, at: 1, found: 0x24, expected: .within(0x28...0x28))) {
      try TimeCode.explicit(.unsegmented(long)).read(hex("9f24008193be50200000000000"))
    }
  }

  @Test(
    "P-fields that say nothing to us are refused with what they say",
    arguments: [
      (0x00, .codeIdentification, 0), (0x30, .codeIdentification, 3), (0x60, .codeIdentification, 6),
      (0x70, .codeIdentification, 7), (0x43, .preamble, 3), (0x57, .preamble, 7), (0xC0, .preamble, 1),
      (0xD0, .preamble, 1), (0x2E, .epoch, 2), (0x48, .epoch, 2),
    ] as [(UInt8, TimeCodeField, Int64)])
  func refusesPreambles(first: UInt8, field: TimeCodeField, found: Int64) {
    let bytes = [first] + [UInt8](repeating: 0, count: 20)
    let error = #expect(throws: TimeCodeError.self) { try TimeCode.selfIdentified(agencyEpoch: nil).read(bytes) }
    #expect(error?.field == field)
    #expect(error?.found == found)
    #expect(error?.byteOffset == 0)
  }

  @Test("errors name the byte, what was found and what was expected")
  func describesErrors() {
    func description(_ bytes: String, _ form: TimeCodeForm) -> String {
      do throws(TimeCodeError) {
        _ = try TimeCode.explicit(form).read(hex(bytes))
        return ""
      } catch {
        return "\(error)"
      }
    }
    let days = TimeCodeForm.daySegmented(DaySegmentedTimeCode(submillisecond: .microseconds))
    #expect(
      description("41624905265c000000", days)
        == "byte 3 (millisecond of the day): found 86400000, expected 0 to 86399999")
    #expect(description("41624900000000", days) == "byte 1 (time): found 6 bytes, expected 8 at least")
    #expect(
      description("416249000000000400", days) == "byte 7 (submillisecond): found 1024, expected 0 to 999")
    #expect(description("42", days) == "byte 0 (P-field): found 66, expected 65")
  }
}
