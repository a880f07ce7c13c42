import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// The vectors were run through two public decoders; what each field means was worked out by hand.
@Suite("Inspection of TM frames, CCSDS 132.0-B-3 §4.1")
struct InspectTMTests {
  @Test("each field of a frame has its line, and so has each packet and the bytes of it")
  func tellsWholeFrame() {
    let frame = "2abb123418000801c000000700010203040506070801c00100030001020307ffc00000015555010400a5da46"
    expectLines(
      Inspection.head(Inspection.tm(44), [frame], 43) { $0.showsBytes = true },
      """
      frame 1, byte 0, 44 bytes
        primary header
              0.0  transfer frame version number   00            TM
              0.2  spacecraft ID                   0x2ab         683
              1.4  virtual channel ID              101           5
              1.7  operational control field flag  1             present
              2.0  master channel frame count      0x12          18
              3.0  virtual channel frame count     0x34          52
              4.0  secondary header flag           0             absent
              4.1  synchronization flag            0             packets or idle data
              4.2  packet order flag               0             0
              4.3  segment length identifier       11            3
              4.5  first header pointer            0x000         0, a packet begins at once
        data field at 6: packets, 32 bytes
        Space Packet at 6: APID 1, 14 bytes
              6.0  packet version number           000           Space Packet
              6.3  packet type                     0             telemetry
              6.4  secondary header flag           1             present
              6.5  application process ID          0x001         1
              8.0  sequence flags                  11            unsegmented
              8.2  packet sequence count           0x0000        0
             10.0  packet data length              0x0007        8 bytes of data, 14 in all
              6    08 01 c0 00 00 07 00 01  02 03 04 05 06 07        ..............
        Space Packet at 20: APID 1, 10 bytes
             20.0  packet version number           000           Space Packet
             20.3  packet type                     0             telemetry
             20.4  secondary header flag           1             present
             20.5  application process ID          0x001         1
             22.0  sequence flags                  11            unsegmented
             22.2  packet sequence count           0x0001        1
             24.0  packet data length              0x0003        4 bytes of data, 10 in all
             20    08 01 c0 01 00 03 00 01  02 03                    ..........
        idle Space Packet at 30: 8 bytes
             30.0  packet version number           000           Space Packet
             30.3  packet type                     0             telemetry
             30.4  secondary header flag           0             absent
             30.5  application process ID          0x7ff         2047, idle
             32.0  sequence flags                  11            unsegmented
             32.2  packet sequence count           0x0000        0
             34.0  packet data length              0x0001        2 bytes of data, 8 in all
             30    07 ff c0 00 00 01 55 55                           ......UU
        operational control field at 38: communications link control word (CLCW)
             38.0  control word type               0             type 1, CLCW
      """)
  }

  @Test("a secondary header of three bytes is the upper part of the frame count")
  func tellsExtendedCount() {
    let frame = "2ab216cd9800030000ab0801c000000700010203040506070801c00100030001020307ffc00000015555a2e4"
    expectLines(
      Inspection.head(Inspection.tm(44), [frame], 18),
      """
      frame 1, byte 0, 44 bytes
        primary header
              0.0  transfer frame version number   00            TM
              0.2  spacecraft ID                   0x2ab         683
              1.4  virtual channel ID              001           1
              1.7  operational control field flag  0             absent
              2.0  master channel frame count      0x16          22
              3.0  virtual channel frame count     0xcd          205
              4.0  secondary header flag           1             present
              4.1  synchronization flag            0             packets or idle data
              4.2  packet order flag               0             0
              4.3  segment length identifier       11            3
              4.5  first header pointer            0x000         0, a packet begins at once
        secondary header
              6.0  version number                  00            0
              6.2  secondary header length         0x03          4 bytes in all
              7.0  extended VC frame count         0x0000ab      the upper 24 bits of 43981
        data field at 10: packets, 32 bytes
      """)
  }

  @Test("a secondary header of any other length is told as bytes")
  func tellsSecondaryHeader() {
    let frame = Inspection.sealed("2ab216cd9fff" + "01aa" + "1122334455")
    expectLines(
      Inspection.tail(Inspection.tm(15), [frame], from: 12),
      """
              4.5  first header pointer            0x7ff         no packet begins here
        secondary header
              6.0  version number                  00            0
              6.2  secondary header length         0x01          2 bytes in all
              7.0  secondary header data           0xaa          1 byte
        data field at 8: packets, 5 bytes
          5 bytes from 8 belong to an unknown packet: none of its channel began before
        frame error control at 13
             13.0  frame error control field       0xd703        ok
      """)
  }

