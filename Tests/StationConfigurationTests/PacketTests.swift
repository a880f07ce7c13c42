import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("What is agreed about the packets of a link")
struct PacketTests {
  /// The section `packets` of a link.
  private static func packets(_ keys: String) throws -> PacketParameters {
    try link(station(link: "packets: { \(keys) }")).parameters.packetParameters
  }

  private static func timeCode(_ value: String) throws -> TimeCode? { try packets("time_code: \(value)").timeCode }

  @Test("nothing is agreed where nothing is written, and where none is")
  func isEmpty() throws {
    #expect(try link(station()).parameters.packetParameters.isEmpty)
    #expect(try Self.packets("secondary_header: none, time_code: none, checksum: none").isEmpty)
  }

  @Test("a link of packets has it as well as one of frames")
  func isForBoth() throws {
    let text = """
      station: test
      links:
        - name: a
          input: { format: packets }
          packets: { secondary_header: pus_c, time_code: cds_us, checksum: crc16 }
      """
    var expected = PacketParameters()
    expected.secondaryHeader = .pusC
    expected.timeCode = .implicit(.daySegmented(DaySegmentedTimeCode(submillisecond: .microseconds)))
    expected.errorControl = .crc16
    #expect(try link(text).parameters.packetParameters == expected)
    #expect(try Self.packets("secondary_header: pus_c, time_code: cds_us, checksum: crc16") == expected)
    #expect(try Self.packets("checksum: iso16").errorControl == .iso16)
  }

