import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("The loss ledger: every unit in exactly one bucket")
struct LossLedgerTests {
  /// A ledger with one spacecraft, one channel and one application process.
  private static func ledger(_ events: LinkEvent...) -> LossLedger {
    var ledger = LossLedger(quietAfterSeconds: 60)
    ledger.fold(.masterChannelAdded(index: 0, SpacecraftID(1)))
    ledger.fold(
      .virtualChannelAdded(
        index: 0, VirtualChannelIdentity(spacecraftID: SpacecraftID(1), virtualChannelID: VirtualChannelID(2))))
    ledger.fold(.applicationProcessAdded(index: 0, virtualChannel: 0, ApplicationProcessID(3)))
    for event in events { ledger.fold(event) }
    return ledger
  }

  private static func accepted(
    _ count: UInt64 = 0, _ continuity: CountObservation = .inSequence, isIdle: Bool = false
  ) -> LinkEvent {
    .frameAccepted(
      FrameObservation(
        virtualChannel: 0, masterChannel: 0, count: count, expectedCount: count, continuity: continuity,
        masterContinuity: nil, isIdle: isIdle, time: nil))
  }

  private static func completed(_ byteCount: Int, isIdle: Bool = false, kind: PacketKind = .space) -> LinkEvent {
    .packetCompleted(
      PacketObservation(
        virtualChannel: 0, applicationProcess: isIdle || kind == .encapsulation ? nil : 0, kind: kind, isIdle: isIdle,
        byteCount: byteCount, sequenceCount: 0, expectedSequenceCount: 0, continuity: .first,
        provenance: PacketProvenance(beginningIn: FrameOrigin())))
  }

  private static func breaches(_ ledger: LossLedger, held: Int = 0, pending: Int = 0) -> [String] {
    ledger.breaches(heldFrameCount: held, pendingByteCount: pending)
      .map { "\($0.level.rawValue): \($0.received) in, \($0.accounted) out" }
  }

  @Test("a ledger in which everything ended somewhere has no breach")
  func balances() {
    let ledger = Self.ledger(
      .frameReceived(byteCount: 10, nil), Self.accepted(), .frameReceived(byteCount: 10, nil), .frameUnlisted,
      .frameReceived(byteCount: 10, nil), .frameRejected(.version), .frameReceived(byteCount: 10, nil),
      Self.accepted(isIdle: true), .frameReceived(byteCount: 10, nil), .zoneReceived(virtualChannel: 0, byteCount: 30),
      Self.completed(7), Self.completed(8, isIdle: true), Self.completed(5, kind: .encapsulation),
      .zoneDiscarded(virtualChannel: 0, byteCount: 6, .gap))
    #expect(Self.breaches(ledger, held: 1, pending: 4).isEmpty)
    #expect(ledger.receivedFrameByteCount == 50)
    #expect(ledger.encapsulationPacketCount == 1)
  }

  // Each level is really able to fail.

