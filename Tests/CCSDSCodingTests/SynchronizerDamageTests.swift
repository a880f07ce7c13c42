import CCSDSCoding
import TestSupport
import Testing

@Suite("Frame synchronizer: streams with damage, CCSDS 131.0-B-5 §9")
struct SynchronizerDamageTests {
  /// Units of 4 + 60 bytes.
  private static let codeblockByteCount = 60

  private static func stream(_ count: Int, seed: UInt64) -> SentStream {
    var generator = SeededGenerator(seed: seed)
    var stream = SentStream()
    for _ in 0..<count { stream.send(generator.bytes(codeblockByteCount)) }
    return stream
  }

  /// With and without proofs.
  private static func run(
    _ stream: SentStream, hasProofs: Bool, correctableByteCount: Int = 0
  ) -> SynchronizerBench {
    let bench = SynchronizerBench(
      codeblockByteCount: codeblockByteCount, sent: hasProofs ? stream.codeblocks : nil,
      correctableByteCount: correctableByteCount)
    bench.run(stream.bytes)
    return bench
  }

  @Test("bytes lost inside a unit cost that unit, and are not in the books", arguments: [true, false])
  func losesBytesInside(hasProofs: Bool) {
    for lost in [1, 2, 7, 30, 50] {
      var stream = Self.stream(8, seed: UInt64(lost))
      let start = 3 * 64 * 8
      stream.remove(start + 40..<start + 40 + lost * 8)
      let bench = Self.run(stream, hasProofs: hasProofs)
      let sent = stream.codeblocks
      #expect(
        bench.calls == [.acquired()] + sent[..<3].map { .plain($0) } + [.lost, .skipped(64 - lost), .acquired()]
          + sent[4...].map { .plain($0) })
      #expect(bench.counts.framed == 7 * 64)
    }
  }

  @Test("a unit that lost its last bytes and was corrected is kept, and so is the next, which begins within it")
  func losesCorrectableEnd() {
    for lost in 1...6 {
      var stream = Self.stream(8, seed: 20 + UInt64(lost))
      let end = 4 * 64 * 8
      stream.remove(end - lost * 8..<end)
      let bench = Self.run(stream, hasProofs: true, correctableByteCount: 6)
      let received = bench.receiver.codeblocks
      #expect(received.count == 8)
      #expect(received.prefix(3) == stream.codeblocks.prefix(3))
      #expect(received[3].prefix(60 - lost) == stream.codeblocks[3].prefix(60 - lost))
      #expect(received.suffix(4) == stream.codeblocks.suffix(4))
      #expect(bench.calls.count { if case .lock = $0 { true } else { false } } == 3)
      #expect(bench.counts.framed == 8 * 64 - lost)
      #expect(bench.counts.skipped == 0)
    }
  }

  @Test("whole units that are missing are not noticed here", arguments: [true, false])
  func losesWholeUnits(hasProofs: Bool) {
    var stream = Self.stream(9, seed: 30)
    stream.remove(3 * 64 * 8..<5 * 64 * 8)
    let bench = Self.run(stream, hasProofs: hasProofs)
    let sent = stream.codeblocks
    #expect(bench.calls == [.acquired()] + (sent[..<3] + sent[5...]).map { .plain($0) })
  }

  @Test("garbage between units is skipped to the byte, and no unit with it", arguments: [true, false])
  func skipsGarbage(hasProofs: Bool) {
    for count in [1, 2, 5, 63, 65, 100, 127, 129, 1000] {
      var generator = SeededGenerator(seed: 40 + UInt64(count))
      var stream = SentStream()
      for _ in 0..<4 { stream.send(generator.bytes(60)) }
      stream.add(generator.bytes(count))
      for _ in 0..<4 { stream.send(generator.bytes(60)) }
      let bench = Self.run(stream, hasProofs: hasProofs)
      let sent = stream.codeblocks
      #expect(
        bench.calls == [.acquired()] + sent[..<4].map { .plain($0) } + [.lost, .skipped(count), .acquired()]
          + sent[4...].map { .plain($0) }, "\(count) bytes")
    }
  }

  @Test("slips of up to four bits between units are followed and counted", arguments: [true, false])
  func followsSlips(hasProofs: Bool) {
    for slip in [1, 2, 3, 4] {
      var stream = Self.stream(8, seed: 50 + UInt64(slip))
      stream.insert((0..<slip).map { $0 % 2 == 0 }, at: 3 * 64 * 8)
      let bench = Self.run(stream, hasProofs: hasProofs)
      let sent = stream.codeblocks
      let late = SynchronizerCall.unit(sent[3], MarkerObservation(errorCount: 0, slipBitCount: slip))
      #expect(
        bench.calls == [.acquired()] + sent[..<3].map { .plain($0) } + [late] + sent[4...].map { .plain($0) }
          + [.skipped(1)])
      #expect(bench.counts.framed == 8 * 64)
    }
  }

  @Test("bits lost inside a unit cost that unit only, and the next is early", arguments: [true, false])
  func followsLostBits(hasProofs: Bool) {
    for slip in [1, 2, 3, 4] {
      var stream = Self.stream(8, seed: 60 + UInt64(slip))
      let place = 3 * 64 * 8 + 200
      stream.remove(place..<place + slip)
      let bench = Self.run(stream, hasProofs: hasProofs)
      let sent = stream.codeblocks
      #expect(bench.calls.count == 10, "no transition, and nothing skipped but what fills the last byte")
      #expect(Array(bench.calls.prefix(4)) == [.acquired()] + sent[..<3].map { .plain($0) })
      let early = SynchronizerCall.unit(sent[4], MarkerObservation(errorCount: 0, slipBitCount: -slip))
      #expect(Array(bench.calls.suffix(5)) == [early] + sent[5...].map { .plain($0) } + [.skipped(1)])
      #expect(bench.counts.framed == 8 * 64 - 1)
    }
  }

  @Test("more than four bits lost inside a unit cost that unit", arguments: [true, false])
  func relocksAfterLongSlip(hasProofs: Bool) {
    var stream = Self.stream(8, seed: 70)
    let place = 3 * 64 * 8 + 200
    stream.remove(place..<place + 5)
    let bench = Self.run(stream, hasProofs: hasProofs)
    let sent = stream.codeblocks
    #expect(
      bench.calls == [.acquired()] + sent[..<3].map { .plain($0) }
        + [.lost, .skipped(63), .acquired(bitOffset: 3)] + sent[4...].map { .plain($0) } + [.skipped(1)])
  }

  @Test("a unit inverted from its middle on is handed over, and the next turned round", arguments: [true, false])
  func followsInversionInside(hasProofs: Bool) {
    var stream = Self.stream(8, seed: 80)
    for bit in 3 * 64 * 8 + 222..<8 * 64 * 8 { stream.flip(bit) }
    let bench = Self.run(stream, hasProofs: hasProofs)
    #expect(bench.calls.count == 9)
    let turned = MarkerObservation(errorCount: 0, isInverted: true, changesPolarity: true)
    #expect(bench.calls[5] == .unit(stream.codeblocks[4], turned))
    #expect(bench.receiver.codeblocks.suffix(4) == stream.codeblocks.suffix(4))
  }

  @Test("markers inside codeblocks and garbage take nobody in", arguments: [true, false])
  func passesOverFalseMarkers(hasProofs: Bool) {
    var generator = SeededGenerator(seed: 90)
    var stream = SentStream()
    for place in [0, 1, 17, 30] {
      stream.add(generator.bytes(20) + [0x1A, 0xCF, 0xFC, 0x1D] + generator.bytes(20))
      for _ in 0..<4 {
        var codeblock = generator.bytes(60)
        codeblock.replaceSubrange(place..<place + 4, with: [0x1A, 0xCF, 0xFC, 0x1D])
        stream.send(codeblock)
      }
    }
    let bench = Self.run(stream, hasProofs: hasProofs)
    #expect(bench.receiver.codeblocks == stream.codeblocks)
    #expect(bench.counts.skipped == 4 * 44)
    #expect(bench.balances)
  }

  @Test("a unit beyond correction between two good markers stays in its place")
  func keepsUncorrectableUnit() {
    var stream = Self.stream(6, seed: 100)
    for bit in 2 * 64 * 8 + 60..<2 * 64 * 8 + 400 where bit % 3 == 0 { stream.flip(bit) }
    let bench = Self.run(stream, hasProofs: true)
    #expect(bench.calls.count == 7)
    #expect(bench.counts.framed == 6 * 64)
    #expect(bench.state == .search, "the stream has ended")
  }
}
