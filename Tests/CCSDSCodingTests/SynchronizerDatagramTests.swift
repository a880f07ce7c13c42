import CCSDSCoding
import TestSupport
import Testing

@Suite("Frame synchronizer: units in datagrams, CCSDS 131.0-B-5 §9")
struct SynchronizerDatagramTests {
  @Test("one unit to a datagram is handed over with it, also without proofs")
  func deliversAtOnce() {
    var generator = SeededGenerator(seed: 1)
    var stream = SentStream()
    for _ in 0..<5 { stream.send(generator.bytes(100)) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 100)
    for index in 0..<5 {
      bench.receive(bytes[104 * index..<104 * (index + 1)], endsUnit: true)
      #expect(bench.receiver.codeblocks.count == index + 1)
      #expect(bench.counts.pending == 0)
      #expect(bench.state == .lock || bench.state == .flywheel)
    }
    #expect(bench.calls == [.acquired()] + stream.codeblocks.map { .plain($0) })
  }

  @Test("a datagram that begins with garbage, or with a damaged marker, is not believed by itself")
  func refusesForeignDatagrams() {
    var generator = SeededGenerator(seed: 2)
    let codeblock = generator.bytes(100)
    for start in [[0x1A, 0xCF, 0xFC, 0x1C], [0x1A, 0xCF, 0xFC, 0x3F]] as [[UInt8]] {
      let bench = SynchronizerBench(codeblockByteCount: 100)
      bench.receive((start + codeblock)[...], endsUnit: true)
      #expect(bench.receiver.codeblocks == [])
    }
    let bench = SynchronizerBench(codeblockByteCount: 100)
    bench.receive(([0x55] + [0x1A, 0xCF, 0xFC, 0x1D] + codeblock)[...], endsUnit: true)
    #expect(bench.receiver.codeblocks == [])
    bench.finish()
    #expect(bench.counts.skipped == 105)
  }

  @Test("several units to a datagram are handed over with it")
  func deliversSeveralAtOnce() {
    var generator = SeededGenerator(seed: 3)
    var stream = SentStream()
    for _ in 0..<6 { stream.send(generator.bytes(100)) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 100)
    bench.receive(bytes[..<312], endsUnit: true)
    #expect(bench.receiver.codeblocks.count == 3)
    bench.receive(bytes[312...], endsUnit: true)
    #expect(bench.receiver.codeblocks == stream.codeblocks)
    #expect(bench.counts.pending == 0)
  }

  @Test("units that straddle datagrams are put together")
  func joinsDatagrams() {
    var generator = SeededGenerator(seed: 4)
    var stream = SentStream()
    for _ in 0..<10 { stream.send(generator.bytes(100)) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 100)
    for start in stride(from: 0, to: bytes.count, by: 130) {
      bench.receive(bytes[start..<min(start + 130, bytes.count)], endsUnit: true)
    }
    bench.finish()
    #expect(bench.calls == [.acquired()] + stream.codeblocks.map { .plain($0) })
  }

  @Test("when a stream breaks, the next begins anew: nothing is joined across the break")
  func beginsAnew() {
    var generator = SeededGenerator(seed: 5)
    var stream = SentStream()
    for _ in 0..<6 { stream.send(generator.bytes(100), isInverted: stream.codeblocks.count >= 3) }
    let bytes = stream.bytes
    let bench = SynchronizerBench(codeblockByteCount: 100, sent: stream.codeblocks)
    bench.receive(bytes[..<(2 * 104 + 50)])
    bench.finish()
    #expect(bench.state == .search)
    #expect(bench.counts.skipped == 50)
    bench.receive(bytes[(3 * 104)...])
    bench.finish()
    bench.finish()
    let turned = stream.codeblocks[3...].map {
      SynchronizerCall.unit($0, MarkerObservation(errorCount: 0, isInverted: true))
    }
    #expect(
      bench.calls == [.acquired()] + stream.codeblocks[..<2].map { .plain($0) } + [.skipped(50)]
        + [.acquired(isInverted: true)] + turned)
    #expect(bench.balances)
  }
}
