import DownlinkService
import Foundation
import MissionDatabase
import Publish
import Testing

@Suite("Listings of mission databases")
struct DatabaseListingTests {
  private func listing(
    _ text: String, _ configure: (inout DatabaseListing.Options) -> Void = { _ in }
  ) throws -> DatabaseListing {
    let folder = try TemporaryFolder()
    var options = DatabaseListing.Options(files: [try folder.write(Array(text.utf8), to: "sat.xml")])
    configure(&options)
    return try DatabaseListing(options)
  }

  @Test("a parameter has its place, size, encoding, unit, calibration, labels and alarms on its line")
  func listsParameters() throws {
    let found = try listing(SampleMission.xtce())
    #expect(found.exitCode == 0)
    let lines = found.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines.contains(
        "BUSV 88 16 float unsigned V 0.01 x; warning outside 26 to 34; critical outside 20 to 36; "
          + "raised by 2 in a row; cleared by 2 good ones in a row"))
    #expect(lines.contains("MODE 80 8 enumeration of 2 unsigned 0 NOMINAL, 1 SAFE; distress at SAFE"))
    #expect(found.text.contains("packets begin with /SAT/Packet: the only abstract container"))
    #expect(found.problemText.isEmpty)
  }

  @Test("one container is shown with those that it extends, and nothing else")
  func listsOneContainer() throws {
    let found = try listing(SampleMission.xtce(extra: "<Parameter name=\"LONELY\" parameterTypeRef=\"u16\"/>")) {
      $0.container = "h?"
    }
    #expect(found.text.contains("HK") && found.text.contains("/SAT/Packet") && !found.text.contains("LONELY"))
    #expect {
      try listing(SampleMission.xtce()) { $0.container = "NOTHING*" }
    } throws: {
      "\($0)" == "no container is like 'NOTHING*'\nhint: it has Packet, HK"
    }
  }

  @Test("everything that is wrong is told at once with file, line and column, and ends with 65")
  func tellsProblems() throws {
    let text = SampleMission.xtce(
      extra: "<Parameter name=\"A\" parameterTypeRef=\"none\"/><Parameter name=\"B\" parameterTypeRef=\"nothing\"/>")
    let found = try listing(text)
    #expect(found.exitCode == 65)
    #expect(found.problemText.split(separator: "\n").count { $0.contains("sat.xml:") && $0.contains("error") } == 2)
    let lenient = try listing(text) { $0.isLenient = true }
    #expect(lenient.problems.count >= 2)
    #expect(lenient.text.contains("BUSV"))
  }

  @Test("a root that is not there is a problem, and the tree is shown all the same")
  func tellsRoot() throws {
    let found = try listing(SampleMission.xtce()) { $0.root = "NONE" }
    #expect(found.exitCode == 65)
    #expect(found.problemText.contains("there is no container `NONE`"))
    #expect(found.text.contains("BUSV"))
  }

  @Test("a database of parameters alone is listed, and refused as it is for a link")
  func listsParametersAlone() throws {
    let text = SampleMission.xtce()
    let start = try #require(text.range(of: "<ContainerSet>")?.lowerBound)
    let end = try #require(text.range(of: "</ContainerSet>")?.upperBound)
    let found = try listing(text.replacingCharacters(in: start..<end, with: ""))
    #expect(found.exitCode == 65)
    #expect(found.text.contains("BUSV"))
    #expect(found.problemText.contains("error: <SpaceSystem>: there is no container that a packet could begin with"))
    #expect(found.problemText.contains("hint: it has no containers"))
    #expect(!found.problemText.contains("lenient"))
  }

  @Test("a file that is missing ends with 66")
  func tellsMissingFile() throws {
    let found = try DatabaseListing(DatabaseListing.Options(files: ["/nonexistent/sat.xml"]))
    #expect(found.exitCode == 66)
    #expect(found.problemText.contains("/nonexistent/sat.xml: error: cannot be opened"))
  }

  @Test("the same is one JSON object")
  func writesJSON() throws {
    let json = try JSONReader.read(Array(try listing(SampleMission.xtce()).json.utf8))
    #expect(json["ok"] == .bool(true))
    #expect(json["plan"]?["root"] == .string("/SAT/Packet"))
    guard case .array(let containers)? = json["containers"], containers.count == 2,
      case .array(let entries)? = containers[1]["entries"]
    else { return #expect(Bool(false), "\(json)") }
    #expect(containers[1]["path"] == .string("/SAT/HK"))
    #expect(containers[1]["when"] == .string("APID == 5"))
    let volts = try #require(entries.first { $0["name"] == .string("BUSV") })
    #expect(volts["at_bit"] == .integer(88))
    #expect(volts["bits"] == .integer(16))
    #expect(volts["calibration"] == .string("0.01 x"))
  }

  @Test("no bytes make it trap: every beginning of a database, and random changes of it", arguments: 0..<8)
  func survivesAnything(part: Int) throws {
    let bytes = Array(SampleMission.xtce().utf8)
    var state = UInt64(part) &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<40 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var changed = bytes
      if state >> 63 == 0 { changed = Array(changed.prefix(Int(state >> 33) % bytes.count)) }
      for step in 0..<3 where !changed.isEmpty {
        changed[Int(state >> UInt64(20 + step)) % changed.count] = UInt8(truncatingIfNeeded: state >> UInt64(40 + step))
      }
      let folder = try TemporaryFolder()
      var options = DatabaseListing.Options(files: [try folder.write(changed, to: "sat.xml")])
      options.isLenient = state >> 62 & 1 == 1
      let found = try DatabaseListing(options)
      #expect(found.exitCode == 0 || !found.problemText.isEmpty)
      #expect(found.json.hasPrefix("{\"class\":\"MDB\""))
      _ = found.text
    }
  }
}
