import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

@Suite("The ledger of USLP links and the simulator's truth")
struct SimulatorTruthUSLPTests {
  @Test(
    "packets, segments, service data and streams end in the bucket they were sent to",
    arguments: 1...UInt64(Sanitizer.count(200, or: 40)))
  func agreesWithTheTruth(seed: UInt64) throws {
    let scenario = Scenario.randomUSLP(seed: seed)
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel))
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      unsafe pipeline.receive(datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
    }
    pipeline.finish()
    let snapshot = pipeline.snapshot()
    #expect(snapshot.breaches == [], "seed \(seed)")
    TruthComparison(place: "seed \(seed)").expect(snapshot, equals: simulation.truth)
  }
}