  @Test("a packet is followed through three frames, and a frame without a beginning continues it")
  func followsPacketOverFrames() {
    let frames = [
      Inspection.sealed("2aba13351806" + "eeeeeeeeeeee" + "0801c00000150001"),
      Inspection.sealed("2aba14361fff" + "02030405060708090a0b0c0d0e0f"),
      Inspection.sealed("2aba15371806" + "101112131415" + "07ffc00000015555"),
      Inspection.sealed("2aba16391804" + "dddddddd" + "07ffc0000003aaaaaaaa"),
    ]
    expectLines(
      Inspection.notes(Inspection.tm(22), frames),
      """
      frame 1, byte 0, 22 bytes
        primary header
        data field at 6: packets, 14 bytes
          6 bytes from 6 belong to an unknown packet: none of its channel began before
        Space Packet at 12: APID 1, 28 bytes
          goes on in the next frame of the channel: 8 of 28 bytes are here
        frame error control at 20
      frame 2, byte 22, 22 bytes
        primary header
        data field at 6: packets, 14 bytes
          14 bytes from 6 continue the packet that began in frame 1 at 12: 22 of 28 bytes so far
        frame error control at 20
      frame 3, byte 44, 22 bytes
        primary header
        data field at 6: packets, 14 bytes
          6 bytes from 6 end the packet that began in frame 1 at 12: 22 + 6 = 28 bytes
        idle Space Packet at 12: 8 bytes
        frame error control at 20
      frame 4, byte 66, 22 bytes
        primary header
        data field at 6: packets, 14 bytes
          4 bytes from 6 belong to an unknown packet: frames are missing after frame 3
        idle Space Packet at 10: 10 bytes
        frame error control at 20
      """)
  }

  @Test("bytes that belong to no packet, and a packet that the next zone does not go on with")
  func tellsMisfits() {
    let frames = [
      Inspection.sealed("2aba16391800" + "07ffc0000007aaaaaaaaaaaaaaaa"),
      Inspection.sealed("2aba173a1802" + "dddd" + "07ffc0000005aaaaaaaaaaaa"),
      Inspection.sealed("2aba183b180a" + "dddddddddddddddddddd" + "0801c000"),
      Inspection.sealed("2aba193c1800" + "07ffc0000007aaaaaaaaaaaaaaaa"),
    ]
    expectLines(
      Inspection.notes(Inspection.tm(22), frames),
      """
      frame 1, byte 0, 22 bytes
        primary header
        data field at 6: packets, 14 bytes
        idle Space Packet at 6: 14 bytes
        frame error control at 20
      frame 2, byte 22, 22 bytes: 1 problem
        primary header
        data field at 6: packets, 14 bytes
        ! at 6.0: 2 bytes belong to no packet
          found a packet beginning behind them, expected a packet beginning at once
          hint: the packet before ended with its zone: its length, or the first header pointer, is wrong
        idle Space Packet at 8: 12 bytes
        frame error control at 20
      frame 3, byte 44, 22 bytes: 1 problem
        primary header
        data field at 6: packets, 14 bytes
        ! at 6.0: 10 bytes belong to no packet
          found a packet beginning behind them, expected a packet beginning at once
          hint: the packet before ended with its zone: its length, or the first header pointer, is wrong
        Space Packet at 16: APID 1, header incomplete
          goes on in the next frame of the channel: 4 bytes of the header are here
        frame error control at 20
      frame 4, byte 66, 22 bytes: 1 problem
        primary header
        data field at 6: packets, 14 bytes
        ! at 6.0: the zone does not fit the packet that began in frame 3 at 16
          found 0 bytes to go on with, expected a whole header
          hint: its length or the first header pointer is damaged, or frames are missing that the count does not show
        idle Space Packet at 6: 14 bytes
        frame error control at 20
      """)
  }

  @Test("a frame in which no packet begins, an idle one and one of a service data unit")
  func tellsFramesWithoutPackets() {
    let frames = [
      "2aba14361fff" + String(repeating: "dd", count: 26) + "d3d1",
      "2abe15371ffeffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a3c71",
    ]
    expectLines(
      Inspection.notes(Inspection.tm(34), frames),
      """
      frame 1, byte 0, 34 bytes
        primary header
        data field at 6: packets, 26 bytes
          26 bytes from 6 belong to an unknown packet: none of its channel began before
        frame error control at 32
      frame 2, byte 34, 34 bytes
        primary header
        data field at 6: packets, 26 bytes
          26 bytes of idle data
        frame error control at 32
      """)
    let unit = "2ab4170169230801c000000700010203040506070801c00100030001020307ffc000000155552c33"
    expectLines(
      Inspection.tail(Inspection.tm(40), [unit], from: 8),
      """
              4.0  secondary header flag           0             absent
              4.1  synchronization flag            1             a service data unit (VCA)
              4.2  packet order flag               1             undefined
              4.3  segment length identifier       01            undefined
              4.5  first header pointer            0x123         undefined
        data field at 6: service data unit (VCA), by the synchronization flag, 32 bytes
        frame error control at 38
             38.0  frame error control field       0x2c33        ok
      """)
  }

