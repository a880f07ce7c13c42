import CCSDSLink
import CCSDSWire
import Testing

@Suite("Frame counts of AOS channels, CCSDS 732.0-B-4 §4.1.2.4 and §4.1.2.5")
struct AOSCountingTests {
  private static func frame(
    _ count: Int, cycle: Int? = nil, replay: Bool = false, vcid: Int = 1, fill: Int = 0, scid: Int = 100
  ) -> [UInt8] {
    FrameMaker.aos(
      scid: scid, vcid: vcid, count: count, replay: replay, cycle: cycle, pointer: 0x7FE,
      zone: [UInt8](repeating: UInt8(truncatingIfNeeded: fill), count: 8))
  }

  private static func continuity(_ frames: [[UInt8]], seconds: Double? = nil) -> [CountObservation] {
    var bench = Bench(Bench.aos(18))
    for (index, frame) in frames.enumerated() { bench.receive(frame, at: seconds.map { $0 * Double(index) }) }
    return bench.recorder.continuity()
  }

  private static func gap(_ missing: Int) -> CountObservation { .gap(missing: missing, atMost: missing) }

  /// The vectors of group `counter_gap`, by arithmetic.
  @Test("24 bits: FFFFFF is followed by 0, and FFFFFE to 1 misses two")
  func wrapsTwentyFourBits() {
    #expect(Self.continuity([Self.frame(0xFF_FFFF), Self.frame(0)]) == [.first, .inSequence])
    #expect(Self.continuity([Self.frame(0xFF_FFFE), Self.frame(1)]) == [.first, Self.gap(2)])
  }

  @Test("28 bits: cycle 0 follows cycle 15, and the cycle is part of the count")
  func wrapsTwentyEightBits() {
    let frames = [Self.frame(0xFF_FFFF, cycle: 15), Self.frame(0, cycle: 0), Self.frame(1, cycle: 0)]
    #expect(Self.continuity(frames) == [.first, .inSequence, .inSequence])
    let next = [Self.frame(0xFF_FFFF, cycle: 2), Self.frame(4, cycle: 3)]
    #expect(Self.continuity(next) == [.first, Self.gap(4)])
  }

  @Test("a cycle that comes into use is a discontinuity")
  func seesCycleComeIntoUse() {
    #expect(Self.continuity([Self.frame(7), Self.frame(8, cycle: 3)]) == [.first, .discontinuity])
  }

