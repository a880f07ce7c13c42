import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import Ingest
import Testing

@Suite("Inspection of files and captures")
struct InspectInputTests {
  private static let idle = Inspection.bytes(hexadecimal: Inspection.sealed("2abe15371ffeffffff"))

  private static func inspect(
    _ content: [UInt8], _ parameters: LinkParameters, _ configure: (inout Inspector.Options) -> Void = { _ in }
  ) throws -> [String] {
    let folder = try TemporaryFolder()
    let path = folder.path("input")
    try Data(content).write(to: URL(fileURLWithPath: path))
    var options = Inspector.Options()
    configure(&options)
    var lines: [String] = []
    try Inspector(parameters: parameters, options: options).inspect(path: path) { lines.append($0) }
    return lines
  }

  /// A capture of UDP datagrams to port 10017 in raw IP, big-endian, a second apart from 2026-11-21T09:24:37Z.
  private static func capture(_ payloads: [[UInt8]]) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { stride(from: 24, through: 0, by: -8).map { UInt8(value >> $0 & 0xFF) } }
    func half(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    var capture = word(0xA1B2_C3D4) + half(2) + half(4) + word(0) + word(0) + word(65_535) + word(101)
    for (index, payload) in payloads.enumerated() {
      let datagram = half(4000) + half(10_017) + half(payload.count + 8) + half(0) + payload
      let header = [0x45, 0] + half(datagram.count + 20) + half(index) + half(0) + [64, 17] + half(0)
      let packet = header + [127, 0, 0, 1] + [127, 0, 0, 1] + datagram
      capture += word(1_795_253_077 + index) + word(250_000) + word(packet.count) + word(packet.count) + packet
    }
    return capture
  }

  private static func headings(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("frame") } }

  @Test("frames of a file stand at their offsets, and what is left over at its end is told too")
  func tellsFile() throws {
    let lines = try Self.inspect(Self.idle + Self.idle + [0x2A], Inspection.tm(11))
    #expect(
      Self.headings(lines) == [
        "frame 1, byte 0, 11 bytes", "frame 2, byte 11, 11 bytes", "frame 3, byte 22, 1 byte: 2 problems",
      ])
  }

  @Test("no more units are told than are wanted")
  func obeysLimit() throws {
    let lines = try Self.inspect(Self.idle + Self.idle + Self.idle, Inspection.tm(11)) { $0.unitLimit = 2 }
    #expect(Self.headings(lines).count == 2)
    #expect(try Self.inspect(Self.idle, Inspection.tm(11)) { $0.unitLimit = 0 } == [])
  }

  @Test("the units of a capture have the number of their record, and its time")
  func tellsCapture() throws {
    let capture = Self.capture([Self.idle, [], Self.idle + Self.idle])
    let lines = try Self.inspect(capture, Inspection.tm(11)) { $0.framesPerDatagram = 2 }
    #expect(
      Self.headings(lines) == [
        "frame 1, record 1, 2026-11-21T09:24:37.250000Z, 11 bytes",
        "frame 2, record 2, 2026-11-21T09:24:38.250000Z, 0 bytes: 2 problems",
        "frame 3, record 3, 2026-11-21T09:24:39.250000Z, 11 bytes",
        "frame 4, record 3, 2026-11-21T09:24:39.250000Z, 11 bytes",
      ])
  }

  @Test("more frames in a datagram than the link takes are told one by one, with the setting")
  func tellsCrowdedDatagram() throws {
    let lines = try Self.inspect(Self.capture([Self.idle + Self.idle]), Inspection.tm(11))
    #expect(lines.count { $0 == "    hint: set input frames_per_datagram to 2" } == 2)
  }

  @Test("a capture without a datagram to the wanted port says which ports it has")
  func tellsPorts() throws {
    let lines = try Self.inspect(Self.capture([Self.idle]), Inspection.tm(11)) { $0.ports = [10_018] }
    #expect(lines == ["the capture has no datagram to the wanted port; it has 1 datagram to port 10017"])
    #expect(try Self.inspect([], Inspection.tm(11)) == ["the input is empty"])
  }

  @Test("a damaged capture is told up to the damage, and then is an error")
  func tellsDamagedCapture() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("cut.pcap")
    try Data(Self.capture([Self.idle, Self.idle]).dropLast(3)).write(to: URL(fileURLWithPath: path))
    var lines: [String] = []
    #expect(throws: ServiceError.self) {
      let inspector = Inspector(parameters: Inspection.tm(11), options: Inspector.Options())
      try inspector.inspect(path: path) { lines.append($0) }
    }
    #expect(Self.headings(lines).count == 1)
  }

  @Test("a file of packets is told packet by packet; behind something that is none, nothing is guessed")
  func tellsPackets() throws {
    let packets = Inspection.bytes(hexadecimal: "0801c00000070001020304050607" + "e0" + "4801c000" + "00")
    let lines = try Self.inspect(packets, .packets(PacketStreamParameters()))
    #expect(
      lines.filter { $0.hasPrefix("packet") } == [
        "packet 1, byte 0, 14 bytes", "packet 2, byte 14, 1 byte", "packet 3, byte 15, 5 bytes: 1 problem",
      ])
  }

  @Test("with JSON, each unit is one line that is one object")
  func writesJSON() throws {
    let lines = try Self.inspect(Self.idle + Self.idle, Inspection.tm(11)) { $0.asJSON = true }
    try #require(lines.count == 2)
    let value = try JSONSerialization.jsonObject(with: Data(lines[1].utf8))
    let object = try #require(value as? [String: Any])
    #expect(object["unit"] as? Int == 2)
    #expect(object["byte_offset"] as? Int == 11)
    #expect(object["problem_count"] as? Int == 0)
    let sections = try #require(object["sections"] as? [[String: Any]])
    #expect(
      sections.map { $0["title"] as? String } == [
        "primary header", "data field at 6: packets, 3 bytes", "frame error control at 9",
      ])
    let fields = try #require(sections[0]["fields"] as? [[String: Any]])
    #expect(fields[1]["name"] as? String == "spacecraft ID")
    #expect(fields[1]["offset"] as? String == "0.2")
    #expect(fields[1]["raw"] as? String == "0x2ab")
    #expect(fields[1]["value"] as? Int == 683)
  }
}
