import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("Packets that are whole and not delivered, groups and clocks in the ledger")
struct PacketLedgerTests {
  private static func parameters(_ check: PacketErrorControl) -> PhysicalChannelParameters {
    var parameters = Bench.parameters(.tm, 100)
    parameters.packets.errorControl = check
    parameters.packets.secondaryHeader = .pusC
    parameters.packets.timeCode = .implicit(.daySegmented(DaySegmentedTimeCode()))
    return parameters
  }

  /// A packet of eight bytes of data, its check by hand (the CRC of frames is that of packets).
  private static func packet(_ count: Int, apid: Int = 5, isRight: Bool = true) -> [UInt8] {
    let packet = FrameMaker.packet(apid: apid, count: count, data: [1, 2, 3, 4, 5, 6, UInt8(count), 0])
    let checked = FrameMaker.withErrorControl(Array(packet.dropLast(2)))
    return isRight ? checked : checked.dropLast() + [checked[13] ^ 1]
  }

  /// Six packets of 14 bytes in a frame, which has room for 92: the rest is an idle packet of 8.
  private static func frame(_ number: Int, damaged: Set<Int>) -> [UInt8] {
    let packets = (0..<6).map { packet(6 * number + $0, isRight: !damaged.contains($0)) }
    let idle = FrameMaker.packet(apid: 0x7FF, count: 0, data: [0x55, 0x55])
    return FrameMaker.tm(master: number, count: number, pointer: 0, zone: packets.flatMap { $0 } + idle)
  }

  @Test("damaged packets are rejected, their bytes discarded, and every identity holds")
  func balances() {
    var bench = Bench(Self.parameters(.crc16))
    for number in 0..<10 { bench.receive(Self.frame(number, damaged: number == 4 ? [1, 2] : [])) }
    let snapshot = bench.snapshot()
    let ledger = snapshot.ledger
    #expect(snapshot.breaches == [])
    #expect(ledger.packets.completed == 70)
    #expect(ledger.packets.delivered == 58)
    #expect(ledger.packets.idle == 10)
    #expect(ledger.packets.rejected[.errorControl] == 2)
    #expect(ledger.zoneBytes.discarded[.packetErrorControl] == 28)
    #expect(ledger.virtualChannels[0].rejectedPackets == 2)
    // They are missing by the count of their application process, too.
    #expect(ledger.applicationProcesses[0].continuity.missing == 2)
    var json = JSONWriter()
    json.object { snapshot.write(to: &$0, problems: []) }
    #expect(json.text.contains(#""rejected":{"crc":2},"abandoned":{}"#))
    #expect(json.text.contains(#""discarded":{"crc":28}"#))
    #expect(json.text.contains(#""rejected_packets":2"#))
  }

  @Test("a packet rejected and not counted is a breach")
  func findsBreach() {
    var bench = Bench(Self.parameters(.crc16))
    bench.receive(Self.frame(0, damaged: [0]))
    bench.receive(Self.frame(1, damaged: [0]))
    bench.sink.ledger.fold(.packetRejected(virtualChannel: 0, byteCount: 14, .checksum))
    // Bytes that never came: the packet itself is in a bucket.
    #expect(bench.snapshot().breaches.map(\.level) == [.zoneBytes])
  }

  @Test("when every packet is rejected the problem says what to try")
  func tellsOfRejections() {
    var bench = Bench(Self.parameters(.iso16))
    for number in 0..<2 { bench.receive(Self.frame(number, damaged: [])) }
    let problems = bench.snapshot().problems().filter { $0.code == .packetsRejected }
    #expect(problems.map(\.severity) == [.critical])
    #expect(problems.map(\.message) == ["every one of 12 packets was rejected: checksum"])
    #expect(problems.first?.hint.contains("crc16") == true)
    var right = Bench(Self.parameters(.crc16))
    for number in 0..<2 { right.receive(Self.frame(number, damaged: [])) }
    #expect(right.snapshot().problems().filter { $0.code == .packetsRejected } == [])
  }

  /// A ledger with one channel and one application process.
  private static func ledger(_ events: [LinkEvent]) -> LossLedger {
    var ledger = LossLedger(quietAfterSeconds: 60)
    ledger.fold(.masterChannelAdded(index: 0, SpacecraftID(1)))
    ledger.fold(
      .virtualChannelAdded(
        index: 0, VirtualChannelIdentity(spacecraftID: SpacecraftID(1), virtualChannelID: VirtualChannelID(2))))
    ledger.fold(.applicationProcessAdded(index: 0, virtualChannel: 0, ApplicationProcessID(3)))
    for event in events { ledger.fold(event) }
    return ledger
  }

  @Test("groups are counted for the link and for their application process")
  func countsGroups() {
    let extent = PacketGroup.Extent(packetCount: 2, byteCount: 20)
    var group = PacketGroup()
    _ = group.observe(.first, isNext: true, byteCount: 10)
    let broken = group.observe(.first, isNext: false, byteCount: 10)
    let ledger = Self.ledger([
      .packetGroup(applicationProcess: 0, PacketGroup.Step(broken: nil, observation: .completed(extent))),
      .packetGroup(applicationProcess: 0, PacketGroup.Step(broken: nil, observation: .orphan)),
      .packetGroup(applicationProcess: 0, broken),
    ])
    for counts in [ledger.packets.groups, ledger.applicationProcesses[0].groups] {
      #expect(counts.completed == 1)
      #expect(counts.broken == 1)
      #expect(counts.orphans == 1)
      var json = JSONWriter()
      json.object { counts.write(to: &$0) }
      #expect(json.text == #"{"completed":1,"broken":{"gap":1},"orphan_packets":1}"#)
    }
  }

  @Test("times on board are counted by what they are, and shown in UTC")
  func countsTimes() throws {
    let instant = try #require(TAIInstant(seconds: 1_861_920_036, nanoseconds: 5))
    let times: [OnboardTime] = [
      .valid(instant), .absent, .invalid(.timeCode), .invalid(.timeCode), .invalid(.headerVersion),
      .invalid(.outsideWindow),
    ]
    let events = times.map { time in
      LinkEvent.packetCompleted(
        PacketObservation(
          virtualChannel: 0, applicationProcess: 0, kind: .space, isIdle: false, byteCount: 10, sequenceCount: 0,
          expectedSequenceCount: 0, continuity: .first, provenance: PacketProvenance(beginningIn: FrameOrigin()),
          onboardTime: time))
    }
    var estimate = ClockEstimate()
    estimate.offsetNanoseconds = -1_500_000_000
    estimate.driftPartsPerQuadrillion = 2_500_000_000
    estimate.jitterNanoseconds = 1000
    estimate.sampleCount = 9
    estimate.spanNanoseconds = 8_000_000_000
    let ledger = Self.ledger(events + [.clock(virtualChannel: 0, .stepped(nanoseconds: 7, estimate))])
    let clock = ledger.virtualChannels[0].clock
    #expect(clock.validCount == 1)
    #expect(clock.invalidCount == 4)
    var json = JSONWriter()
    json.object { clock.write(to: &$0, .builtIn) }
    #expect(
      json.text
        == #"{"quality":"steady","packets":1,"invalid":{"header_version":1,"time_code":2,"outside_window":1},"#
        + #""newest":"2016-12-31T23:59:60.000000005Z","offset_seconds":-1.5,"drift_ppm":2.5,"jitter_seconds":1e-06,"#
        + #""samples":9,"span_seconds":8.0,"excluded":0,"outliers":0,"steps":0}"#)
  }
}
