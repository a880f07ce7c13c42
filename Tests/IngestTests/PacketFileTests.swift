import Ingest
import Testing

@Suite("Packets one behind the other, CCSDS 133.0-B-2 §4.1.3 and CCSDS 133.1-B-3 §4.1.2")
struct PacketFileTests {
  private struct Lent: Equatable {
    var bytes: [UInt8]
    var unit: PacketFileUnit
  }

  private func read(_ bytes: [UInt8], maximum: Int = 65_542) throws -> [Lent] {
    var all: [[Lent]] = []
    let file = try TemporaryFile(bytes)
    for stream in [try ByteStreamReader.open(path: file.path), try pipe(feeding: bytes, bufferByteCount: 16)] {
      var reader = PacketFileReader(stream, maximumPacketByteCount: maximum)
      var lent: [Lent] = []
      while try reader.next({ lent.append(Lent(bytes: [UInt8](copying: $0), unit: $1)) }) {}
      #expect(try !reader.next { _, _ in Issue.record("lent after the end") })
      all.append(lent)
    }
    // A pipe may hand on the part that is no packet in other portions, but the same bytes.
    let (one, other) = (all[0], all[1])
    #expect(one.flatMap(\.bytes) == bytes)
    #expect(other.flatMap(\.bytes) == bytes)
    #expect(one.filter { $0.unit != .unparsable } == other.filter { $0.unit != .unparsable })
    return one
  }

  /// A Space Packet of application process 1 with so many bytes behind its header.
  private func spacePacket(_ byteCount: Int) -> [UInt8] {
    [0x08, 0x01, 0xc0, 0x00] + .big16(byteCount - 1) + .pattern(byteCount)
  }

  @Test("packets of every kind of header, each as long as it says")
  func lendsPackets() throws {
    let packets: [[UInt8]] = [
      spacePacket(1), spacePacket(100), spacePacket(65_536), [0xe0],  // idle, one byte
      [0xe9, 2], [0xe9, 5, 1, 2, 3], [0xe9, 255] + .pattern(253),  // length in 8 bits
      [0xea, 0x12, 0, 4], [0xea, 0x12, 0x02, 0x04] + .pattern(512),  // in 16
      [0xeb, 0, 0, 0, 0, 0, 0, 8], [0xeb, 0, 0, 0, 0, 0, 0xff, 0xff] + .pattern(65_527),  // in 32
      spacePacket(7),
    ]
    #expect(try read(packets.flatMap { $0 }) == packets.map { Lent(bytes: $0, unit: .packet) })
  }

  @Test("a file that ends in a packet lends what there is of it, at every length")
  func lendsCutPacket() throws {
    for packet in [spacePacket(4), [0xe9, 5, 1, 2, 3], [0xea, 0, 0, 6, 1, 2], [0xeb, 0, 0, 0, 0, 0, 0, 10, 1, 2]] {
      for length in 1..<packet.count {
        let cut = Array(packet.prefix(length))
        let before = spacePacket(2)
        #expect(
          try read(before + cut) == [Lent(bytes: before, unit: .packet), Lent(bytes: cut, unit: .cutOff)])
      }
    }
  }

  @Test(
    "what begins no packet, or one too long or shorter than its header, ends the packets",
    arguments: [
      "20", "40 00", "c0", "e9 00", "e9 01", "ea 00 00 03", "eb 00 00 00 00 00 00 07", "eb 00 00 00 ff ff ff ff",
    ])
  func lendsRestAsUnparsable(hex: String) throws {
    let before = spacePacket(2)
    let rest = [UInt8](hex: hex) + spacePacket(70_000)
    let lent = try read(before + rest)
    #expect(lent.first == Lent(bytes: before, unit: .packet))
    #expect(lent.dropFirst().allSatisfy { $0.unit == .unparsable && $0.bytes.count <= 65_536 })
  }

  @Test("a packet of the maximum length is taken, one byte more is not")
  func holdsMaximum() throws {
    #expect(try read(spacePacket(94), maximum: 100) == [Lent(bytes: spacePacket(94), unit: .packet)])
    #expect(try read(spacePacket(95), maximum: 100) == [Lent(bytes: spacePacket(95), unit: .unparsable)])
  }

  @Test("an empty file has no packets")
  func lendsNothing() throws { #expect(try read([]) == []) }
}
