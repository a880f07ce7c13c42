import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("Groups of packets, CCSDS 133.0-B-2 §4.1.3.4.2")
struct PacketGroupTests {
  private static func extent(_ packets: Int, _ bytes: Int) -> PacketGroup.Extent {
    PacketGroup.Extent(packetCount: packets, byteCount: bytes)
  }

  @Test("first, continuations and last are a group of their packets and bytes")
  func completes() {
    var group = PacketGroup()
    #expect(group.observe(.first, isNext: false, byteCount: 100).observation == .began)
    #expect(group.isOpen)
    #expect(group.observe(.continuation, isNext: true, byteCount: 50).observation == .continued)
    let last = group.observe(.last, isNext: true, byteCount: 7)
    #expect(last.observation == .completed(Self.extent(3, 157)))
    #expect(last.broken == nil)
    #expect(!group.isOpen)
    // Two packets are a group, too.
    _ = group.observe(.first, isNext: true, byteCount: 1)
    #expect(group.observe(.last, isNext: true, byteCount: 1).observation == .completed(Self.extent(2, 2)))
  }

  @Test("unsegmented packets are no group")
  func passesSingles() {
    var group = PacketGroup()
    #expect(group.observe(.unsegmented, isNext: true, byteCount: 9) == .init(broken: nil, observation: .single))
  }

  @Test("packets without a first are orphans")
  func knowsOrphans() {
    var group = PacketGroup()
    #expect(group.observe(.continuation, isNext: true, byteCount: 9).observation == .orphan)
    #expect(group.observe(.last, isNext: true, byteCount: 9) == .init(broken: nil, observation: .orphan))
  }

  @Test(
    "a gap ends a group, whatever the packet behind it is",
    arguments: [
      (SequenceFlags.continuation, .orphan), (.last, .orphan), (.first, .began), (.unsegmented, .single),
    ] as [(SequenceFlags, PacketGroup.Observation)])
  func breaksAtGap(flags: SequenceFlags, expected: PacketGroup.Observation) {
    var group = PacketGroup()
    _ = group.observe(.first, isNext: true, byteCount: 10)
    _ = group.observe(.continuation, isNext: true, byteCount: 10)
    let step = group.observe(flags, isNext: false, byteCount: 10)
    #expect(step.broken?.reason == .gap)
    #expect(step.broken?.extent == Self.extent(2, 20))
    #expect(step.observation == expected)
    #expect(group.isOpen == (flags == .first))
  }

  @Test("a new group, or a packet of none, ends one that had no last", arguments: [SequenceFlags.first, .unsegmented])
  func breaksAtNewBeginning(flags: SequenceFlags) {
    var group = PacketGroup()
    _ = group.observe(.first, isNext: true, byteCount: 10)
    let step = group.observe(flags, isNext: true, byteCount: 10)
    #expect(step.broken?.reason == .newBeginning)
    #expect(step.broken?.extent == Self.extent(1, 10))
  }

  @Test("a group has 16384 packets at most: then the sequence count has come round")
  func isBounded() {
    var group = PacketGroup()
    _ = group.observe(.first, isNext: true, byteCount: 7)
    for _ in 1..<16_384 {
      guard group.observe(.continuation, isNext: true, byteCount: 7).observation == .continued else {
        Issue.record("it ended before")
        return
      }
    }
    let step = group.observe(.continuation, isNext: true, byteCount: 7)
    #expect(step.broken?.reason == .tooLong)
    #expect(step.broken?.extent == Self.extent(16_384, 114_688))
    #expect(step.observation == .orphan)
  }

  @Test("every packet of any sequence of flags is in one group, or in none, or an orphan")
  func accountsForEveryPacket() {
    var generator = SeededGenerator(seed: 133)
    var group = PacketGroup()
    var (sent, grouped, orphans, singles) = (0, 0, 0, 0)
    for _ in 0..<100_000 {
      let flags = SequenceFlags(bits: UInt8(truncatingIfNeeded: generator.next()))
      let step = group.observe(flags, isNext: generator.next() % 8 > 0, byteCount: 7)
      sent += 1
      grouped += step.broken?.extent.packetCount ?? 0
      switch step.observation {
      case .completed(let extent): grouped += extent.packetCount
      case .orphan: orphans += 1
      case .single: singles += 1
      case .began, .continued: break
      }
    }
    let rest = group.observe(.unsegmented, isNext: false, byteCount: 7).broken?.extent.packetCount ?? 0
    #expect(sent == grouped + orphans + singles + rest)
  }
}
