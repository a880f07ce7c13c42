import CCSDSCoding
import TestSupport
import Testing

@Suite("Frame synchronizer: finding the units, CCSDS 131.0-B-5 §9")
struct SynchronizerLockTests {
  private static let markers: [SyncMarker] = [
    .standard, .turboHalf, .turboThird, .turboQuarter, .turboSixth, SyncMarker(bytes: [0x35, 0x2E]),
    SyncMarker(bytes: [0x35, 0x2E, 0xF8]),
    SyncMarker(bytes: (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 77 &+ 3) }),
  ].compactMap { $0 }

  @Test("every unit of a clean stream is handed over, with a marker of any length", arguments: markers)
  func followsCleanStream(marker: SyncMarker) {
    var generator = SeededGenerator(seed: UInt64(marker.byteCount))
    var stream = SentStream(marker: marker)
    for _ in 0..<20 { stream.send(generator.bytes(223)) }
    let bench = SynchronizerBench(marker: marker, codeblockByteCount: 223)
    bench.run(stream.bytes)
    // Without a proof, the last one is known by its marker only.
    #expect(bench.calls == [.acquired()] + stream.codeblocks.map { .plain($0) })
    #expect(bench.counts.framed == 20 * (223 + marker.byteCount))
    #expect(bench.counts.skipped == 0)
    #expect(bench.balances)
  }

  @Test("the first unit behind garbage is handed over once the next marker confirms it, at every bit", arguments: 0..<8)
  func deliversFirstUnitLater(bitOffset: Int) {
    var generator = SeededGenerator(seed: 255 + UInt64(bitOffset))
    var stream = SentStream()
    stream.add(generator.bytes(1000))
    stream.addBits(bitOffset)
    for _ in 0..<5 { stream.send(generator.bytes(255)) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 255)
    bench.receive(bytes[..<(1000 + 259)])
    #expect(bench.calls == [.skipped(1000)])
    #expect(bench.state == .check)
    bench.receive(bytes[(1000 + 259)...])
    #expect(bench.state == .lock)
    bench.finish()
    let expected: [SynchronizerCall] =
      [.skipped(1000), .acquired(bitOffset: bitOffset)] + stream.codeblocks.map { .plain($0) }
    #expect(bench.calls == (bitOffset == 0 ? expected : expected + [.skipped(1)]), "the last byte is filled up")
    #expect(bench.balances)
  }

  @Test("a unit that proves itself is handed over at once, with nothing behind it")
  func deliversProvenUnitAtOnce() {
    var generator = SeededGenerator(seed: 7)
    var stream = SentStream()
    for _ in 0..<3 { stream.send(generator.bytes(64)) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 64, sent: stream.codeblocks)
    for index in 0..<3 {
      bench.receive(bytes[68 * index..<68 * (index + 1)])
      #expect(bench.receiver.codeblocks.count == index + 1)
      #expect(bench.counts.pending == 0)
    }
    #expect(bench.receiver.proofCount == 3)
  }

  @Test("inverted streams are turned round; an inversion between two units is seen and undone")
  func followsInversions() {
    var generator = SeededGenerator(seed: 8)
    var stream = SentStream()
    var expected: [SynchronizerCall] = [.acquired(isInverted: true)]
    for index in 0..<12 {
      let isInverted = !(4..<8).contains(index)
      let codeblock = generator.bytes(80)
      stream.send(codeblock, isInverted: isInverted)
      let marker = MarkerObservation(
        errorCount: 0, isInverted: isInverted, changesPolarity: index == 4 || index == 8)
      expected.append(.unit(codeblock, marker))
    }
    for sent in [nil, stream.codeblocks] {
      let bench = SynchronizerBench(codeblockByteCount: 80, sent: sent)
      bench.run(stream.bytes)
      #expect(bench.calls == expected)
    }
  }

  @Test("three wrong marker bits of 32 are followed and counted; a fourth costs the recognition, not the unit")
  func followsDamagedMarkers() {
    var generator = SeededGenerator(seed: 9)
    var stream = SentStream()
    var expected: [SynchronizerCall] = [.acquired()]
    for errorCount in [0, 1, 2, 3, 4, 9, 0, 0] {
      let codeblock = generator.bytes(100)
      stream.send(codeblock, wrongMarkerBits: (0..<errorCount).map { $0 * 3 + 1 })
      expected.append(.unit(codeblock, MarkerObservation(errorCount: errorCount > 3 ? nil : errorCount)))
    }
    let bench = SynchronizerBench(codeblockByteCount: 100, sent: stream.codeblocks)
    bench.run(stream.bytes)
    #expect(bench.calls == expected)
  }

  @Test("without proofs, one unrecognized marker between two good ones costs nothing")
  func fliesThroughDamagedMarker() {
    var generator = SeededGenerator(seed: 10)
    var stream = SentStream()
    var expected: [SynchronizerCall] = [.acquired()]
    for index in 0..<8 {
      let codeblock = generator.bytes(100)
      let isDamaged = index == 3
      stream.send(codeblock, wrongMarkerBits: isDamaged ? [0, 5, 9, 20, 31] : [])
      expected.append(.unit(codeblock, MarkerObservation(errorCount: isDamaged ? nil : 0)))
    }
    let bench = SynchronizerBench(codeblockByteCount: 100)
    bench.run(stream.bytes)
    #expect(bench.calls == expected)
  }

  @Test("a search takes two wrong bits of 32 and not three; configured tolerances are kept, below a quarter")
  func toleratesInSearch() {
    for (tolerance, largest) in [(nil, 2), (0, 0), (5, 5), (7, 7), (8, 7), (99, 7), (-1, 0)] as [(Int?, Int)] {
      for errorCount in 0...9 {
        var generator = SeededGenerator(seed: 11)
        var stream = SentStream()
        stream.send(generator.bytes(50), wrongMarkerBits: Array(0..<errorCount))
        for _ in 0..<3 { stream.send(generator.bytes(50)) }
        let bench = SynchronizerBench(
          codeblockByteCount: 50, tolerance: MarkerTolerance(whileSearching: tolerance, whileLocked: 0))
        bench.run(stream.bytes)
        let isFound = errorCount <= largest
        #expect(bench.receiver.codeblocks.count == (isFound ? 4 : 3), "\(errorCount) wrong")
        #expect(bench.counts.skipped == (isFound ? 0 : 54))
      }
    }
  }
}