  @Test("damage, a foreign spacecraft, an unlisted channel and a pointer past the zone are all told of one frame")
  func tellsEveryProblem() {
    let parameters = Inspection.tm(20) {
      $0.spacecraftIDs = [SpacecraftID(7)]
      $0.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(0))]
    }
    expectLines(
      Inspection.notes(parameters, ["6aba14362864" + "dddddddddddddddddddddddd" + "0000"]),
      """
      frame 1, byte 0, 20 bytes: 7 problems
        primary header
        ! at 0.0: another transfer frame protocol
          found 01, expected 00 (TM)
          hint: this is an AOS frame if the rest makes sense: set frames type to aos
        ! at 0.2: another spacecraft
          found 683, expected 7
          hint: add it to frames spacecraft_id if it is yours; if not, a foreign or damaged frame
        ! at 1.4: a virtual channel that is not listed
          found 5, expected 0
          hint: add it to virtual_channels; until then its frames count as unlisted
        ! at 4.2: the packet order flag is set
          found 1, expected 0
          hint: the link takes the frame all the same; the sender breaks the standard
        ! at 4.3: the segment length identifier is in use
          found 01, expected 11
          hint: the link takes the frame all the same; the sender breaks the standard
        data field at 6: packets, 12 bytes
        ! at 4.5: the first header pointer points outside the packet zone
          found 100, expected 0 to 11, or a special value
          hint: damaged; where every frame is so, check type, length and service
          12 bytes discarded: where packets begin cannot be known
        frame error control at 18
        ! at 18.0: the frame error control does not match
          found 0x0000, expected 0xe5ba
          hint: damaged; where every frame is bad: still randomized, or coding error_control should be none
      """)
  }

  @Test("a packet version that is none, and a packet that is too long to be believed")
  func tellsLostPackets() {
    let parameters = Inspection.tm(24) { $0.maximumPacketByteCount = 64 }
    let frames = [
      Inspection.sealed("2aba14361800" + "0801c000000000" + "4ddddddddddddddddd"),
      Inspection.sealed("2aba15371800" + "0801c000003a" + "dddddddddddddddddddd"),
      Inspection.sealed("2aba15381800" + "e0e0e0e0" + "07ffc000000355555555" + "0801"),
    ]
    expectLines(
      Inspection.notes(parameters, frames),
      """
      frame 1, byte 0, 24 bytes: 1 problem
        primary header
        data field at 6: packets, 16 bytes
        Space Packet at 6: APID 1, 7 bytes
        no packet at 13
        ! at 13.0: no packet begins here
          found packet version 2, expected 0 (Space Packet) or 7 (Encapsulation Packet)
          hint: the packet at 6 ends here by its length, which may be damaged
          9 bytes discarded up to the end of the data field
        frame error control at 22
      frame 2, byte 24, 24 bytes: 1 problem
        primary header
        data field at 6: packets, 16 bytes
        Space Packet at 6: APID 1, 65 bytes
        ! at 10.0: the packet is longer than is believed
          found 65 bytes, expected at most 64
          hint: raise max_packet_length if the mission has such packets; otherwise this is no packet
        frame error control at 22
      frame 3, byte 48, 24 bytes
        primary header
        data field at 6: packets, 16 bytes
        Encapsulation Packets at 6: 4 idle ones of 1 byte each
        idle Space Packet at 10: 10 bytes
        Space Packet at 20: APID 1, header incomplete
          goes on in the next frame of the channel: 2 bytes of the header are here
        frame error control at 22
      """)
  }

  @Test(
    "a length that does not match is told with the setting that would",
    arguments: [
      (Inspection.sealed("2aba14361fffdddddddd"), "its error control agrees with its length: set frames length to 12"),
      (Inspection.sealed("2aba14361fffdddddddddd") + "0000", "the sender puts something behind it"),
      ("aabb" + Inspection.sealed("2aba14361fffdddddddddd"), "the sender puts something before it"),
      ("1acffc1d" + Inspection.sealed("2aba14361fffdddddddddd"), "let the receiver take markers off"),
      ("2aba14361f", "the input ends in the middle of a frame"),
      ("", "an empty datagram"),
    ])
  func hintsAtLength(frame: String, hint: String) {
    let lines = Inspection.lines(Inspection.tm(13), [frame])
    #expect(lines.dropFirst().first?.contains("the frame length does not match") == true, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("    hint: ") && $0.contains(hint) }, "\(lines)")
  }
}
