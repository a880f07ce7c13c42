import CCSDSLink
import DownlinkService
import LinkHealth
import Testing

@Suite("Inspection of recorded frames", .enabled(if: Corpus.isPresent, Corpus.absence))
struct InspectCorpusTests {
  private static let undamaged = [
    "tm-aditya", "tm-dariol-encapsulation", "tm-dariol-large-packets", "tm-dart-1", "tm-dart-2", "tm-euclid-low",
    "tm-hera-low-1", "aos-emm", "aos-hakuto-1", "aos-hakuto-2", "aos-im1-1", "aos-lunahmap", "aos-psyche-1",
  ]

  @Test("an undamaged recording has no problem, and each packet of it is told", arguments: undamaged)
  func isQuiet(name: String) throws {
    let item = try Corpus.item(name, FrameTruth.self)
    let parameters = LinkParameters.frames(item.truth.parameters)
    let ledger = try CorpusRun(item.files[0].file, parameters).ledger
    var frameCount = 0
    var packetCount = 0
    var problems: [String] = []
    let inspector = Inspector(parameters: parameters, options: Inspector.Options())
    try inspector.inspect(path: Corpus.path(item.files[0].file)) { line in
      if line.hasPrefix("frame ") { frameCount += 1 }
      if line.hasPrefix("  ! ") { problems.append(line) }
      if ["  Space Packet at", "  idle ", "  Encapsulation Packet at"].contains(where: line.hasPrefix) {
        packetCount += 1
      }
      if line.hasPrefix("  Encapsulation Packets at") {
        packetCount += Int(line.split(separator: " ").dropFirst(4).first ?? "") ?? 0
      }
    }
    #expect(frameCount == ledger.frames.received)
    // More begin than are whole: some are never finished.
    #expect(packetCount >= ledger.packets.completed)
    #expect(problems == [])
  }
}
