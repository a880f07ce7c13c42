import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Testing

@Suite("The nearest setting with which packets and coded units would have been accepted")
struct NearestCodingTests {
  /// A packet whose last two bytes are the CRC of ECSS.
  private static let packets = (0..<4).map { count -> [UInt8] in
    var packet = HandMadeFrame.packet(60, count: count)
    packet.removeLast(2)
    return HandMadeFrame.checked(packet)
  }

  @Test("packets that end in another check")
  func namesPacketCheck() {
    var stream = PacketStreamParameters()
    stream.packets.errorControl = .iso16
    let run = RejectionRun(.packets(stream), Self.packets)
    #expect(run.record[.packet(.checksum)]?.count == 4)
    #expect(run.settings(.packet(.checksum)) == ["packets.checksum: crc16"])
    #expect(run.advice(.packet(.checksum))?.proof == .check)
  }

  @Test("packets without a check")
  func namesNoPacketCheck() {
    var stream = PacketStreamParameters()
    stream.packets.errorControl = .crc16
    let run = RejectionRun(.packets(stream), (0..<4).map { HandMadeFrame.packet(60, count: $0) })
    #expect(run.settings(.packet(.errorControl)) == ["-packets.checksum"])
    #expect(run.advice(.packet(.errorControl))?.proof == SettingAdvice.Proof.none)
  }

  /// Codeblocks with an encoder of their own would be better still: `.ci/acceptance explain` has the simulator's.
  @Test("frames behind sync markers where frames by themselves are configured")
  func namesMarkers() {
    let units = (0..<8).map { [0x1A, 0xCF, 0xFC, 0x1D] + HandMadeFrame.aos(0x38, 200, count: $0) }
    let run = RejectionRun(Inspection.aos(200), units)
    #expect(run.record[.frame(.length)]?.count == 8)
    #expect(run.settings(.frame(.length)) == ["input.format: cadus"])
  }
}
