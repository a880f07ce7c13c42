import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// The vectors were run through two public decoders; what each field means was worked out by hand.
@Suite("Inspection of AOS frames, CCSDS 732.0-B-4 §4.1")
struct InspectAOSTests {
  private static let full = Inspection.aos(51) {
    $0.hasHeaderErrorControl = true
    $0.insertZoneByteCount = 3
    $0.hasOperationalControlField = true
  }
  private static let rest = "11223300000801c000000700010203040506070801c00100030001020307ffc00000015555010400a5"

  @Test("each field of a frame with every optional field has its line")
  func tellsWholeFrame() {
    expectLines(
      Inspection.head(Self.full, ["6aea00010243ce8e" + Self.rest + "61c5"], 36),
      """
      frame 1, byte 0, 51 bytes
        primary header
              0.0  transfer frame version number   01            AOS
              0.2  spacecraft ID                   0xab          171
              1.2  virtual channel ID              0x2a          42
              2.0  virtual channel frame count     0x000102      50331906 with its cycle
              5.0  replay flag                     0             live
              5.1  VC frame count cycle use flag   1             in use
              5.2  reserved spare                  00            0
              5.4  VC frame count cycle            0x3           3
              6.0  frame header error control      0xce8e        ok
        insert zone
              8.0  insert zone                     0x112233      3 bytes
        data field at 11: packets (M_PDU), 34 bytes
             11.0  reserved spare                  0x00          0
             11.5  first header pointer            0x000         0, a packet begins at once
        Space Packet at 13: APID 1, 14 bytes
             13.0  packet version number           000           Space Packet
             13.3  packet type                     0             telemetry
             13.4  secondary header flag           1             present
             13.5  application process ID          0x001         1
             15.0  sequence flags                  11            unsegmented
             15.2  packet sequence count           0x0000        0
             17.0  packet data length              0x0007        8 bytes of data, 14 in all
        Space Packet at 27: APID 1, 10 bytes
             27.0  packet version number           000           Space Packet
             27.3  packet type                     0             telemetry
             27.4  secondary header flag           1             present
             27.5  application process ID          0x001         1
             29.0  sequence flags                  11            unsegmented
             29.2  packet sequence count           0x0001        1
             31.0  packet data length              0x0003        4 bytes of data, 10 in all
        idle Space Packet at 37: 8 bytes
             37.0  packet version number           000           Space Packet
             37.3  packet type                     0             telemetry
             37.4  secondary header flag           0             absent
      """)
    expectLines(
      Inspection.tail(Self.full, ["6aea00010243ce8e" + Self.rest + "61c5"], from: 54),
      """
             48.0  report value                    0xa5          165, the frame expected next, V(R)
        frame error control at 49
             49.0  frame error control field       0x61c5        ok
      """)
  }

  @Test("what header error control corrects is told as received, and as corrected")
  func tellsCorrection() {
    expectLines(
      Inspection.head(Self.full, [Inspection.sealed("65ea00010243ce8e" + Self.rest)], 12),
      """
      frame 1, byte 0, 51 bytes
        primary header
              0.0  transfer frame version number   01            AOS
              0.2  spacecraft ID                   0x97          171, corrected to 0xab
              1.2  virtual channel ID              0x2a          42
              2.0  virtual channel frame count     0x000102      50331906 with its cycle
              5.0  replay flag                     0             live
              5.1  VC frame count cycle use flag   1             in use
              5.2  reserved spare                  00            0
              5.4  VC frame count cycle            0x3           3
              6.0  frame header error control      0xce8e        corrected, 1 symbol of 4 bits
        insert zone
      """)
  }

  @Test("a header that cannot be corrected is told with the parity that it should have")
  func tellsUncorrectableHeader() {
    expectLines(
      Inspection.notes(Self.full, [Inspection.sealed("6aea00010243ffff" + Self.rest)]),
      """
      frame 1, byte 0, 51 bytes: 1 problem
        primary header
        ! at 6.0: the header cannot be corrected
          found 0xffff, expected 0xce8e
          hint: damaged; where every frame is bad, set frames header_error_control to false
        insert zone
        data field at 11: packets (M_PDU), 34 bytes
        Space Packet at 13: APID 1, 14 bytes
        Space Packet at 27: APID 1, 10 bytes
        idle Space Packet at 37: 8 bytes
        operational control field at 45: communications link control word (CLCW)
        frame error control at 49
      """)
  }

