import CCSDSLink
import DownlinkService
import Foundation
import LinkHealth
import SpacecraftSimulator
import Testing

/// The recordings of coded links and of USLP in Fixtures/Simulated, frozen.
///
/// `DOWNLINKD_REBUILD_FIXTURES=1` writes them anew; look at what changed before you keep it.
@Suite("Recorded fixtures of coded links and of USLP")
struct SimulatorTruthFixtureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/Simulated")
  private static let rebuilds = ProcessInfo.processInfo.environment["DOWNLINKD_REBUILD_FIXTURES"] == "1"

  @Test("the simulator still makes the recordings and their truth, byte for byte")
  func makesTheSame() throws {
    let coded = try SimulationFixture.coded().map { ($0, "cadu") }
    for (fixture, kind) in coded + (try SimulationFixture.uslp().map { ($0, "frames") }) {
      let recording = Self.folder.appending(path: "\(fixture.name).\(kind)")
      let truth = Self.folder.appending(path: "\(fixture.name).truth.json")
      if Self.rebuilds {
        try Data(fixture.bytes).write(to: recording)
        try Data((fixture.truthJSON + "\n").utf8).write(to: truth)
      }
      #expect(fixture.truth.isBalanced, "\(fixture.name)")
      #expect(try Data(contentsOf: recording) == Data(fixture.bytes), "\(fixture.name)")
      #expect(try Data(contentsOf: truth) == Data((fixture.truthJSON + "\n").utf8), "\(fixture.name)")
    }
  }

  @Test("a replay of each stream finds its truth")
  func findsTheTruth() throws {
    for fixture in try SimulationFixture.coded() {
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(fixture.name).cadu")))
      var pipeline = LinkPipeline(name: fixture.name, parameters: .frames(fixture.scenario.physicalChannel))
      unsafe pipeline.receive(stream: bytes.span.bytes, at: nil)
      pipeline.finish()
      var truth = fixture.truth
      truth.datagrams = DatagramTruth()
      let snapshot = pipeline.snapshot()
      #expect(snapshot.breaches == [], "\(fixture.name)")
      TruthComparison(place: fixture.name).expect(snapshot, equals: truth)
    }
  }

  @Test("a replay of each file of USLP frames finds its truth, in pieces of any size", arguments: [1, 37, 65_536])
  func findsTheTruthOfUSLP(pieceByteCount: Int) throws {
    for fixture in try SimulationFixture.uslp() {
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(fixture.name).frames")))
      var pipeline = LinkPipeline(name: fixture.name, parameters: .frames(fixture.scenario.physicalChannel))
      var offset = 0
      while offset < bytes.count {
        let end = min(offset + pieceByteCount, bytes.count)
        unsafe pipeline.receive(stream: bytes.span.bytes.extracting(offset..<end), at: nil)
        offset = end
      }
      pipeline.finish()
      let snapshot = pipeline.snapshot()
      #expect(snapshot.breaches == [], "\(fixture.name)")
      TruthComparison(place: fixture.name).expect(snapshot, equals: fixture.truth)
    }
  }
}
