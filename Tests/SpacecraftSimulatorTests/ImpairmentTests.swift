import SpacecraftSimulator
import Testing

/// Six AOS frames with zones of 10 bytes, packets of 15: p0 is in frames 0 and 1, p1 in 1 and 2, and so again from 3.
///
///     frame   0          1         2          3          4         5
///     zone    p0 10      p0 5 p1 5 p1 10      p2 10      p2 5 p3 5 p3 10
///     starts  0          5         none       0          5         none
@Suite("Each impairment alone, worked by hand")
struct ImpairmentTests {
  @Test("a clean link: four packets, nothing else")
  func cleanLink() throws {
    let (datagrams, truth) = try run(scenario([:]))
    #expect(datagrams.count == 6)
    #expect(datagrams.allSatisfy { $0.count == 20 })
    // Version 1, spacecraft 56, channel 1, count 1000, pointer 0, APID 100, sequence count 0, 15 bytes.
    #expect(Array(datagrams[0][0..<14]) == bytes("4e010003e80000000064c0000008"))
    #expect(Array(datagrams[1][2..<8]) == bytes("0003e9000005"))
    #expect(Array(datagrams[2][2..<8]) == bytes("0003ea0007ff"))
    #expect(truth.frames.delivered == 6)
    #expect(truth.zoneBytes == zone(60, packets: 60))
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.firstCount, channel.lastCount, channel.packets) == (1000, 1005, 4))
    #expect(truth.masterChannels.map(\.spacecraftID) == [56])
    let application = try #require(truth.applications.first)
    #expect((application.packets, application.byteCount, application.lastSequenceCount) == (4, 60, 3))
    let whole = datagrams.flatMap { $0[8..<18] }
    #expect(channel.packetHash == FowlerNollVoHash.extend(0xCBF2_9CE4_8422_2325, with: whole, in: 0..<60))
  }

  @Test("a dropped frame costs two packets: one cut off, one without a start")
  func drop() throws {
    let truth = try run(scenario([1: .drop])).truth
    #expect(truth.frames.received == 5)
    #expect(truth.zoneBytes == zone(50, packets: 30, [.gap: 10, .unsynchronized: 10]))
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.gaps, channel.missing, channel.packets) == (1, 1, 2))
    let application = try #require(truth.applications.first)
    #expect((application.firstSequenceCount, application.lastSequenceCount, application.missing) == (2, 3, 0))
  }

  @Test("a packet lost between two others is missing by its sequence count")
  func dropBetween() throws {
    let truth = try run(scenario([2: .drop])).truth
    // p0 complete; 5 bytes of p1 cut off; p2 and p3 complete.
    #expect(truth.zoneBytes == zone(50, packets: 45, [.gap: 5]))
    let application = try #require(truth.applications.first)
    #expect((application.packets, application.gaps, application.missing) == (3, 1, 1))
  }

  @Test("leading and trailing losses cannot be seen")
  func dropEnds() throws {
    let truth = try run(scenario([0: .drop, 5: .drop])).truth
    // The rest of p0 has no start, and p3 no end.
    var expected = zone(40, packets: 30, [.unsynchronized: 5])
    expected.pending = 5
    #expect(truth.zoneBytes == expected)
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.firstCount, channel.lastCount, channel.missing, channel.gaps) == (1001, 1004, 0, 0))
  }

  @Test("a duplicate changes nothing but the count of duplicates", arguments: [0, 1, 4])
  func duplicate(places: Int) throws {
    let (datagrams, truth) = try run(scenario([1: .duplicate(places: places)]))
    #expect(datagrams.count == 7)
    #expect(datagrams[1] == datagrams[2 + places])
    #expect(truth.frames.delivered == 7)
    #expect(truth.zoneBytes == zone(70, packets: 60, [.duplicate: 10]))
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.frames, channel.duplicates, channel.gaps, channel.lastCount) == (7, 1, 0, 1005))
  }

  @Test("a late frame is not missing, but its bytes are of no use")
  func delay() throws {
    let (datagrams, truth) = try run(scenario([1: .delay(places: 1)]))
    #expect(datagrams.map { $0[4] } == [0xE8, 0xEA, 0xE9, 0xEB, 0xEC, 0xED])
    #expect(truth.zoneBytes == zone(60, packets: 30, [.gap: 10, .unsynchronized: 10, .outOfOrder: 10]))
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.gaps, channel.missing, channel.late, channel.lastCount) == (1, 0, 1, 1005))
  }

  @Test("a delayed frame that nothing overtakes is in order")
  func delayAtTheEnd() throws {
    let truth = try run(scenario([5: .delay(places: 8)])).truth
    #expect(truth == (try run(scenario([:])).truth))
  }

  @Test(
    "a damaged frame is rejected for its damage, and missing",
    arguments: [(.corrupt, .fecf), (.truncate, .length), (.oversize, .length)] as [(Impairment, FrameRejection)])
  func damage(impairment: Impairment, reason: FrameRejection) throws {
    let truth = try run(scenario([1: impairment])).truth
    #expect(truth.frames.received == 6)
    #expect(truth.frames.rejected == [reason: 1])
    #expect(truth.virtualChannels.first?.missing == 1)
    #expect(truth.zoneBytes == zone(50, packets: 30, [.gap: 10, .unsynchronized: 10]))
  }

  @Test("what the spacecraft did not send is rejected, and nothing is missing")
  func insertions() throws {
    let (datagrams, truth) = try run(scenario([1: .foreign, 2: .foreignVersion, 3: .empty]))
    #expect(datagrams.count == 9)
    #expect(datagrams[2].count == 20 && datagrams[6].isEmpty)
    #expect(datagrams[4][0] >> 6 != 1 && datagrams[4][1..<18] == datagrams[3][1..<18])
    #expect((truth.datagrams.received, truth.datagrams.accepted, truth.datagrams.rejectedEmpty) == (9, 8, 1))
    #expect(truth.frames.rejected == [.scid: 1, .version: 1])
    #expect(truth.zoneBytes == zone(60, packets: 60))
  }

  @Test("nobody told: lone frames of other spacecraft end in quarantine, and one channel's only frame too")
  func quarantine() throws {
    var untold = scenario([1: .foreign, 3: .foreign])
    untold.tellsSpacecraftIDs = false
    #expect(try run(untold).truth.frames.rejected == [.quarantined: 2])
    untold.impairments = .none
    untold.link.frameCount = 1
    let truth = try run(untold).truth
    #expect(truth.frames.rejected == [.quarantined: 1])
    #expect(truth.virtualChannels.isEmpty)
    #expect(truth.isBalanced)
  }

  @Test("a count that starts again is a discontinuity, and nothing is missing")
  func counterReset() throws {
    let (datagrams, truth) = try run(scenario([0: .counterReset]))
    #expect(datagrams.map { $0[4] } == [0xE8, 0, 1, 2, 3, 4])
    #expect(truth.zoneBytes == zone(60, packets: 45, [.gap: 10, .unsynchronized: 5]))
    let channel = try #require(truth.virtualChannels.first)
    #expect((channel.discontinuities, channel.gaps, channel.missing) == (1, 0, 0))
    #expect((channel.firstCount, channel.lastCount) == (1000, 4))
    #expect(truth.applications.first?.firstSequenceCount == 1)
  }

  @Test("a frozen count hides nothing, and duplicates are still told")
  func frozen() throws {
    var frozen = scenario([4: .duplicate(places: 0)])
    frozen.spacecraft[0].channels[0].isFrozen = true
    let (datagrams, truth) = try run(frozen)
    #expect(datagrams.allSatisfy { Array($0[2..<5]) == bytes("0003e8") })
    let channel = try #require(truth.virtualChannels.first)
    #expect(channel.isFrozen)
    #expect((channel.gaps, channel.missing, channel.duplicates, channel.packets) == (0, 0, 1, 4))
    #expect((channel.firstCount, channel.lastCount) == (1000, 1000))
  }

  @Test("losses by chance spare a frozen channel")
  func sparesFrozen() throws {
    var frozen = scenario([:])
    frozen.spacecraft[0].channels[0].isFrozen = true
    frozen.link.frameCount = 500
    frozen.impairments.dropProbability = 0.5
    frozen.impairments.corruptProbability = 0.5
    frozen.impairments.reorderProbability = 0.5
    let truth = try run(frozen).truth
    #expect(truth.frames.delivered == 500)
  }

  private func scenario(_ planned: [Int: Impairment]) -> Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 20)
    link.frameCount = 6
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(15...15))
    var channel = ChannelPlan(virtualChannelID: 1, applications: [application])
    channel.firstCount = 1000
    var scenario = Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
    scenario.impairments.planned = planned
    return scenario
  }

  private func zone(_ received: Int, packets: Int, _ discarded: [DiscardReason: Int] = [:]) -> ZoneByteTruth {
    var truth = ZoneByteTruth()
    truth.received = received
    truth.packets = packets
    truth.discarded = discarded
    return truth
  }
}
