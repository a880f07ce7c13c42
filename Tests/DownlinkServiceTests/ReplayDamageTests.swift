import CCSDSLink
import DownlinkService
import Ingest
import LinkHealth
import StationConfiguration
import Testing

/// What cannot be read is said, and everything before it counts.
@Suite("Replay of files that are damaged, cut off, empty or somebody else's")
struct ReplayDamageTests {
  @Test("a capture damaged in the middle ends in exit 65, with everything before it counted")
  func countsBeforeDamage() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("whole"))
    var bytes = folder.bytes(of: "whole")
    // A capture begins with 24 bytes; each record has 16 before its own, of which the length is the third word.
    let recordByteCount = 16 + 42 + 1115
    let damage = 24 + 250 * recordByteCount
    bytes.replaceSubrange(damage + 8..<damage + 12, with: [0xFF, 0xFF, 0xFF, 0x7F])
    let outcome = try run(recording.link, folder.write(bytes, to: "damaged"))
    #expect(outcome.failure?.exitCode == 65)
    guard case .ingest(let error) = outcome.failure else {
      Issue.record("not a failure of the input: \(String(describing: outcome.failure))")
      return
    }
    #expect(error.category == .badData)
    let ledger = try #require(outcome.report.links.first).snapshot.ledger
    #expect(ledger.datagrams.received == 250)
    #expect(ledger.frames.delivered + ledger.frames.idle == 250)
    #expect(outcome.report.isBalanced)
    #expect(outcome.report.inputs.count == 1)
  }

  @Test("a capture that ends in the middle of a record ends in exit 65, with the whole records counted")
  func countsBeforeEnd() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("whole"))
    let bytes = folder.bytes(of: "whole")
    let outcome = try run(recording.link, folder.write(Array(bytes.dropLast(600)), to: "cut"))
    #expect(outcome.failure?.exitCode == 65)
    #expect(outcome.report.links.first?.snapshot.ledger.datagrams.received == 499)
    #expect(outcome.report.isBalanced)
  }

  @Test("frames that come damaged after sound ones are called so, and no other configuration is proposed")
  func namesDamagedFrames() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("whole"))
    var bytes = folder.bytes(of: "whole")
    // As above; one bit in the middle of each frame from the hundredth on.
    for number in 100..<500 { bytes[24 + number * (16 + 42 + 1115) + 16 + 42 + 600] ^= 0x10 }
    let outcome = try run(recording.link, folder.write(bytes, to: "damaged"))
    let problems = try #require(outcome.report.links.first).problems
    // The beacon of the recording counts nothing, which is as true as before.
    #expect(problems.map(\.code) == [.someRejected, .frozenCounter])
    #expect(problems.first?.message.hasPrefix("400 of 500 frames were rejected") == true)
    #expect(problems.first?.hint.hasPrefix("others came through, so these are damaged on their way") == true)
  }

  @Test("after a damaged file the next ones are not begun")
  func stopsAtDamage() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("whole"))
    let cut = try folder.write(Array(folder.bytes(of: "whole").dropLast(600)), to: "cut")
    var options = Replay.Options(files: [cut, folder.path("whole")])
    options.ports = [Recording.port]
    let outcome = try Replay(link: recording.link, options: options).run()
    #expect(outcome.report.links.first?.snapshot.ledger.datagrams.received == 499)
    #expect(outcome.report.inputs.count == 1)
  }

  @Test("a capture without datagrams to the port says to which ports it has some")
  func tellsOtherPort() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("capture"))
    let outcome = try run(recording.link, folder.path("capture"), port: 10_018)
    #expect(outcome.failure == nil)
    #expect(outcome.report.isBalanced)
    let link = try #require(outcome.report.links.first)
    #expect(link.snapshot.ledger.datagrams.received == 0)
    let problem = try #require(link.problems.first)
    #expect(problem.code == .otherPort)
    #expect(problem.message == "the capture has no datagrams to port 10018, but 500 to port 10017")
    #expect(problem.hint == "name the port: --port 10017")
  }

  @Test("a frame that the file ends in the middle of is rejected for its length", arguments: [1, 5, 600, 1114])
  func rejectsLastFrame(missingByteCount: Int) throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let bytes = Array(recording.bytes.dropLast(missingByteCount))
    let outcome = try run(recording.link, folder.write(bytes, to: "frames"))
    #expect(outcome.failure == nil)
    #expect(outcome.report.isBalanced)
    let ledger = try #require(outcome.report.links.first).snapshot.ledger
    #expect(ledger.frames.received == 500)
    #expect(ledger.frames.rejected[.length] == 1)
    #expect(ledger.frames.delivered + ledger.frames.idle == 499)
    #expect(outcome.damage?.exitCode == 65)
    #expect("\(try #require(outcome.damage))".contains("what is left at the end is no whole frame of 1115 bytes"))
  }

  @Test("a whole file of frames is not damaged, however much is missing from it")
  func acceptsGaps() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let bytes = recording.bytes.prefix(100 * 1115) + recording.bytes.dropFirst(200 * 1115)
    let outcome = try run(recording.link, folder.write(Array(bytes), to: "frames"))
    #expect(outcome.damage == nil)
    #expect(outcome.lines.first?.contains("no frames are missing") == false)
  }

  @Test("an empty file gives an empty report, and is damaged")
  func acceptsEmptyFile() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let empty = try folder.write([], to: "empty")
    let packets = LinkConfiguration(name: "packets", parameters: .packets(PacketStreamParameters()))
    for link in [recording.link, packets] {
      let outcome = try run(link, empty)
      #expect(outcome.failure == nil)
      #expect(outcome.report.isBalanced)
      #expect(outcome.report.links.first?.snapshot.ledger == LossLedger(quietAfterSeconds: 60))
      #expect(outcome.damage?.exitCode == 65)
      #expect(outcome.lines.first == "\(link.name): the ledger balances, nothing came in")
    }
  }

  @Test("a file that is not there is said to be missing: exit 66")
  func refusesMissingFile() throws {
    let recording = try Recording.clean()
    let outcome = try run(recording.link, "/nowhere/at/all")
    #expect(outcome.failure?.exitCode == 66)
  }

  @Test("behind what is no packet nothing is made out: the rest of a file of packets is discarded")
  func discardsBehindGarbage() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let frames = try ReplayYield(recording.link, folder.write(recording.bytes, to: "frames"))
    let packets = try #require(frames.packets["scid-42-vcid-0.packets"])
    // The version number 2 is that of no packet.
    let garbage = [UInt8](repeating: 0x40, count: 100)
    let file = try folder.write(packets + garbage + packets, to: "packets")
    let link = LinkConfiguration(name: "packets", parameters: .packets(PacketStreamParameters()))
    let outcome = try run(link, file)
    let ledger = try #require(outcome.report.links.first).snapshot.ledger
    #expect(outcome.report.isBalanced)
    #expect(ledger.zoneBytes.packets + ledger.zoneBytes.idlePackets == packets.count)
    #expect(ledger.zoneBytes.discarded[.version] == 100 + packets.count)
    #expect(ledger.zoneBytes.received == 100 + 2 * packets.count)
    #expect(outcome.damage?.exitCode == 65)
    let headline = try #require(outcome.lines.first)
    #expect(headline.hasPrefix("packets: the ledger balances, no packets are missing, "))
    #expect(headline.hasSuffix(" packet bytes are discarded"))
  }

  @Test("a link of packets is told of by its packets: how many are missing by their counts, and a file that is a text")
  func speaksOfPackets() throws {
    let folder = try TemporaryFolder()
    let link = LinkConfiguration(name: "swe", parameters: .packets(PacketStreamParameters()))
    // Of the counts 0 to 9 those of 3, 4 and 8 are missing.
    let packets = [0, 1, 2, 5, 6, 7, 9].flatMap { SampleMission.packet($0, second: 1, volts: 3000) }
    let outcome = try run(link, folder.write(packets, to: "packets"))
    #expect(outcome.lines.first == "swe: the ledger balances, 3 packets are missing in 2 gaps")
    #expect(outcome.damage == nil)
    let cut = try run(link, folder.write(Array(packets.dropLast(5)), to: "cut"))
    // Each has 6 + 14 bytes.
    #expect(
      cut.lines.first
        == "swe: the ledger balances, 2 packets are missing in 1 gap, 15 of 135 packet bytes are discarded")
    #expect("\(try #require(cut.damage))".contains("15 of 135 bytes are in no whole packet"))
    let text = try run(link, folder.write(Array("Dear reader, this is no packet.".utf8), to: "text"))
    #expect(text.damage?.exitCode == 65)
    #expect(
      text.lines.first == "swe: the ledger balances, no packets are missing, 31 of 31 packet bytes are discarded")
    let problem = text.report.links.first?.problems.first { $0.code == .notPackets }
    #expect(problem?.message == "31 of 31 bytes are no packets")
    #expect(problem?.hint.contains("virtual_channels") == false)
  }

  private func run(
    _ link: LinkConfiguration, _ file: String, port: UInt16 = Recording.port
  ) throws -> Replay.Outcome {
    var options = Replay.Options(files: [file])
    options.ports = [port]
    return try Replay(link: link, options: options).run()
  }
}
