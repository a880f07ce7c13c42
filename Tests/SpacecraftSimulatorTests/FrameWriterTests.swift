import SpacecraftSimulator
import Testing

/// Frames that two other decoders have read as is said here.
@Suite("Frames written, against frames known")
struct FrameWriterTests {
  private let packets = "0801c000000700010203040506070801c00100030001020307ffc00000015555"
  private let clcw: UInt32 = 0x0104_00A5

  @Test("a TM frame of packets with OCF and error control")
  func writesTMPackets() {
    var fields = tmFields(channel: 5, master: 18, count: 52)
    fields.pointer = .firstHeader(0)
    let frame = write(fields, packets, tm(44, ocf: true))
    #expect(frame == bytes("2abb123418000801c000000700010203040506070801c00100030001020307ffc00000015555010400a5da46"))
  }

  @Test("a TM frame in which no packet starts, and one with only idle data")
  func writesTMSpecialPointers() {
    var fields = tmFields(channel: 5, master: 20, count: 54)
    fields.pointer = .noStart
    let noStart = write(fields, String(repeating: "dd", count: 26), tm(34))
    #expect(noStart == bytes("2aba14361fff" + String(repeating: "dd", count: 26) + "d3d1"))
    fields = tmFields(channel: 7, master: 21, count: 55)
    fields.pointer = .onlyIdleData
    let idle = write(fields, "ffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a", tm(34))
    #expect(idle == bytes("2abe15371ffeffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a3c71"))
  }

  @Test("a TM frame with a count of 32 bits in its secondary header")
  func writesTMExtendedCount() {
    var fields = tmFields(channel: 1, master: 22, count: 43_981)
    fields.secondaryHeader = .extendedCount
    fields.pointer = .firstHeader(0)
    let frame = write(fields, packets, tm(44))
    #expect(frame == bytes("2ab216cd9800030000ab" + packets + "a2e4"))
  }

  // Hand-worked: the pointer bits are undefined with VCA data; here order 1, segment 01, pointer 123.
  @Test("a TM frame of VCA data leaves undefined what is undefined")
  func writesTMVCA() {
    var fields = tmFields(channel: 2, master: 23, count: 1)
    fields.pointer = .vca(0x2923)
    #expect(write(fields, packets, tm(40)) == bytes("2ab417016923" + packets + "2c33"))
  }

  @Test("an AOS frame with every field there is")
  func writesAOSEveryField() {
    var link = LinkPlan(frameType: .aos, frameByteCount: 51)
    link.hasHeaderErrorControl = true
    link.insertZoneByteCount = 3
    link.hasOperationalControlField = true
    var fields = FrameFields(spacecraftID: 171, virtualChannelID: 42)
    fields.virtualChannelFrameCount = 50_331_906
    fields.usesCountCycle = true
    fields.pointer = .firstHeader(0)
    let frame = write(fields, packets, link, insertZone: "112233")
    #expect(frame == bytes("6aea00010243ce8e1122330000" + packets + "010400a561c5"))
  }

  @Test("AOS frames of packets, with and without a start")
  func writesAOSPackets() {
    var fields = FrameFields(spacecraftID: 171, virtualChannelID: 1)
    fields.virtualChannelFrameCount = 16_777_215
    fields.isReplay = true
    fields.pointer = .firstHeader(4)
    let zone = "eeeeeeee0801c0000007000102030405060707ffc00000015555"
    #expect(write(fields, zone, aos(36)) == bytes("6ac1ffffff800004" + zone + "2127"))
    fields.virtualChannelFrameCount = 0
    fields.isReplay = false
    fields.pointer = .noStart
    let fill = String(repeating: "cc", count: 24)
    #expect(write(fields, fill, aos(34)) == bytes("6ac10000000007ff" + fill + "0e3d"))
  }

  @Test("AOS frames of VCA and of idle data have no M_PDU header")
  func writesAOSWithoutPackets() {
    var fields = FrameFields(spacecraftID: 171, virtualChannelID: 4)
    fields.virtualChannelFrameCount = 9
    let unit = String(repeating: "42", count: 26)
    #expect(write(fields, unit, aos(34)) == bytes("6ac400000900" + unit + "94ee"))
    fields = FrameFields(spacecraftID: 171, virtualChannelID: 63)
    fields.virtualChannelFrameCount = 10
    fields.pointer = .onlyIdleData
    let idle = "ffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a"
    #expect(write(fields, idle, aos(34)) == bytes("6aff00000a00" + idle + "8bb3"))
  }

  @Test("an AOS spacecraft identifier of ten bits, issue 5")
  func writesAOSLongIdentifier() {
    var link = aos(44)
    link.hasHeaderErrorControl = true
    link.spacecraftIDBitCount = 10
    var fields = FrameFields(spacecraftID: 683, virtualChannelID: 42)
    fields.virtualChannelFrameCount = 50_331_906
    fields.usesCountCycle = true
    fields.pointer = .firstHeader(0)
    #expect(write(fields, packets, link) == bytes("6aea000102633b1d0000" + packets + "df8c"))
  }

  @Test("the first idle frame of a link starts with the published fill")
  func fillsIdleFrames() throws {
    var scenario = Scenario.tmThreeChannels
    scenario.link.idleFrameShare = 1
    scenario.link.frameCount = 1
    let frame = try #require(try run(scenario).datagrams.first)
    #expect(Array(frame[6..<26]) == bytes("ffffffff6db6d861451f11f19716723cbe7e00b1"))
  }

  private func write(
    _ fields: FrameFields, _ dataField: String, _ link: LinkPlan, insertZone: String = ""
  ) -> [UInt8] {
    let layout = FrameLayout(link: link, secondaryHeaderByteCount: fields.secondaryHeader.byteCount)
    let writer = FrameWriter(link: link)
    var frame = [UInt8](repeating: 0, count: link.frameByteCount)
    let data = bytes(dataField)
    let field = data.count == layout.dataField.count ? layout.dataField : layout.packetZone
    frame.replaceSubrange(field, with: data)
    frame.replaceSubrange(layout.insertZone, with: bytes(insertZone))
    writer.writeHeader(fields, layout: layout, to: &frame)
    writer.writeOperationalControl(clcw, layout: layout, to: &frame)
    writer.seal(&frame, layout: layout)
    #expect(writer.isSealed(frame))
    return frame
  }

  private func tmFields(channel: UInt8, master: UInt8, count: UInt32) -> FrameFields {
    var fields = FrameFields(spacecraftID: 683, virtualChannelID: channel)
    fields.masterChannelFrameCount = master
    fields.virtualChannelFrameCount = UInt64(count)
    return fields
  }

  private func tm(_ frameByteCount: Int, ocf: Bool = false) -> LinkPlan {
    var link = LinkPlan(frameType: .tm, frameByteCount: frameByteCount)
    link.hasOperationalControlField = ocf
    return link
  }

  private func aos(_ frameByteCount: Int) -> LinkPlan { LinkPlan(frameType: .aos, frameByteCount: frameByteCount) }
}
