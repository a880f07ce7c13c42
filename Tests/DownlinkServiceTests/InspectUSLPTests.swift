import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// The vectors of group `frames`; what each field means was worked out by hand.
@Suite("Inspection of USLP frames, CCSDS 732.1-B-3 §4.1")
struct InspectUSLPTests {
  private static let variable = Inspection.uslp(65_507) { $0.shortestFrameByteCount = 8 }

  @Test("each field of a frame with every optional field has its line")
  func tellsWholeFrame() {
    let parameters = Inspection.uslp(49) { $0.insertZoneByteCount = 4 }
    let frame =
      "c00ab02400300b0a0b0c01020304000004eeeeeeee0801c0000007000102030405060707ffc00000015555010400a581ed"
    expectLines(
      Inspection.head(parameters, [frame], 23),
      """
      frame 1, byte 0, 49 bytes
        primary header
              0.0  transfer frame version number   0xc           USLP
              0.4  spacecraft ID                   0x00ab        171
              2.4  source-or-destination ID        0             the spacecraft is the source
              2.5  virtual channel ID              0x01          1
              3.3  multiplexer access point ID     0x2           2
              3.7  end of primary header flag      0             a whole header
              4.0  frame length                    0x0030        49 bytes in all
              6.0  bypass/sequence control flag    0             sequence-controlled
              6.1  protocol control command flag   0             user data
              6.2  reserved spare                  00            0
              6.4  operational control field flag  1             present
              6.5  VCF count length                011           3 bytes
              7.0  virtual channel frame count     0x0a0b0c      658188
        insert zone
             10.0  insert zone                     0x01020304    4 bytes
        data field at 14: packets, 29 bytes
             14.0  TFDZ construction rule          000           packets spanning frames
             14.3  USLP protocol ID                0x00          packets
             15.0  first header pointer            0x0004        4, a packet begins after 4 bytes
          4 bytes from 17 belong to an unknown packet: none of its channel began before
        Space Packet at 21: APID 1, 14 bytes
      """)
    expectLines(
      Inspection.tail(parameters, [frame], from: 52),
      """
             46.0  report value                    0xa5          165, the frame expected next, V(R)
        frame error control at 47
             47.0  frame error control field       0x81ed        ok
      """)
  }

  @Test("service data units, streams, segments and idle data are told for what they are")
  func tellsServices() {
    let frames = [
      "c00ab06800240108250009010101010101010101015555555555555555555555555555d24f",
      "c00ab06c0016010a646f637465742073747265616d7c3d", "c00ab0240011010b800801c000000700c765",
      "c00ab7e00023003f0017ffffffff6db6d861451f11f19716723cbe7e00b1de90b2623dca",
    ]
    let lines = Inspection.lines(Self.variable, frames)
    for line in [
      "  data field at 8: service data, 27 bytes",
      "        8.0  TFDZ construction rule          001           start of a service data unit",
      "        9.0  last valid octet pointer        0x0009        9, the unit ends after 10 bytes, "
        + "14 bytes of fill behind it",
      "        8.3  USLP protocol ID                0x04          octet stream",
      "    a segment of a packet, which is put together with the others of its access point",
      "  data field at 7: only idle data, 27 bytes",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(!lines.contains { $0.contains("!") })
  }

  @Test("several frames in one unit are told one by one, and what is no frame as one")
  func tellsFramesOfUnit() {
    let frame = "c0064020001b08e00801c00000070001020304050607010400a5bd0d"
    let lines = Inspection.lines(Self.variable, [frame + frame + "1234"])
    #expect(lines.filter { $0.hasPrefix("frame ") }.count == 3)
    #expect(lines.contains { $0.hasPrefix("frame 3") && $0.contains("problem") })
  }

  @Test("a truncated frame is taken where its channel has such, and called wrong where it has none")
  func tellsTruncatedFrame() {
    let frame = "c00ab025e5112233"
    let listed = Inspection.uslp(64) {
      $0.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))]
      $0.virtualChannels[0].truncatedFrameByteCount = 8
    }
    expectLines(
      Inspection.text(listed, [frame]),
      """
      frame 1, byte 0, 8 bytes
        primary header
              0.0  transfer frame version number   0xc           USLP
              0.4  spacecraft ID                   0x00ab        171
              2.4  source-or-destination ID        0             the spacecraft is the source
              2.5  virtual channel ID              0x01          1
              3.3  multiplexer access point ID     0x2           2
              3.7  end of primary header flag      1             truncated
        data field at 4: service data, 4 bytes
              4.0  TFDZ construction rule          111           no segmentation
              4.3  USLP protocol ID                0x05          service data unit of the mission's own
      """)
    let problem = "  ! at 3.7: the virtual channel has no truncated frames"
    #expect(Inspection.lines(Inspection.uslp(64), [frame]).contains(problem))
  }

  @Test("a packet that goes on in the next frame is followed by access point")
  func followsPackets() {
    func frame(_ map: String, _ count: String, _ field: String) -> String {
      let zone = field.count / 2
      let length = String(9 + zone, radix: 16)
      return Inspection.sealed("c00640\(map)00\(length.count == 1 ? "0" : "")\(length)01\(count)\(field)")
    }
    // A packet of 14 bytes in two parts, with a frame of another access point between them.
    let lines = Inspection.lines(
      Self.variable,
      [
        frame("22", "00", "0000000801c000000700010203"), frame("24", "01", "0000000801c0000000aa"),
        frame("22", "02", "00ffff04050607"),
      ])
    #expect(lines.contains { $0.contains("end the packet that began in frame 1 at 11: 10 + 4 = 14 bytes") })
  }
}
