import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

@Suite("The ledger of USLP links and the simulator's truth")
struct SimulatorTruthUSLPTests {
  @Test("packets, segments, service data and streams end in the bucket they were sent to", arguments: UInt64(1)...200)
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
