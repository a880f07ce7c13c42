import CCSDSWire
import MissionDatabase
import Testing

@Suite("Times in packets")
struct TimeScalingTests {
  /// 1980-01-06T00:00:00 UTC, where GPS time begins, in seconds of TAI since 1958: 8040 days and 19 seconds.
  private let gps = AbsoluteTimeScale.Origin.epoch(seconds: 8040 * 86_400 + 19, nanoseconds: 0, isUniform: true)

  private func time(
    _ digits: String, _ scale: AbsoluteTimeScale, _ encoding: DataEncoding? = nil,
    _ leapSeconds: LeapSecondTable = .builtIn
  ) throws -> Value? {
    var maker = DatabaseMaker()
    let bytes = hex(digits)
    let type = maker.type(
      .absoluteTime(scale),
      encoding ?? .integer(IntegerEncoding(bitCount: 8 * bytes.count, representation: .unsigned)))
    let parameter = maker.parameter("TIME", type)
    _ = maker.container("Packet", [entry(parameter)])
    var decoder = PacketDecoder(try DecodePlan(maker.database, leapSeconds: leapSeconds))
    return decoder.decoded(bytes)["TIME"]
  }

  @Test("whole seconds since an epoch")
  func seconds() throws {
    // 1 479 287 357 s of GPS time are 2026-11-21T09:08:59 UTC; GPS time begins 694 656 019 s after 1958.
    #expect(
      try time("582c223d", AbsoluteTimeScale(scale: 1, offset: 0, origin: gps)) == .time(2_173_943_376_000_000_000))
  }

  @Test(
    "an offset, and fractions of seconds that no digit is lost of",
    arguments: [
      (1e-3, "018bcfe56801", Int64(1_700_000_000_001_000_000)), (1e-6, "060a24181e4001", 1_700_000_000_000_001_000),
      (1e-9, "17979cfe362a0001", 1_700_000_000_000_000_001), (0x1p-16, "6553f1008000", 1_700_000_000_500_000_000),
      (0x1p-32, "6553f10000000005", 1_700_000_000_000_000_001), (0.5, "0003", 1_500_000_000),
      (10, "0003", 30_000_000_000), (0x1p-8, "ff", 996_093_750),
    ])
  func fractions(scale: Double, digits: String, expected: Int64) throws {
    let origin = AbsoluteTimeScale.Origin.epoch(seconds: 0, nanoseconds: 0, isUniform: true)
    #expect(try time(digits, AbsoluteTimeScale(scale: scale, offset: 0, origin: origin)) == .time(expected))
    #expect(
      try time(digits, AbsoluteTimeScale(scale: scale, offset: -1.5, origin: origin))
        == .time(expected - 1_500_000_000))
  }

  @Test("any other scale, to the nearest nanosecond that a floating-point number tells")
  func anyScale() throws {
    let origin = AbsoluteTimeScale.Origin.epoch(seconds: 100, nanoseconds: 5, isUniform: true)
    #expect(
      try time("0003", AbsoluteTimeScale(scale: 1.0 / 3, offset: 0, origin: origin)) == .time(101_000_000_005))
    let double = DataEncoding.float(FloatEncoding(bitCount: 64, representation: .ieee754))
    #expect(
      try time("3ff8000000000000", AbsoluteTimeScale(scale: 1, offset: 0, origin: origin), double)
        == .time(101_500_000_005))
  }

  @Test("what no time of 64 bits holds has no time", arguments: ["ffffffffffffffff", "7fffffffffffffff"])
  func overflows(digits: String) throws {
    #expect(try time(digits, AbsoluteTimeScale(scale: 1, offset: 0, origin: gps)) == Value.none)
    #expect(try time(digits, AbsoluteTimeScale(scale: 1e9, offset: 0, origin: gps)) == Value.none)
    let double = DataEncoding.float(FloatEncoding(bitCount: 64, representation: .ieee754))
    #expect(try time(digits, AbsoluteTimeScale(scale: 1, offset: 0, origin: gps), double) == Value.none)
  }

  @Test("without an epoch there are seconds, but no date")
  func withoutOrigin() throws {
    #expect(
      try time("0007", AbsoluteTimeScale(scale: 0.5, offset: 1, origin: .unknown)) == .number(4.5))
  }

  @Test("a count that leaves leap seconds out goes on behind each of them")
  func leapSeconds() throws {
    // UNIX time begins 4383 days after 1958. At 1972-01-01 (5113 days) the difference is 10 s, at 1972-07-01 (5295) 11
    // s.
    let steps = try LeapSecondTable(rows: [
      LeapSecondTable.Row(day: 5113, offset: 10), LeapSecondTable.Row(day: 5295, offset: 11),
    ])
    let unix = AbsoluteTimeScale(
      scale: 1, offset: 0, origin: .epoch(seconds: 4383 * 86_400 + 10, nanoseconds: 0, isUniform: false))
    // 1972-06-30T23:59:59 and the second behind the leap second: 5295 − 4383 = 912 days, 78 796 800 s of UNIX time.
    #expect(try time("04b257ff", unix, nil, steps) == .time((5295 * 86_400 - 1 + 10) * 1_000_000_000))
    #expect(try time("04b25800", unix, nil, steps) == .time((5295 * 86_400 + 11) * 1_000_000_000))
  }

  @Test("a time that is counted from another one of the packet")
  func fromAnother() throws {
    var maker = DatabaseMaker()
    let encoding = DataEncoding.integer(IntegerEncoding(bitCount: 16, representation: .unsigned))
    let coarseType = maker.type(
      .absoluteTime(
        AbsoluteTimeScale(scale: 1, offset: 0, origin: .epoch(seconds: 50, nanoseconds: 0, isUniform: true))), encoding)
    let coarse = maker.parameter("COARSE", coarseType)
    let fineType = maker.type(
      .absoluteTime(AbsoluteTimeScale(scale: 1e-3, offset: 0, origin: .offset(from: ParameterReference(coarse)))),
      encoding)
    let fine = maker.parameter("FINE", fineType)
    _ = maker.container("Packet", [entry(coarse), entry(fine)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0, 7, 0, 250])["FINE"] == .time(57_250_000_000))
  }

  @Test("durations are seconds")
  func durations() throws {
    var maker = DatabaseMaker()
    let type = maker.type(
      .relativeTime(scale: 0.25, offset: 3),
      .integer(IntegerEncoding(bitCount: 8, representation: .twosComplement)))
    let parameter = maker.parameter("SINCE", type)
    _ = maker.container("Packet", [entry(parameter)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0xFC])["SINCE"] == .number(2))
  }
}
