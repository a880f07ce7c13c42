import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("Packets in USLP frames, CCSDS 732.1-B-3 §4.1.4")
struct AccessPointPacketTests {
  private static let packet = FrameMaker.packet(apid: 7, count: 1, data: Array(1...20))
  private static let other = FrameMaker.packet(apid: 8, count: 1, data: Array(21...33))

  /// Sends zones, each in a frame with the next count, unless it is skipped.
  private struct Sender: ~Copyable {
    var bench: Bench
    var count = 0

    init(_ parameters: PhysicalChannelParameters = Bench.variableUSLP()) { bench = Bench(parameters) }

    mutating func send(_ rule: Int, _ zone: [UInt8], pointer: Int? = nil, map: Int = 0, protocolID: Int = 0) {
      var parts = FrameMaker.USLP(map: map)
      parts.count = count
      count += 1
      bench.receive(FrameMaker.uslp(parts, rule: rule, protocolID: protocolID, pointer: pointer, zone: zone))
    }

    mutating func lose() { count += 1 }
  }

  // Rule 0.

  @Test("packets span frames, wherever they are cut", arguments: 1...33)
  func spansFrames(size: Int) {
    var sender = Sender()
    let packets = [Self.packet, Self.other, Self.packet]
    for (pointer, zone) in FrameMaker.zones(packets, sizes: Array(repeating: size, count: 80)) {
      sender.send(0, zone, pointer: pointer == 0x7FF ? 0xFFFF : pointer)
    }
    #expect(sender.bench.recorder.packets == packets)
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("7FF and 7FE are pointers like any other")
  func readsPlacesOfShorterPointers() {
    var sender = Sender()
    for pointer in [0x7FE, 0x7FF] {
      sender.send(0, [UInt8](repeating: 0, count: pointer) + Self.packet, pointer: pointer)
    }
    #expect(sender.bench.recorder.packets == [Self.packet, Self.packet])
    #expect(sender.bench.recorder.accepted.allSatisfy { !$0.isIdle })
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("a pointer behind the zone discards it, and gives up what had begun")
  func discardsZoneOfWrongPointer() {
    var sender = Sender()
    sender.send(0, Array(Self.packet.prefix(10)), pointer: 0)
    sender.send(0, Array(Self.packet.dropFirst(10)), pointer: 16)
    #expect(sender.bench.recorder.packets == [])
    #expect(sender.bench.recorder.abandoned == [.firstHeaderPointer])
    // The pointer of two bytes and the rule stand before the zone, and are part of a field of which nothing is known.
    #expect(sender.bench.recorder.discarded == [.firstHeaderPointer: 10 + 16 + 3])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("each access point has its own packet, and a lost frame takes those of all")
  func keepsAccessPointsApart() {
    var sender = Sender()
    sender.send(0, Array(Self.packet.prefix(10)), pointer: 0, map: 1)
    sender.send(0, Array(Self.other.prefix(9)), pointer: 0, map: 2)
    sender.send(0, Array(Self.packet.dropFirst(10)), pointer: 0xFFFF, map: 1)
    sender.send(0, Array(Self.other.dropFirst(9)), pointer: 0xFFFF, map: 2)
    #expect(sender.bench.recorder.packets == [Self.packet, Self.other])
    sender.send(0, Array(Self.packet.prefix(10)), pointer: 0, map: 1)
    sender.send(0, Array(Self.other.prefix(9)), pointer: 0, map: 2)
    sender.lose()
    sender.send(0, Array(Self.packet.dropFirst(10)), pointer: 0xFFFF, map: 1)
    sender.send(0, Array(Self.other.dropFirst(9)), pointer: 0xFFFF, map: 2)
    #expect(sender.bench.recorder.packets == [Self.packet, Self.other])
    #expect(sender.bench.recorder.abandoned == [.gap, .gap])
    #expect(sender.bench.recorder.discarded == [.gap: 19, .unsynchronized: 16 + 10])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  // Rule 7.

  @Test("whole packets follow each other in one frame")
  func takesWholePackets() {
    var sender = Sender()
    sender.send(7, Self.packet + Self.other + [0xE0] + Self.packet)
    #expect(sender.bench.recorder.packets == [Self.packet, Self.other, [0xE0], Self.packet])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("what is left behind them is no packet, at every length", arguments: 1..<26)
  func discardsRest(byteCount: Int) {
    var sender = Sender()
    sender.send(7, Self.other + Self.packet.prefix(byteCount))
    sender.send(7, Self.other)
    #expect(sender.bench.recorder.packets == [Self.other, Self.other])
    #expect(sender.bench.recorder.abandoned == [.length])
    #expect(sender.bench.recorder.discarded == [.length: byteCount])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  // Rules 4, 5 and 6.

  @Test("segments make their packet, wherever it is cut")
  func joinsSegments() {
    for first in 1..<24 {
      for second in first + 1..<26 {
        var sender = Sender()
        sender.send(4, Array(Self.packet[..<first]))
        sender.send(5, Array(Self.packet[first..<second]))
        sender.send(6, Array(Self.packet[second...]))
        #expect(sender.bench.recorder.packets == [Self.packet])
        #expect(sender.bench.unaccountedByteCount == 0)
      }
    }
  }

  /// Every order of four segments but the right ones, by hand: what is whole at the end, and what was given up.
  @Test(
    "segments out of order give up what had begun, and are no beginning themselves",
    arguments: [
      ([6], 0, [], [.unsynchronized: 6]), ([5], 0, [], [.unsynchronized: 10]),
      ([5, 6], 0, [], [.unsynchronized: 16]),
      ([4, 4, 5, 6], 1, [.segmentOrder], [.segmentOrder: 10]),
      ([4, 5, 4, 5, 6], 1, [.segmentOrder], [.segmentOrder: 20]),
      ([4, 7], 1, [.segmentOrder], [.segmentOrder: 10]),
      ([4, 5, 7, 6], 1, [.segmentOrder], [.segmentOrder: 20, .unsynchronized: 6]),
      // The last segment comes too early, and the packet is too short for its own length.
      ([4, 6], 0, [.length], [.length: 16]),
      ([4, 6, 5, 6], 0, [.length], [.length: 16, .unsynchronized: 16]),
      ([4, 5, 5, 6], 0, [.length], [.length: 36]),
    ] as [([Int], Int, [ZoneDiscard], [ZoneDiscard: Int])])
  func refusesDisorder(
    rules: [Int], packetCount: Int, abandoned: [ZoneDiscard], discarded: [ZoneDiscard: Int]
  ) {
    var sender = Sender()
    let zones: [Int: ArraySlice<UInt8>] = [
      4: Self.packet[..<10], 5: Self.packet[10..<20], 6: Self.packet[20...], 7: Self.packet[...],
    ]
    for rule in rules { sender.send(rule, Array(zones[rule] ?? [])) }
    #expect(sender.bench.recorder.packets.count == packetCount)
    #expect(sender.bench.recorder.abandoned == abandoned)
    #expect(sender.bench.recorder.discarded == discarded)
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("a lost segment takes its packet with it", arguments: 1...2)
  func losesSegment(lost: Int) {
    var sender = Sender()
    for (index, zone) in [Self.packet[..<10], Self.packet[10..<20], Self.packet[20...]].enumerated() {
      if index == lost { sender.lose() } else { sender.send(4 + index, Array(zone)) }
    }
    sender.send(7, Self.other)
    #expect(sender.bench.recorder.packets == [Self.other])
    #expect(sender.bench.recorder.abandoned == [.gap])
    #expect(sender.bench.recorder.discarded == (lost == 1 ? [.gap: 10, .unsynchronized: 6] : [.gap: 20]))
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("a zone across frames and segments give each other up")
  func doesNotMixRules() {
    var sender = Sender()
    sender.send(4, Array(Self.packet.prefix(10)))
    sender.send(0, Self.other, pointer: 0)
    #expect(sender.bench.recorder.packets == [Self.other])
    sender.send(0, Array(Self.packet.prefix(10)), pointer: 0)
    sender.send(5, Array(Self.packet[10..<20]))
    sender.send(6, Array(Self.packet[20...]))
    #expect(sender.bench.recorder.packets == [Self.other])
    #expect(sender.bench.recorder.abandoned == [.segmentOrder, .segmentOrder])
    #expect(sender.bench.recorder.discarded == [.segmentOrder: 20, .unsynchronized: 16])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("segments longer than any believable packet are given up, and nothing is kept of them")
  func boundsSegments() {
    var parameters = Bench.variableUSLP()
    parameters.maximumPacketByteCount = 100
    var sender = Sender(parameters)
    sender.send(4, [UInt8](repeating: 1, count: 60))
    sender.send(5, [UInt8](repeating: 1, count: 41))
    #expect(sender.bench.channel.pendingByteCount == 0)
    sender.send(5, [UInt8](repeating: 1, count: 41))
    #expect(sender.bench.recorder.discarded == [.length: 101, .unsynchronized: 41])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  // What cannot be.

  @Test("packets under the rules of units and streams make no sense", arguments: 1...3)
  func refusesPacketsUnderOtherRules(rule: Int) {
    var sender = Sender()
    sender.send(rule, Self.packet, pointer: rule < 3 ? 0xFFFF : nil)
    #expect(sender.bench.recorder.accepted.count == 1)
    #expect(sender.bench.recorder.discarded == [.dataField: 26])
    #expect(sender.bench.unaccountedByteCount == 0)
  }

  @Test("packets in a frame of protocol control make no sense under any rule", arguments: 0..<8)
  func refusesPacketsOfProtocolControl(rule: Int) {
    var bench = Bench(Bench.variableUSLP())
    var parts = FrameMaker.USLP()
    parts.isControl = true
    bench.receive(FrameMaker.uslp(parts, rule: rule, pointer: rule < 3 ? 0 : nil, zone: Self.packet))
    #expect(bench.recorder.packets == [])
    #expect(bench.recorder.discarded == [.dataField: 26])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("past the limit of access points their packets are not put together, but counted")
  func boundsAccessPoints() {
    var parameters = Bench.variableUSLP()
    parameters.limits.accessPointCount = 2
    var sender = Sender(parameters)
    for map in 0..<16 { sender.send(7, Self.packet, map: map) }
    for map in 0..<16 { sender.send(7, [1, 2, 3], map: map, protocolID: 5) }
    #expect(sender.bench.recorder.packets.count == 2)
    #expect(sender.bench.recorder.discarded == [.unlisted: 14 * 26])
    #expect(sender.bench.recorder.serviceDataUnits == [3, 3])
    #expect(sender.bench.recorder.discardedServiceData == [.unlisted: 14 * 3])
    #expect(sender.bench.unaccountedByteCount == 0)
    #expect(sender.bench.unaccountedServiceDataByteCount == 0)
  }

  @Test("whatever frames come in whatever order, every byte ends in one place", arguments: 0..<200)
  func balancesAnything(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var sender = Sender()
    for _ in 0..<300 {
      let rule = Int.random(in: 0..<8, using: &random)
      let protocolID = [0, 0, 0, 1, 4, 5, 5, 9, 31].randomElement(using: &random) ?? 0
      let start = Int.random(in: 0..<20, using: &random)
      let zone = Array((Self.packet + Self.other)[start..<start + Int.random(in: 1..<20, using: &random)])
      let pointer = [0, 0xFFFF, Int.random(in: 0..<30, using: &random)].randomElement(using: &random)
      sender.send(
        rule, zone, pointer: rule < 3 ? pointer : nil, map: Int.random(in: 0..<3, using: &random),
        protocolID: protocolID)
      if Int.random(in: 0..<10, using: &random) == 0 { sender.lose() }
      if Int.random(in: 0..<20, using: &random) == 0 { sender.count -= 1 }
    }
    #expect(sender.bench.unaccountedByteCount == 0, "seed \(seed)")
    #expect(sender.bench.unaccountedServiceDataByteCount == 0, "seed \(seed)")
    #expect(sender.bench.unaccountedFrameCount == 0, "seed \(seed)")
  }
}
