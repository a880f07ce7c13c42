import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import Publish
import StationConfiguration
import TestSupport
import Testing

@Suite("Parameters of a replay")
struct ParameterReplayTests {
  /// What a replay of packets leaves: its lines of parameters, its events and its report.
  private func replay(_ packets: [[UInt8]], _ text: String = SampleMission.xtce()) throws -> (
    lines: [JSONValue], events: [JSONValue], report: JSONValue
  ) {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder, text)
    var options = Replay.Options(files: [try folder.write(packets.flatMap(\.self), to: "packets")])
    options.parametersTo = folder.path("parameters")
    options.eventsTo = folder.path("events")
    let outcome = try Replay(link: link, mission: mission, options: options).run()
    let events = String(decoding: folder.bytes(of: "events"), as: UTF8.self)
    #expect(try EventSchema.violations(in: events) == [])
    return (
      try folder.bytes(of: "parameters").split(separator: UInt8(ascii: "\n")).map { try JSONReader.read(Array($0)) },
      try events.utf8.split(separator: UInt8(ascii: "\n")).map { try JSONReader.read(Array($0)) },
      try JSONReader.read(Array(outcome.report.json.utf8))
    )
  }

  @Test("each packet has a line with its values, raw and engineering, worked out by hand")
  func writesLines() throws {
    // 1479287357 s of GPS are 2026-11-21T09:08:59Z: 18 leap seconds since 1980.
    let packet = SampleMission.packet(7, second: 1_479_287_357, volts: 2512, mode: 1, label: "ab\"\n")
    let lines = try replay([packet]).lines
    let expected = #"""
      {"time":"2026-11-21T09:08:59.000000000Z","scid":0,"vcid":0,"apid":5,"seq":7,"container":"HK",
      "raw":{"VERSION":0,"TYPE":0,"SHF":1,"APID":5,"FLAGS":3,"COUNT":7,"LENGTH":13,"TIME":1479287357,"MODE":1,
      "BUSV":2512,"LABEL":"ab\"\n","CELLS":[1,2,3]},
      "eng":{"VERSION":0,"TYPE":0,"SHF":1,"APID":5,"FLAGS":3,"COUNT":7,"LENGTH":13,
      "TIME":"2026-11-21T09:08:59.000000000Z","MODE":"SAFE","BUSV":25.12,"LABEL":"ab\"\n","CELLS":[1,2,3]}}
      """#
    #expect(lines == [try JSONReader.read(Array(expected.utf8))])
  }

  /// 0x3DCCCCCD is the single nearest to 0.1, 0x3FB99999A0000000 the same number as a double, which has a nearer one.
  @Test("a float has the digits that tell it from its neighbours, of 32 bits or of 64; calibrated, those of 64")
  func writesDigits() throws {
    let text = """
      <SpaceSystem xmlns="http://www.omg.org/spec/XTCE/20180204" name="Floats"><TelemetryMetaData><ParameterTypeSet>
       <IntegerParameterType name="u48" signed="false"><IntegerDataEncoding sizeInBits="48"/></IntegerParameterType>
       <FloatParameterType name="f32"><FloatDataEncoding sizeInBits="32"/></FloatParameterType>
       <FloatParameterType name="f64" sizeInBits="64"><FloatDataEncoding sizeInBits="64"/></FloatParameterType>
       <FloatParameterType name="half"><FloatDataEncoding sizeInBits="32"><DefaultCalibrator><PolynomialCalibrator>
        <Term exponent="1" coefficient="0.5"/></PolynomialCalibrator></DefaultCalibrator></FloatDataEncoding>
       </FloatParameterType></ParameterTypeSet><ParameterSet>
       <Parameter name="header" parameterTypeRef="u48"/><Parameter name="single" parameterTypeRef="f32"/>
       <Parameter name="double" parameterTypeRef="f64"/><Parameter name="half" parameterTypeRef="half"/>
      </ParameterSet><ContainerSet><SequenceContainer name="P"><EntryList>
       <ParameterRefEntry parameterRef="header"/><ParameterRefEntry parameterRef="single"/>
       <ParameterRefEntry parameterRef="double"/><ParameterRefEntry parameterRef="half"/>
      </EntryList></SequenceContainer></ContainerSet></TelemetryMetaData></SpaceSystem>
      """
    let packet: [UInt8] =
      [0x08, 5, 0xC0, 0, 0, 15, 0x3D, 0xCC, 0xCC, 0xCD, 0x3F, 0xB9, 0x99, 0x99, 0xA0, 0, 0, 0, 0x3D, 0xCC, 0xCC, 0xCD]
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder, text)
    var options = Replay.Options(files: [try folder.write(packet, to: "packets")])
    options.parametersTo = folder.path("parameters")
    _ = try Replay(link: link, mission: mission, options: options).run()
    let line = String(decoding: folder.bytes(of: "parameters"), as: UTF8.self)
    #expect(line.contains(#""single":0.1,"double":0.10000000149011612,"half":0.1}"#), "\(line)")
    #expect(line.contains(#""single":0.1,"double":0.10000000149011612,"half":0.05000000074505806}"#), "\(line)")
  }

  @Test("what has no engineering value is null, and why is said; what ends too early says where")
  func writesFaults() throws {
    var short = SampleMission.packet(2, second: 11, volts: 3000)
    short.removeLast(8)
    short[5] -= 8
    let foreign = SampleMission.packet(0, second: 0, volts: 0, process: 6)
    let found = try replay([SampleMission.packet(1, second: 10, volts: 3000, mode: 9), short, foreign])
    #expect(found.lines.count == 3)
    #expect(found.lines[0]["eng"]?["MODE"] == .null)
    #expect(found.lines[0]["raw"]?["MODE"] == .integer(9))
    #expect(found.lines[0]["validity"] == .object([JSONValue.Member(name: "MODE", value: .string("no_label"))]))
    #expect(found.lines[1]["completeness"] == .string("short"))
    #expect(found.lines[1]["ended_at"] == .string("BUSV"))
    #expect(found.lines[1]["eng"]?["MODE"] == .string("NOMINAL"))
    #expect(found.lines[1]["eng"]?["BUSV"] == nil)
    #expect(found.lines[2]["completeness"] == .string("unidentified"))
    #expect(found.lines[2]["eng"]?["APID"] == .integer(6))
    let packets = try #require(found.report["links"]?.elements.first?["parameters"]?["packets"])
    #expect(packets["decoded"] == .integer(3))
    #expect(packets["whole"] == .integer(1))
    #expect(packets["short"] == .integer(1))
    #expect(packets["unidentified"] == .integer(1))
    #expect(found.report["links"]?.elements.first?["parameters"]?["ended_at"]?["BUSV"] == .integer(1))
  }

  @Test("a packet that goes on behind what is described is long, and its values are there")
  func countsLongPackets() throws {
    var long = SampleMission.packet(1, second: 10, volts: 3000) + [0, 0, 0, 0]
    long[5] += 4
    let found = try replay([long, SampleMission.packet(2, second: 11, volts: 3000)])
    #expect(found.lines[0]["completeness"] == .string("long"))
    #expect(found.lines[0]["undescribed_bits"] == .integer(32))
    #expect(found.lines[0]["eng"]?["BUSV"] == .number(30))
    #expect(found.lines[1]["completeness"] == nil)
    let parameters = try #require(found.report["links"]?.elements.first?["parameters"])
    #expect(parameters["packets"]?["decoded"] == .integer(2))
    #expect(parameters["packets"]?["whole"] == .integer(1))
    #expect(parameters["packets"]?["long"] == .integer(1))
    #expect(parameters["went_on_after"] == .object([JSONValue.Member(name: "CELLS[]", value: .integer(1))]))
    #expect(parameters["ended_at"] == .object([]))
  }

  @Test("what proves a packet undamaged need not be described")
  func knowsChecksums() throws {
    var packet = SampleMission.packet(1, second: 10, volts: 3000)
    packet[5] += 2
    let checksum = unsafe ISOChecksum.checksum(of: packet.span.bytes)
    packet += [UInt8(checksum >> 8), UInt8(truncatingIfNeeded: checksum)]
    let folder = try TemporaryFolder()
    let (named, mission) = try SampleMission.link(in: folder)
    for (control, whole) in [(PacketErrorControl.iso16, 1), (.none, 0)] {
      var stream = PacketStreamParameters()
      stream.packets.errorControl = control
      var link = LinkConfiguration(name: named.name, parameters: .packets(stream))
      link.mission = named.mission
      let options = Replay.Options(files: [try folder.write(packet, to: "packets")])
      let outcome = try Replay(link: link, mission: mission, options: options).run()
      #expect(outcome.report.parameters?.counts.whole == whole)
      #expect(outcome.report.parameters?.counts.long == 1 - whole)
    }
  }

  @Test("a database that is not of this spacecraft is a problem, from ten packets on")
  func tellsForeignDatabase() throws {
    for (foreignCount, goodCount, isProblem) in [(9, 0, false), (10, 0, true), (10, 10, true), (10, 11, false)] {
      let packets =
        (0..<foreignCount).map { SampleMission.packet($0, second: 1, volts: 3000, process: 6) }
        + (0..<goodCount).map { SampleMission.packet($0, second: 1, volts: 3000) }
      let problems = try #require(try replay(packets).report["links"]?.elements.first?["problems"]).elements
      let found = problems.first { $0["code"] == .string("packets_not_described") }
      #expect((found != nil) == isProblem)
      guard let found else { continue }
      #expect(
        found["message"]?.string?.contains(
          "of \(foreignCount + goodCount) packets most are not as the mission database SAT says: "
            + "\(foreignCount) unidentified") == true, "\(found)")
    }
  }

  @Test(
    "a violated limit is an event: two low voltages raise it, worse and better change it, two good ones clear it"
  )
  func tellsAlarms() throws {
    let volts: [UInt16] = [3000, 2500, 2500, 1900, 2500, 3000, 3000]
    let packets = volts.enumerated().map { SampleMission.packet($0, second: UInt32(100 + $0), volts: $1) }
    let alarms = try replay(packets).events.filter { $0["event_type"] == .string("parameter") }
    #expect(
      alarms.map { $0["parameter"]?["limit_level"] }
        == ["warning", "critical", "warning", "normal"].map { .string($0) })
    let raised = try #require(alarms.first)
    let expected = #"""
      {"name":"BUSV","value":25.0,"raw":2500,"unit":"V","limit_level":"warning","previous_level":"normal",
      "violates":"outside 26 to 34","since":"1980-01-06T00:01:41.000000Z","violations":2,
      "time":"1980-01-06T00:01:42.000000Z","seq":2,"provenance":{"first_frame":0,"last_frame":0,"frames":1,
      "frame_gap_before":false,"corrected_symbols":0,"worst_codeword":0}}
      """#
    #expect(raised["parameter"] == (try JSONReader.read(Array(expected.utf8))))
    #expect(
      alarms.map { $0["parameter"]?["violates"]?.string }
        == ["outside 26 to 34", "outside 20 to 36", "outside 26 to 34", nil])
    #expect(raised["apid"] == .integer(5))
    #expect(raised["severity"] == .string("warning"))
    #expect(alarms.map { $0["severity"] } == ["warning", "error", "warning", "notice"].map { .string($0) })
  }

  @Test("a state that is an alarm is an event that says so, and so is the packet behind a gap")
  func tellsStates() throws {
    let found = try replay([
      SampleMission.packet(1, second: 100, volts: 3000), SampleMission.packet(4, second: 101, volts: 3000, mode: 1),
    ]).events
    let alarm = try #require(found.first { $0["event_type"] == .string("parameter") })["parameter"]
    #expect(alarm?["name"] == .string("MODE"))
    #expect(alarm?["violates"] == .string("this state"))
    #expect(alarm?["provenance"]?["packets_missing_before"] == .integer(2))
    let gap = try #require(found.first { $0["event_type"] == .string("packet_gap") })["packet_gap"]
    #expect(gap?["missing"] == .integer(2))
    #expect(gap?["provenance"]?["frames"] == .integer(1))
    #expect(gap?["provenance"]?["frame_gap_before"] == .bool(false))
  }

  @Test("data that were stored, and come later, are told of as such, and raise nothing about now")
  func keepsStoredApart() throws {
    let live = [10_000, 10_001].map { SampleMission.packet($0, second: UInt32($0), volts: 3000) }
    let stored = [5000, 5001].map { SampleMission.packet($0, second: UInt32($0), volts: 1900) }
    let found = try replay(live + stored + [SampleMission.packet(9, second: 10_002, volts: 3000)])
    let alarms = found.events.filter { $0["event_type"] == .string("parameter") }
    #expect(alarms.map { $0["parameter"]?["stored"] } == [.bool(true)])
    #expect(alarms.map { $0["severity"] } == [.string("info")])
    #expect(found.lines.map { $0["stored"] } == [nil, nil, .bool(true), .bool(true), nil])
    #expect(found.report["links"]?.elements.first?["parameters"]?["packets"]?["stored"] == .integer(2))
    #expect(found.report["links"]?.elements.first?["parameters"]?["alarms"] == .object([]))
  }

  @Test("without a mission database there is nothing to write, and that is said before anything is done")
  func needsDatabase() throws {
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [folder.path("absent")])
    options.parametersTo = folder.path("parameters")
    let link = LinkConfiguration(name: "sat", parameters: .packets(PacketStreamParameters()))
    #expect {
      try Replay(link: link, options: options).run()
    } throws: {
      ($0 as? ServiceError)?.exitCode == 64
    }
  }
}

extension JSONValue {
  /// The elements of an array.
  fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
