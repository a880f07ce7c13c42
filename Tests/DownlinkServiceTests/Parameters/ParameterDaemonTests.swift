import DownlinkService
import Foundation
import Glibc
import Ingest
import LinkHealth
import Publish
import StationConfiguration
import Testing

@Suite("Parameters of a live link", .timeLimit(.minutes(10)))
struct ParameterDaemonTests {
  private static func link(_ host: String, _ more: String) -> String {
    "{ name: sat, input: { udp: \"\(host):10017\", format: packets }\(more) }"
  }

  /// The answer to a question, as soon as it is as wanted. There is no limit but that of the test.
  private func ask(
    _ station: LiveStation, _ arguments: [String: String] = [:], until isWanted: ([JSONValue]) -> Bool
  ) throws -> [JSONValue] {
    while true {
      let arguments = StatusArguments(arguments.mapValues { .word($0) })
      let text = try station.daemon.board.answer(.parameters, arguments).get()
      if case .array(let rows) = try JSONReader.read(Array(text.utf8))["parameters"] ?? .null, isWanted(rows) {
        return rows
      }
      usleep(10_000)
    }
  }

  private func send(_ packets: [[UInt8]], to host: String) throws {
    let sender = try UDPSender(host: host, port: 10017)
    for packet in packets { try sender.send(unsafe packet.span.bytes) }
  }

