import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

/// Frames of fourteen spacecraft and of a simulation, and what independent programs found in them.
@Suite("Recorded frames of the corpus", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusFrameTests {
  @Test("the corpus has the items that were agreed on")
  func isComplete() {
    #expect(Corpus.isComplete)
  }

  @Test(
    "frames, counts, losses, packets and their bytes agree with the truth",
    arguments: Corpus.frameItems.filter { $0 != "aos-d-fhec-psyche" })
  func agrees(name: String) throws {
    let item = try Corpus.item(name, FrameTruth.self)
    let run = try CorpusRun(item.files[0].file, .frames(item.truth.parameters))
    var comparison = Comparison()
    comparison.compare(run, item.truth)
    CorpusScore.note(name, comparison)
    #expect(comparison.differences == [])
  }

  /// A naive counter takes the foreign frame's count for the loss of hundreds of millions of frames.
  @Test(
    "Chang'e 5 loses the same frames when nobody says which spacecraft it is, and the foreign frame is quarantined",
    arguments: [("aos-ce5-1227", 943), ("aos-ce5-1212", 4786)])
  func quarantinesForeignFrame(name: String, missingFrameCount: Int) throws {
    let item = try Corpus.item(name, FrameTruth.self)
    for spacecraftIDs in [[SpacecraftID(108)], []] {
      var parameters = item.truth.parameters
      parameters.spacecraftIDs = spacecraftIDs
      let run = try CorpusRun(item.files[0].file, .frames(parameters))
      #expect(run.snapshot.missingFrameCount == missingFrameCount)
      #expect(run.ledger.virtualChannels.map(\.key) == ["108:1"])
      #expect(run.ledger.frames.rejected[.quarantined] == (spacecraftIDs.isEmpty ? 1 : 0))
      #expect(run.ledger.frames.rejected[.spacecraft] == (spacecraftIDs.isEmpty ? 0 : 1))
    }
  }

  @Test("the counter of LunaH-Map's packets never moves: it shows no losses, and is not believed")
  func showsNoLossesOfFrozenCounter() throws {
    let item = try Corpus.item("aos-lunahmap", FrameTruth.self)
    let run = try CorpusRun(item.files[0].file, .frames(item.truth.parameters))
    let process = try #require(run.ledger.applicationProcesses.first { $0.applicationProcessID.rawValue == 66 })
    #expect(process.packets == 55)
    #expect(process.continuity.gaps == 0)
    #expect(process.continuity.missing == 0)
    #expect(process.continuity.duplicates == 54)
    #expect(process.continuity.trust == .frozen)
  }
}
