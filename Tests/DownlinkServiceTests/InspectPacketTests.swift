import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// The vectors were run through public decoders; what each field means was worked out by hand.
@Suite("Inspection of packets, CCSDS 133.0-B-2 §4.1 and CCSDS 133.1-B-3 §4.1")
struct InspectPacketTests {
  private static let stream = LinkParameters.packets(PacketStreamParameters())

  @Test("Space Packets without frames")
  func tellsSpacePackets() {
    let packets = ["0801c00000070001020304050607", "09237fff000900010203040506070809", "07ffc000000055"]
    expectLines(
      Inspection.text(Self.stream, packets),
      """
      packet 1, byte 0, 14 bytes
        Space Packet at 0: APID 1, 14 bytes
              0.0  packet version number           000           Space Packet
              0.3  packet type                     0             telemetry
              0.4  secondary header flag           1             present
              0.5  application process ID          0x001         1
              2.0  sequence flags                  11            unsegmented
              2.2  packet sequence count           0x0000        0
              4.0  packet data length              0x0007        8 bytes of data, 14 in all

      packet 2, byte 14, 16 bytes
        Space Packet at 0: APID 291, 16 bytes
              0.0  packet version number           000           Space Packet
              0.3  packet type                     0             telemetry
              0.4  secondary header flag           1             present
              0.5  application process ID          0x123         291
              2.0  sequence flags                  01            first segment
              2.2  packet sequence count           0x3fff        16383
              4.0  packet data length              0x0009        10 bytes of data, 16 in all

      packet 3, byte 30, 7 bytes
        idle Space Packet at 0: 7 bytes
              0.0  packet version number           000           Space Packet
              0.3  packet type                     0             telemetry
              0.4  secondary header flag           0             absent
              0.5  application process ID          0x7ff         2047, idle
              2.0  sequence flags                  11            unsegmented
              2.2  packet sequence count           0x0000        0
              4.0  packet data length              0x0000        1 byte of data, 7 in all
      """)
  }

  @Test("Encapsulation Packets of one and two bytes of header")
  func tellsShortHeaders() {
    let packets = ["e0", "e108000000000000", "e503aa", "e906aabbccdd"]
    expectLines(
      Inspection.text(Self.stream, packets),
      """
      packet 1, byte 0, 1 byte
        idle Encapsulation Packet at 0: 1 byte
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       000           0, idle
              0.6  length of length                00            no length field

      packet 2, byte 1, 8 bytes
        idle Encapsulation Packet at 0: 8 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       000           0, idle
              0.6  length of length                01            1 byte of packet length
              1.0  packet length                   0x08          6 bytes of data, 8 in all

      packet 3, byte 9, 3 bytes
        Encapsulation Packet at 0: LTP, 3 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       001           1, LTP
              0.6  length of length                01            1 byte of packet length
              1.0  packet length                   0x03          1 byte of data, 3 in all

      packet 4, byte 12, 6 bytes
        Encapsulation Packet at 0: Internet Protocol Extension, 6 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       010           2, Internet Protocol Extension
              0.6  length of length                01            1 byte of packet length
              1.0  packet length                   0x06          4 bytes of data, 6 in all
      """)
  }

  @Test("Encapsulation Packets with an extension, and the bytes of them")
  func tellsLongHeaders() {
    expectLines(
      Inspection.text(Self.stream, ["ea500006aabb", "fa030006aabb"]),
      """
      packet 1, byte 0, 6 bytes
        Encapsulation Packet at 0: Internet Protocol Extension, 6 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       010           2, Internet Protocol Extension
              0.6  length of length                10            2 bytes of packet length
              1.0  user defined field              0x5           5
              1.4  protocol ID extension           0x0           0
              2.0  packet length                   0x0006        2 bytes of data, 6 in all

      packet 2, byte 6, 6 bytes
        Encapsulation Packet at 0: extended protocol ID, 6 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       110           6, extended protocol ID
              0.6  length of length                10            2 bytes of packet length
              1.0  user defined field              0x0           0
              1.4  protocol ID extension           0x3           3
              2.0  packet length                   0x0006        2 bytes of data, 6 in all
      """)
    expectLines(
      Inspection.text(Self.stream, ["fba312340000000adead"]) { $0.showsBytes = true },
      """
      packet 1, byte 0, 10 bytes
        Encapsulation Packet at 0: extended protocol ID, 10 bytes
              0.0  packet version number           111           Encapsulation Packet
              0.3  encapsulation protocol ID       110           6, extended protocol ID
              0.6  length of length                11            4 bytes of packet length
              1.0  user defined field              0xa           10
              1.4  protocol ID extension           0x3           3
              2.0  CCSDS defined field             0x1234        4660
              4.0  packet length                   0x0000000a    2 bytes of data, 10 in all
              0    fb a3 12 34 00 00 00 0a  de ad                    ...4......
      """)
  }

