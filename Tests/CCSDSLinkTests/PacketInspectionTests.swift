import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("What is agreed about packets beyond their primary header")
struct PacketInspectionTests {
  private struct Bench: ~Copyable {
    var stream: PacketStream
    var recorder = Recorder()

    init(_ packets: PacketParameters) {
      var parameters = PacketStreamParameters()
      parameters.packets = packets
      stream = PacketStream(parameters: parameters)
    }

    mutating func receive(_ unit: [UInt8], at seconds: Double? = nil) {
      let time = seconds.map { ReceptionTime(nanosecondsSince1970: Int64($0 * 1e9)) }
      stream.receive(unsafe unit.span.bytes, at: time, into: &recorder)
    }

    /// What became of packets that were whole and not delivered.
    var rejections: [PacketRejection] {
      recorder.events.compactMap { if case .packetRejected(_, _, let reason) = $0 { reason } else { nil } }
    }

    var times: [OnboardTime] { recorder.completed.map(\.onboardTime) }
  }

  /// A packet of telemetry with a secondary header.
  private static func packet(_ data: String, apid: Int = 66, count: Int = 0, hasHeader: Bool = true) -> [UInt8] {
    FrameMaker.packet(apid: apid | (hasHeader ? 0x800 : 0), count: count, data: TestVector.bytes(data))
  }

  private static func parameters(
    _ header: PacketSecondaryHeader = .none, _ timeCode: TimeCode? = nil, _ check: PacketErrorControl = .none
  ) -> PacketParameters {
    var parameters = PacketParameters()
    parameters.secondaryHeader = header
    parameters.timeCode = timeCode
    parameters.errorControl = check
    return parameters
  }

  private static let cds = TimeCode.explicit(.daySegmented(DaySegmentedTimeCode()))
  /// 2026-11-21T09:08:59.125: its second since 1958 in TAI by astropy.
  private static let instant = TAIInstant(seconds: 2_173_943_376, nanoseconds: 125_000_000)

  @Test("a packet as spacepackets writes it is checked, and its time is read")
  func readsPUSC() throws {
    // The vector PUS-C TM[17,2].
    let packet = TestVector.bytes("0842c016000f2311020005123440624901f69c75a62e")
    var bench = Bench(Self.parameters(.pusC, Self.cds, .crc16))
    bench.receive(packet)
    #expect(bench.recorder.packets == [packet])
    #expect(bench.times == [.valid(try #require(Self.instant))])
    #expect(bench.rejections == [])
  }

