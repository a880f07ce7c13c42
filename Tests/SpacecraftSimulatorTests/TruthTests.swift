import SpacecraftSimulator
import Testing

@Suite("The truth of what was sent, against a receiver of bytes")
struct TruthTests {
  @Test("any scenario balances, and a receiver that only reads bytes counts the same", arguments: UInt64(0)..<200)
  func agreesWithReceiver(seed: UInt64) throws {
    let scenario = Scenario.random(seed: seed, frameCount: 400)
    #expect(scenario.problems == [])
    let (datagrams, truth) = try run(scenario)
    var receiver = ReferenceReceiver(scenario.receiver)
    for datagram in datagrams { receiver.receive(datagram) }
    #expect(truth.isBalanced)
    #expect(truth.differences(from: receiver.finish()) == [])
    #expect(receiver.finish() == truth.withoutLists)
  }
}

extension SimulationTruth {
  /// What a receiver that only counts can know: how many are missing, and not which.
  var withoutLists: SimulationTruth {
    var truth = self
    for index in truth.virtualChannels.indices { truth.virtualChannels[index].missingCounts = [] }
    for index in truth.applications.indices { truth.applications[index].missingSequenceCounts = [] }
    return truth
  }
}