  @Test("secondary headers are words, or sections where they differ from what is usual")
  func readsHeaders() throws {
    #expect(try Self.packets("secondary_header: pus_a").secondaryHeader == .pusA(.usual))
    #expect(try Self.packets("secondary_header: cfs").secondaryHeader == .cfs(CFSTelemetryHeader.Layout()))
    let long = try #require(PUSATelemetryHeader.Layout(hasPacketSubcounter: false, destinationByteCount: 2))
    #expect(
      try Self.packets("secondary_header: { pus_a: { subcounter: false, destination_bits: 16 } }").secondaryHeader
        == .pusA(long))
    #expect(try Self.packets("secondary_header: { pus_a: {} }").secondaryHeader == .pusA(.usual))
    #expect(
      try Self.packets("secondary_header: { cfs: { extended: true, spare: false } }").secondaryHeader
        == .cfs(CFSTelemetryHeader.Layout(isExtended: true, hasSpare: false)))
  }

  @Test(
    "counters are named by their bytes",
    arguments: [("cuc4.2", 4, 2), ("cuc4", 4, 0), ("cuc1.0", 1, 0), ("cuc7.10", 7, 10), ("\"cuc4.3\"", 4, 3)])
  func readsCounters(word: String, coarse: Int, fine: Int) throws {
    let code = try #require(UnsegmentedTimeCode(coarseByteCount: coarse, fineByteCount: fine))
    #expect(try Self.timeCode(word) == .implicit(.unsegmented(code)))
    #expect(try Self.timeCode("{ cuc: { coarse: \(coarse), fine: \(fine) } }") == .implicit(.unsegmented(code)))
    #expect(
      try Self.timeCode("{ cuc: { coarse: \(coarse), fine: \(fine), p_field: true, epoch: ccsds } }")
        == .explicit(.unsegmented(code)))
  }

  @Test("the other codes have words, and sections with all that they can be")
  func readsOtherCodes() throws {
    for (word, isLong, part) in [
      ("cds", false, .none), ("cds_us", false, .microseconds), ("cds_ps", false, .picoseconds), ("cds24", true, .none),
      ("cds24_us", true, .microseconds), ("cds24_ps", true, .picoseconds),
    ] as [(String, Bool, DaySegmentedTimeCode.Submillisecond)] {
      #expect(
        try Self.timeCode(word)
          == .implicit(.daySegmented(DaySegmentedTimeCode(hasLongDay: isLong, submillisecond: part))))
    }
    // 2000-01-01 is day 15340.
    #expect(
      try Self.timeCode("{ cds: { day_bits: 24, submillisecond: ps, epoch: 2000-01-01, p_field: true } }")
        == .explicit(
          .daySegmented(
            DaySegmentedTimeCode(hasLongDay: true, submillisecond: .picoseconds, agencyEpochDay: 15_340))))
    #expect(try Self.timeCode("{ cds: { epoch: 1958-01-01 } }") == .implicit(.daySegmented(DaySegmentedTimeCode())))
    let days = try #require(CalendarSegmentedTimeCode(hasDayOfYear: true, subsecondByteCount: 6))
    #expect(
      try Self.timeCode("{ ccs: { day_of_year: true, subsecond_bytes: 6 } }") == .implicit(.calendarSegmented(days)))
    #expect(try Self.timeCode("ccs") == CalendarSegmentedTimeCode().map { .implicit(.calendarSegmented($0)) })
    let text = try #require(ASCIITimeCode(.b, fractionDigitCount: 3, hasTerminator: true))
    #expect(try Self.timeCode("{ ascii: { variation: b, digits: 3, z: true } }") == .implicit(.ascii(text)))
    #expect(try Self.timeCode("ascii_a") == ASCIITimeCode(.a).map { .implicit(.ascii($0)) })
    #expect(try Self.timeCode("p_field") == .selfIdentified(agencyEpoch: nil))
    #expect(try Self.timeCode("{ p_field: { epoch: gps } }") == .selfIdentified(agencyEpoch: .gps))
  }

  @Test(
    "an epoch is a name, a time of UTC or one of TAI",
    arguments: [
      ("gps", 694_656_019, 0, true), ("j2000", 1_325_419_167, 816_000_000, true),
      // 2000-01-01T00:00:00 UTC is second 1,325,376,032 of TAI; of TAI itself 32 less.
      ("2000-01-01T00:00:00", 1_325_376_032, 0, true), ("2000-01-01", 1_325_376_032, 0, true),
      ("\"2000-01-01T00:00:00Z\"", 1_325_376_032, 0, true), ("2000-001", 1_325_376_032, 0, true),
      ("2000-01-01T00:00:00 TAI", 1_325_376_000, 0, true), ("1970-01-01 TAI", 378_691_200, 0, true),
      ("2000-01-01T00:00:00.5", 1_325_376_032, 500_000_000, true),
      ("2000-01-01, leap_seconds: left_out", 1_325_376_032, 0, false),
      ("2000-01-01, leap_seconds: counted", 1_325_376_032, 0, true), ("unix", 378_691_210, 0, false),
      ("1970-01-01, leap_seconds: left_out", 378_691_210, 0, false),
    ])
  func readsEpochs(words: String, seconds: Int64, nanoseconds: Int64, countsLeapSeconds: Bool) throws {
    let instant = try #require(TAIInstant(seconds: seconds, nanoseconds: nanoseconds))
    let code = UnsegmentedTimeCode(
      coarseByteCount: 4, fineByteCount: 2,
      agencyEpoch: CounterEpoch(instant, countsLeapSeconds: countsLeapSeconds))
    #expect(
      try Self.timeCode("{ cuc: { coarse: 4, fine: 2, epoch: \(words) } }")
        == .implicit(.unsegmented(try #require(code))))
  }

  @Test("the section of the time code may be written line by line")
  func readsBlocks() throws {
    let text = """
      station: test
      links:
        - name: a
          frames: { type: aos, length: 1115 }
          packets:
            time_code:
              cuc:
                coarse: 4
                fine: 2
                fine_unit_picoseconds: 15200000
            time_window: { from: 2024-01-01, until: 2040-01-01T12:00:00 }
      """
    let parameters = try link(text).parameters.packetParameters
    let code = UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 2, fineUnitPicoseconds: 15_200_000)
    #expect(parameters.timeCode == code.map { .implicit(.unsegmented($0)) })
    // 24,106 days and 37 leap seconds; 29,950 and a half.
    #expect(parameters.earliestTime == TAIInstant(seconds: 24_106 * 86_400 + 37))
    #expect(parameters.latestTime == TAIInstant(seconds: 29_950 * 86_400 + 43_200 + 37))
  }

  @Test(
    "whatever is wrong is told with its place and with what to write",
    arguments: [
      ("secondary_header: pus", "5:34 secondary_header must be %, not 'pus' | write pus_c, or"),
      ("secondary_header: cfe", "5:34 secondary_header must be %, not 'cfe' | write cfs"),
      (
        "secondary_header: { pus_c: {} }",
        "5:36 unknown key 'pus_c' in @.secondary_header | write 'secondary_header: pus_c'"
      ),
      (
        "secondary_header: { pus_a: {}, cfs: {} }",
        "5:47 'pus_a' and 'cfs' do not go together | keep one of the two"
      ),
      (
        "secondary_header: { pus_a: { destination_bits: 12 } }",
        "5:63 @.secondary_header.pus_a.destination_bits must be 0, 8 or 16, not 12"
      ),
      (
        "checksum: crc32",
        "5:26 checksum must be 'none' or 'crc16' or 'iso16', not 'crc32' | write crc16: packets have no other"
      ),
      ("time_code: cuc", "5:27 @.time_code is # 'cuc' | write the bytes of its coarse"),
      ("time_code: cuc8.0", "5:27 @.time_code is # 'cuc8.0' | write 1 to 7 bytes of coarse"),
      ("time_code: cuc4.11", "5:27 @.time_code is # 'cuc4.11' | write 1 to 7 bytes of coarse"),
      ("time_code: cuc4.3.2", "5:27 @.time_code is # 'cuc4.3.2' | write 1 to 7 bytes of coarse"),
      ("time_code: cds_su", "5:27 @.time_code is # 'cds_su' | did you mean 'cds_us'?"),
      ("time_code: gps", "5:27 @.time_code is # 'gps' | write 'time_code: { cuc: { coarse: 4, epoch: gps } }'"),
      ("time_code: { cuc: { fine: 2 } }", "5:34 'coarse' is missing in @.time_code.cuc | write how many"),
      ("time_code: { cuc: { coarse: 9 } }", "5:44 @.time_code.cuc.coarse is 9, which is not in 1...7"),
      (
        "time_code: { cuc: { coarse: 4, epoch: tomorrow } }",
        "5:54 @.time_code.cuc.epoch must be a date and time, not 'tomorrow': byte 0 (year): found 't', "
          + "expected a digit | write a date and time of UTC"
      ),
      (
        "time_code: { cuc: { coarse: 4, epoch: gsp } }",
        "5:54 @.time_code.cuc.epoch must be a date and time, not 'gsp': byte 0 (year): found 'g', "
          + "expected a digit | did you mean 'gps'?"
      ),
      (
        "time_code: { cuc: { coarse: 4, epoch: 2000-13-01 } }",
        "5:54 @.time_code.cuc.epoch must be a date and time, not '2000-13-01': byte 5 (month): found 13, "
          + "expected 1 to 12"
      ),
      (
        "time_code: { cuc: { coarse: 4, epoch: 1970-01-01 } }",
        "5:54 before 1972 UTC was not whole seconds away from TAI, and so there is no telling where this count began | "
          + "write 'leap_seconds: left_out'"
      ),
      (
        "time_code: { cuc: { coarse: 4, epoch: unix, leap_seconds: counted } }",
        "5:74 leap_seconds counted does not go with epoch unix | leave it out"
      ),
      ("time_code: { cuc: { coarse: 4, leap_seconds: counted } }", "5:34 'epoch' is missing in"),
      (
        "time_code: { cuc: { coarse: 4, fine: 5, fine_unit_picoseconds: 1 } }",
        "5:79 fine_unit_picoseconds goes with 1 to 4 bytes of fine time, not 5"
      ),
      ("time_code: { cds: { epoch: gps } }", "5:43 @.time_code.cds.epoch must be a date and time, not 'gps'"),
      ("time_code: { cds: { epoch: 2000-01-01T12 } }", "5:43 the epoch of cds is a day of UTC | write a date"),
      ("time_code: { ascii: { digits: 3 } }", "5:36 'variation' is missing in"),
      ("time_code: { coarse: 4 }", "5:29 unknown key 'coarse' in @.time_code | write it below 'cuc'"),
      ("time_code: {}", "5:27 'cuc' is missing in @.time_code | write one of 'cuc', 'cds'"),
      ("epoch: gps", "5:16 unknown key 'epoch' in @ | write it below 'time_code'"),
      ("time_window: { from: 2024-01-01 }", "5:16 'time_window' does not go without 'time_code'"),
      (
        "time_code: cds, time_window: { from: 2024-01-01, until: 2023-12-31 }",
        "5:72 the window ends before it begins"
      ),
      ("time_code: cds, time_window: {}", "5:45 'from' is missing in @.time_window"),
      (
        "secondary_header: cfs, time_code: cds",
        "5:50 secondary_header cfs has a time of 4 and 2 bytes without a P-field | write 'time_code: { cuc:"
      ),
    ])
  func tellsWhatIsWrong(keys: String, expected: String) {
    let found = findings(station(link: "packets: { \(keys) }"), for: .replay)
    // What many of them have in common.
    let expected = expected.replacing("@", with: "links[0].packets").replacing("is #", with: "must be a time code, not")
      .replacing("%", with: "'none' or 'pus_a' or 'pus_c' or 'cfs'")
    #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    #expect(found.count == 1)
  }
}
