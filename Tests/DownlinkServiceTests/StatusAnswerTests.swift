import DownlinkService
import Foundation
import LinkHealth
import Publish
import TestSupport
import Testing

@Suite("What the status socket answers", .timeLimit(.minutes(10)))
struct StatusAnswerTests {
  /// An answer as values of Foundation, which reads what is too much for a request.
  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func names(_ text: String) throws -> [String] {
    let links = try #require(try object(text)["links"] as? [[String: Any]])
    return links.compactMap { $0["name"] as? String }
  }

  @Test("every configured link is there from the first moment, and every new one as soon as a reload is done")
  func showsAllLinks() throws {
    let hosts = (0..<4).map { _ in OwnAddress.next() }
    let first = [LiveStation.link("a", hosts[0]), LiveStation.link("b", hosts[1], more: ", enabled: false")]
    let station = try LiveStation(first)
    #expect(try Self.names(station.answer(.status)) == ["a", "b"])
    #expect(try Self.names(station.answer(.links)) == ["a", "b"])
    try station.write(first + [LiveStation.link("c", hosts[2]), LiveStation.link("d", hosts[3])])
    _ = try station.reload().get()
    #expect(try Self.names(station.answer(.status)) == ["a", "b", "c", "d"])
    #expect(station.stop() == 0)
  }

  @Test("the status is as its schema says, and has nothing that the schema does not know")
  func isAsSchemaSays() throws {
    let hosts = (0..<4).map { _ in OwnAddress.next() }
    let coded = ", coding: { reed_solomon: { interleave: 1 }, sync_marker: standard, error_control: crc16 }"
    let station = try LiveStation([
      LiveStation.link("a", hosts[0]), LiveStation.link("idle", hosts[1], more: ", enabled: false"),
      "{ name: tcp, input: { tcp: \"127.0.0.1:1\" }, frames: { type: tm, length: 64 } }",
      "{ name: coded, input: { udp: \"\(hosts[2]):10017\", max_datagrams_per_second: 5 }, "
        + "frames: { type: tm, length: 223 }\(coded) }",
      LiveStation.link("s1", hosts[3], spacecraft: 1), LiveStation.link("s2", hosts[3], spacecraft: 2),
    ])
    try Spacecraft(1, to: hosts[0]).send(5)
    station.status(of: "a") { $0.snapshot.ledger.frames.delivered + $0.snapshot.ledger.frames.idle == 5 }
    station.status(of: "tcp") { !$0.problems.isEmpty }
    try station.write(["{ name: a }"])
    _ = station.reload()
    let document = try PackageFile.json("systemd/schema/status.schema.json")
    let status = try JSONReader.read(Array(station.answer(.status).utf8))
    #expect(JSONSchema(document, isClosed: true).violations(of: status) == [])
    // A link that is told in few words, because there are so many of them.
    for name in ["a", "coded"] {
      let link = try #require(station.daemon.board.links.first { $0.snapshot.name == name })
      let short = try JSONReader.read(Array(link.json(atMost: 0).utf8))
      let definition = JSONSchema(Self.definition("link", of: document), isClosed: true)
      #expect(definition.violations(of: short) == [])
      #expect(short["virtual_channels"] == .array([]) && short["passes"] == .array([]))
    }
    #expect(document["properties"]?["schema_version"]?["const"] == .integer(1))
    #expect(status["schema_version"] == .integer(1))
    #expect(station.stop() == 0)
  }

  /// A definition of a schema as a schema of its own.
  private static func definition(_ name: String, of schema: JSONValue) -> JSONValue {
    guard let definitions = schema["$defs"], case .object(let members)? = definitions[name] else { return .bool(false) }
    return .object(members + [JSONValue.Member(name: "$defs", value: definitions)])
  }

