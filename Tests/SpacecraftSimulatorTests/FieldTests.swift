import SpacecraftSimulator
import Testing

@Suite("Fields of the simulator's frames and packets")
struct FieldTests {
  // Vectors of CRC-16/IBM-3740; those of two, three, four and six bytes are in ECSS-E-ST-70-41C annex B.
  @Test(
    "the frame error control is CRC-16, polynomial 1021, preset FFFF",
    arguments: [
      ("", 0xFFFF), ("00", 0xE1F0), ("0000", 0x1D0F), ("000000", 0xCC9C), ("abcdef01", 0x04A2),
      ("1456f89a0001", 0x7FD5), ("313233343536373839", 0x29B1),
    ] as [(String, UInt16)])
  func computesErrorControl(data: String, expected: UInt16) {
    let data = bytes(data)
    #expect(FrameErrorControlCode().remainder(of: data, byteCount: data.count) == expected)
  }

  @Test("eight bytes a step give what one byte a step gives", arguments: 0..<40)
  func stepsAlike(byteCount: Int) {
    let data = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    var expected: UInt16 = 0xFFFF
    for byte in data {
      for bit in (0..<8).reversed() {
        let isOne = (expected >> 15 ^ UInt16(byte >> UInt8(bit) & 1)) == 1
        expected = isOne ? expected << 1 ^ 0x1021 : expected << 1
      }
    }
    #expect(FrameErrorControlCode().remainder(of: data, byteCount: byteCount) == expected)
  }

  // From two decoders that were run on them.
  @Test(
    "the AOS header error control is Reed–Solomon (10, 6) over GF(16)",
    arguments: [
      (0x6AEA, 0x43, 0xCE8E), (0x4AE5, 0x4F, 0x2EBE), (0x4000, 0x00, 0x1CC1), (0x7FFF, 0x00, 0x08D2),
      (0x7FFF, 0xFF, 0x46BC),
    ] as [(UInt16, UInt8, UInt16)])
  func computesHeaderErrorControl(identifiers: UInt16, signaling: UInt8, expected: UInt16) {
    #expect(HeaderErrorControlCode.parity(identifiers: identifiers, signaling: signaling) == expected)
  }

  @Test("space packet headers are those of the vectors")
  func writesSpacePacketHeaders() {
    let basic = PacketHeader.space(
      applicationProcessID: 1, hasSecondaryHeader: true, sequenceCount: 0, packetByteCount: 14)
    #expect(text(basic) == bytes("0801c0000007"))
    let idle = PacketHeader.space(
      applicationProcessID: 2047, hasSecondaryHeader: false, sequenceCount: 0, packetByteCount: 7)
    #expect(text(idle) == bytes("07ffc0000000"))
    let longest = PacketHeader.space(
      applicationProcessID: 2046, hasSecondaryHeader: false, sequenceCount: 0x3FFF, packetByteCount: 65_542)
    #expect(text(longest) == bytes("07feffffffff"))
  }

  @Test("encapsulation packet headers of every length are those of the vectors")
  func writesEncapsulationHeaders() {
    #expect(text(.encapsulation(protocolID: 0, headerByteCount: 1, packetByteCount: 1)) == bytes("e0"))
    #expect(text(.encapsulation(protocolID: 0, headerByteCount: 2, packetByteCount: 8)) == bytes("e108"))
    #expect(text(.encapsulation(protocolID: 1, headerByteCount: 2, packetByteCount: 3)) == bytes("e503"))
    let four = PacketHeader.encapsulation(
      protocolID: 2, headerByteCount: 4, userDefined: 5, packetByteCount: 6)
    #expect(text(four) == bytes("ea500006"))
    let eight = PacketHeader.encapsulation(
      protocolID: 6, headerByteCount: 8, userDefined: 10, protocolExtension: 3, definedField: 0x1234,
      packetByteCount: 10)
    #expect(text(eight) == bytes("fba312340000000a"))
  }

  // The published start of SplitMix64 from the seed 1234567.
  @Test("random numbers are SplitMix64's")
  func drawsKnownNumbers() {
    var random = SeededRandom(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
  }

  // FNV-1a of 64 bits: the published value for "foobar".
  @Test("the packet hash is FNV-1a")
  func hashesKnownText() {
    let hash = FowlerNollVoHash.extend(FowlerNollVoHash.offsetBasis, with: Array("foobar".utf8), in: 0..<6)
    #expect(hash == 0x8594_4171_F739_67E8)
  }

  private func text(_ header: PacketHeader) -> [UInt8] { (0..<header.byteCount).map { header[$0] } }
}
