import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Publish
import StationConfiguration
import Testing

@Suite("Reports of the passes in recordings", .enabled(if: Corpus.isPresent, Corpus.absence))
struct PassCorpusTests {
  @Test(
    "HAKUTO-R's recordings are one pass each, without times, with the counts of the corpus",
    arguments: [("aos-hakuto-1", 107, 192), ("aos-hakuto-2", 47, 91)])
  func reportsHakuto(name: String, frames: Int, packets: Int) throws {
    let item = try Corpus.item(name, FrameTruth.self)
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [Corpus.path(item.files[0].file)])
    options.passesTo = folder.path("reports")
    let outcome = try Replay(
      link: LinkConfiguration(name: "hakuto", parameters: .frames(item.truth.parameters)), options: options
    ).run()
    #expect(outcome.failure == nil && outcome.passes.count == 1)
    let pass = try #require(outcome.passes.first)
    #expect(pass.acceptedFrames == frames && pass.counts.packets + pass.counts.idlePackets == packets)
    #expect(pass.missing == 0 && pass.completeness == 1 && pass.start == nil && pass.ending == .input)
    #expect(
      folder.names(in: "reports")
        == [".gaps.csv", ".gaps.json", ".html", ".json", ".txt"].map { "hakuto-untimed-1" + $0 })
  }
}

@Suite("Reports of the passes of a replay")
struct PassReplayTests {
  private static func link() -> LinkConfiguration {
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 64)
    parameters.spacecraftIDs = [SpacecraftID(42)]
    return LinkConfiguration(name: "dss1", parameters: .frames(parameters))
  }

  private static func announced(_ label: String) -> PassConfiguration {
    var passes = PassConfiguration()
    var entry = ScheduledPassConfiguration(
      start: ReceptionTime(nanosecondsSince1970: 1_795_253_040_000_000_000),
      end: ReceptionTime(nanosecondsSince1970: 1_795_253_760_000_000_000))
    entry.label = label
    passes.schedule = [entry]
    return passes
  }

  @Test("a file with nothing in it, and a pass that was announced: a report, and an event")
  func reportsSilence() throws {
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [try folder.write([], to: "empty.frames")])
    options.passesTo = folder.path("reports")
    options.eventsTo = folder.path("events.jsonl")
    options.passes = Self.announced("orbit 412")
    let outcome = try Replay(link: Self.link(), options: options).run()
    #expect(outcome.passes.map(\.isSilent) == [true])
    #expect(outcome.passes.map(\.id) == ["dss1-20261121T092400Z"])
    let text = String(decoding: folder.bytes(of: "reports/dss1-20261121T092400Z.txt"), as: UTF8.self)
    #expect(text.hasPrefix("Pass of dss1: orbit 412, expected 2026-11-21 09:24:00, nothing heard\n"))
    let events = String(decoding: folder.bytes(of: "events.jsonl"), as: UTF8.self)
    #expect(events.contains(#""pass":{"action":"silent","id":"dss1-20261121T092400Z","label":"orbit 412""#))
  }

  @Test("who asks for no passes gets the same events as before")
  func staysSilent() throws {
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [try folder.write([], to: "empty.frames")])
    options.eventsTo = folder.path("events.jsonl")
    options.passes = Self.announced("orbit 412")
    let outcome = try Replay(link: Self.link(), options: options).run()
    #expect(outcome.passes.isEmpty)
    #expect(!String(decoding: folder.bytes(of: "events.jsonl"), as: UTF8.self).contains("pass"))
  }

  @Test("the oldest reports go when there are too many, and are counted")
  func keepsSoMany() throws {
    let folder = try TemporaryFolder()
    var bounds = PassFolder.Bounds()
    bounds.reportCount = 3
    let store = PassStore(directory: folder.path("state"), .builtIn, bounds: bounds)
    for hour in 0..<7 {
      var report = PassReport(link: "dss1")
      report.id = "dss1-20261121T0\(hour)0000Z"
      store.add(report)
    }
    store.finish(within: 60)
    let names = folder.names(in: "state/passes").filter { $0.hasSuffix(".txt") }
    #expect(names == (4..<7).map { "dss1-20261121T0\($0)0000Z.txt" })
    #expect(store.removedCount == 4)
    // Another process finds what is left.
    let next = PassStore(directory: folder.path("state"), .builtIn, bounds: bounds)
    next.finish(within: 60)
    let answer = try next.answer(StatusArguments()).get()
    #expect(answer.contains("dss1-20261121T040000Z") && !answer.contains("dss1-20261121T030000Z"))
  }
}
