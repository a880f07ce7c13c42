import CCSDSLink
import CCSDSWire
import Testing

@Suite("Frame counts of TM channels, CCSDS 132.0-B-3 §4.1.2.5 and §4.1.2.6")
struct TMCountingTests {
  /// Idle frames of 16 bytes: 6 of header, 8 of content that differs from frame to frame, 2 of CRC.
  private static func frame(_ vcid: Int = 0, _ master: Int, _ count: Int, scid: Int = 100) -> [UInt8] {
    FrameMaker.tm(
      scid: scid, vcid: vcid, master: master, count: count,
      zone: (0..<8).map { UInt8(truncatingIfNeeded: (master &* 7 ^ count >> 3 &* 31) &+ $0) })
  }

  /// Sends frames (vcid, master count, count), received a millisecond after each other or at no time.
  private static func bench(_ frames: [(Int, Int, Int)], timed: Bool = false) -> Bench {
    var bench = Bench(Bench.tm(16))
    for (index, frame) in frames.enumerated() {
      bench.receive(Self.frame(frame.0, frame.1, frame.2), at: timed ? Double(index) / 1000 : nil)
    }
    return bench
  }

  /// The vectors of group `counter_gap`, by arithmetic.
  @Test("missing = (cur - prev - 1) mod 256", arguments: [(254, 3, 4), (255, 0, 0), (10, 13, 2), (0, 128, 127)])
  func countsMissing(previous: Int, current: Int, missing: Int) {
    let bench = Self.bench([(0, previous, previous), (0, current, current)])
    let expected: CountObservation = missing == 0 ? .inSequence : .gap(missing: missing, atMost: missing)
    #expect(bench.recorder.continuity() == [.first, expected])
    #expect(bench.channel.masterChannelMissing(0) == (missing, missing))
  }