  @Test("two hundred and fifty-six links fit into one reply, none is left out, and each is told shortly enough")
  func boundsStatus() throws {
    let station = try LiveStation(
      (0..<256).map { index in
        "{ name: a-link-with-a-name-of-so-many\(String(format: "%03d", index)), enabled: false, "
          + "input: { tcp: \"127.0.0.1:1\" }, frames: { type: tm, length: 223 }, "
          + "coding: { sync_marker: standard, reed_solomon: { interleave: 1 } } }"
      })
    let text = station.answer(.status)
    #expect(try Self.names(text).count == 256)
    #expect(text.utf8.count < 1_048_576 - 256)
    // With all of its counts as long as they can get, they still fit: sixty and more numbers of up to sixteen digits.
    let shortest = station.daemon.board.links.map { $0.json(atMost: 0).utf8.count }.max() ?? 0
    #expect((shortest + 70 * 14) * 256 + 131_072 < 1_048_576 - 256)
    #expect(station.stop() == 0)
  }

  @Test("more links than that are refused by the configuration")
  func boundsLinks() throws {
    let links = (0..<257).map { LiveStation.link("l\($0)", "127.0.0.1") }
    #expect(throws: (any Error).self) { try LiveStation(links) }
  }

  // MARK: Tables

  /// Frames of 33 virtual channels with a packet of every application process but the idle one, 2047 in each.
  private static func crowdedFrames() -> [UInt8] {
    var bytes: [UInt8] = []
    for vcid in 0..<33 {
      for count in 0..<2 {
        // Version 1, spacecraft 100; a count of 24 bits; no signals; then a packet zone that begins with a packet.
        let word = 0x4000 | 100 << 6 | vcid
        bytes += [UInt8(word >> 8), UInt8(word & 0xFF), 0, 0, UInt8(count), 0, 0, 0]
        for apid in 0..<2047 {
          // A telemetry packet of one byte, unsegmented.
          bytes += [UInt8(apid >> 8), UInt8(apid & 0xFF), 0xC0, UInt8(count), 0, 0, 0xAA]
        }
      }
    }
    return bytes
  }

  @Test("a table of 65,536 rows is paged through to its last row: none is there twice, and the sum is the ledger's")
  func pagesThroughTable() throws {
    let listener = try TCPPeerListener()
    let station = try LiveStation([
      "{ name: crowd, input: { tcp: \"127.0.0.1:\(listener.port)\" }, frames: { type: aos, length: 14337 }, "
        + "limits: { application_process_count: 65536 } }"
    ])
    let peer = try listener.accept()
    try peer.send(Self.crowdedFrames())
    let link = station.status(of: "crowd") { $0.snapshot.ledger.packets.completed == 33 * 2 * 2047 }
    let ledger = link.snapshot.ledger
    #expect(ledger.applicationProcesses.count == 65_536)
    for limit in [nil, 1000] {
      var (cursor, pageCount, packetCount) = (0, 0, 0)
      var identities: Set<Int> = []
      while true {
        var request = "apids crowd cursor=\(cursor)"
        if let limit { request += " limit=\(limit)" }
        let reply = try StatusQuestion.line(station.folder.path("s"), request)
        #expect(reply.utf8.count < 1 << 20)
        let result = try #require(try Self.object(reply)["result"] as? [String: Any])
        let rows = try #require(result["apids"] as? [[String: Any]])
        #expect(rows.count <= limit ?? .max && !rows.isEmpty)
        for row in rows {
          let vcid = try #require(row["vcid"] as? Int)
          let apid = try #require(row["apid"] as? Int)
          #expect(identities.insert(vcid << 11 | apid).inserted)
          packetCount += try #require(row["packets"] as? Int)
        }
        pageCount += 1
        guard let next = result["cursor"] as? Int else { break }
        cursor = next
      }
      #expect(identities.count == 65_536)
      #expect(pageCount == limit.map { (65_536 + $0 - 1) / $0 } ?? pageCount && pageCount > 1)
      #expect(packetCount + ledger.packets.unlisted == 33 * 2 * 2047)
    }
    #expect(station.stop() == 0)
  }
}
