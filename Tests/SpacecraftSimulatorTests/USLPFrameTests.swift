import SpacecraftSimulator
import TestSupport
import Testing

/// Frames that two other decoders have read as is said here, written again from their fields.
@Suite(
  "USLP frames written, against frames known",
  .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
struct USLPFrameTests {
  private static let packets = "0801c000000700010203040506070801c00100030001020307ffc00000015555"

  @Test("packets across frames, with and without a start, with insert zone and OCF")
  func writesPackets() throws {
    var fields = Self.fields(spacecraft: 1234, channel: 42, accessPoint: 5, count: 258, countByteCount: 2)
    fields.dataField.isForSpacecraft = true
    fields.dataField.pointer = 0
    try expect(fields, Self.packets, "USLP rule000")
    fields = Self.fields(spacecraft: 171, channel: 1, accessPoint: 2, count: 658_188, countByteCount: 3)
    fields.dataField.pointer = 4
    var link = LinkPlan(frameType: .uslp, frameByteCount: 49)
    link.insertZoneByteCount = 4
    link.hasOperationalControlField = true
    try expectHeader(fields, link, "USLP rule000-ocf-iz", insertZone: "01020304")
    fields = Self.fields(spacecraft: 171, channel: 1, accessPoint: 2, count: 7, countByteCount: 1)
    fields.dataField.pointer = 0xFFFF
    try expect(fields, String(repeating: "cc", count: 24), "USLP rule000-nostart")
  }

  @Test("service data units over zones of one length")
  func writesServiceData() throws {
    var fields = Self.fields(spacecraft: 171, channel: 3, accessPoint: 4, count: 8, countByteCount: 1)
    fields.dataField.constructionRule = 1
    fields.dataField.protocolID = 5
    fields.dataField.pointer = 9
    let unit = String(repeating: "01", count: 10) + String(repeating: "55", count: 14)
    try expect(fields, unit, "USLP rule001-mapa")
    fields.virtualChannelFrameCount = 9
    fields.dataField.constructionRule = 2
    fields.dataField.pointer = 0xFFFF
    try expect(fields, String(repeating: "02", count: 24), "USLP rule010-mapa")
  }

  @Test("a stream of bytes, and a packet in three segments, in frames of any length")
  func writesSegments() throws {
    var fields = Self.fields(spacecraft: 171, channel: 3, accessPoint: 6, count: 10, countByteCount: 1)
    fields.dataField.constructionRule = 3
    fields.dataField.protocolID = 4
    try expect(fields, "6f637465742073747265616d", "USLP rule011-octets")
    for (index, (rule, zone, id)) in [
      (4, "0801c000000700", "USLP rule100-startseg"), (5, "010203", "USLP rule101-contseg"),
      (6, "04050607", "USLP rule110-lastseg"),
    ].enumerated() {
      var fields = Self.fields(
        spacecraft: 171, channel: 1, accessPoint: 2, count: UInt64(11 + index), countByteCount: 1)
      fields.dataField.constructionRule = UInt8(rule)
      try expect(fields, zone, id)
    }
  }

  @Test("idle data, a count of seven bytes and a truncated frame")
  func writesTheRest() throws {
    var fields = Self.fields(spacecraft: 171, channel: 63, accessPoint: 0, count: 0, countByteCount: 0)
    fields.dataField.constructionRule = 1
    fields.dataField.protocolID = 31
    fields.dataField.pointer = 23
    try expect(fields, "ffffffff6db6d861451f11f19716723cbe7e00b1de90b262", "USLP oid")
    fields = Self.fields(
      spacecraft: 65_535, channel: 62, accessPoint: 15, count: 0x01_0203_0405_0607, countByteCount: 7)
    fields.dataField.isForSpacecraft = true
    fields.dataField.constructionRule = 7
    fields.dataField.protocolID = 4
    try expect(fields, "78", "USLP vcf7")
    fields = Self.fields(spacecraft: 171, channel: 1, accessPoint: 2, count: 0, countByteCount: 0)
    fields.dataField.constructionRule = 7
    fields.dataField.protocolID = 5
    fields.dataField.isTruncated = true
    try expect(fields, "112233", "USLP truncated")
  }

  // From the check value of the polynomial of Proximity-1.
  @Test("the long error control field is a CRC-32 of the polynomial 00A00805, preset 0")
  func computesLongErrorControl() {
    let data = Array("123456789".utf8)
    #expect(LongErrorControlCode.remainder(of: data, byteCount: 9) == 0x5169_3C0C)
  }

  /// Writes a frame around a zone and holds it against a vector.
  private func expect(_ fields: FrameFields, _ zone: String, _ id: String) throws {
    let expected = try #require(try VectorFile.groupByID("frames")[id]?.bytes("hex"))
    var link = LinkPlan(frameType: .uslp, frameByteCount: expected.count)
    link.hasVariableLength = true
    let layout = FrameLayout(uslp: link, fields.dataField, frameByteCount: expected.count)
    var frame = [UInt8](repeating: 0, count: expected.count)
    frame.replaceSubrange(layout.packetZone, with: bytes(zone))
    let writer = FrameWriter(link: link)
    writer.writeHeader(fields, layout: layout, to: &frame)
    writer.seal(&frame, layout: layout)
    #expect(frame == expected, "\(id)")
  }

  /// Writes the headers of a frame over a vector whose zone and OCF are left as they are.
  private func expectHeader(_ fields: FrameFields, _ link: LinkPlan, _ id: String, insertZone: String) throws {
    let expected = try #require(try VectorFile.groupByID("frames")[id]?.bytes("hex"))
    let layout = FrameLayout(uslp: link, fields.dataField, frameByteCount: expected.count)
    var frame = [UInt8](repeating: 0, count: expected.count)
    frame.replaceSubrange(layout.packetZone, with: expected[layout.packetZone])
    frame.replaceSubrange(layout.insertZone, with: bytes(insertZone))
    let writer = FrameWriter(link: link)
    writer.writeHeader(fields, layout: layout, to: &frame)
    writer.writeOperationalControl(0x0104_00A5, layout: layout, to: &frame)
    writer.seal(&frame, layout: layout)
    #expect(frame == expected, "\(id)")
  }

  private static func fields(
    spacecraft: UInt16, channel: UInt8, accessPoint: UInt8, count: UInt64, countByteCount: Int
  ) -> FrameFields {
    var fields = FrameFields(spacecraftID: spacecraft, virtualChannelID: channel)
    fields.virtualChannelFrameCount = count
    fields.dataField.accessPointID = accessPoint
    fields.dataField.countByteCount = countByteCount
    return fields
  }
}
