import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// The ledger against an account that shares no code with it: the simulator's own, of what it sent.
@Suite("The ledger and the simulator's truth")
struct SimulatorTruthTests {
  @Test(
    "every bucket of a seeded impairment run equals the simulator's truth",
    arguments: 1...UInt64(Sanitizer.count(200, or: 40)))
  func agreesWithTheTruth(seed: UInt64) throws {
    let scenario = Scenario.random(seed: seed)
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel))
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      unsafe pipeline.receive(
        datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
    }
    pipeline.finish()
    let snapshot = pipeline.snapshot()
    #expect(snapshot.breaches == [], "seed \(seed)")
    TruthComparison(place: "seed \(seed)").expect(snapshot, equals: simulation.truth)
  }
}
