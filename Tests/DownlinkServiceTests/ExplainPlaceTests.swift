import CCSDSLink
import DownlinkService
import Publish
import StationConfiguration
import Testing

@Suite("Explanations: which frame and which bytes")
struct ExplainPlaceTests {
  /// TM frames of 16 bytes without error control, of spacecraft 1 and channel 0: 6 bytes of header, 10 of packets.
  private static let link: LinkConfiguration = {
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 16)
    parameters.errorControl = .none
    return LinkConfiguration(name: "tm", parameters: .frames(parameters))
  }()

  private static func frame(count: String, pointer: String, _ zone: String) -> [UInt8] {
    Inspection.bytes(hexadecimal: "0010 00 \(count) 18\(pointer) \(zone)")
  }

  private func file(_ frames: [[UInt8]], _ folder: borrowing TemporaryFolder) throws -> String {
    try folder.write(frames.flatMap(\.self), to: "frames")
  }

  /// Counts 5 and 7, each with one packet of 10 bytes, with the sequence counts 0 and 2.
  private static let apart = [
    frame(count: "05", pointer: "00", "0005 C000 0003 A0A1A2A3"),
    frame(count: "07", pointer: "00", "0005 C002 0003 B0B1B2B3"),
  ]

  @Test("what becomes of a frame that was held back is told of it, and not of the frame that spoke for it")
  func attributesHeldFrames() throws {
    let folder = try TemporaryFolder()
    let file = try file(Self.apart, folder)
    let first = try Explanation.lines(.unit(1), of: Self.link, in: file).joined(separator: "\n")
    #expect(first.contains("held back"))
    #expect(first.contains("later, with unit 2: the frame is accepted on spacecraft 1, virtual channel 0: count 5, "))
    #expect(first.contains("it is packet 1, bytes 6 to 15"))
    #expect(!first.contains("count 7") && !first.contains("packet 2"))
    let second = try Explanation.lines(.unit(2), of: Self.link, in: file).joined(separator: "\n")
    #expect(second.contains("count 7, 1 frame missing before it"))
    #expect(second.contains("it is packet 2, bytes 6 to 15"))
    #expect(!second.contains("count 5") && !second.contains("packet 1"))
    // Units are counted from 1, and neighbours are called by that number.
    #expect(second.contains("7, but 6 follows unit 1"))
    #expect(!second.contains("frame 0"))
  }

  @Test("a frame that comes twice before anything is known of its channel is the first one, then a copy")
  func attributesCopies() throws {
    let folder = try TemporaryFolder()
    let file = try file([Self.apart[0], Self.apart[0], Self.apart[1]], folder)
    let first = try Explanation.lines(.unit(1), of: Self.link, in: file).joined(separator: "\n")
    #expect(first.contains("it is packet 1,") && !first.contains("packet 2"))
    #expect(first.contains("later, with unit 2: the frame is accepted"))
    let second = try Explanation.lines(.unit(2), of: Self.link, in: file).joined(separator: "\n")
    #expect(!second.contains("it is packet"))
    #expect(second.contains("count 5"))
  }

  @Test("a packet of a frame that was held back is in that frame")
  func placesHeldPackets() throws {
    let folder = try TemporaryFolder()
    let packet = try #require(
      try Explanation.objects(.packet(1, applicationProcess: nil), of: Self.link, in: try file(Self.apart, folder))
        .first)
    #expect(packet["unit"] == .integer(1))
    #expect(packet["byte_offset"] == .integer(0))
    #expect(packet["provenance"]?["first_frame"] == .integer(5))
    #expect(packet["first_byte"]?["at_byte"] == .integer(6))
    #expect(packet["last_byte"]?["at_byte"] == .integer(15))
  }

  @Test("a packet has the bytes of the frames that it begins and ends at")
  func placesSpanningPackets() throws {
    // 16 bytes, of which 10 are in the first frame; then 10, of which 4 are in the second; then 4 of a third one.
    let frames = [
      Self.frame(count: "05", pointer: "00", "0005 C000 0009 A0A1A2A3"),
      Self.frame(count: "06", pointer: "06", "A4A5A6A7A8A9 0005 C001"),
      Self.frame(count: "07", pointer: "06", "0003 B0B1B2B3 0005 C002"),
    ]
    let folder = try TemporaryFolder()
    let file = try file(frames, folder)
    let places = try [1, 2].map { number in
      let packet = try #require(
        try Explanation.objects(.packet(number, applicationProcess: nil), of: Self.link, in: file).first)
      return ["first_byte", "last_byte"].map { [packet[$0]?["unit"], packet[$0]?["at_byte"]] }
    }
    #expect(places[0] == [[.integer(1), .integer(6)], [.integer(2), .integer(11)]])
    #expect(places[1] == [[.integer(2), .integer(12)], [.integer(3), .integer(11)]])
    let text = try Explanation.lines(.packet(2, applicationProcess: nil), of: Self.link, in: file)
    #expect(text.contains("  begins in unit 2, byte 16, 16 bytes: at byte 12 of it"))
    #expect(text.contains("  completed in unit 3, byte 32, 16 bytes: at byte 11 of it"))
  }

  @Test("behind a lost frame, packets lie where they lie")
  func placesPacketsBehindGaps() throws {
    // The second packet goes on in a frame that is lost; what is left of it in the one behind is 3 bytes.
    let frames = [
      Self.frame(count: "05", pointer: "00", "0005 C000 0000 A0 0005 C0"),
      Self.frame(count: "07", pointer: "03", "B0B1B2 0005 C002 0000 D0"),
    ]
    let folder = try TemporaryFolder()
    let packet = try #require(
      try Explanation.objects(.packet(2, applicationProcess: nil), of: Self.link, in: try file(frames, folder)).first)
    #expect(packet["seq"] == .integer(2))
    #expect(packet["first_byte"]?["unit"] == .integer(2))
    #expect(packet["first_byte"]?["at_byte"] == .integer(9))
    #expect(packet["last_byte"]?["at_byte"] == .integer(15))
  }

  @Test("each of several packets in a datagram has its own place in it")
  func placesPacketsOfDatagrams() throws {
    let folder = try TemporaryFolder()
    let capture = folder.path("capture")
    let datagram = Inspection.bytes(hexadecimal: "0005 C000 0000 A0  0006 C000 0002 B0B1B2  0005 C001 0000 A1")
    try Recording.writeCapture([(bytes: datagram, nanoseconds: 1_000_000_000)], to: capture)
    let link = LinkConfiguration(name: "packets", parameters: .packets(.init()))
    var options = Explainer.Options()
    options.ports = [Recording.port]
    var lines: [String] = []
    try Explainer(link: link, mission: nil, options: options).explain(.unit(1), in: capture) { lines.append($0) }
    // 7 bytes, 9 bytes, 7 bytes.
    #expect(
      lines.filter { $0.hasPrefix("  Space Packet") } == [
        "  Space Packet at 0: APID 5, 7 bytes", "  Space Packet at 7: APID 6, 9 bytes",
        "  Space Packet at 16: APID 5, 7 bytes",
      ])
    #expect(lines.contains { $0.hasSuffix("it is packet 2, bytes 7 to 15: --packet 2 tells more") })
    lines = []
    try Explainer(link: link, mission: nil, options: options)
      .explain(.packet(3, applicationProcess: nil), in: capture) { lines.append($0) }
    #expect(
      lines.contains { $0.hasPrefix("  completed in unit 1, ") && $0.hasSuffix("23 bytes: bytes 16 to 22 of it") })
  }

  @Test("bytes that stand before each packet are found by the packets behind them, and nothing where there are none")
  func findsPrefixes() throws {
    let link = LinkConfiguration(name: "packets", parameters: .packets(.init()))
    let folder = try TemporaryFolder()
    let records = (0..<10).flatMap { count in
      Inspection.bytes(hexadecimal: "60F06060 0005 C00\(count) 0002 A0A1A2")
    }
    let found = try Explanation.lines(.rejected(limit: 1), of: link, in: try folder.write(records, to: "records"))
    #expect(
      found.contains { $0.contains("from byte 4 of it on, each behind 4 bytes that are none of it") }, "\(found)")
    #expect(found.contains { $0.contains("hint: take the 4 bytes before each packet away") })
    #expect(!found.joined().contains("vca") && !found.joined().contains("virtual channel"))
    let text = Array("# A text, which is no file of packets, whatever it says.\n".utf8)
    let other = try Explanation.lines(.rejected(limit: 1), of: link, in: try folder.write(text, to: "text"))
    #expect(!other.joined().contains("packets follow each other"))
    #expect(other.contains { $0.contains("hint: the packet before has a wrong length, or this is no file of packets") })
  }
}
