import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import LinkHealth
import SpacecraftSimulator
import Testing

/// The recordings in Fixtures/Simulated: what the simulator makes, frozen, and what a link must find in them.
///
/// `DOWNLINKD_REBUILD_FIXTURES=1` writes them anew; look at what changed before you keep it.
@Suite("Recorded fixtures of the simulator")
struct RecordedFixtureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/Simulated")
  private static let rebuilds = ProcessInfo.processInfo.environment["DOWNLINKD_REBUILD_FIXTURES"] == "1"

  @Test("the simulator still makes the recordings and their truth, byte for byte")
  func makesTheSame() throws {
    for fixture in try SimulationFixture.all() {
      let frames = Self.folder.appending(path: "\(fixture.name).frames")
      let truth = Self.folder.appending(path: "\(fixture.name).truth.json")
      if Self.rebuilds {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try Data(fixture.bytes).write(to: frames)
        try Data((fixture.truthJSON + "\n").utf8).write(to: truth)
      }
      #expect(try Data(contentsOf: frames) == Data(fixture.bytes), "\(fixture.name)")
      #expect(try Data(contentsOf: truth) == Data((fixture.truthJSON + "\n").utf8), "\(fixture.name)")
    }
  }

  @Test("a replay of each recording finds its truth")
  func findsTheTruth() throws {
    for fixture in try SimulationFixture.all() {
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(fixture.name).frames")))
      var pipeline = LinkPipeline(name: fixture.name, parameters: .frames(fixture.scenario.physicalChannel))
      let length = fixture.scenario.link.frameByteCount
      for start in stride(from: 0, to: bytes.count, by: length) {
        let end = min(start + length, bytes.count)
        unsafe pipeline.receive(
          bytes.span.bytes.extracting(start..<end), UnitDescription(originalByteCount: end - start))
      }
      pipeline.finish()
      let snapshot = pipeline.snapshot()
      let truth = fixture.truth
      #expect(snapshot.isBalanced, "\(fixture.name)")
      #expect(snapshot.ledger.frames.delivered == truth.frames.delivered, "\(fixture.name)")
      #expect(snapshot.ledger.frames.idle == truth.frames.idle, "\(fixture.name)")
      #expect(snapshot.ledger.packets.completed == truth.packets.completed, "\(fixture.name)")
      #expect(snapshot.ledger.zoneBytes.packets == truth.zoneBytes.packets, "\(fixture.name)")
      #expect(snapshot.missingFrameCount == truth.virtualChannels.reduce(0) { $0 + $1.missing }, "\(fixture.name)")
    }
  }
}