  @Test("the count runs around any number of times without a gap")
  func wrapsAround() {
    let bench = Self.bench((0..<1000).map { (0, $0, $0) })
    #expect(bench.recorder.continuity() == [.first] + Array(repeating: .inSequence, count: 999))
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("the same frame again is a duplicate, not 255 missing")
  func seesDuplicate() {
    let bench = Self.bench([(0, 5, 5), (0, 6, 6), (0, 6, 6), (0, 7, 7)])
    #expect(bench.recorder.continuity() == [.first, .inSequence, .duplicate, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("a frame repeated up to 31 frames later is still a duplicate", arguments: [1, 2, 30, 31])
  func seesLateDuplicate(later: Int) {
    var frames = (0...40).map { (0, $0, $0) }
    frames.append((0, 40 - later, 40 - later))
    frames.append((0, 41, 41))
    let bench = Self.bench(frames)
    #expect(Array(bench.recorder.continuity().suffix(2)) == [.duplicate, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("the same counts with other content are another frame: the counter came round or was set back")
  func distinguishesContent() {
    var bench = Self.bench([(0, 5, 5), (0, 6, 6)])
    bench.receive(FrameMaker.tm(master: 6, count: 6, zone: [UInt8](repeating: 0xEE, count: 8)))
    #expect(bench.recorder.continuity() == [.first, .inSequence, .discontinuity])
  }

  @Test(
    "a loss of 225 to 254 frames is no repetition: the content of frames within reach differs", arguments: 225...254)
  func countsLongLoss(lost: Int) {
    var bench = Self.bench((0..<100).map { (0, $0, $0) })
    for step in 0..<60 {
      let count = 100 + lost + step
      bench.receive(FrameMaker.tm(master: count, count: count, zone: [UInt8](repeating: 0xEE, count: 8)))
    }
    let after = bench.recorder.continuity().suffix(60)
    #expect(after.first == .gap(missing: lost, atMost: lost))
    #expect(after.dropFirst().allSatisfy { $0 == .inSequence })
    #expect(bench.channel.masterChannelMissing(0) == (lost, lost))
  }

  @Test("a late frame fills the gap that it left, and the master channel has lost nothing")
  func fillsGap() {
    let bench = Self.bench([(0, 0, 0), (0, 2, 2), (0, 1, 1), (0, 3, 3)])
    #expect(
      bench.recorder.continuity() == [.first, .gap(missing: 1, atMost: 1), .late(fillsGap: true), .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("a frame of another channel that comes late fills the gap of the master channel alone")
  func fillsGapOfMasterChannel() {
    let bench = Self.bench([(0, 0, 0), (1, 1, 0), (0, 2, 1), (0, 4, 2), (1, 3, 1), (0, 5, 3)])
    #expect(bench.recorder.continuity() == [.first, .inSequence, .inSequence, .inSequence])
    #expect(bench.recorder.continuity(ofChannel: 1) == [.first, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("the first frame of a channel may come late too")
  func fillsGapWithFirstFrame() {
    let bench = Self.bench([(0, 0, 0), (0, 2, 1), (1, 1, 0), (0, 3, 2)])
    #expect(bench.recorder.continuity(ofChannel: 1) == [.first])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("a frame from before the first one received fills no gap")
  func ignoresFrameBeforeFirst() {
    let bench = Self.bench([(0, 9, 9), (0, 8, 8), (0, 10, 10)])
    #expect(bench.recorder.continuity() == [.first, .late(fillsGap: false), .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("a count that never moves is frozen and shows no gap")
  func seesFrozenCounter() {
    var bench = Bench(Bench.tm(16))
    for index in 0..<50 {
      bench.receive(FrameMaker.tm(master: index, count: 7, zone: [UInt8](repeating: UInt8(index), count: 8)))
    }
    #expect(bench.recorder.continuity() == [.first] + Array(repeating: .frozen, count: 49))
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  // One channel, exactly a turn of the counter lost: what eight bits can tell, and what time adds.

  @Test("of one channel without times: 255 lost is a discontinuity, 256 is nothing, 257 is 1")
  func losesTurnOfOneChannelUntimed() {
    for (lost, expected) in [
      (255, .discontinuity), (256, .inSequence), (257, .gap(missing: 1, atMost: 1)),
    ] as [(Int, CountObservation)] {
      let next = 100 + lost
      let bench = Self.bench((0..<100).map { (0, $0, $0) } + [(0, next, next), (0, next + 1, next + 1)])
      #expect(Array(bench.recorder.continuity().suffix(2)) == [expected, .inSequence], "\(lost) lost")
    }
  }

  /// Both counts in sequence after 256 frame times: 256 frames were lost, or the transmitter paused and none was.
  @Test("of one channel with times at a steady rate 257 lost are known exactly, and 256 are a range from 0")
  func losesTurnOfOneChannelTimed() {
    for (lost, least) in [(256, 0), (257, 257)] {
      var bench = Self.bench((0..<400).map { (0, $0, $0) }, timed: true)
      for step in 0..<2 {
        bench.receive(Self.frame(0, 400 + lost + step, 400 + lost + step), at: Double(400 + lost + step) / 1000)
      }
      let expected = CountObservation.gap(missing: least, atMost: lost)
      #expect(Array(bench.recorder.continuity().suffix(2)) == [expected, .inSequence], "\(lost) lost")
      #expect(bench.channel.masterChannelMissing(0) == (least, lost), "\(lost) lost")
    }
  }

  @Test("a transmitter that paused a second at 1000 frames a second is not said to have lost any for certain")
  func pauses() {
    var bench = Self.bench((0..<400).map { (0, $0, $0) }, timed: true)
    for step in 0..<2 { bench.receive(Self.frame(0, 400 + step, 400 + step), at: Double(1400 + step) / 1000) }
    #expect(bench.channel.masterChannelMissing(0).atLeast == 0)
  }

  /// While the other channel goes on, each lost frame shows as one missing in the master count, which so knows how
  /// many were lost, and not whose they were: what the channel's own count shows, or a turn of 256 more.
  @Test("of two channels: 255 lost is 255, 256 is a range from 0, and 257 one from 1, each with the truth in it")
  func losesTurnOfTwoChannels() {
    for (lost, expected) in [
      (255, .gap(missing: 255, atMost: 255)), (256, .gap(missing: 0, atMost: 256)),
      (257, .gap(missing: 1, atMost: 257)),
    ] as [(Int, CountObservation)] {
      var bench = Bench(Bench.tm(16))
      for index in 0..<103 + 2 * lost where index.isMultiple(of: 2) || index < 100 || index > 100 + 2 * lost {
        bench.receive(Self.frame(index & 1, index, index / 2))
      }
      #expect(bench.recorder.continuity(ofChannel: 1).last == expected, "\(lost) lost")
      #expect(bench.recorder.continuity(ofChannel: 0).dropFirst().allSatisfy { $0 == .inSequence })
      #expect(bench.channel.masterChannelMissing(0) == (lost, lost))
    }
  }

  @Test("of two channels with times, 300 frames lost at once are known for the master channel")
  func losesTurnOfMasterChannelTimed() {
    var bench = Bench(Bench.tm(16))
    for index in 0..<400 { bench.receive(Self.frame(index & 1, index, index / 2), at: Double(index) / 1000) }
    for index in 700..<704 { bench.receive(Self.frame(index & 1, index, index / 2), at: Double(index) / 1000) }
    #expect(bench.channel.masterChannelMissing(0) == (300, 300))
    #expect(
      Array(bench.recorder.continuity().suffix(2)) == [.gap(missing: 150, atMost: 150), .inSequence])
  }

  @Test("where the master channel lost turns, a channel's own loss is a range up to what the master channel lost")
  func reportsRange() {
    var bench = Bench(Bench.tm(16))
    for index in 0..<400 { bench.receive(Self.frame(index & 1, index, index / 2), at: Double(index) / 1000) }
    for index in 1000..<1004 { bench.receive(Self.frame(index & 1, index, index / 2), at: Double(index) / 1000) }
    // 600 ± (60 + 16) sent; with 600 mod 256 = 88: 88 + 2 · 256 = 600 alone lies between 524 and 676.
    #expect(bench.channel.masterChannelMissing(0) == (600, 600))
    // The channel's own counter shows 300 mod 256 = 44, and at most 44 + 2 · 256 of the 600 are its own.
    #expect(bench.recorder.continuity()[200] == .gap(missing: 44, atMost: 556))
  }

  // Silence.

  @Test("after a silence of more than sixty seconds nothing is missing")
  func startsNewPass() {
    var bench = Bench(Bench.tm(16))
    for (time, count) in [(0.0, 0), (1, 1), (61, 10), (121.5, 99), (122, 100)] {
      bench.receive(Self.frame(0, count, count), at: time)
    }
    #expect(
      bench.recorder.continuity()
        == [.first, .inSequence, .gap(missing: 8, atMost: 8), .first, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (8, 8))
  }

  @Test("rejected frames end no silence")
  func ignoresNoiseBetweenPasses() {
    var bench = Bench(Bench.tm(16))
    bench.receive(Self.frame(0, 0, 0), at: 0)
    for second in 1..<100 { bench.receive([UInt8](repeating: 0xA5, count: 16), at: Double(second)) }
    bench.receive(Self.frame(0, 77, 77), at: 100)
    #expect(bench.recorder.continuity() == [.first, .first])
  }

  @Test("two spacecraft count for themselves")
  func separatesSpacecraft() {
    var parameters = Bench.tm(16)
    parameters.spacecraftIDs = [SpacecraftID(100), SpacecraftID(101)]
    var bench = Bench(parameters)
    for index in 0..<300 {
      bench.receive(Self.frame(0, index, index))
      bench.receive(Self.frame(0, index + 50, index + 90, scid: 101))
    }
    #expect(bench.recorder.continuity() == [.first] + Array(repeating: .inSequence, count: 299))
    #expect(bench.recorder.continuity(ofChannel: 1) == [.first] + Array(repeating: .inSequence, count: 299))
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
    #expect(bench.channel.masterChannelMissing(1) == (0, 0))
  }

  // The 32-bit count.

  @Test("the count of 32 bits wraps from FFFFFFFF to 0, and counts more than 255 missing")
  func countsThirtyTwoBits() {
    var bench = Bench(Bench.tm(20))
    for (index, count) in [0xFFFF_FFFE, 0xFFFF_FFFF, 0, 1000].enumerated() {
      bench.receive(
        FrameMaker.tm(
          master: index, count: count,
          secondaryHeader: [UInt8(count >> 24), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF)],
          zone8: UInt8(index)))
    }
    #expect(
      bench.recorder.continuity() == [.first, .inSequence, .inSequence, .gap(missing: 999, atMost: 999)])
  }
}

extension FrameMaker {
  /// A TM frame with a secondary header and eight bytes of idle data.
  fileprivate static func tm(master: Int, count: Int, secondaryHeader: [UInt8], zone8 byte: UInt8) -> [UInt8] {
    tm(
      master: master, count: count, zone: [UInt8](repeating: byte, count: 8), secondaryHeader: secondaryHeader)
  }
}
