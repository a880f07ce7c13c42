import CCSDSLink
import CCSDSWire
import Testing

@Suite("Where packets come from")
struct PacketProvenanceTests {
  /// AOS frames of 30 bytes: 8 of header, 20 of packets, 2 of CRC.
  private static let frameByteCount = 30
  private static let zoneByteCount = 20

  private static func packets(_ recorder: borrowing Recorder) -> [PacketObservation] {
    recorder.events.compactMap { if case .packetCompleted(let packet) = $0 { packet } else { nil } }
  }

  @Test("a packet names the frames of its first and its last byte, and what was mended in all between")
  func spansFrames() throws {
    // 12, 50 and 18 bytes: the second lies at 12..<62, in the zones 0, 1, 2 and 3.
    let packets = [
      FrameMaker.packet(count: 1, data: [UInt8](repeating: 1, count: 6)),
      FrameMaker.packet(count: 2, data: [UInt8](repeating: 2, count: 44)),
      FrameMaker.packet(count: 3, data: [UInt8](repeating: 3, count: 12)),
    ]
    let repairs = [(0, 0), (3, 2), (20, 14), (1, 1)].map {
      FrameRepair(correctedSymbolCount: $0.0, worstCodewordCount: $0.1, capacity: 16)
    }
    var bench = Bench(Bench.aos(Self.frameByteCount))
    let zones = FrameMaker.zones(packets, sizes: [Int](repeating: Self.zoneByteCount, count: 4))
    for (index, zone) in zones.enumerated() {
      let frame = FrameMaker.aos(count: 5 + index, pointer: zone.pointer, zone: zone.zone)
      bench.channel.receive(
        unsafe frame.span.bytes, at: ReceptionTime(nanosecondsSince1970: Int64(index + 1)), repairs[index],
        into: &bench.recorder)
    }
    let found = Self.packets(bench.recorder).map(\.provenance)
    #expect(found.map(\.first.count) == [5, 5, 8])
    #expect(found.map(\.last.count) == [5, 8, 8])
    #expect(found.map(\.frameCount) == [1, 4, 1])
    #expect(found.map(\.first.time?.nanosecondsSince1970) == [1, 1, 4])
    #expect(found.map(\.last.time?.nanosecondsSince1970) == [1, 4, 4])
    #expect(found.map(\.repair.correctedSymbolCount) == [0, 24, 1])
    #expect(found.map(\.repair.worstCodewordCount) == [0, 14, 1])
    #expect(found.map(\.repair.isBare) == [false, true, false])
  }

  @Test("the first packets behind a gap say so, and those of the next frame do not")
  func followsGap() {
    var bench = Bench(Bench.aos(Self.frameByteCount))
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 7, count: 14))
    for count in [1, 2, 5, 6] { bench.receive(FrameMaker.aos(count: count, pointer: 0, zone: packet)) }
    #expect(Self.packets(bench.recorder).map(\.provenance.first.followsGap) == [false, false, true, false])
  }

  @Test("a packet is doubtful when the header of a frame with bytes of it was mended: CCSDS 732.0-B-4 §4.1.2.6")
  func noticesMendedHeaders() {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: 30)
    parameters.hasHeaderErrorControl = true
    parameters.spacecraftIDs = [SpacecraftID(100)]
    parameters.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))]
    var bench = Bench(parameters)
    // 20, 20, 20 and 40 bytes in the zones 0, 1, 2, and 3 with 4.
    let packets = [14, 14, 14, 34].enumerated().map {
      FrameMaker.packet(count: $0, data: [UInt8](repeating: 7, count: $1))
    }
    for (index, zone) in FrameMaker.zones(packets, sizes: [Int](repeating: 20, count: 5)).enumerated() {
      var frame = FrameMaker.aos(count: index, pointer: zone.pointer, zone: zone.zone, checked: false)
      // For spacecraft 100 and channel 1 without signals, by the polynomial of the standard worked out elsewhere.
      frame.insert(contentsOf: [0x13, 0xBB], at: 6)
      if index == 1 || index == 4 { frame[1] ^= 0x02 }
      bench.receive(frame)
    }
    let repairs = Self.packets(bench.recorder).map(\.provenance.repair)
    #expect(repairs.map(\.isHeaderMended) == [false, true, false, true])
    #expect(repairs.map(\.isDoubtful) == [false, true, false, true])
    #expect(repairs.allSatisfy { !$0.isBare && $0.correctedSymbolCount == 0 })
  }

  @Test("more than three quarters of what a codeword can bear is bare: 13 of 16, 7 of 8; without a code nothing is")
  func isBare() {
    func isBare(_ worst: Int, of capacity: Int) -> Bool {
      FrameRepair(correctedSymbolCount: worst, worstCodewordCount: worst, capacity: capacity).isBare
    }
    #expect(!isBare(12, of: 16))
    #expect(isBare(13, of: 16))
    #expect(!isBare(6, of: 8))
    #expect(isBare(7, of: 8))
    #expect(!FrameRepair().isBare)
  }
}
