import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("Packets out of frames, CCSDS 132.0-B-3 §4.3.2 and 732.0-B-4 §4.3.2")
struct PacketAssemblyTests {
  /// AOS frames with zones of any one size: 6 + 2 + zone + 2 bytes.
  private static func bench(zoneByteCount: Int) -> Bench { Bench(Bench.aos(zoneByteCount + 10)) }

  private static func frame(_ count: Int, _ pointer: Int, _ zone: [UInt8]) -> [UInt8] {
    FrameMaker.aos(count: count, pointer: pointer, zone: zone)
  }

  /// The vector of group `packet_stream`, with the idle packets in their places.
  private static let stream: [[UInt8]] = [
    [0x08, 0x01, 0xC0, 0x00, 0x00, 0x07, 0, 1, 2, 3, 4, 5, 6, 7],
    [0x08, 0x01, 0xC0, 0x01, 0x00, 0x03, 0, 1, 2, 3],
    [0x07, 0xFF, 0xC0, 0x00, 0x00, 0x01, 0x55, 0x55],
    [0xE0], [0xE0],
    [0xE5, 0x03, 0xAA],
    [0x08, 0x01, 0xC0, 0x00, 0x00, 0x07, 0, 1, 2, 3, 4, 5, 6, 7],
  ]

  @Test("the packet stream of the vector comes out in chunks of every size", arguments: 1...50)
  func deliversVectorStream(size: Int) {
    let total = Self.stream.reduce(0) { $0 + $1.count }
    // The last zone is filled with one-byte idle packets.
    let fill = (size - total % size) % size
    let packets = Self.stream + Array(repeating: [0xE0], count: fill)
    var bench = Self.bench(zoneByteCount: size)
    let zones = FrameMaker.zones(packets, sizes: Array(repeating: size, count: packets.flatMap { $0 }.count))
    for (index, zone) in zones.enumerated() { bench.receive(Self.frame(index, zone.pointer, zone.zone)) }
    #expect(bench.recorder.packets == packets)
    #expect(
      bench.recorder.completed.prefix(7).map(\.isIdle) == [false, false, true, true, true, false, false])
    #expect(bench.unaccountedByteCount == 0)
    #expect(bench.channel.pendingByteCount == 0)
  }

  /// Packets as a spacecraft may send them, the idle and the encapsulated with every header among them.
  private static func randomPackets(_ count: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { index in
      let size = Int.random(in: 1...Int.random(in: 1...300, using: &generator), using: &generator)
      // The content names the packet, so that no splice of two looks like either.
      let data = (0..<size).map { UInt8(truncatingIfNeeded: index &* 37 &+ $0 &* 11) }
      return switch Int.random(in: 0..<9, using: &generator) {
      case 0: [0xE0]
      case 1: FrameMaker.packet(apid: 0x7FF, count: index, data: data)
      case 2: FrameMaker.encapsulation(protocolID: 0, headerByteCount: 2, data: Array(data.prefix(200)))
      case 3: FrameMaker.encapsulation(protocolID: 2, headerByteCount: 2, data: Array(data.prefix(253)))
      case 4: FrameMaker.encapsulation(protocolID: 6, headerByteCount: 4, data: data)
      case 5: FrameMaker.encapsulation(protocolID: 7, headerByteCount: 8, data: data)
      default: FrameMaker.packet(apid: Int.random(in: 0..<5, using: &generator), count: index, data: data)
      }
    }
  }

  @Test("any packets cut into zones of any size are the same packets again", arguments: 1...60 as ClosedRange<UInt64>)
  func deliversWhatWasSent(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    let packets = Self.randomPackets(60, &generator)
    let size = Int.random(in: 1...400, using: &generator)
    let total = packets.reduce(0) { $0 + $1.count }
    let sent = packets + Array(repeating: [0xE0], count: (size - total % size) % size)
    var bench = Self.bench(zoneByteCount: size)
    for (index, zone) in FrameMaker.zones(sent, sizes: Array(repeating: size, count: total)).enumerated() {
      bench.receive(Self.frame(index, zone.pointer, zone.zone))
      #expect(bench.unaccountedByteCount == 0)
    }
    #expect(bench.recorder.packets == sent)
    #expect(bench.recorder.discarded.isEmpty)
  }

  @Test(
    "with any frames lost each packet is one of those sent, and every byte is in one bucket",
    arguments: 1...200 as ClosedRange<UInt64>)
  func deliversNothingElse(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    let packets = Self.randomPackets(60, &generator)
    let size = Int.random(in: 1...200, using: &generator)
    let total = packets.reduce(0) { $0 + $1.count }
    let sent = packets + Array(repeating: [0xE0], count: (size - total % size) % size)
    let loss = Int.random(in: 2...10, using: &generator)
    var bench = Self.bench(zoneByteCount: size)
    for (index, zone) in FrameMaker.zones(sent, sizes: Array(repeating: size, count: total)).enumerated()
    where Int.random(in: 0..<loss, using: &generator) != 0 {
      let frame = Self.frame(index, zone.pointer, zone.zone)
      bench.receive(frame)
      if Int.random(in: 0..<20, using: &generator) == 0 { bench.receive(frame) }
      #expect(bench.unaccountedByteCount == 0)
    }
    let originals = Set(sent)
    #expect(bench.recorder.packets.allSatisfy { originals.contains($0) })
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("the header of a packet may be split after each of its bytes", arguments: 1...6)
  func splitsHeader(at split: Int) {
    let packet = FrameMaker.packet(count: 3, data: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    var bench = Self.bench(zoneByteCount: 15)
    let fill = [UInt8](repeating: 0xE0, count: 15 - split)
    bench.receive(Self.frame(0, 0, fill + packet[..<split]))
    #expect(bench.channel.pendingByteCount == split)
    bench.receive(Self.frame(1, 15 - split, packet[split...] + [UInt8](repeating: 0xE0, count: split)))
    #expect(bench.recorder.packets.filter { $0.count > 1 } == [packet])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test(
    "a packet of 65542 bytes goes through frames of 1000, and one as long as is believed", arguments: [65_542, 2000])
  func deliversLongestPacket(byteCount: Int) {
    var parameters = Bench.aos(1010)
    parameters.maximumPacketByteCount = byteCount
    var bench = Bench(parameters)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 0x5A, count: byteCount - 6))
    let sent = [packet] + Array(repeating: [0xE0], count: (1000 - byteCount % 1000) % 1000)
    for (index, zone) in FrameMaker.zones(sent, sizes: Array(repeating: 1000, count: 70)).enumerated() {
      bench.receive(Self.frame(index, zone.pointer, zone.zone))
    }
    #expect(bench.recorder.packets == sent)
  }

  @Test("a packet longer by one byte than is believed is discarded with the rest of its zone")
  func refusesLongPacket() {
    var parameters = Bench.aos(110)
    parameters.maximumPacketByteCount = 49
    var bench = Bench(parameters)
    let long = FrameMaker.packet(count: 0, data: [UInt8](repeating: 0x5A, count: 44))
    let short = FrameMaker.packet(count: 1, data: [UInt8](repeating: 0x5B, count: 43))
    bench.receive(Self.frame(0, 0, short + long + [0xE0]))
    #expect(bench.recorder.packets == [short])
    #expect(bench.recorder.discarded == [.length: 51])
    bench.receive(Self.frame(1, 0, short + short + [0xE0, 0xE0]))
    #expect(bench.recorder.packets.count == 5)
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("a length that is not believed is found in the second half of a split header too")
  func refusesLongPacketAfterSplit() {
    var parameters = Bench.aos(30)
    parameters.maximumPacketByteCount = 100
    var bench = Bench(parameters)
    bench.receive(Self.frame(0, 0, [UInt8](repeating: 0xE0, count: 17) + [0x00, 0x01, 0xC0]))
    bench.receive(Self.frame(1, 0x7FF, [0x00, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 17)))
    #expect(bench.channel.pendingByteCount == 0)
    #expect(bench.recorder.discarded == [.length: 23])
    #expect(bench.recorder.abandoned == [.length])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("an encapsulation packet that claims four gigabytes holds no memory for it")
  func refusesFourGigabytes() {
    var bench = Self.bench(zoneByteCount: 20)
    bench.receive(Self.frame(0, 0, [0xE7, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 12)))
    #expect(bench.channel.pendingByteCount == 0)
    #expect(bench.recorder.discarded == [.length: 20])
  }

  @Test("a Space Packet claiming 65542 bytes waits for them, and no longer than its frames come without a gap")
  func waitsForLongPacket() {
    var bench = Self.bench(zoneByteCount: 20)
    bench.receive(Self.frame(0, 0, [0x00, 0x01, 0xC0, 0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 14)))
    for count in 1...5 { bench.receive(Self.frame(count, 0x7FF, [UInt8](repeating: 0, count: 20))) }
    #expect(bench.channel.pendingByteCount == 120)
    bench.receive(Self.frame(7, 0x7FF, [UInt8](repeating: 0, count: 20)))
    #expect(bench.channel.pendingByteCount == 0)
    #expect(bench.recorder.abandoned == [.gap])
    #expect(bench.recorder.discarded == [.gap: 120, .unsynchronized: 20])
  }

  // First header pointers.

  @Test("a pointer to or past the end of the zone is refused, and the next one believed", arguments: [20, 21, 2045])
  func refusesPointerPastZone(pointer: Int) {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 34))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])))
    bench.receive(Self.frame(1, pointer, Array(packet[20...])))
    #expect(bench.recorder.discarded == [.firstHeaderPointer: 40])
    #expect(bench.recorder.abandoned == [.firstHeaderPointer])
    bench.receive(Self.frame(2, 0, Array(FrameMaker.packet(count: 1, data: [UInt8](repeating: 1, count: 14)))))
    #expect(bench.recorder.packets.count == 1)
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("every offset in the zone is where the first packet begins", arguments: 0..<20)
  func believesEveryOffset(offset: Int) {
    var bench = Self.bench(zoneByteCount: 20)
    bench.receive(
      Self.frame(0, offset, Array(repeating: 0xFF, count: offset) + Array(repeating: 0xE0, count: 20 - offset)))
    #expect(bench.recorder.packets.count == 20 - offset)
    #expect(bench.recorder.discarded[.unsynchronized, default: 0] == offset)
  }

  @Test(
    "a packet that ends before the pointer says is given up, and so is one that does not end there", arguments: [9, 11])
  func refusesContradictingPointer(pointer: Int) {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 24))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])))
    let rest = packet[20...] + [UInt8](repeating: 0xE0, count: 10)
    bench.receive(Self.frame(1, pointer, Array(rest)))
    #expect(!bench.recorder.packets.contains(packet))
    #expect(bench.recorder.abandoned == [.firstHeaderPointer])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("a packet that ends in a zone in which none starts is given up")
  func refusesEndWithoutStart() {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 24))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])))
    bench.receive(Self.frame(1, 0x7FF, packet[20...] + [UInt8](repeating: 0xE0, count: 10)))
    #expect(bench.recorder.packets.isEmpty)
    #expect(bench.recorder.discarded == [.firstHeaderPointer: 40])
    bench.receive(Self.frame(2, 5, [UInt8](repeating: 0xE0, count: 20)))
    #expect(bench.recorder.packets.count == 15)
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("a packet that ends with the zone in which none starts is whole")
  func deliversPacketThatFillsZones() {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 34))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])))
    bench.receive(Self.frame(1, 0x7FF, Array(packet[20...])))
    #expect(bench.recorder.packets == [packet])
  }

  @Test("bytes that begin no packet are discarded to the end of the zone", arguments: [0x20, 0xC0, 0xE4, 0xFC])
  func refusesOtherVersions(first: UInt8) {
    var bench = Self.bench(zoneByteCount: 20)
    bench.receive(Self.frame(0, 0, [0xE0, first] + [UInt8](repeating: 0xE0, count: 18)))
    #expect(bench.recorder.packets == [[0xE0]])
    #expect(bench.recorder.discarded == [first >> 5 == 7 ? .length : .version: 19])
  }

  // Idle frames and other content in between.

  @Test("an idle frame in sequence keeps the packet that has begun, and one after a gap does not", arguments: [1, 2])
  func keepsPacketOverIdleFrame(count: Int) {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 34))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])))
    bench.receive(Self.frame(count, 0x7FE, [UInt8](repeating: 0x55, count: 20)))
    bench.receive(Self.frame(count + 1, 0x7FF, Array(packet[20...])))
    #expect(bench.recorder.packets == (count == 1 ? [packet] : []))
    #expect(bench.recorder.accepted.map(\.isIdle) == [false, true, false])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("a frame without packets after a gap does not join what was before the gap with what comes after it")
  func breaksPacketAtServiceDataUnitAfterGap() {
    var bench = Bench(Bench.tm(28))
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 54))
    bench.receive(FrameMaker.tm(master: 0, count: 0, pointer: 0, zone: Array(packet[..<20])))
    bench.receive(
      FrameMaker.tm(master: 2, count: 2, pointer: 0, zone: [UInt8](repeating: 9, count: 20), sync: true))
    bench.receive(FrameMaker.tm(master: 3, count: 3, pointer: 0x7FF, zone: Array(packet[20..<40])))
    bench.receive(FrameMaker.tm(master: 4, count: 4, pointer: 0x7FF, zone: Array(packet[40...])))
    #expect(bench.recorder.packets.isEmpty)
    #expect(bench.recorder.abandoned == [.gap])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("the data of repeated and of late frames is discarded as such")
  func discardsRepeatedAndLateData() {
    var bench = Self.bench(zoneByteCount: 20)
    for count in [0, 0, 2, 1, 3] { bench.receive(Self.frame(count, 0, [UInt8](repeating: 0xE0, count: 20))) }
    #expect(bench.recorder.packets.count == 60)
    #expect(bench.recorder.discarded == [.duplicate: 20, .outOfOrder: 20])
  }

  @Test("a packet has the time of the frame with its first byte")
  func keepsTimeOfFirstByte() {
    var bench = Self.bench(zoneByteCount: 20)
    let packet = FrameMaker.packet(count: 0, data: [UInt8](repeating: 1, count: 34))
    bench.receive(Self.frame(0, 0, Array(packet[..<20])), at: 5)
    bench.receive(Self.frame(1, 0x7FF, Array(packet[20...])), at: 6)
    #expect(bench.recorder.completed.map(\.time) == [ReceptionTime(nanosecondsSince1970: 5_000_000_000)])
  }

  @Test("a TM data field of no bytes is an error of its pointer, and no trap")
  func survivesEmptyDataField() {
    var bench = Bench(Bench.tm(12))
    for pointer in [0, 0x7FF] {
      bench.receive(
        FrameMaker.tm(master: pointer, count: pointer, pointer: pointer, secondaryHeader: [1, 2, 3]))
    }
    #expect(bench.recorder.accepted.count == 2)
    #expect(bench.unaccountedByteCount == 0)
  }
}