  @Test("a late frame fills its gap, a second copy is a duplicate, and so is a copy of the newest")
  func fillsGap() {
    let frames = [0, 1, 4, 2, 2, 4, 3, 5].map { Self.frame($0, fill: $0) }
    #expect(
      Self.continuity(frames)
        == [
          .first, .inSequence, Self.gap(2), .late(fillsGap: true), .duplicate, .duplicate, .late(fillsGap: true),
          .inSequence,
        ])
  }

  @Test("a frame is late up to 31 behind, and a count further behind is no late frame", arguments: [1, 31, 32, 33])
  func boundsReordering(behind: Int) {
    var bench = Bench(Bench.aos(18))
    bench.receive(Self.frame(0))
    bench.receive(Self.frame(1000))
    bench.receive(Self.frame(1000 - behind))
    bench.finish()
    #expect(bench.recorder.continuity().dropFirst(2) == (behind <= 31 ? [.late(fillsGap: true)] : []))
    #expect(bench.recorder.rejections == (behind <= 31 ? [] : [.quarantined]))
  }

  @Test("a counter set back by a few is not a row of duplicates: the content differs")
  func seesSmallReset() {
    let frames = (0...20).map { Self.frame($0, fill: $0) } + (10...25).map { Self.frame($0, fill: $0 + 100) }
    let after = Self.continuity(frames).dropFirst(21)
    #expect(Array(after) == [.discontinuity] + Array(repeating: .inSequence, count: 15))
  }

  // Jumps.

  @Test("a jump that the next frame continues is a discontinuity, with every frame accepted")
  func confirmsJump() {
    let frames = [5, 6, 8_000_000, 8_000_001, 8_000_002].map { Self.frame($0) }
    #expect(Self.continuity(frames) == [.first, .inSequence, .discontinuity, .inSequence, .inSequence])
  }

  @Test("a lone outlier is rejected, and its neighbours are in sequence")
  func rejectsOutlier() {
    var bench = Bench(Bench.aos(18))
    for count in [5, 6, 8_000_000, 7, 8] {
      bench.receive(Self.frame(count))
      #expect(bench.unaccountedFrameCount == 0)
    }
    #expect(bench.recorder.continuity() == [.first, .inSequence, .inSequence, .inSequence])
    #expect(bench.recorder.rejections == [.quarantined])
    #expect(bench.channel.heldFrameCount == 0)
  }

  @Test("outliers that alternate are rejected one by one, and one at a time is held")
  func rejectsAlternatingOutliers() {
    var bench = Bench(Bench.aos(18))
    bench.receive(Self.frame(5))
    for index in 0..<20 {
      bench.receive(Self.frame(index.isMultiple(of: 2) ? 8_000_000 : 4_000_000))
      #expect(bench.channel.heldFrameCount == 1)
      #expect(bench.unaccountedFrameCount == 0)
    }
    bench.receive(Self.frame(6))
    #expect(bench.recorder.continuity() == [.first, .inSequence])
    #expect(bench.recorder.rejections == Array(repeating: .quarantined, count: 20))
  }

  @Test("the same outlier twice does not confirm itself")
  func rejectsRepeatedOutlier() {
    var bench = Bench(Bench.aos(18))
    for count in [5, 8_000_000, 8_000_000, 6] { bench.receive(Self.frame(count)) }
    bench.finish()
    #expect(bench.recorder.continuity() == [.first, .inSequence])
    #expect(bench.recorder.rejections == [.quarantined, .quarantined])
  }

  @Test("what is held at the end is rejected")
  func rejectsHeldAtEnd() {
    var bench = Bench(Bench.aos(18))
    for count in [5, 8_000_000] { bench.receive(Self.frame(count)) }
    #expect(bench.channel.heldFrameCount == 1)
    bench.finish()
    #expect(bench.channel.heldFrameCount == 0)
    #expect(bench.recorder.rejections == [.quarantined])
    #expect(bench.unaccountedFrameCount == 0)
  }

  /// 4096, and 200,000 frames for each of ten seconds: 2,004,096 may be lost.
  @Test("in ten seconds 2004096 frames may be lost, and one more needs confirmation")
  func boundsPlausibleLoss() {
    #expect(Self.continuity([Self.frame(0), Self.frame(2_004_097)], seconds: 10) == [.first, Self.gap(2_004_096)])
    #expect(Self.continuity([Self.frame(0), Self.frame(2_004_098)], seconds: 10) == [.first])
  }

  @Test("without times 65536 frames may be lost, and one more needs confirmation")
  func boundsPlausibleLossUntimed() {
    #expect(Self.continuity([Self.frame(0), Self.frame(65_537)]) == [.first, Self.gap(65_536)])
    #expect(Self.continuity([Self.frame(0), Self.frame(65_538)]) == [.first])
  }

  @Test("after a silence nothing is missing, and no frame is held")
  func startsNewPass() {
    #expect(Self.continuity([Self.frame(0), Self.frame(8_000_000)], seconds: 61) == [.first, .first])
    #expect(Self.continuity([Self.frame(0), Self.frame(50)], seconds: 60) == [.first, Self.gap(49)])
  }

  @Test("a frame held before a silence and one after it leave no gap between them")
  func leavesNoGapOverSilence() {
    var bench = Bench(Bench.aos(18))
    bench.receive(Self.frame(0), at: 0)
    bench.receive(Self.frame(16_000_000), at: 1)
    bench.receive(Self.frame(16_000_100), at: 600)
    #expect(bench.recorder.continuity() == [.first, .discontinuity, .first])
  }

  @Test("live and replayed frames of one channel count for themselves")
  func separatesReplay() {
    var bench = Bench(Bench.aos(18))
    for index in 0..<100 {
      bench.receive(Self.frame(1_000_000 + index))
      bench.receive(Self.frame(index, replay: true))
    }
    let expected: [CountObservation] = [.first] + Array(repeating: .inSequence, count: 99)
    #expect(bench.recorder.continuity() == expected)
    #expect(bench.recorder.continuity(ofChannel: 1) == expected)
  }

  @Test("a spacecraft of ten bits is told from one that shares its lower eight")
  func separatesTenBitSpacecraft() {
    var parameters = Bench.aos(18)
    parameters.spacecraftIDs = [SpacecraftID(683)]
    parameters.spacecraftIDBitCount = 10
    var bench = Bench(parameters)
    bench.receive(Self.frame(1, scid: 683))
    bench.receive(Self.frame(2, scid: 171))
    #expect(bench.recorder.continuity() == [.first])
    #expect(bench.recorder.rejections == [.spacecraft])
    #expect(bench.channel.evidence.otherSpacecraftID == SpacecraftID(171))
    bench.receive(Self.frame(2, scid: 939))
    #expect(bench.channel.evidence.otherSpacecraftID == SpacecraftID(939))
  }
}