  @Test("any one bit that is another one is found by the check, and no counter believes the packet")
  func rejectsDamage() {
    let packet = TestVector.bytes("0842c016000f2311020005123440624901f69c75a62e")
    for bit in 0..<packet.count * 8 where !(32..<48).contains(bit) {
      var damaged = packet
      damaged[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      // Another version number, or the one of idle packets, is another story.
      guard damaged[0] >> 5 == 0 else { continue }
      var bench = Bench(Self.parameters(.pusC, Self.cds, .crc16))
      bench.receive(damaged)
      #expect(bench.rejections == [.errorControl])
      #expect(bench.recorder.packets == [])
      #expect(bench.recorder.completed == [])
      #expect(!bench.recorder.events.contains { if case .applicationProcessAdded = $0 { true } else { false } })
    }
  }

  @Test("the ISO checksum is checked alike")
  func checksISO() {
    // Vector 1456f89a0001 -> 24dc is no packet: by hand, 00 05 c0 00 00 03 aa bb. Sums modulo 255 from 0:
    // C0: 0 5 197 197 197 200 115 47; C1: 0 5 202 144 86 31 146 193. CK1 = -(47 + 193) = 15, CK2 = 193.
    let packet = TestVector.bytes("0005c0000003aabb0fc1")
    var bench = Bench(Self.parameters(.none, nil, .iso16))
    bench.receive(packet)
    #expect(bench.recorder.packets == [packet])
    var damaged = packet
    damaged[6] = 0xAB
    bench.receive(damaged)
    #expect(bench.rejections == [.checksum])
    // No room for a checksum behind the primary header.
    bench.receive([0, 5, 0xC0, 0, 0, 0, 0xFF])
    #expect(bench.rejections == [.checksum, .checksum])
  }

  @Test("idle packets and encapsulation packets need no check")
  func passesIdle() {
    var bench = Bench(Self.parameters(.pusC, Self.cds, .crc16))
    bench.receive(FrameMaker.packet(apid: 0x7FF, count: 0, data: [0x55]) + [0xE0])
    bench.receive(FrameMaker.encapsulation(protocolID: 2, headerByteCount: 4, data: [9]))
    #expect(bench.rejections == [])
    #expect(bench.recorder.packets.count == 3)
    #expect(bench.times == [.absent, .absent, .absent])
  }

  @Test("every length short of the secondary header is rejected, and every other is not", arguments: 1...20)
  func rejectsShortHeaders(dataByteCount: Int) {
    // Seven bytes, and seven of time.
    let whole = TestVector.bytes("2311020005123440624901f69c75 000000000000")
    let data = Array(whole.prefix(dataByteCount))
    let packet = FrameMaker.packet(apid: 66 | 0x800, count: 0, data: data)
    var bench = Bench(Self.parameters(.pusC, Self.cds))
    bench.receive(packet)
    #expect(bench.rejections == (dataByteCount < 14 ? [.secondaryHeader] : []))
    #expect(bench.times.count == (dataByteCount < 14 ? 0 : 1))
    // Without the flag there is no header that could be too short.
    var plain = Bench(Self.parameters(.pusC, Self.cds))
    plain.receive(FrameMaker.packet(apid: 66, count: 0, data: data))
    #expect(plain.rejections == [])
    #expect(plain.times == [.absent])
  }

  @Test("the bytes of the check are no part of the header")
  func leavesOutCheck() {
    // A CDS time with a P-field has 7 bytes; one less, and two of the check.
    let short = FrameMaker.withErrorControl(
      Array(FrameMaker.packet(apid: 0x842, count: 0, data: TestVector.bytes("40624901f69c0000")).dropLast(2)))
    var bench = Bench(Self.parameters(.none, Self.cds, .crc16))
    bench.receive(short)
    #expect(bench.rejections == [.secondaryHeader])
  }

  @Test("telecommands have other headers, and are not looked into")
  func passesTelecommands() {
    // The vector PUS-C TC[17,1].
    var bench = Bench(Self.parameters(.pusC, Self.cds, .crc16))
    bench.receive(TestVector.bytes("1842c0ab00062f11010000858e"))
    #expect(bench.rejections == [])
    #expect(bench.times == [.absent])
  }

  @Test("a header of the other version has no time that could be believed, and the packet is delivered")
  func toleratesVersion() throws {
    let pusA = Self.packet("1003190740624901f69c75ff")
    var bench = Bench(Self.parameters(.pusC, .implicit(.daySegmented(DaySegmentedTimeCode()))))
    bench.receive(Self.packet("100319074062490000000000000000"))
    #expect(bench.times == [.invalid(.headerVersion)])
    var right = Bench(Self.parameters(.pusA(.usual), Self.cds))
    right.receive(pusA)
    #expect(right.times == [.valid(try #require(Self.instant))])
    #expect(right.recorder.packets.count == 1)
  }

  @Test("the time stands where the variant of the header has it")
  func findsTime() throws {
    let expected = OnboardTime.valid(try #require(Self.instant))
    let long = try #require(PUSATelemetryHeader.Layout(hasPacketSubcounter: false, destinationByteCount: 2))
    for (header, data) in [
      (PacketSecondaryHeader.pusA(long), "100319ABCD40624901f69c75"), (.none, "40624901f69c75ff"),
    ] {
      var bench = Bench(Self.parameters(header, Self.cds))
      bench.receive(Self.packet(data))
      #expect(bench.times == [expected])
    }
    // The cFE vector: seconds 1479287357 since 1980 would be 582c223d, and 2000 in 1/65536 s is an eighth.
    let gps = try #require(UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 2, agencyEpoch: .gps))
    for (layout, data) in [
      (CFSTelemetryHeader.Layout(), "582c223d2000 00000000 dead"),
      (CFSTelemetryHeader.Layout(hasSpare: false), "582c223d2000 dead"),
      (CFSTelemetryHeader.Layout(isExtended: true), "01020304 582c223d2000 00000000 dead"),
    ] {
      var bench = Bench(Self.parameters(.cfs(layout), .implicit(.unsegmented(gps))))
      bench.receive(Self.packet(data))
      #expect(bench.times == [expected])
    }
  }

  @Test("a time that makes no sense, or lies outside of the mission, is told; the packet is delivered")
  func doubtsTimes() throws {
    var parameters = Self.parameters(.none, Self.cds)
    parameters.earliestTime = Self.instant
    parameters.latestTime = Self.instant
    var bench = Bench(parameters)
    for data in ["40624901f69c75", "40624901f69c74", "40624901f69c76", "406249ffffffff", "41624901f69c75"] {
      bench.receive(Self.packet(data))
    }
    #expect(
      bench.times == [
        .valid(try #require(Self.instant)), .invalid(.outsideWindow), .invalid(.outsideWindow), .invalid(.timeCode),
        .invalid(.timeCode),
      ])
    #expect(bench.recorder.packets.count == 5)
  }

  @Test("times of packets and of their reception are followed, once a second")
  func followsClock() throws {
    var bench = Bench(Self.parameters(.none, .implicit(.daySegmented(DaySegmentedTimeCode()))))
    // Reception in UTC; on board it is a quarter of a second later: 09:08:59 is 32,939,000 ms of the day.
    for second in 0..<12 {
      let millisecond = 32_939_250 + 1000 * second
      let data =
        "6249" + String(repeating: "0", count: 8 - String(millisecond, radix: 16).count)
        + String(millisecond, radix: 16)
      // 2026-11-21T09:08:59Z by `date -u -d`.
      bench.receive(Self.packet(data, count: second), at: 1_795_252_139 + Double(second))
    }
    let news = bench.recorder.events.compactMap { event -> ClockEstimate? in
      if case .clock(0, .estimated(let estimate)) = event { estimate } else { nil }
    }
    #expect(news.count == 11)
    #expect(news.last?.offsetNanoseconds == 250_000_000)
    #expect(news.last?.driftPartsPerQuadrillion == 0)
    #expect(news.last?.quality == .steady)
  }

  @Test(
    "what was stored says nothing of the clock: not in replayed frames, nor on a channel configured so",
    arguments: [(false, [], 11), (true, [], 0), (false, [1], 0), (false, [2], 11)] as [(Bool, [UInt8], Int)])
  func followsNoStoredClock(isReplay: Bool, storedChannels: [UInt8], count: Int) {
    var parameters = Self.channel(22)
    parameters.packets = Self.parameters(.none, .implicit(.daySegmented(DaySegmentedTimeCode())))
    parameters.storedVirtualChannels = storedChannels.map { VirtualChannelID($0) }
    var channel = PhysicalChannel(parameters: parameters)
    var recorder = Recorder()
    for second in 0..<12 {
      // The clock is set by two hours in the middle.
      let millisecond = String(32_939_250 + 1000 * second + (second < 6 ? 0 : 7_200_000), radix: 16)
      let data = "6249" + String(repeating: "0", count: 8 - millisecond.count) + millisecond
      let packet = Self.packet(data, count: second)
      let frame = FrameMaker.aos(count: second, replay: isReplay, pointer: 0, zone: packet)
      let time = ReceptionTime(nanosecondsSince1970: 1_795_252_139_000_000_000 + Int64(second) * 1_000_000_000)
      channel.receive(unsafe frame.span.bytes, at: time, into: &recorder)
    }
    #expect(recorder.completed.count == 12)
    // An estimate a second; the step takes three samples that agree.
    let news = recorder.events.count { if case .clock = $0 { true } else { false } }
    #expect(news == (count == 0 ? 0 : count - 2))
  }

  /// AOS frames of spacecraft 100 with CRC, all channels taken at once.
  private static func channel(_ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(100)]
    return parameters
  }

  @Test("groups are told of by the counts of their application process")
  func followsGroups() {
    var bench = Bench(PacketParameters())
    func flagged(_ flags: UInt8, _ count: Int) -> [UInt8] {
      var packet = FrameMaker.packet(apid: 9, count: count, data: [1, 2, 3])
      packet[2] = packet[2] & 0x3F | flags << 6
      return packet
    }
    // Whole; unsegmented; begun, and gone on with behind a gap.
    for (flags, count) in [(1, 0), (0, 1), (2, 2), (3, 3), (1, 4), (0, 6), (2, 7)] as [(UInt8, Int)] {
      bench.receive(flagged(flags, count))
    }
    let steps = bench.recorder.events.compactMap { event -> PacketGroup.Step? in
      if case .packetGroup(0, let step) = event { step } else { nil }
    }
    #expect(
      steps.map(\.observation) == [
        .began, .continued, .completed(PacketGroup.Extent(packetCount: 3, byteCount: 27)), .began, .orphan, .orphan,
      ])
    #expect(steps.compactMap(\.broken).map(\.reason) == [.gap])
  }
}
