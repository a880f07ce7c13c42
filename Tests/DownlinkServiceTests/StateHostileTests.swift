import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// A trap in here would keep the daemon from ever starting again: the same bytes would be there the next time.
@Suite("State that is not what was saved")
struct StateHostileTests {
  /// One link of each kind, in the middle of what it does.
  private static let runs: [@Sendable () throws -> StateRun] = [
    { try StateRun(.random(seed: 3, frameCount: 120)) },
    { try StateRun(.random(seed: 8, frameCount: 120)) },
    { try StateRun(.randomUSLP(seed: 5)) },
    { try StateRun(.randomCoded(seed: 2, frameCount: 60)) },
    { try StateRun(.randomCoded(seed: 7, frameCount: 60)) },
    { StateRun(packetsWithSeed: 4, isConnection: true) },
  ]

  @Test("whatever is torn off is missed", arguments: 0..<6)
  func refusesTornState(kind: Int) throws {
    let run = try Self.runs[kind]()
    let state = run.state(after: run.unitCount / 2)
    for byteCount in 0..<state.count {
      var torn = Array(state.prefix(byteCount))
      // Every length as it was torn; every seventh with a digest that is right, so that the items show it.
      if byteCount % 7 == 0 { StateArchive.seal(&torn) }
      var pipeline = run.makePipeline()
      let restores = pipeline.restore(from: torn)
      #expect(!restores, "\(byteCount) of \(state.count) bytes")
    }
    var longer = state + [0]
    StateArchive.seal(&longer)
    var pipeline = run.makePipeline()
    let restores = pipeline.restore(from: longer)
    #expect(!restores)
  }

  @Test("a bit that changed shows in the digest", arguments: 0..<6)
  func refusesChangedBits(kind: Int) throws {
    let run = try Self.runs[kind]()
    let state = run.state(after: run.unitCount / 2)
    for byte in stride(from: 0, to: state.count, by: 13) {
      var changed = state
      changed[byte] ^= 1 << UInt8(byte % 8)
      var pipeline = run.makePipeline()
      let restores = pipeline.restore(from: changed)
      #expect(!restores, "bit \(byte % 8) of byte \(byte)")
    }
  }

  @Test("with a digest that is right it is refused, or the link goes on without a trap", arguments: 0..<24)
  func survivesMutations(part: Int) throws {
    let run = try Self.runs[part % 6]()
    let middle = run.unitCount / 2
    let state = run.state(after: middle)
    var random = SeededGenerator(seed: UInt64(part))
    var restoredCount = 0
    for _ in 0..<250 {
      var mutated = state
      for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&mutated, &random) }
      StateArchive.seal(&mutated)
      var pipeline = run.makePipeline()
      guard pipeline.restore(from: mutated) else { continue }
      restoredCount += 1
      run.feed(middle..<min(middle + 40, run.unitCount), to: &pipeline)
      pipeline.breakStream()
      pipeline.finish()
      let snapshot = pipeline.snapshot()
      #expect(snapshot.breaches == [])
      #expect(!snapshot.problems().contains { $0.code == .unbalanced })
      #expect(!StateRun.report(snapshot).isEmpty)
    }
    // If none were let through, nothing would have been tried.
    #expect(restoredCount > 0)
  }

  @Test("bytes that are no state at all are refused")
  func refusesNoise() throws {
    let run = try StateRun(.tmThreeChannels)
    var random = SeededGenerator(seed: 1)
    for byteCount in 0..<400 {
      var pipeline = run.makePipeline()
      let restores = pipeline.restore(from: random.bytes(byteCount))
      #expect(!restores)
    }
  }

  @Test("the times of datagrams that an earlier process left may be anything", arguments: [Int64.min, -1, 0, .max])
  func survivesTimes(time: Int64) throws {
    let run = try Self.runs[0]()
    var pipeline = run.makePipeline()
    pipeline.noteReceived(at: time)
    pipeline.noteDecoded(at: 1_795_253_077_251_547_000)
    let latency = pipeline.snapshot().latency
    #expect(latency.count == 1)
    #expect(latency.totalNanoseconds >= 0)
  }

  /// Changes a byte, or makes eight of them an integer that is far off.
  private static func mutate(_ state: inout [UInt8], _ random: inout SeededGenerator) {
    let place = Int.random(in: 24..<state.count - 8, using: &random)
    guard random.next() % 2 == 0 else {
      state[place] = UInt8(truncatingIfNeeded: random.next())
      return
    }
    let extremes: [Int] = [.max, .min, -1, 0, 1, 1 << 50, 1 << 57, 0xFFFF, Int(truncatingIfNeeded: random.next())]
    let value = extremes[Int.random(in: 0..<extremes.count, using: &random)]
    for byte in 0..<8 { state[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }
}