  @Test("what is no packet, or only a part of one")
  func tellsWhatIsNone() {
    let units = ["e4", "e501aa", "0801c0000007000102", "0801c0", "4801c00000", "0fffc000000055", "e0e0e0e503aa", ""]
    expectLines(
      Inspection.notes(Self.stream, units),
      """
      packet 1, byte 0, 1 byte: 1 problem
        Encapsulation Packet at 0: LTP, without a length
        ! at 0.6: a packet without a length is not idle
          found protocol ID 1, expected 0
          hint: this is not the beginning of a packet; what stands before it has a wrong length
      packet 2, byte 1, 3 bytes: 1 problem
        Encapsulation Packet at 0: LTP, of impossible length
        ! at 1.0: a packet is shorter than its header
          found 1 byte, expected at least 2
          hint: this is not the beginning of a packet; what stands before it has a wrong length
      packet 3, byte 4, 9 bytes: 1 problem
        Space Packet at 0: APID 1, 14 bytes
        ! at 9.0: the packet is cut off
          found 9 bytes, expected 14 bytes
          hint: the input ends here, or the length of the packet is damaged
      packet 4, byte 13, 3 bytes: 1 problem
        Space Packet at 0: APID 1, header incomplete
        ! at 3.0: the packet is cut off
          found 3 bytes, expected a whole header
          hint: the input ends here, or the length of the packet is damaged
      packet 5, byte 16, 5 bytes: 1 problem
        no packet at 0
        ! at 0.0: no packet begins here
          found packet version 2, expected 0 (Space Packet) or 7 (Encapsulation Packet)
          hint: these are not packets without frames, or they are damaged
          5 bytes discarded
      packet 6, byte 21, 7 bytes: 1 problem
        idle Space Packet at 0: 7 bytes
        ! at 0.5: an idle packet has a secondary header
          found flag 1, expected 0
          hint: the sender breaks the standard, or this is not the beginning of a packet
      packet 7, byte 28, 6 bytes
        Encapsulation Packets at 0: 3 idle ones of 1 byte each
        Encapsulation Packet at 3: LTP, 3 bytes
      packet 8, byte 34, 0 bytes: 1 problem
        ! at 0.0: the datagram is empty
          found 0 bytes, expected a packet
          hint: a keep-alive of the sender, or a test
      """)
  }

  @Test(
    "the operational control field, bit by bit",
    arguments: [
      (
        "010400a5",
        """
            1 byte of idle data
          operational control field at 7: communications link control word (CLCW)
                7.0  control word type               0             type 1, CLCW
                7.1  CLCW version number             00            0
                7.3  status field                    000           0, of the mission's own
                7.6  COP in effect                   01            COP-1
                8.0  virtual channel ID              0x01          1, of the telecommand frames
                8.6  reserved                        00            0
                9.0  no RF available flag            0             carrier present
                9.1  no bit lock flag                0             bit lock
                9.2  lockout flag                    0             open
                9.3  wait flag                       0             accepts frames
                9.4  retransmit flag                 0             nothing outstanding
                9.5  FARM-B counter                  00            0
                9.7  reserved                        0             0
               10.0  report value                    0xa5          165, the frame expected next, V(R)
        """
      ),
      (
        "0504f8ff",
        """
            1 byte of idle data
          operational control field at 7: communications link control word (CLCW)
                7.0  control word type               0             type 1, CLCW
                7.1  CLCW version number             00            0
                7.3  status field                    001           1, of the mission's own
                7.6  COP in effect                   01            COP-1
                8.0  virtual channel ID              0x01          1, of the telecommand frames
                8.6  reserved                        00            0
                9.0  no RF available flag            1             NO RF AVAILABLE
                9.1  no bit lock flag                1             NO BIT LOCK
                9.2  lockout flag                    1             LOCKOUT
                9.3  wait flag                       1             WAIT
                9.4  retransmit flag                 1             RETRANSMIT
                9.5  FARM-B counter                  00            0
                9.7  reserved                        0             0
               10.0  report value                    0xff          255, the frame expected next, V(R)
        """
      ),
      (
        "01fc2e7f",
        """
            1 byte of idle data
          operational control field at 7: communications link control word (CLCW)
                7.0  control word type               0             type 1, CLCW
                7.1  CLCW version number             00            0
                7.3  status field                    000           0, of the mission's own
                7.6  COP in effect                   01            COP-1
                8.0  virtual channel ID              0x3f          63, of the telecommand frames
                8.6  reserved                        00            0
                9.0  no RF available flag            0             carrier present
                9.1  no bit lock flag                0             bit lock
                9.2  lockout flag                    1             LOCKOUT
                9.3  wait flag                       0             accepts frames
                9.4  retransmit flag                 1             RETRANSMIT
                9.5  FARM-B counter                  11            3
                9.7  reserved                        0             0
               10.0  report value                    0x7f          127, the frame expected next, V(R)
        """
      ),
      (
        "ce123407",
        """
            1 byte of idle data
          operational control field at 7: frame security report (FSR)
                7.0  control word type               1             type 2
                7.1  FSR version number              100           4
                7.4  alarm flag                      1             ALARM, a rejection since reset
                7.5  bad sequence number flag        1             BAD SEQUENCE NUMBER
                7.6  bad MAC flag                    1             BAD MAC
                7.7  bad SA flag                     0             good
                8.0  last SPI used                   0x1234        4660
               10.0  sequence number value           0x07          7, the low bits of the anti-replay number
        """
      ),
      (
        "8badcafe",
        """
            1 byte of idle data
          operational control field at 7: type 2
                7.0  control word type               1             type 2, not a CLCW
                7.1  use                             0             project-specific
                7.2  content                         0x0badcafe    not interpreted
        """
      ),
    ])
  func tellsControlField(word: String, expected: String) {
    let frame = Inspection.sealed("2abb12341ffe" + "00" + word)
    expectLines(Inspection.tail(Inspection.tm(13), [frame], from: 14, dropping: 2), expected)
  }
}