  @Test("the last values are there for whoever asks, by patterns of their names, with units and limits")
  func answers() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    try send((0..<3).map { SampleMission.packet($0, second: UInt32(100 + $0), volts: 1900) }, to: host)
    let rows = try ask(station, ["glob": "bus*"]) { $0.first?["count"] == .integer(3) }
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row["link"] == .string("sat") && row["name"] == .string("BUSV") && row["unit"] == .string("V"))
    #expect(row["value"] == .number(19) || row["value"] == .integer(19))
    #expect(row["raw"] == .integer(1900))
    #expect(row["limit_level"] == .string("critical"))
    // As the database has them, the less severe ones first.
    let limits = try JSONReader.read(
      Array(
        (#"[{"level":"warning","outside":{"min_inclusive":26.0,"max_inclusive":34.0}},"#
          + #"{"level":"critical","outside":{"min_inclusive":20.0,"max_inclusive":36.0}}]"#).utf8))
    #expect(row["limits"] == limits)
    #expect(row["time"] == .string("1980-01-06T00:01:42.000000Z"))
    #expect(row["received"] != nil)
    #expect(row["violates"] == .string("outside 20 to 36"))
    // Without a pattern, everything that has come; an alias or the whole path will do too.
    #expect(try ask(station) { !$0.isEmpty }.count == 12)
    #expect(try ask(station, ["glob": "/SAT/BUSV"]) { !$0.isEmpty }.count == 1)
    #expect(try ask(station, ["glob": "nothing"]) { $0.isEmpty }.isEmpty)
    #expect(try ask(station, ["data": "stored"]) { $0.isEmpty }.isEmpty)
    let status = station.status(of: "sat") { $0.parameters?.counts.packets == 3 }
    #expect(status.parameters?.database == "SAT")
    #expect(status.parameters?.alarms.map(\.count) == [1])
    #expect(station.stop() == 0)
    let events = station.events("parameter")
    #expect(events.count == 1 && events[0].contains(#""limit_level":"critical","previous_level":"normal""#))
  }

  @Test("parameters beyond their limits are a problem that names them, until they are back")
  func tellsAlarms() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    // 19 V are below the critical 20 V; SAFE is of level distress.
    try send((0..<2).map { SampleMission.packet($0, second: UInt32($0), volts: 1900, mode: 1) }, to: host)
    let status = station.status(of: "sat") { $0.problems.contains { $0.code == .parameterAlarm } }
    let problem = try #require(status.problems.first { $0.code == .parameterAlarm })
    #expect(problem.severity == .critical)
    #expect(problem.message == "2 parameters are beyond limits: BUSV (critical), MODE (distress)")
    let rows = try ask(station, ["limit_level": "watch"]) { $0.count == 2 }
    #expect(rows.compactMap { $0["name"]?.string } == ["MODE", "BUSV"])
    #expect(try ask(station, ["limit_level": "critical"]) { $0.count == 1 }.first?["name"]?.string == "BUSV")
    try send((2..<4).map { SampleMission.packet($0, second: UInt32($0), volts: 3000) }, to: host)
    station.status(of: "sat") { !$0.problems.contains { $0.code == .parameterAlarm } }
    #expect(station.stop() == 0)
  }

  @Test("a page that was asked for goes on where it ended, though parameters have come since")
  func pagesWhileTheyCome() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    try send([SampleMission.packet(0, second: 1, volts: 3000, process: 6)], to: host)
    // Of a packet of another process only the seven fields of the header are known.
    #expect(try ask(station, ["limit": "5"]) { $0.count == 5 }.last?["name"]?.string == "FLAGS")
    try send([SampleMission.packet(1, second: 1, volts: 3000)], to: host)
    let rest = try ask(station, ["cursor": "5"]) { $0.count == 7 }
    #expect(rest.first?["name"]?.string == "COUNT")
    #expect(station.stop() == 0)
  }

  @Test("a page ends where it should, and goes on where it ended")
  func answersInPages() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    try send([SampleMission.packet(0, second: 1, volts: 3000)], to: host)
    var names = try ask(station, ["limit": "5"]) { !$0.isEmpty }.compactMap { $0["name"]?.string }
    #expect(names.count == 5)
    names += try ask(station, ["limit": "7", "cursor": "5"]) { !$0.isEmpty }.compactMap { $0["name"]?.string }
    #expect(
      names == [
        "VERSION", "TYPE", "SHF", "APID", "FLAGS", "COUNT", "LENGTH", "TIME", "MODE", "BUSV", "LABEL", "CELLS[]",
      ])
    #expect(station.stop() == 0)
  }

  @Test("a reload puts another database in force, and the ledger goes on; a wrong one changes nothing and says where")
  func reloads() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    try send((0..<2).map { SampleMission.packet($0, second: UInt32($0), volts: 2500) }, to: host)
    _ = try ask(station, ["glob": "BUSV"]) { $0.first?["limit_level"] == .string("warning") }
    // The same again: nothing is forgotten.
    _ = try station.reload().get()
    #expect(try ask(station, ["glob": "BUSV"]) { !$0.isEmpty }.first?["count"] == .integer(2))
    _ = try station.folder.write(Array(SampleMission.xtce(lowWarning: 24).utf8), to: "sat.xml")
    let outcome = try station.reload().get()
    #expect(outcome.contains(#""mission_database_changed":["sat"]"#), "\(outcome)")
    try send([SampleMission.packet(2, second: 3, volts: 2500)], to: host)
    let row = try ask(station, ["glob": "BUSV"]) { $0.first?["count"] == .integer(1) }.first
    #expect(row?["limit_level"] == .string("normal"))
    let status = station.status(of: "sat") { $0.snapshot.ledger.packets.delivered == 3 }
    #expect(status.parameters?.counts.packets == 1)
    _ = try station.folder.write(
      Array(SampleMission.xtce(extra: "<Parameter name=\"X\" parameterTypeRef=\"none\"/>").utf8), to: "sat.xml")
    guard case .failure(let error) = station.reload() else {
      Issue.record("it was taken")
      return
    }
    #expect(error.code == .configInvalid)
    #expect(error.message.contains("\(station.path):3:"), "\(error.message)")
    // Its first line has the first cause in it, for those who have room for one line.
    #expect(error.message.split(separator: "\n").first?.contains("sat.xml:") == true, "\(error.message)")
    try send([SampleMission.packet(3, second: 4, volts: 2500)], to: host)
    _ = try ask(station, ["glob": "BUSV"]) { $0.first?["count"] == .integer(2) }
    try station.write([Self.link(host, "")])
    _ = try station.reload().get()
    // Without a database there is nothing to be known, of before neither.
    #expect(try ask(station) { $0.isEmpty }.isEmpty)
    #expect(station.stop() == 0)
  }

  @Test("a link that comes in the place of another begins anew with the same database, and says what is forgotten")
  func beginsAnew() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [Self.link(host, ", mission_database: sat.xml")], files: ["sat.xml": SampleMission.xtce()])
    try send((0..<2).map { SampleMission.packet($0, second: UInt32($0), volts: 1900) }, to: host)
    _ = try ask(station, ["glob": "BUSV"]) { $0.first?["limit_level"] == .string("critical") }
    try station.write([Self.link(host, ", mission_database: sat.xml, quiet_after: 30s")])
    _ = try station.reload().get()
    // Nothing is known, and nothing in alarm, before the first packet.
    #expect(try ask(station) { $0.isEmpty }.isEmpty)
    try send([SampleMission.packet(2, second: 3, volts: 3000)], to: host)
    let row = try ask(station, ["glob": "BUSV"]) { $0.first?["count"] == .integer(1) }.first
    #expect(row?["limit_level"] == .string("normal"))
    #expect(station.stop() == 0)
    let told = station.events("link").filter { $0.contains("alarms_forgotten") }
    #expect(told.count == 1 && told[0].contains(#""alarms":{"critical":1}"#), "\(told)")
  }

  @Test("check reads the database too, and says all that is wrong with it, each with its place")
  func checks() throws {
    let folder = try TemporaryFolder()
    try folder.writeStation([Self.link("127.0.0.1", ", mission_database: [absent.xml, sat.xml]")])
    _ = try folder.write(Array(SampleMission.xtce().utf8), to: "sat.xml")
    let path = folder.path("downlinkd.yaml")
    var report = CheckReport(path: path, triesEnvironment: false)
    #expect(report.exitCode == 78)
    #expect(report.findings.contains("\(path):3:"))
    #expect(report.findings.contains("absent.xml: error: cannot be opened: No such file or directory"))
    _ = try folder.write(Array("<SpaceSystem name=\"A\"><TelemetryMetaData><Oops".utf8), to: "absent.xml")
    report = CheckReport(path: path, triesEnvironment: false)
    #expect(report.exitCode == 78)
    #expect(report.findings.contains("absent.xml:1:"), "\(report.findings)")
    try folder.writeStation([Self.link("127.0.0.1", ", mission_database: sat.xml")])
    report = CheckReport(path: path, triesEnvironment: false)
    #expect(report.exitCode == 0, "\(report.findings)")
    // The sample has seven parameters of the primary header and five more, of which MODE and BUSV have limits.
    #expect(
      report.summary?.hasSuffix(
        "\n'sat': mission database SAT: 12 parameters, 2 with limits, in 2 containers for 1 APID; 0 warnings") == true,
      "\(report.summary ?? "")")
    #expect(report.json.contains(#""parameters":12,"parameters_with_limits":2,"containers":2,"apids":1"#))
  }

  @Test("to read a database leniently is advised where that helps, and then says what is left out")
  func advisesLeniency() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("downlinkd.yaml")
    func check(_ text: String, _ more: String = "") throws -> CheckReport {
      _ = try folder.write(Array(text.utf8), to: "sat.xml")
      try folder.writeStation([Self.link("127.0.0.1", ", mission_database: sat.xml\(more)")])
      return CheckReport(path: path, triesEnvironment: false)
    }
    let sample = SampleMission.xtce()
    let lenient = ", parameters: { lenient: true }"
    // Another container needs what there is not: the rest is left.
    let another = sample.replacingOccurrences(
      of: "</ContainerSet>",
      with: "<SequenceContainer name=\"X\"><EntryList><ParameterRefEntry parameterRef=\"NONE\"/></EntryList>"
        + "<BaseContainer containerRef=\"Packet\"/></SequenceContainer></ContainerSet>")
    #expect(try check(another).findings.contains("'lenient: true' below 'parameters'"))
    var report = try check(another, lenient)
    #expect(report.exitCode == 0)
    #expect(report.findings.contains("container `/SAT/X` is left out"))
    // What all packets begin with needs it: nothing is left, and that does not help.
    let none = sample.replacingOccurrences(of: "parameterRef=\"SHF\"", with: "parameterRef=\"NONE\"")
    #expect(try !check(none).findings.contains("lenient"))
    report = try check(none, lenient)
    #expect(report.exitCode == 78)
    #expect(report.findings.contains("there is no container that a packet could begin with"))
    #expect(report.findings.contains("there is no parameter `NONE`"))
    #expect(report.findings.contains("all of its containers are left out"))
    #expect(!report.findings.contains("lenient: true"))
    // A file that is not there is not read leniently either.
    try folder.writeStation([Self.link("127.0.0.1", ", mission_database: absent.xml")])
    #expect(!CheckReport(path: path, triesEnvironment: false).findings.contains("lenient"))
  }

  @Test("a name of a metric that no database has is a warning, with the name that was meant")
  func warnsOfUnknownNames() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array(SampleMission.xtce().utf8), to: "sat.xml")
    let path = folder.path("downlinkd.yaml")
    try folder.writeStation(
      [Self.link("127.0.0.1", ", mission_database: sat.xml")],
      more: "metrics: { parameters: [BUSV, Power/busv, BUSVV, NOWHERE] }")
    let report = CheckReport(path: path, triesEnvironment: false)
    #expect(report.exitCode == 0)
    for name in ["Power/busv", "BUSVV"] {
      #expect(
        report.findings.contains("warning: no mission database of a link has a parameter '\(name)' in its packets"))
    }
    #expect(report.findings.components(separatedBy: "hint: is 'BUSV' meant?").count == 3, "\(report.findings)")
    #expect(report.findings.contains("a parameter 'NOWHERE'"))
    #expect(!report.findings.contains("a parameter 'BUSV'"))
    try folder.writeStation([Self.link("127.0.0.1", "")], more: "metrics: { parameters: [BUSV] }")
    #expect(
      CheckReport(path: path, triesEnvironment: false).findings.contains("no link has a mission database"))
  }
}