  @Test("a frame in no bucket, in two, or held by nobody is a breach of the frames")
  func seesFrameBreach() {
    let frame = LinkEvent.frameReceived(byteCount: 10, nil)
    #expect(Self.breaches(Self.ledger(frame)) == ["frames: 1 in, 0 out"])
    #expect(
      Self.breaches(Self.ledger(frame, .frameUnlisted, .frameRejected(.length)))
        == ["frames: 1 in, 2 out"])
    #expect(
      Self.breaches(Self.ledger(frame, .frameUnlisted), held: 1)
        == ["frames: 1 in, 2 out"])
  }

  @Test("a byte of a zone in no bucket, or in two, is a breach of the zone bytes")
  func seesZoneBreach() {
    let zone = LinkEvent.zoneReceived(virtualChannel: 0, byteCount: 20)
    #expect(
      Self.breaches(Self.ledger(zone, Self.completed(19)))
        == ["zone_bytes: 20 in, 19 out"])
    #expect(
      Self.breaches(
        Self.ledger(zone, Self.completed(7), .zoneDiscarded(virtualChannel: 0, byteCount: 13, .gap)), pending: 1)
        == ["zone_bytes: 20 in, 21 out"])
  }

  @Test("service data in no bucket, or in two, are a breach, and a channel counts its own units")
  func seesServiceDataBreach() {
    func event(_ observation: ServiceDataObservation) -> LinkEvent { .serviceData(virtualChannel: 0, observation) }
    let ledger = Self.ledger(
      event(.received(byteCount: 100)), event(.completed(byteCount: 20)), event(.streamed(byteCount: 10)),
      event(.fill(byteCount: 5)), event(.abandoned(.gap)), event(.discarded(byteCount: 60, .gap)))
    #expect(ledger.breaches(heldFrameCount: 0, pendingByteCount: 0, pendingServiceDataByteCount: 5).isEmpty)
    #expect(Self.breaches(ledger) == ["service_data_units: 100 in, 95 out"])
    #expect(ledger.serviceDataUnits.completed == 1)
    #expect(ledger.serviceDataUnits.abandoned[.gap] == 1)
    #expect(ledger.serviceDataUnits.deliveredByteCount == 30)
    #expect(ledger.virtualChannels[0].serviceDataUnits == 1)
  }

  @Test("a datagram neither accepted nor rejected is a breach of the datagrams")
  func seesDatagramBreach() {
    var ledger = Self.ledger()
    ledger.datagrams.received = 3
    ledger.datagrams.accepted = 1
    ledger.datagrams.rejected[.empty] = 1
    ledger.datagrams.kernelDropped = 1
    #expect(Self.breaches(ledger) == ["datagrams: 3 in, 2 out"])
    ledger.datagrams.rejected[.oversize] = 1
    #expect(Self.breaches(ledger).isEmpty, "what the kernel dropped was never received")
  }

  @Test("a byte of the stream neither framed, skipped nor held is a breach of the stream bytes")
  func seesStreamBreach() {
    var ledger = Self.ledger()
    ledger.streamBytes.received = 10
    ledger.streamBytes.framed = 4
    ledger.streamBytes.skipped = 3
    ledger.streamBytes.pending = 2
    #expect(Self.breaches(ledger) == ["stream_bytes: 10 in, 9 out"])
  }

  @Test("a whole packet without the bytes of a zone is a breach")
  func seesPacketFromNowhere() {
    #expect(
      Self.breaches(Self.ledger(Self.completed(7))) == ["zone_bytes: 0 in, 7 out"])
  }

  // What counters say.

  @Test("a late frame takes back what its gap had counted, and trust follows the worst that was seen")
  func countsContinuity() {
    var counts = ContinuityCounts()
    #expect(counts.trust == .trusted)
    counts.note(.first)
    counts.note(.gap(missing: 3, atMost: 3))
    counts.note(.late(fillsGap: true))
    counts.note(.late(fillsGap: false))
    counts.note(.duplicate)
    #expect([counts.gaps, counts.missing, counts.missingAtMost, counts.late, counts.duplicates] == [1, 2, 2, 2, 1])
    #expect(counts.trust == .trusted)
    counts.note(.gap(missing: 1, atMost: 257))
    #expect([counts.missing, counts.missingAtMost] == [3, 259])
    #expect(counts.trust == .ambiguous)
    counts.note(.discontinuity)
    #expect(counts.trust == .discontinuous)
  }

  @Test("a counter that only repeats is frozen, and one that moves once is not")
  func seesFrozenCounter() {
    var counts = ContinuityCounts()
    counts.note(.first)
    counts.note(.frozen)
    #expect(counts.trust == .frozen)
    counts = ContinuityCounts()
    counts.note(.first)
    counts.note(.uncounted)
    #expect(counts.trust == .uncounted)
    #expect(counts.duplicates == 0)
    counts.note(.inSequence)
    #expect(counts.trust == .trusted)
  }

  @Test("the last count is that of the newest frame, not of a late or repeated one")
  func keepsNewestCount() {
    let ledger = Self.ledger(
      Self.accepted(5, .first), Self.accepted(8, .gap(missing: 2, atMost: 2)),
      Self.accepted(6, .late(fillsGap: true)), Self.accepted(8, .duplicate))
    #expect(ledger.virtualChannels[0].firstCount == 5)
    #expect(ledger.virtualChannels[0].lastCount == 8)
    #expect(ledger.passes.passes.map(\.missing) == [1])
  }

  @Test("control words that alternate between channels change only when a channel's own does")
  func countsControlWordChanges() {
    var health = ControlWordHealth()
    for word in [0x0104_0001, 0x0108_0001, 0x0104_0001, 0x0108_0001, 0x0104_0002] as [UInt32] {
      health.note(OperationalControlField(word: word))
    }
    #expect(health.count == 5)
    #expect(health.changeCount == 1)
    #expect(health.linkControlWords[VirtualChannelID(1)]?.reportValue == 2)
    #expect(health.linkControlWords[VirtualChannelID(2)]?.reportValue == 1)
  }

  @Test("a hundred gaps of a pass and 64 passes are kept; the rest is counted")
  func boundsHistory() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<150 {
      bench.receive(FrameMaker.aos(count: index * 2, zone: [UInt8](repeating: 0, count: 8)), at: Double(index) / 10)
    }
    let first = bench.snapshot().ledger.passes.passes[0]
    #expect([first.gaps.count, first.omittedGapCount, first.missing] == [100, 49, 149])
    for index in 1...70 {
      bench.receive(FrameMaker.aos(count: 1000, zone: [UInt8](repeating: 0, count: 8)), at: Double(index) * 1000)
    }
    let passes = bench.snapshot().ledger.passes
    #expect([passes.passes.count, passes.omittedCount] == [64, 7])
    #expect(passes.passes.last?.frames == 1)
  }
}

@Suite("Latency histogram")
struct LatencyHistogramTests {
  @Test(
    "a bucket holds its upper bound and not one nanosecond more",
    arguments: [
      (0, 50_000), (1, 100_000), (2, 250_000), (3, 500_000), (4, 1_000_000), (5, 2_500_000), (6, 5_000_000),
      (7, 10_000_000), (8, 25_000_000), (9, 100_000_000), (10, 1_000_000_000),
    ] as [(Int, Int64)])
  func fillsBuckets(bucket: Int, bound: Int64) {
    var histogram = LatencyHistogram()
    histogram.record(nanoseconds: bound)
    histogram.record(nanoseconds: bound + 1)
    #expect(histogram.counts[bucket] == 1)
    #expect(histogram.counts[bucket + 1] == 1)
    #expect(histogram.count == 2)
    #expect(histogram.largestNanoseconds == bound + 1)
    #expect(histogram.totalNanoseconds == 2 * bound + 1)
  }

  @Test("a negative duration counts as none, and the longest traps nothing")
  func survivesExtremes() {
    var histogram = LatencyHistogram()
    for duration in [-1, Int64.min, 0, Int64.max, Int64.max] { histogram.record(nanoseconds: duration) }
    #expect(histogram.counts.first == 3)
    #expect(histogram.counts.last == 2)
    #expect(histogram.count == 5)
  }
}
