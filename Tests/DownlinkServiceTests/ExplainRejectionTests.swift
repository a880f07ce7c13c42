import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Publish
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

/// What `explain` tells of a file.
enum Explanation {
  static func lines(
    _ question: Explainer.Question, of link: LinkConfiguration, _ mission: LoadedMission? = nil, in file: String,
    asJSON: Bool = false
  ) throws -> [String] {
    var options = Explainer.Options()
    options.asJSON = asJSON
    let collector = Lines()
    try Explainer(link: link, station: "test", mission: mission, options: options)
      .explain(question, in: file) { collector.lines.append($0) }
    return collector.lines
  }

  static func objects(
    _ question: Explainer.Question, of link: LinkConfiguration, _ mission: LoadedMission? = nil, in file: String
  ) throws -> [JSONValue] {
    try lines(question, of: link, mission, in: file, asJSON: true).map { try JSONReader.read(Array($0.utf8)) }
  }

  private final class Lines {
    var lines: [String] = []
  }
}

@Suite("Explanations of what was rejected or discarded")
struct ExplainRejectionTests {
  /// What the ledger of a replay says, in the form of the last line of an explanation: `stage/reason` to count, and
  /// bytes where bytes are what the ledger counts.
  private static func ledgerCounts(
    _ link: LinkConfiguration, _ mission: LoadedMission?, _ file: String
  ) throws -> (counts: [String: Int], bytes: [String: Int]) {
    let outcome = try Replay(link: link, mission: mission, options: Replay.Options(files: [file])).run()
    let ledger = try #require(outcome.report.links.first?.snapshot.ledger)
    var counts: [String: Int] = [:]
    var bytes: [String: Int] = [:]
    for entry in ledger.datagrams.rejected.nonzero { counts["datagram/\(entry.reason.name)"] = entry.count }
    counts["codeblock/uncorrectable"] = ledger.codeblocks.uncorrectable
    counts["codeblock/refused"] = ledger.codeblocks.refused
    for entry in ledger.frames.rejected.nonzero { counts["frame/\(entry.reason.name)"] = entry.count }
    counts["frame/unlisted"] = ledger.frames.unlisted
    for entry in ledger.packets.rejected.nonzero { counts["packet/\(entry.reason.name)"] = entry.count }
    bytes["stream/skipped"] = ledger.streamBytes.skipped
    let ofPackets: Set<ZoneDiscard> = [.secondaryHeader, .packetErrorControl, .packetChecksum]
    for entry in ledger.zoneBytes.discarded.nonzero where !ofPackets.contains(entry.reason) {
      bytes["zone/\(entry.reason.name)"] = entry.count
    }
    for entry in ledger.serviceDataUnits.discarded.nonzero { bytes["service_data/\(entry.reason.name)"] = entry.count }
    if let found = outcome.report.parameters?.counts {
      counts["values/short"] = found.short
      counts["values/impossible_size"] = found.impossibleSize
      counts["values/unidentified"] = found.unidentified
      counts["values/too_many_values"] = found.tooManyValues
    }
    return (counts.filter { $0.value > 0 }, bytes.filter { $0.value > 0 })
  }

  /// Compares all that is counted, by reason, and returns how many there were.
  @discardableResult
  private func compare(
    _ link: LinkConfiguration, _ mission: LoadedMission?, _ file: String, limit: Int = 3
  ) throws -> Int {
    let objects = try Explanation.objects(.rejected(limit: limit), of: link, mission, in: file)
    let last = try #require(objects.last)
    #expect(last["class"] == .string("REJECTIONS"))
    let expected = try Self.ledgerCounts(link, mission, file)
    var counts: [String: Int] = [:]
    var bytes: [String: Int] = [:]
    for reason in last["reasons"]?.items ?? [] {
      let name = "\(reason["stage"]?.word ?? "")/\(reason["reason"]?.word ?? "")"
      if ["zone", "service_data", "stream"].contains(reason["stage"]?.word) {
        bytes[name] = reason["bytes"]?.whole
      } else {
        counts[name] = reason["count"]?.whole
      }
    }
    #expect(counts == expected.counts, "\(file)")
    #expect(bytes == expected.bytes, "\(file)")
    let count = last["count"]?.whole ?? 0
    // Of every reason one is told of, even beyond the limit.
    let reasonCount = limit == 0 ? 0 : counts.count + bytes.count
    #expect(min(limit, count)...limit + reasonCount ~= objects.count - 1, "\(file)")
    #expect(last["not_shown"]?.whole == count - (objects.count - 1))
    #expect(Set(objects.dropLast().map { $0["reason"]?.word }).count >= min(1, reasonCount))
    for object in objects.dropLast() {
      #expect(object["class"] == .string("REJECTED"))
      #expect(object["what"]?.word?.isEmpty == false)
    }
    return count
  }