@Suite("Sequence counts of application processes, CCSDS 133.0-B-2 §4.1.3.4.3.4")
struct SequenceCounterTests {
  private static func observe(_ counts: [UInt16]) -> [CountObservation] {
    guard let first = counts.first else { return [] }
    var counter = SequenceCounter(first: first)
    return counts.dropFirst().map { counter.observe($0) }
  }

  /// The vectors of group `counter_gap`, by arithmetic.
  @Test("missing = (cur - prev - 1) mod 16384")
  func countsMissing() {
    #expect(Self.observe([16_383, 0]) == [.inSequence])
    #expect(Self.observe([10, 13]) == [.gap(missing: 2, atMost: 2)])
    #expect(Self.observe([16_382, 1]) == [.gap(missing: 2, atMost: 2)])
  }

  @Test("a step of more than half the range is a discontinuity")
  func seesReset() {
    #expect(Self.observe([0, 8192, 0]) == [.gap(missing: 8191, atMost: 8191), .gap(missing: 8191, atMost: 8191)])
    #expect(Self.observe([0, 8193]) == [.discontinuity])
    #expect(Self.observe([5, 4, 5]) == [.discontinuity, .inSequence])
  }

  @Test("a count that repeats is a duplicate once it has moved, and frozen before")
  func seesRepeats() {
    #expect(Self.observe([3, 3, 3, 4, 4]) == [.frozen, .frozen, .inSequence, .duplicate])
  }

  @Test("an application process counts for itself on each virtual channel")
  func separatesVirtualChannels() {
    var bench = Bench(Bench.aos(17))
    for count in 0..<20 {
      for vcid in 1...2 {
        let packet = FrameMaker.packet(apid: 9, count: count * vcid * 100, data: [0])
        bench.receive(FrameMaker.aos(vcid: vcid, count: count, pointer: 0, zone: packet))
      }
    }
    let first = bench.recorder.completed.filter { $0.applicationProcess == 0 }.dropFirst()
    #expect(first.count == 19)
    #expect(first.allSatisfy { $0.continuity == .gap(missing: 99, atMost: 99) })
    let second = bench.recorder.completed.filter { $0.applicationProcess == 1 }.dropFirst()
    #expect(second.allSatisfy { $0.continuity == .gap(missing: 199, atMost: 199) })
  }

  @Test("packets of a silence are not missing")
  func startsNewPass() {
    var bench = Bench(Bench.aos(17))
    for (index, (time, count)) in [(0, 7), (1, 9), (100, 5000), (101, 5001)].enumerated() {
      let packet = FrameMaker.packet(apid: 9, count: count, data: [0])
      bench.receive(FrameMaker.aos(count: index, pointer: 0, zone: packet), at: Double(time))
    }
    #expect(
      bench.recorder.completed.map(\.continuity) == [.first, .gap(missing: 1, atMost: 1), .first, .inSequence])
  }
}
