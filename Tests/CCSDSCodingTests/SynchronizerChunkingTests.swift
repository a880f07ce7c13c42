import CCSDSCoding
import TestSupport
import Testing

/// A stream with all that can happen to one, and which of its units were left alone.
private struct DamagedStream {
  private(set) var sent = SentStream()
  private(set) var intact: [[UInt8]] = []
  /// Those of them with another such unit right behind them, in the same polarity.
  private(set) var followed: [[UInt8]] = []
  let codeblockByteCount: Int

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    codeblockByteCount = Int.random(in: 12...70, using: &generator)
    let unitBitCount = (codeblockByteCount + 4) * 8
    var isInverted = Bool.random(using: &generator)
    var isBeforeIntact = false
    for _ in 0..<Int.random(in: 3...18, using: &generator) {
      let codeblock = generator.bytes(codeblockByteCount)
      var wrongMarkerBits: [Int] = []
      let kind = Int.random(in: 0..<24, using: &generator)
      switch kind {
      case 0: sent.add(generator.bytes(Int.random(in: 1...3 * codeblockByteCount, using: &generator)))
      case 1: sent.addBits(Int.random(in: 1...12, using: &generator))
      case 2: isInverted.toggle()
      case 3: wrongMarkerBits = [Int.random(in: 0..<16, using: &generator), Int.random(in: 16..<32, using: &generator)]
      case 4: wrongMarkerBits = Array(stride(from: 0, to: 32, by: 4))
      default: break
      }
      let start = sent.bits.count
      sent.send(codeblock, isInverted: isInverted, wrongMarkerBits: wrongMarkerBits)
      var isHit = wrongMarkerBits.count > 2
      if (5...8).contains(kind) {
        isHit = true
        let place = start + Int.random(in: 0..<unitBitCount, using: &generator)
        let count = kind == 5 ? 8 * Int.random(in: 1...codeblockByteCount, using: &generator) : kind == 6 ? 2 : 1
        switch kind {
        case 5, 6: sent.remove(place..<min(place + count, sent.bits.count))
        case 7: sent.insert([true], at: place)
        default: for bit in stride(from: place, to: sent.bits.count, by: 5) { sent.flip(bit) }
        }
      }
      if !isHit, isBeforeIntact, ![0, 1, 2].contains(kind), let before = intact.last { followed.append(before) }
      if !isHit { intact.append(codeblock) }
      isBeforeIntact = !isHit
    }
  }
}

@Suite("Frame synchronizer: any chunking of any stream, CCSDS 131.0-B-5 §9")
struct SynchronizerChunkingTests {
  /// How sure the receiver can be: not at all, of perfect units, of units with a few wrong bytes.
  private static let correctableByteCounts: [Int?] = [nil, 0, 4]

  @Test("no unit is lost but those that were hit and, without proofs, those before them, over 600 seeded streams")
  func losesOnlyWhatWasHit() {
    var hitCount = 0
    for seed in 0..<600 as Range<UInt64> {
      let stream = DamagedStream(seed: seed)
      for correctable in [0, 4] {
        let bench = Self.bench(for: stream, correctable)
        bench.run(stream.sent.bytes)
        let delivered = bench.receiver.codeblocks.filter { stream.intact.contains($0) }
        #expect(delivered == stream.intact, "seed \(seed), \(correctable) correctable bytes")
        #expect(bench.balances)
      }
      let bench = Self.bench(for: stream, nil)
      bench.run(stream.sent.bytes)
      let delivered = bench.receiver.codeblocks.filter { stream.followed.contains($0) }
      #expect(delivered == stream.followed, "seed \(seed), without proofs")
      hitCount += stream.sent.codeblocks.count - stream.intact.count
    }
    #expect(hitCount > 600)
  }

  @Test("the same calls and counts come out of any chunking, over 200 seeded streams", arguments: correctableByteCounts)
  func dependsOnStreamOnly(correctable: Int?) {
    for seed in 1000..<1200 as Range<UInt64> {
      let stream = DamagedStream(seed: seed)
      let bytes = stream.sent.bytes
      let whole = Self.bench(for: stream, correctable)
      whole.run(bytes)
      #expect(whole.balances, "seed \(seed)")
      var generator = SeededGenerator(seed: seed)
      let unit = stream.codeblockByteCount + 4
      for largest in [1, 3, unit / 2, unit, 2 * unit, 5 * unit] {
        let pieces = Self.bench(for: stream, correctable)
        pieces.run(bytes) { _ in largest == 1 ? 1 : Int.random(in: 0...largest, using: &generator) }
        #expect(pieces.calls == whole.calls, "seed \(seed), pieces of up to \(largest)")
        #expect(pieces.counts == whole.counts)
        #expect(pieces.balances)
        #expect(pieces.largestPending <= 3 * unit + 16, "seed \(seed)")
      }
    }
  }

  @Test("the same holds where the sender's own units end, wherever they do", arguments: correctableByteCounts)
  func dependsOnSenderUnitsOnly(correctable: Int?) {
    for seed in 2000..<2200 as Range<UInt64> {
      let stream = DamagedStream(seed: seed)
      let bytes = stream.sent.bytes
      let unit = stream.codeblockByteCount + 4
      var generator = SeededGenerator(seed: seed)
      var ends = (0..<bytes.count / unit).map { _ in Int.random(in: 1...bytes.count, using: &generator) }
      if seed.isMultiple(of: 2) { ends = Array(stride(from: unit, to: bytes.count, by: unit)) }
      ends = Set(ends + [bytes.count]).sorted()
      let whole = Self.bench(for: stream, correctable)
      let pieces = Self.bench(for: stream, correctable)
      var start = 0
      for end in ends {
        whole.receive(bytes[start..<end], endsUnit: true)
        while start < end {
          let next = min(end, start + Int.random(in: 1...unit, using: &generator))
          pieces.receive(bytes[start..<next], endsUnit: next == end)
          start = next
        }
        #expect(pieces.calls == whole.calls, "seed \(seed), to \(end)")
        #expect(pieces.counts == whole.counts)
        #expect(pieces.state == whole.state)
      }
      whole.finish()
      pieces.finish()
      #expect(pieces.calls == whole.calls, "seed \(seed)")
      #expect(pieces.counts == whole.counts)
      #expect(whole.balances && pieces.balances)
    }
  }

  private static func bench(for stream: DamagedStream, _ correctable: Int?) -> SynchronizerBench {
    SynchronizerBench(
      codeblockByteCount: stream.codeblockByteCount, sent: correctable == nil ? nil : stream.sent.codeblocks,
      correctableByteCount: correctable ?? 0)
  }
}