  @Test("over a link on which a little of everything goes wrong, counts by reason are those of the ledger")
  func agreesOnFrames() throws {
    let recording = try Recording.lively()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("capture"))
    #expect(try compare(recording.link, nil, folder.path("capture"), limit: 1000) > 50)
    try compare(recording.link, nil, folder.path("capture"), limit: 0)
    // As a file of frames, in which a datagram of another length moves all behind it.
    try compare(recording.link, nil, try folder.write(recording.bytes, to: "frames"))
  }

  @Test("over a stream of damaged codeblocks, counts by reason are those of the ledger")
  func agreesOnCodeblocks() throws {
    let recording = try Recording.coded()
    let folder = try TemporaryFolder()
    let found = try compare(recording.link, nil, try folder.write(recording.bytes, to: "stream"), limit: 1000)
    #expect(found > 10)
    try recording.writeCapture(to: folder.path("capture"))
    try compare(recording.link, nil, folder.path("capture"))
  }

  @Test("over packets, counts by reason are those of the ledger and of the mission database")
  func agreesOnPackets() throws {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder)
    var short = SampleMission.packet(2, second: 11, volts: 3000)
    short.removeLast(8)
    short[5] -= 8
    let packets = [
      SampleMission.packet(1, second: 10, volts: 3000), short, SampleMission.packet(0, second: 0, volts: 0, process: 6),
    ]
    let file = try folder.write(packets.flatMap(\.self) + [0x5F, 1, 2, 3], to: "packets")
    #expect(try compare(link, mission, file) == 3)
  }

  @Test(
    "over any bytes whatever, nothing traps, and counts by reason are those of the ledger", arguments: 0..<12)
  func agreesOnAnything(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(7000 + seed))
    var bytes = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    if seed % 3 == 0 { for index in bytes.indices where random.chance(0.5) { bytes[index] = 0 } }
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, to: "bytes")
    let (packets, mission) = try SampleMission.link(in: folder)
    try compare(packets, mission, file, limit: 50)
    for recording in [try Recording.clean(), try Recording.coded(isClean: true)] {
      try compare(recording.link, nil, file, limit: 50)
    }
    for type in [TransferFrameType.tm, .aos, .uslp] {
      var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: 64)
      parameters.errorControl = .none
      if type == .uslp, seed % 2 == 0 { parameters.shortestFrameByteCount = 8 }
      let link = LinkConfiguration(name: "any", parameters: .frames(parameters))
      try compare(link, nil, file, limit: 400)
      for number in [1, 2, 3, 5, 8, 13] {
        #expect(try !Explanation.lines(.unit(number), of: link, in: file).isEmpty)
      }
    }
  }

  @Test("an absent limit of what is shown leaves the counts")
  func tellsText() throws {
    let recording = try Recording.lively()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("capture"))
    let lines = try Explanation.lines(.rejected(limit: 1), of: recording.link, in: folder.path("capture"))
    #expect((1...20).contains(lines.count { $0.hasPrefix("unit ") }))
    #expect(lines.contains { $0.contains("not shown, see --limit") })
  }

  @Test("a frame with a wrong bit is rejected for its error control field: the right value was worked out bit by bit")
  func explainsErrorControl() throws {
    let frame = Inspection.sealed("0010 0000 1800" + String(repeating: "00", count: 8))
    var damaged = Inspection.bytes(hexadecimal: frame)
    let stored = damaged[14...].map { String($0, radix: 16) }.map { $0.count == 1 ? "0" + $0 : $0 }.joined()
    damaged[9] ^= 0x40
    let right = Inspection.sealed(
      damaged[..<14].map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    )
    .suffix(4)
    let folder = try TemporaryFolder()
    let link = LinkConfiguration(name: "tm", parameters: Inspection.tm(16))
    let file = try folder.write(Inspection.bytes(hexadecimal: frame) + damaged, to: "frames")
    let found = try Explanation.objects(.rejected(limit: 5), of: link, in: file)
    let rejected = try #require(found.first { $0["reason"] == .string("fecf") })
    #expect(rejected["stage"] == .string("frame"))
    #expect(rejected["unit"] == .integer(2))
    #expect(rejected["byte_offset"] == .integer(16))
    #expect(rejected["seen"] == .string("0x\(stored)"))
    #expect(rejected["expected"] == .string("0x\(right)"))
    #expect(rejected["hex"]?.word?.hasSuffix(stored) == true)
  }
}

extension JSONValue {
  /// The elements of an array.
  fileprivate var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
  fileprivate var word: String? { if case .string(let word) = self { word } else { nil } }
  fileprivate var whole: Int? { if case .integer(let number) = self { number } else { nil } }
}
