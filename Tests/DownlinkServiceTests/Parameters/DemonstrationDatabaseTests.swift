import CCSDSWire
import DownlinkService
import Foundation
import LinkHealth
import Publish
import SpacecraftSimulator
import StationConfiguration
import Testing

@Suite("What the packets of the demonstration mean")
struct DemonstrationDatabaseTests {
  @Test("the fields of a packet have the names, units and limits of the mission, worked out by hand")
  func describesFields() throws {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder, Demonstration.database)
    // DOWNLINK, heater on, 23.95 V, -0.5 A, -20.1 °C, 13.99 bar, 258 commands, 86401 s.
    let fields: [UInt8] = [2, 0x80, 0x09, 0x5B, 0xFE, 0x0C, 0xFF, 0x37, 0x05, 0x77, 1, 2, 0, 1, 0x51, 0x81]
    let packet: [UInt8] = [0x00, 10, 0xC0, 5, 0, 15] + fields
    var options = Replay.Options(files: [try folder.write(Array(repeating: packet, count: 3).flatMap(\.self), to: "p")])
    options.parametersTo = folder.path("values")
    let outcome = try Replay(link: link, mission: mission, options: options).run()
    let line = try #require(folder.bytes(of: "values").split(separator: UInt8(ascii: "\n")).first)
    let values = try #require(try JSONReader.read(Array(line))["eng"])
    #expect(values["MODE"] == .string("DOWNLINK"))
    #expect(values["HEATER"] == .bool(true))
    #expect(values["BATTERY_VOLTAGE"] == .number(23.95))
    #expect(values["BATTERY_CURRENT"] == .number(-0.5))
    #expect(values["PANEL_TEMPERATURE"] == .number(-20.1))
    #expect(values["TANK_PRESSURE"] == .number(13.99))
    #expect(values["COMMANDS"] == .integer(258))
    #expect(values["UPTIME"] == .integer(86_401))
    let parameters = try #require(outcome.report.parameters)
    #expect(parameters.counts.whole == 3)
    // Three too low one after the other, of each of the three.
    #expect(
      Set(parameters.worst.map(\.name)) == ["BATTERY_VOLTAGE", "PANEL_TEMPERATURE", "TANK_PRESSURE"])
  }

  @Test("every packet of the orbiter's housekeeping is as described, and its mode and voltage move")
  func fitsSimulator() throws {
    var scenario = Scenario.demonstration
    scenario.link.frameCount = 3000
    scenario.impairments = .none
    let recording = try Recording(scenario)
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(Demonstration.database.utf8), to: "orbiter.xml")
    var configuration = MissionConfiguration(files: [path])
    configuration.spacecraftID = SpacecraftID(0x2A)
    let mission = try LoadedMission(configuration)
    var link = recording.link
    link.mission = configuration
    var options = Replay.Options(files: [try folder.write(recording.bytes, to: "frames")])
    options.parametersTo = folder.path("values")
    let outcome = try Replay(link: link, mission: mission, options: options).run()
    let counts = try #require(outcome.report.parameters).counts
    #expect(counts.whole > 1000)
    #expect(counts.short == 0 && counts.long == 0)
    #expect(counts.otherSpacecraft > 0 && counts.encapsulation > 0)
    let lines = folder.bytes(of: "values").split(separator: UInt8(ascii: "\n"))
    let housekeeping = try lines.map { try JSONReader.read(Array($0)) }.filter {
      $0["container"] == .string("Housekeeping")
    }
    #expect(housekeeping.count == counts.whole)
    // The first packet of all is made in the deepest shadow.
    #expect(housekeeping.first?["raw"]?["BATTERY_VOLTAGE"] == .integer(2240))
    #expect(housekeeping.first?["eng"]?["MODE"] == .string("NOMINAL"))
    #expect(housekeeping.last?["raw"]?["BATTERY_VOLTAGE"] != .integer(2240))
  }
}
