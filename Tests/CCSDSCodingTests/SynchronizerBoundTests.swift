import CCSDSCoding
import TestSupport
import Testing

@Suite("Frame synchronizer: hostile streams, CCSDS 131.0-B-5 §9")
struct SynchronizerBoundTests {
  @Test("50 MB of noise are skipped as they come, whatever the pieces", arguments: [1_000, 65_536, 4_000_000])
  func skipsNoise(pieceByteCount: Int) {
    var generator = SeededGenerator(seed: 6)
    let noise = generator.bytes(5_000_000)
    let bench = SynchronizerBench(codeblockByteCount: 1275, sent: [])
    for _ in 0..<10 {
      for start in stride(from: 0, to: noise.count, by: pieceByteCount) {
        bench.receive(noise[start..<min(start + pieceByteCount, noise.count)])
      }
    }
    #expect(bench.largestPending <= 2 * 1279 + 8)
    bench.finish()
    #expect(bench.counts.skipped == 50_000_000)
    #expect(bench.balances)
    // One place in 4.1 million looks like a marker (1 + 32 + 496 of 2^32, twice): 97 in 400 million bits.
    #expect((40...200).contains(bench.receiver.proofCount))
  }

  @Test("nothing but markers asks the receiver four times a unit at most", arguments: [1_000, 100_000])
  func boundsProofs(pieceByteCount: Int) {
    let markers = [[UInt8]](repeating: [0x1A, 0xCF, 0xFC, 0x1D], count: 500_000).flatMap { $0 }
    // 4 + 1279 bytes are no whole number of markers: none is where the first one has one unit later.
    let bench = SynchronizerBench(codeblockByteCount: 1279, sent: [])
    bench.run(markers) { _ in pieceByteCount }
    #expect(bench.receiver.proofCount <= 2_000_000 / 1283 * 4 + 4)
    #expect(bench.receiver.codeblocks.isEmpty)
    #expect(bench.counts.skipped == 2_000_000)
    // 4 + 1276 bytes are: nothing speaks against them.
    let fitting = SynchronizerBench(codeblockByteCount: 1276, sent: [])
    fitting.run(markers) { _ in pieceByteCount }
    #expect(fitting.counts.framed == 2_000_000 / 1280 * 1280)
  }

  @Test("a stream that proves itself everywhere is asked a bounded number of times")
  func boundsGoingBack() {
    // Zeros count as sent, and as many wrong bytes as there are markers in a unit are corrected.
    var stream: [UInt8] = []
    for index in 0..<20_000 { stream += [0x1A, 0xCF, 0xFC, 0x1D] + [UInt8](repeating: 0, count: 60 + index % 7) }
    let bench = SynchronizerBench(
      codeblockByteCount: 1275, sent: [[UInt8](repeating: 0, count: 1275)], correctableByteCount: 90)
    bench.run(stream)
    #expect(bench.receiver.proofCount <= stream.count / 1279 * 8)
    #expect(bench.balances)
  }

  @Test("the largest unit is followed at every bit, and nothing at all is no trouble")
  func followsLargestUnit() throws {
    let marker = try #require(SyncMarker(bytes: (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 77 &+ 3) }))
    var generator = SeededGenerator(seed: 7)
    var stream = SentStream(marker: marker)
    stream.addBits(5)
    for _ in 0..<3 { stream.send(generator.bytes(65_536)) }
    let bench = SynchronizerBench(marker: marker, codeblockByteCount: 65_536)
    bench.receive([])
    bench.receive([], endsUnit: true)
    bench.finish()
    bench.run(stream.bytes) { _ in 10_000 }
    #expect(bench.receiver.codeblocks == stream.codeblocks)
    #expect(bench.balances)
  }

  @Test("a unit of one byte behind a marker of two is followed")
  func followsSmallestUnit() throws {
    let marker = try #require(SyncMarker(bytes: [0x35, 0x2E]))
    var stream = SentStream(marker: marker)
    for byte in 0..<50 as Range<UInt8> { stream.send([byte]) }
    let bench = SynchronizerBench(marker: marker, codeblockByteCount: 1)
    bench.run(stream.bytes) { _ in 1 }
    #expect(bench.receiver.codeblocks == stream.codeblocks)
  }
}
