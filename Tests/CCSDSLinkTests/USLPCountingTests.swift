import CCSDSLink
import CCSDSWire
import Testing

@Suite("Counting USLP frames, CCSDS 732.1-B-3 §4.1.2")
struct USLPCountingTests {
  private static let zone = [UInt8](repeating: 0xAA, count: 8)

  private static func frame(_ count: Int, _ configure: (inout FrameMaker.USLP) -> Void = { _ in }) -> [UInt8] {
    var parts = FrameMaker.USLP()
    parts.count = count
    configure(&parts)
    return FrameMaker.uslp(parts, rule: 7, protocolID: 5, zone: zone)
  }

  private static func bench() -> Bench { Bench(Bench.variableUSLP()) }

  @Test("a count of N bytes wraps after 256 to the Nth, and two lost across the wrap are two", arguments: 1...7)
  func wraps(byteCount: Int) {
    let last = 1 << (8 * byteCount) - 1
    var bench = Self.bench()
    for count in [last - 3, last - 2, last - 1, last, 0, 3, 4] {
      bench.receive(
        Self.frame(count) {
          $0.countByteCount = byteCount
        })
    }
    #expect(
      bench.recorder.continuity() == [
        .first, .inSequence, .inSequence, .inSequence, .inSequence, .gap(missing: 2, atMost: 2), .inSequence,
      ])
    #expect(bench.recorder.accepted.map(\.expectedCount).last == 4)
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("a repeated count is a duplicate, one a little behind is late", arguments: 2...7)
  func tellsDuplicateAndLate(byteCount: Int) {
    var bench = Self.bench()
    for count in [1 << 15, 1 << 15 + 1, 1 << 15 + 1, 1 << 15 + 4, 1 << 15 + 3] {
      bench.receive(Self.frame(count) { $0.countByteCount = byteCount })
    }
    #expect(
      bench.recorder.continuity() == [
        .first, .inSequence, .duplicate, .gap(missing: 2, atMost: 2), .late(fillsGap: true),
      ])
    #expect(bench.recorder.serviceDataUnits.count == 3)
    #expect(bench.recorder.discardedServiceData == [.duplicate: 8, .outOfOrder: 8])
    #expect(bench.unaccountedServiceDataByteCount == 0)
  }

  @Test("frames without a count show no losses, and are not taken for a counter that stands still")
  func countsNothing() {
    var bench = Self.bench()
    for _ in 0..<5 { bench.receive(Self.frame(0) { $0.countByteCount = 0 }) }
    #expect(bench.recorder.continuity() == Array(repeating: .uncounted, count: 5))
    #expect(bench.recorder.serviceDataUnits.count == 5)
  }

  @Test("sequence-controlled and expedited frames are two channels with a counter each")
  func countsQualitiesApart() {
    var bench = Self.bench()
    for count in 10..<14 {
      bench.receive(Self.frame(count))
      bench.receive(
        Self.frame(200 + count * 2) {
          $0.isExpedited = true
          $0.countByteCount = 1
        })
    }
    #expect(bench.recorder.continuity(ofChannel: 0) == [.first, .inSequence, .inSequence, .inSequence])
    #expect(
      bench.recorder.continuity(ofChannel: 1) == [.first] + Array(repeating: .gap(missing: 1, atMost: 1), count: 3))
    let identities = bench.recorder.events.compactMap {
      if case .virtualChannelAdded(_, let identity) = $0 { identity } else { nil }
    }
    #expect(identities.map(\.isExpedited) == [false, true])
    #expect(identities.map(\.virtualChannelID.rawValue) == [1, 1])
  }

  @Test("another length of the count begins anew: nothing is known of what lies between")
  func noticesAnotherLength() {
    var bench = Self.bench()
    bench.receive(Self.frame(7))
    bench.receive(Self.frame(8) { $0.countByteCount = 2 })
    bench.receive(Self.frame(9) { $0.countByteCount = 2 })
    #expect(bench.recorder.continuity() == [.first, .discontinuity, .inSequence])
  }

  @Test("uncounted frames between counted ones take nothing from the counter")
  func keepsCounterAcrossUncounted() {
    var bench = Self.bench()
    bench.receive(Self.frame(7))
    bench.receive(Self.frame(0) { $0.countByteCount = 0 })
    bench.receive(Self.frame(9))
    #expect(bench.recorder.continuity() == [.first, .uncounted, .gap(missing: 1, atMost: 1)])
    bench = Self.bench()
    bench.receive(Self.frame(0) { $0.countByteCount = 0 })
    bench.receive(Self.frame(7))
    bench.receive(Self.frame(8))
    #expect(bench.recorder.continuity() == [.uncounted, .first, .inSequence])
  }

  @Test("a silence parts frames without a count too: nothing goes on across it")
  func abandonsAcrossSilence() {
    func segment(_ rule: Int, countByteCount: Int = 0, _ count: Int = 0) -> [UInt8] {
      var parts = FrameMaker.USLP()
      parts.count = count
      parts.countByteCount = countByteCount
      return FrameMaker.uslp(parts, rule: rule, protocolID: 5, zone: Self.zone)
    }
    var bench = Self.bench()
    bench.receive(segment(4), at: 0)
    bench.receive(segment(6), at: 59)
    #expect(bench.recorder.serviceDataUnits.count == 1)
    bench.receive(segment(4), at: 60)
    bench.receive(segment(6), at: 121)
    #expect(bench.recorder.serviceDataUnits.count == 1)
    #expect(bench.recorder.discardedServiceData == [.gap: 8, .unsynchronized: 8])
    bench.receive(segment(4), at: 122)
    bench.receive(segment(6), at: 123)
    #expect(bench.recorder.serviceDataUnits.count == 2)
    // Counted frames of the same channel know nothing of what lies before the silence either.
    bench.receive(segment(7, countByteCount: 2, 5), at: 124)
    bench.receive(segment(7), at: 200)
    bench.receive(segment(7, countByteCount: 2, 90), at: 201)
    #expect(bench.recorder.continuity().suffix(3) == [.first, .uncounted, .first])
    #expect(bench.unaccountedServiceDataByteCount == 0)
  }

  @Test("application processes in frames without a count begin anew after a silence")
  func restartsApplicationProcesses() {
    func packet(_ count: Int) -> [UInt8] {
      var parts = FrameMaker.USLP()
      parts.countByteCount = 0
      return FrameMaker.uslp(parts, rule: 7, zone: FrameMaker.packet(count: count, data: [1, 2, 3]))
    }
    var bench = Self.bench()
    for (count, seconds) in [(1, 0.0), (3, 1), (90, 70)] { bench.receive(packet(count), at: seconds) }
    #expect(bench.recorder.completed.map(\.continuity) == [.first, .gap(missing: 1, atMost: 1), .first])
  }

  @Test("a jump that no loss explains waits for the next frame, however long the count", arguments: 3...7)
  func distrustsJumps(byteCount: Int) {
    let far = 1 << (8 * byteCount - 1)
    var bench = Self.bench()
    for count in [1, 2, far] { bench.receive(Self.frame(count) { $0.countByteCount = byteCount }) }
    #expect(bench.channel.heldFrameCount == 1)
    bench.receive(Self.frame(3) { $0.countByteCount = byteCount })
    #expect(bench.recorder.continuity() == [.first, .inSequence, .inSequence])
    #expect(bench.recorder.rejections == [.quarantined])
    for count in [far, far + 1] { bench.receive(Self.frame(count) { $0.countByteCount = byteCount }) }
    #expect(bench.recorder.continuity().suffix(2) == [.discontinuity, .inSequence])
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("gaps of the longest count never add up to more than an integer holds")
  func sumsStayBounded() {
    var bench = Self.bench()
    var count = 0
    var missing = 0
    for _ in 0..<200 {
      bench.receive(Self.frame(count & (1 << 56 - 1)) { $0.countByteCount = 7 })
      count += 1 << 54
    }
    for case .gap(let atLeast, _) in bench.recorder.continuity() { missing += atLeast }
    #expect(missing < 200 << 24)
    bench.finish()
    #expect(bench.unaccountedFrameCount == 0)
  }
}
