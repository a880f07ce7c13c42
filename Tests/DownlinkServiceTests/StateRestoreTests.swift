import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// A process that is killed at any moment, and the next one that goes on with its state.
@Suite("A link that goes on where another left off")
struct StateRestoreTests {
  @Test("TM and AOS frames, lost, repeated, late, damaged, set back", arguments: UInt64(1)...80)
  func goesOnWithFrames(seed: UInt64) throws {
    try expectNoDifference(StateRun(Scenario.random(seed: seed)), seed)
  }

  @Test("USLP frames with segments, service data and streams", arguments: UInt64(1)...60)
  func goesOnWithUSLP(seed: UInt64) throws {
    try expectNoDifference(StateRun(Scenario.randomUSLP(seed: seed)), seed)
  }

  @Test("coded units and streams of them, with slips, inversions and garbage", arguments: UInt64(1)...120)
  func goesOnWithCodedUnits(seed: UInt64) throws {
    let scenario = Scenario.randomCoded(seed: seed)
    let isConnection = if case .pieces = scenario.link.coding?.packaging { seed.isMultiple(of: 2) } else { false }
    try expectNoDifference(StateRun(scenario, isConnection: isConnection), seed)
  }

  @Test("frames of a connection, cut anywhere", arguments: UInt64(1)...40)
  func goesOnWithFramesOfAConnection(seed: UInt64) throws {
    let scenario = seed.isMultiple(of: 2) ? Scenario.randomUSLP(seed: seed) : Scenario.random(seed: seed)
    try expectNoDifference(StateRun(connectionOf: scenario, seed: seed), seed)
  }

  @Test("packets in datagrams and of a connection", arguments: UInt64(1)...40)
  func goesOnWithPackets(seed: UInt64) throws {
    try expectNoDifference(StateRun(packetsWithSeed: seed, isConnection: seed.isMultiple(of: 2)), seed)
  }

  @Test("frames held back and packets begun are part of the state")
  func keepsWhatIsUnderWay() throws {
    var held = 0
    var pending = 0
    for seed in UInt64(1)...20 {
      let run = try StateRun(Scenario.random(seed: seed))
      for unitCount in [3, 50, 400] {
        var pipeline = run.makePipeline()
        let restores = pipeline.restore(from: run.state(after: min(unitCount, run.unitCount)))
        try #require(restores)
        let snapshot = pipeline.snapshot()
        held += snapshot.heldFrameCount
        pending += snapshot.pendingByteCount
      }
    }
    // The scenarios would prove nothing if they had none of it.
    #expect(held > 0)
    #expect(pending > 0)
  }

  @Test("a pipeline of other parameters refuses")
  func refusesOtherParameters() throws {
    let run = try StateRun(Scenario.tmThreeChannels)
    let state = run.state(after: 100)
    guard case .frames(var parameters) = run.parameters else { return }
    parameters.limits.quietAfterSeconds += 1
    var other = LinkPipeline(name: "state", parameters: .frames(parameters))
    let restores = other.restore(from: state)
    #expect(!restores)
    var same = run.makePipeline()
    let restoresSame = same.restore(from: state)
    #expect(restoresSame)
  }

  /// Gives one link everything, and others each a part, each with the state of the one before it.
  private func expectNoDifference(_ run: StateRun, _ seed: UInt64) throws {
    var whole = run.makePipeline()
    run.feed(0..<run.unitCount, to: &whole)
    whole.finish()

    var random = SeededGenerator(seed: seed)
    let cuts = (0..<6).map { _ in Int.random(in: 0...run.unitCount, using: &random) } + [0, run.unitCount]
    var pipeline = run.makePipeline()
    var position = 0
    for cut in cuts.sorted() {
      run.feed(position..<cut, to: &pipeline)
      position = cut
      let state = StateRun.state(of: &pipeline)
      var next = run.makePipeline()
      let restores = next.restore(from: state)
      try #require(restores, "seed \(seed) after \(cut) units")
      #expect(StateRun.state(of: &next) == state, "seed \(seed) after \(cut) units")
      pipeline = next
    }
    pipeline.finish()

    let (snapshot, expected) = (pipeline.snapshot(), whole.snapshot())
    #expect(snapshot.ledger == expected.ledger, "seed \(seed)")
    #expect(snapshot.latency == expected.latency, "seed \(seed)")
    #expect(snapshot.evidence == expected.evidence, "seed \(seed)")
    #expect(StateRun.report(snapshot) == StateRun.report(expected), "seed \(seed)")
    #expect(snapshot.breaches == [], "seed \(seed)")
  }
}
