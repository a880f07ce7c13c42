import DownlinkService
import LinkHealth
import Publish
import StationConfiguration
import TestSupport
import Testing

@Suite("The schema of event records, systemd/schema/events.schema.json")
struct EventSchemaTests {
  /// A record of each type and shape, as the conventions and the code have it.
  private static let bodies: [(type: EventType, link: String?, body: String)] = [
    (.daemon, nil, #"{"action":"start","version":"0.1.0"}"#),
    (
      .daemon, "dss1",
      #"{"action":"unbalanced","breaches":[{"level":"zone_bytes","received":2,"accounted":1}]}"#
    ),
    (.link, "dss1", #"{"action":"up","reason":"listening on 127.0.0.1:10017"}"#),
    (
      .link, "dss1",
      #"{"action":"alarms_forgotten","reason":"the limits of parameters begin anew","alarms":{"severe":1,"watch":2}}"#
    ),
    (
      .link, "dss1",
      #"{"reason":"source_not_allowed","count":3,"first":"2026-11-21T09:24:37.000000Z","#
        + #""last":"2026-11-21T09:24:38.000000Z","action":"refused","peer":"192.0.2.1:7"}"#
    ),
    (.frameGap, "dss1", #"{"expected":1,"received":4,"missing":3,"counter":"vc"}"#),
    (.frameGap, "dss1", #"{"expected":1,"received":4,"counter":"vc","discontinuity":true}"#),
    (.packetGap, "dss1", #"{"expected":1,"received":4,"missing":3}"#),
    (.frameSync, "dss1", #"{"action":"acquired","bit_offset":3,"inverted":false,"skipped_bytes":12}"#),
    (.frameSync, "dss1", #"{"action":"lost","skipped_bytes":12}"#),
    (
      .parameter, "dss1",
      #"{"name":"Power/BUSV","value":23.9,"raw":2390,"unit":"V","limit_level":"critical","previous_level":"normal","#
        + #""since":"2026-11-21T09:24:37.000000Z","violations":3,"suspect":true,"stored":true,"#
        + #""time":"2026-11-21T09:24:38.000000Z","received":"2026-11-21T09:24:39.000000Z","untold_changes":7}"#
    ),
    (
      .parameter, "dss1",
      #"{"name":"MODE","raw":7,"validity":"no_label","limit_level":"watch","previous_level":"normal","violations":1}"#
    ),
    (.clock, nil, #"{"action":"step","delta_seconds":-3600.5}"#),
    (.config, nil, #"{"action":"reload_failed","errors":["a"]}"#),
    (
      .client, nil,
      #"{"reason":"busy","count":1,"first":"2026-11-21T09:24:37.000000Z","last":"2026-11-21T09:24:37.000000Z","#
        + #""action":"denied","uid":0,"gid":0,"pid":7,"socket":"status"}"#
    ),
    (
      .client, nil,
      #"{"reason":"connections","count":2,"first":"2026-11-21T09:24:37.000000Z","#
        + #""last":"2026-11-21T09:24:37.000000Z","action":"denied","address":"127.0.0.1","socket":"web"}"#
    ),
    (.client, nil, #"{"action":"evict","socket":"web","reason":"slow","address":"127.0.0.1","lost_events":3}"#),
    (.client, nil, #"{"action":"evict","socket":"web","reason":"slow","clients":7,"lost_events":3}"#),
    (.daemon, nil, #"{"action":"sandbox","landlock_abi":7}"#),
    (.daemon, nil, #"{"action":"unresponsive","reason":"no answer from logs","queues":["logs"]}"#),
    (.daemon, nil, #"{"action":"fatal","reason":"the port is taken"}"#),
    (.link, "dss1", #"{"action":"recalled","reason":"3 datagrams"}"#),
    (.pass, "dss1", #"{"action":"aos","id":"dss1-20261121T092437Z","aos":"2026-11-21T09:24:37.000000Z"}"#),
    (
      .pass, "dss1",
      #"{"action":"los","id":"dss1-20261121T092437Z","label":"orbit 412","#
        + #""announced_start":"2026-11-21T09:24:00.000000Z","announced_end":"2026-11-21T09:36:00.000000Z","#
        + #""aos":"2026-11-21T09:24:37.000000Z","#
        + #""los":"2026-11-21T09:35:37.000000Z","duration_seconds":660,"ended_by":"silence","good_frames":1,"#
        + #""missing_frames":1,"missing_packets":0,"completeness":0.5}"#
    ),
    (
      .pass, "dss1",
      #"{"action":"silent","id":"dss1-20261121T092437Z","announced_start":"2026-11-21T09:24:00.000000Z","#
        + #""announced_end":"2026-11-21T09:36:00.000000Z"}"#
    ),
    (.replay, "dss1", #"{"action":"end","file":"a.pcap","frames":1,"packets":2}"#),
  ]

  private static func line(_ type: EventType, _ link: String?, _ body: String) -> JSONValue? {
    let record = EventRecord(type, severity: .info, time: 1_795_253_077_251_547_000, link: link, body: body)
    return try? JSONReader.read(Array(record.render(seq: 1, runID: "r").utf8))
  }

  /// A line of each type.
  private static func lines() throws -> [JSONValue] {
    let notices: [LogNotice] = [
      .rotated(path: "/l/e"), .degraded(.system(.writeLog, path: "/l/e", errno: 28)),
      .degraded(.shortOfSpace(path: "/l", freeByteCount: 1, minimumByteCount: 2)),
      .uncompressed(.system(.compressLog, path: "/l/e", errno: 28)), .recovered(path: "/l/e", droppedRecordCount: 3),
      .truncated(path: "/l/e", byteCount: 3, cutByteCount: 0),
    ]
    var lines = bodies.compactMap { line($0.type, $0.link, $0.body) }
    lines += notices.compactMap { line(.log, nil, EventRecord($0, at: 0).body) }
    for reason in ["frame_reject", "packet_reject", "codeblock_reject"] {
      let body =
        #"{"reason":"length","count":3,"first":"2026-11-21T09:24:37.000000Z","#
        + #""last":"2026-11-21T09:24:38.000000Z"}"#
      lines += EventType(rawValue: reason).flatMap { line($0, "dss1", body) }.map { [$0] } ?? []
    }
    let link = try LiveLink(LinkConfiguration(schemaTestOf: Recording.clean().link))
    lines += try [line(.stats, "dss1", link.stop().json(atMost: 1 << 20))].compactMap { $0 }
    return lines
  }

  @Test("every event type has a definition and a record that is as it says")
  func definesEveryType() throws {
    let schema = try EventSchema.document()
    let lines = try Self.lines()
    for type in EventType.allCases {
      #expect(schema["$defs"]?[type.rawValue] != nil, "\(type.rawValue) has no definition")
      #expect(lines.contains { $0["event_type"]?.string == type.rawValue }, "\(type.rawValue) has no example")
    }
    for line in lines { #expect(JSONSchema(schema).violations(of: line) == []) }
  }

  @Test("a record without one of its members, or with one more, is not as the schema says")
  func isStrict() throws {
    let schema = JSONSchema(try EventSchema.document())
    for line in try Self.lines() {
      let type = try #require(line["event_type"]?.string.flatMap { EventType(rawValue: $0) })
      for name in line.memberNames where name != "link" || (type != .daemon && type != .replay) {
        #expect(schema.violations(of: line.without(name)) != [], "\(type) without \(name)")
      }
      #expect(schema.violations(of: line.with("surprise", .integer(1))) != [], "\(type) with a surprise")
      let body = try #require(line[type.bodyName])
      let richer = line.with(type.bodyName, body.with("surprise", .integer(1)))
      #expect(schema.violations(of: richer) != [], "\(type): a body with a surprise")
      let poorer = line.with(type.bodyName, body.without(body.memberNames[0]))
      #expect(schema.violations(of: poorer) != [], "\(type): a body without its first member")
    }
  }

  @Test("what a daemon writes from its start to its end is as the schema says")
  func holdsForDaemon() throws {
    let folder = try TemporaryFolder()
    let text = """
      station: test
      links:
        - name: link
          input: { udp: "127.0.0.1:1" }
          frames: { type: aos, length: 1115 }
      logs: { directory: \(folder.path("log")) }
      status: { socket: \(folder.path("status.sock")) }
      """
    var station = try StationConfiguration.parse(text: text, fileName: "test")
    guard case .udp(var udp) = station.links[0].input else { return }
    udp.port = 0
    station.links[0].input = .udp(udp)
    let daemon = try Daemon(station, Daemon.Options(configurationPath: "test"))
    try daemon.start(catchingSignals: false)
    daemon.stop()
    #expect(daemon.waitUntilEnded() == 0)
    for name in ["log/events.jsonl", "log/stats.jsonl"] {
      let lines = String(decoding: folder.bytes(of: name), as: UTF8.self)
      #expect(!lines.isEmpty)
      #expect(try EventSchema.violations(in: lines) == [])
    }
  }
}

extension JSONValue {
  fileprivate func without(_ name: String) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.name != name })
  }

  fileprivate func with(_ name: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = without(name) else { return self }
    return .object(members + [Member(name: name, value: value)])
  }
}

extension LinkConfiguration {
  /// The same link with a socket of its own.
  fileprivate init(schemaTestOf link: LinkConfiguration) throws {
    self = link
    let text = """
      station: test
      links: [{ name: link, input: { udp: "127.0.0.1:1" }, frames: { type: aos, length: 1115 } }]
      """
    input = try StationConfiguration.parse(text: text, fileName: "test").links[0].input
    guard case .udp(var udp) = input else { return }
    udp.port = 0
    input = .udp(udp)
  }
}