  @Test("frames played back, without a beginning, and idle")
  func tellsPacketFrames() {
    let played = "6ac1ffffff800004eeeeeeee0801c0000007000102030405060707ffc000000155552127"
    expectLines(
      Inspection.head(Inspection.aos(36), [played], 14),
      """
      frame 1, byte 0, 36 bytes
        primary header
              0.0  transfer frame version number   01            AOS
              0.2  spacecraft ID                   0xab          171
              1.2  virtual channel ID              0x01          1
              2.0  virtual channel frame count     0xffffff      16777215
              5.0  replay flag                     1             played back from a recorder
              5.1  VC frame count cycle use flag   0             not in use
              5.2  reserved spare                  00            0
              5.4  VC frame count cycle            0x0           0
        data field at 6: packets (M_PDU), 28 bytes
              6.0  reserved spare                  0x00          0
              6.5  first header pointer            0x004         4, a packet begins after 4 bytes
          4 bytes from 8 belong to an unknown packet: none of its channel began before
      """)
    let frames = [
      "6ac10000000007ff" + String(repeating: "cc", count: 24) + "0e3d",
      "6ac10000010007fe" + String(repeating: "55", count: 24) + "2256",
      "6aff00000a00ffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a8bb3",
    ]
    expectLines(
      Inspection.notes(Inspection.aos(34), frames),
      """
      frame 1, byte 0, 34 bytes
        primary header
        data field at 6: packets (M_PDU), 26 bytes
          24 bytes from 8 belong to an unknown packet: none of its channel began before
        frame error control at 32
      frame 2, byte 34, 34 bytes
        primary header
        data field at 6: packets (M_PDU), 26 bytes
          24 bytes of idle data
        frame error control at 32
      frame 3, byte 68, 34 bytes
        primary header
        data field at 6: only idle data, 26 bytes
        frame error control at 32
      """)
  }

  @Test("a channel of bitstream and one of service data units are told by what is configured")
  func tellsOtherServices() {
    let parameters = Inspection.aos(34) {
      $0.virtualChannels = [3, 4].map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
      $0.virtualChannels[0].service = .bitstream
      $0.virtualChannels[0].name = "camera"
      $0.virtualChannels[1].service = .vca
    }
    let frames = [
      "6ac3000007003fff" + String(repeating: "aa", count: 24) + "e9c6",
      "6ac3000008000063aaaaaaaaaaaaaaaaaaaaaaaa000000000000000000000000717a",
      "6ac400000900" + String(repeating: "42", count: 26) + "94ee",
      Inspection.sealed("6ac30000090000c0" + String(repeating: "aa", count: 24)),
    ]
    let lines = Inspection.lines(parameters, frames).filter {
      ["frame", "channel ID", "data field", "bitstream", "  ! ", "found"].contains(where: $0.contains)
        && !["count", "version", "error control"].contains(where: $0.contains)
    }
    expectLines(
      lines.joined(separator: "\n"),
      """
      frame 1, byte 0, 34 bytes
              1.2  virtual channel ID              0x03          3, camera
        data field at 6: bitstream (B_PDU), 26 bytes
              6.2  bitstream data pointer          0x3fff        all 192 bits belong to the stream
      frame 2, byte 34, 34 bytes
              1.2  virtual channel ID              0x03          3, camera
        data field at 6: bitstream (B_PDU), 26 bytes
              6.2  bitstream data pointer          0x0063        99, the first 100 of 192 bits belong to the stream
      frame 3, byte 68, 34 bytes
              1.2  virtual channel ID              0x04          4
        data field at 6: service data unit (VCA), 26 bytes
      frame 4, byte 102, 34 bytes: 1 problem
              1.2  virtual channel ID              0x03          3, camera
        data field at 6: bitstream (B_PDU), 26 bytes
              6.2  bitstream data pointer          0x00c0        192
        ! at 6.2: the bitstream data pointer points outside its zone
          found 192, expected below 192
          hint: the frame is damaged, or the channel carries no bitstream: check virtual_channels service
      """)
  }

  @Test("ten bits of spacecraft identifier are told where they are configured, and hinted at where not")
  func tellsWideSpacecraft() {
    let frame = "6aea000102633b1d00000801c000000700010203040506070801c00100030001020307ffc00000015555df8c"
    let wide = Inspection.aos(44) {
      $0.hasHeaderErrorControl = true
      $0.spacecraftIDBitCount = 10
    }
    expectLines(
      Inspection.head(wide, [frame], 10),
      """
      frame 1, byte 0, 44 bytes
        primary header
              0.0  transfer frame version number   01            AOS
              0.2  spacecraft ID                   0xab          683, with the two upper bits below
              1.2  virtual channel ID              0x2a          42
              2.0  virtual channel frame count     0x000102      50331906 with its cycle
              5.0  replay flag                     0             live
              5.1  VC frame count cycle use flag   1             in use
              5.2  spacecraft ID, upper bits       10            2
              5.4  VC frame count cycle            0x3           3
      """)
    expectLines(
      Inspection.notes(Inspection.aos(44) { $0.hasHeaderErrorControl = true }, [frame]),
      """
      frame 1, byte 0, 44 bytes: 1 problem
        primary header
        ! at 5.2: the spare bits are in use
          found 10, expected 00
          hint: set frames spacecraft_id_bits to 10 if the spacecraft has a 10-bit identifier
        data field at 8: packets (M_PDU), 34 bytes
        Space Packet at 10: APID 1, 14 bytes
        Space Packet at 24: APID 1, 10 bytes
        idle Space Packet at 34: 8 bytes
        frame error control at 42
      """)
  }

  @Test("a right error control field that is not configured is noticed")
  func noticesErrorControl() {
    let frame = "6ac10000010007fe" + String(repeating: "55", count: 24) + "2256"
    expectLines(
      Inspection.notes(Inspection.aos(34) { $0.errorControl = .none }, [frame]),
      """
      frame 1, byte 0, 34 bytes: 1 problem
        primary header
        data field at 6: packets (M_PDU), 28 bytes
          26 bytes of idle data
        end of the frame
        ! at 32.0: the last two bytes are the right error control of this frame
          found a CRC-16, expected no such field
          hint: set coding error_control to crc16
      """)
  }
}
