import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

/// From bits to packets: the ledger of a coded link against the account of whoever damaged its bits.
@Suite("The ledger of coded links and the simulator's truth")
struct CodedTruthTests {
  @Test(
    "slips, inversions, losses and garbage cost what they hit, and every bucket is right", arguments: UInt64(1)...500)
  func agreesWithTheTruth(seed: UInt64) throws {
    let scenario = Scenario.randomCoded(seed: seed)
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel))
    // A stream of pieces that heed no border may as well come over a connection.
    let isConnection = if case .pieces = scenario.link.coding?.packaging { seed.isMultiple(of: 2) } else { false }
    var pieceCount = 0
    var piece: [UInt8] = []
    while let stamp = simulation.next(into: &piece) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      if isConnection {
        unsafe pipeline.receive(stream: piece.span.bytes, at: time)
      } else {
        unsafe pipeline.receive(piece.span.bytes, UnitDescription(time: time, originalByteCount: piece.count))
      }
      pieceCount += 1
      if pieceCount.isMultiple(of: 7) { pipeline.flush() }
    }
    pipeline.finish()
    var truth = simulation.truth
    #expect(truth.coding?.isExact == true)
    if isConnection { truth.datagrams = DatagramTruth() }
    let snapshot = pipeline.snapshot()
    #expect(snapshot.breaches == [], "seed \(seed)")
    let hits = truth.coding?.hits.map { "\($0.unit) \($0.kind.rawValue)" }.joined(separator: ", ") ?? ""
    TruthComparison(place: "seed \(seed): \(hits.prefix(200))").expect(snapshot, equals: truth)
  }
}
