import CCSDSCoding
import TestSupport
import Testing

@Suite("Frame synchronizer: units that were corrected, and nothing else speaks for them, CCSDS 131.0-B-5 §9")
struct SynchronizerProofTests {
  /// Wrong in four bits, more than a marker may be: no marker is seen there.
  private static let hiddenMarker = [3, 11, 19, 27]

  /// A stream of units of 4 + 60 bytes, each with the wrong bits that its marker gets.
  private static func stream(_ wrongMarkerBits: [[Int]], seed: UInt64) -> SentStream {
    var generator = SeededGenerator(seed: seed)
    var stream = SentStream()
    for bits in wrongMarkerBits { stream.send(generator.bytes(60), wrongMarkerBits: bits) }
    return stream
  }

  /// Puts six wrong bytes into the codeblock at `index`, as many as the receiver can correct.
  private static func damage(_ stream: inout SentStream, _ index: Int) {
    for place in 0..<6 { stream.flip((index * 64 + 10 + place) * 8) }
  }

  /// The calls that come out of the whole stream, and out of any pieces of it.
  private static func calls(
    _ stream: SentStream, answer: (([UInt8]) -> CodeblockProof)? = nil
  ) -> [SynchronizerCall] {
    let sent = stream.codeblocks
    func bench() -> SynchronizerBench {
      SynchronizerBench(codeblockByteCount: 60) { bytes in
        let errorCount = sent.map { Self.errorCount(bytes, $0) }.min() ?? 60
        return errorCount == 0 ? .clean : answer?(bytes) ?? (errorCount <= 6 ? .decoded : .none)
      }
    }
    let whole = bench()
    whole.run(stream.bytes)
    #expect(whole.balances)
    var generator = SeededGenerator(seed: 1)
    for largest in [1, 7, 64, 100, 200] {
      let pieces = bench()
      pieces.run(stream.bytes) { _ in Int.random(in: 1...largest, using: &generator) }
      #expect(pieces.calls == whole.calls, "pieces of up to \(largest)")
      #expect(pieces.counts == whole.counts && pieces.balances)
    }
    return whole.calls
  }

  private static func errorCount(_ bytes: [UInt8], _ sent: [UInt8]) -> Int { zip(bytes, sent).count { $0 != $1 } }

  private static func lockCount(_ calls: [SynchronizerCall]) -> Int {
    calls.count { if case .lock = $0 { true } else { false } }
  }

  @Test("one with a marker behind it, or nothing within it, counts as a unit; the next may have lost its marker, too")
  func keepsCorrectedUnits() {
    // The markers behind units 2, 3 and 4 are hidden: unit 2 has its own, 3 and 4 have none.
    var stream = Self.stream([[], [], [], Self.hiddenMarker, Self.hiddenMarker, Self.hiddenMarker, [], []], seed: 1)
    for index in 1...5 { Self.damage(&stream, index) }
    let calls = Self.calls(stream)
    #expect(calls.count == 9 && Self.lockCount(calls) == 1)
    let markers = calls.compactMap { if case .unit(_, let marker) = $0 { marker.errorCount } else { nil } }
    #expect(markers == [0, 0, 0, 0, 0], "three of eight were cut without a marker")
  }

  @Test("one that lost its end gives way to the unit whose marker is within it", arguments: 1...6)
  func givesWayToMarkerWithin(lost: Int) {
    var stream = Self.stream([[], [], [], [], [], []], seed: 2)
    stream.remove((3 * 64 - lost) * 8..<3 * 64 * 8)
    let sent = stream.codeblocks
    #expect(
      Self.calls(stream) == [.acquired()] + sent[..<2].map { .plain($0) } + [.lost, .skipped(64 - lost), .acquired()]
        + sent[3...].map { .plain($0) })
  }

  @Test("one without a marker gives way to the marker before it that the corrected unit took in", arguments: 1...6)
  func givesWayToMarkerBefore(lost: Int) {
    // Unit 2 loses its end and is corrected from the marker of unit 3. What is then cut as unit 3 is that unit moved
    // by a few symbols: another codeword of a cyclic code.
    var stream = Self.stream([[], [], [], [], [], []], seed: 3)
    stream.remove((3 * 64 - lost) * 8..<3 * 64 * 8)
    let sent = stream.codeblocks
    let calls = Self.calls(stream) { bytes in
      if Self.errorCount(bytes, sent[2]) <= 6 { return .corrected }
      return bytes.prefix(60 - lost) == sent[3].suffix(60 - lost) ? .decoded : .none
    }
    #expect(Array(calls.prefix(3)) == [.acquired()] + sent[..<2].map { .plain($0) })
    #expect(Array(calls.suffix(5)) == [.lost, .acquired()] + sent[3...].map { .plain($0) })
    #expect(calls.count == 9, "unit 2 is kept")
  }

  @Test("at the end of the stream it is handed over, with and without a marker", arguments: [[], hiddenMarker])
  func handsOverLast(wrongMarkerBits: [Int]) {
    var stream = Self.stream([[], [], wrongMarkerBits], seed: 4)
    Self.damage(&stream, 2)
    let calls = Self.calls(stream)
    #expect(calls.count == 4 && Self.lockCount(calls) == 1)
    guard case .unit(let last, let marker) = calls.last else {
      Issue.record("the last unit is missing")
      return
    }
    #expect(last.suffix(44) == stream.codeblocks[2].suffix(44))
    #expect(marker.errorCount == (wrongMarkerBits.isEmpty ? 0 : nil))
  }

  @Test("whatever the receiver says, all is counted once, in any chunking, over 200 seeded streams of markers")
  func survivesAnyAnswer() throws {
    for seed in 0..<200 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let marker = try #require(
        SyncMarker(bytes: generator.bytes([2, 3, 4, 8, 32].randomElement(using: &generator) ?? 4)))
      let codeblockByteCount = Int.random(in: 1...24, using: &generator)
      let unit = marker.byteCount + codeblockByteCount
      var stream = SentStream(marker: marker)
      for _ in 0..<20 {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: stream.add(generator.bytes(Int.random(in: 0...2 * unit, using: &generator)))
        case 1: stream.addBits(Int.random(in: 0...12, using: &generator))
        case 2: stream.add(marker.bytes, isInverted: Bool.random(using: &generator))
        default: stream.send(generator.bytes(codeblockByteCount), isInverted: seed.isMultiple(of: 3))
        }
      }
      let limits = (0..<3).map { _ in UInt8.random(in: 0...255, using: &generator) }.sorted()
      func bench() -> SynchronizerBench {
        SynchronizerBench(marker: marker, codeblockByteCount: codeblockByteCount) { bytes in
          let value = bytes.reduce(UInt8(truncatingIfNeeded: seed)) { ($0 ^ $1) &* 167 &+ 13 }
          return value < limits[0] ? .none : value < limits[1] ? .decoded : value < limits[2] ? .corrected : .clean
        }
      }
      let whole = bench()
      whole.run(stream.bytes)
      let pieces = bench()
      pieces.run(stream.bytes) { _ in Int.random(in: 0...2 * unit, using: &generator) }
      let bytes = bench()
      bytes.run(stream.bytes) { _ in 1 }
      #expect(whole.balances && pieces.balances && bytes.balances, "seed \(seed)")
      #expect(pieces.calls == whole.calls && bytes.calls == whole.calls, "seed \(seed)")
      #expect(pieces.counts == whole.counts && bytes.counts == whole.counts, "seed \(seed)")
      #expect(bytes.largestPending <= 3 * unit + 8, "seed \(seed)")
    }
  }
}
