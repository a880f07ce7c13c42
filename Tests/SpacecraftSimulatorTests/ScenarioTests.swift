import SpacecraftSimulator
import Testing

@Suite("Scenarios, fixtures and random datagrams")
struct ScenarioTests {
  private static let readyMade: [(String, Scenario)] = [
    ("demo", .demo), ("tmThreeChannels", .tmThreeChannels), ("aosHighRate", .aosHighRate),
    ("aosManySpacecraft", .aosManySpacecraft),
  ]

  @Test("every ready-made scenario can be sent and is counted right", arguments: readyMade.indices)
  func readyMadeScenarios(index: Int) throws {
    var scenario = Self.readyMade[index].1
    scenario.link.frameCount = 1000
    try expectAgreement(scenario)
  }

  @Test("the same scenario gives the same datagrams, times and truth; another seed gives others")
  func isDeterministic() throws {
    var scenario = Scenario.random(seed: 7)
    var first = try Simulation(scenario)
    var second = try Simulation(scenario)
    while let datagram = first.next() { try #require(second.next() == datagram) }
    #expect(second.next() == nil)
    #expect(first.truth == second.truth)
    scenario.link.seed = 8
    #expect(try run(scenario).datagrams != run(.random(seed: 7)).datagrams)
  }

  @Test("a buffer that is reused gets what a fresh one gets, at a steady pace")
  func reusesBuffers() throws {
    var scenario = Scenario.demo
    scenario.link.frameCount = 500
    var fresh = try Simulation(scenario)
    var reusing = try Simulation(scenario)
    var buffer = [UInt8](repeating: 0xAA, count: 5000)
    var last = scenario.link.startNanosecondsSince1970
    while let datagram = fresh.next() {
      #expect(reusing.next(into: &buffer) == datagram.stamp)
      #expect(buffer == datagram.bytes)
      #expect(datagram.stamp.nanosecondsSince1970 >= last)
      last = datagram.stamp.nanosecondsSince1970
    }
    // 500 frames a second: the last of 500 is sent 499 × 2 ms after the first.
    #expect(last - scenario.link.startNanosecondsSince1970 == 998_000_000)
  }

  @Test("every problem of a scenario is found")
  func findsProblems() {
    var scenario = Scenario.tmThreeChannels
    scenario.link.frameRate = 0
    scenario.link.frameByteCount = 2049
    scenario.impairments.dropProbability = 1.5
    scenario.impairments.reorderDelays = 0...9
    scenario.impairments.planned = [3: .delay(places: 9)]
    #expect(
      scenario.problems == [
        .frameRate(0), .frameByteCount(2049), .probability(1.5), .impairmentRange(0...9), .planned(.delay(places: 9)),
      ])
    #expect(throws: InvalidScenario(problems: scenario.problems)) { try Simulation(scenario) }
    scenario = .tmThreeChannels
    let name = VirtualChannelName(spacecraftID: 171, virtualChannelID: 1)
    scenario.spacecraft[0].channels[0].virtualChannelID = 1
    scenario.spacecraft[0].channels[2].applications[0].applicationProcessID = 2047
    scenario.spacecraft[0].channels[2].applications[1].sizes = PacketSizePlan(6...65_542)
    scenario.spacecraft[0].channels[1].applications = []
    #expect(
      scenario.problems == [
        .repeatedChannel(name), .noPackets(name), .applicationProcessID(2047), .packetByteCounts(6...65_542),
        .packetByteCounts(6...65_542),
      ])
    scenario = .tmThreeChannels
    scenario.link.frameByteCount = 12
    scenario.spacecraft[0].spacecraftID = 1024
    scenario.spacecraft[0].channels[0].weight = 0
    #expect(scenario.problems.contains(.weight(0)))
    #expect(scenario.problems.contains(.spacecraftID(1024)))
    #expect(scenario.problems.contains(.noRoomForPackets(frameByteCount: 12)))
  }

  @Test("the seeded scenarios together reach every bucket")
  func randomScenariosReachAll() throws {
    var rejected: Set<FrameRejection> = []
    var discarded: Set<DiscardReason> = []
    var (late, duplicates, resets, frozen, empty) = (0, 0, 0, 0, 0)
    for seed in UInt64(0)..<40 {
      let truth = try run(.random(seed: seed, frameCount: 300)).truth
      rejected.formUnion(truth.frames.rejected.keys)
      discarded.formUnion(truth.zoneBytes.discarded.keys)
      late += truth.virtualChannels.reduce(0) { $0 + $1.late }
      duplicates += truth.virtualChannels.reduce(0) { $0 + $1.duplicates }
      resets += truth.virtualChannels.reduce(0) { $0 + $1.discontinuities }
      frozen += truth.virtualChannels.filter(\.isFrozen).count
      empty += truth.datagrams.rejectedEmpty
    }
    #expect(rejected == Set(FrameRejection.allCases))
    #expect(discarded == Set(DiscardReason.allCases))
    #expect(late > 0 && duplicates > 0 && resets > 0 && frozen > 0 && empty > 0)
  }

  @Test("fixtures have names of their own, whole frames, and the truth")
  func makesFixtures() throws {
    let fixtures = try SimulationFixture.all()
    #expect(fixtures.map(\.name) == fixtures.map(\.name).sorted())
    #expect(Set(fixtures.map(\.name)).count == fixtures.count)
    for fixture in fixtures {
      #expect(fixture.bytes.count % fixture.scenario.link.frameByteCount == 0, "\(fixture.name)")
      #expect(fixture.truth.isBalanced, "\(fixture.name)")
      #expect(fixture.truth.packets.delivered > 0, "\(fixture.name)")
      try expectAgreement(fixture.scenario)
    }
  }

  @Test("packets of 14 bytes in zones of 13 start once at every place")
  func splitsHeadersEverywhere() throws {
    let fixture = try #require(try SimulationFixture.all().first { $0.name == "aos-split-headers" })
    let pointers = Set(stride(from: 0, to: fixture.bytes.count, by: 23).map { fixture.bytes[$0 + 7] })
    #expect(pointers == Set(0...12).union([0xFF]))
  }

  @Test("the truth is written in the words of the report")
  func writesJSON() throws {
    var link = LinkPlan(frameType: .aos, frameByteCount: 20)
    link.frameCount = 1
    let application = ApplicationPlan(applicationProcessID: 9, sizes: PacketSizePlan(10...10))
    let channel = ChannelPlan(virtualChannelID: 1, applications: [application])
    let scenario = Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
    #expect(
      try run(scenario).truth.json == """
        {"ledger":{
          "datagrams":{"received":1,"accepted":1,"kernel_dropped":0,"rejected":{}},
          "stream_bytes":{"received":0,"framed":0,"skipped":0,"pending":0},
          "codewords":{"received":0,"clean":0,"corrected":0,"corrected_symbols":0,"uncorrectable":0},
          "frames":{"received":1,"delivered":1,"idle":0,"unlisted":0,"rejected":{}},
          "zone_bytes":{"received":10,"packets":10,"idle_packets":0,"pending":0,"discarded":{}},
          "packets":{"completed":1,"delivered":1,"idle":0,"rejected":{}}},
         "master_channels":[
          {"scid":56,"frames":1,"gaps":0,"missing":0,"trust":"trusted"}],
         "virtual_channels":[
          {"scid":56,"vcid":1,"frames":1,"first_count":0,"last_count":0,"gaps":0,"missing":0,"duplicates":0,\
        "trust":"trusted","packets":1,"idle_packets":0}],
         "apids":[
          {"scid":56,"vcid":1,"apid":9,"packets":1,"bytes":10,"first_sequence_count":0,"last_sequence_count":0,\
        "gaps":0,"missing":0,"repeats":0,"trust":"trusted"}]}
        """)
  }

  @Test("random datagrams are the same for a seed, and some get past every first check", arguments: FrameType.allCases)
  func drawsDatagrams(frameType: FrameType) {
    var link = LinkPlan(frameType: frameType, frameByteCount: 64)
    link.hasHeaderErrorControl = true
    let writer = FrameWriter(link: link)
    var first = RandomDatagrams(seed: 3, link: link)
    var second = RandomDatagrams(seed: 3, link: link)
    var (one, other): ([UInt8], [UInt8]) = ([], [])
    var (exactCount, sealedCount, emptyCount) = (0, 0, 0)
    for _ in 0..<2000 {
      first.next(into: &one)
      second.next(into: &other)
      #expect(one == other)
      if one.isEmpty { emptyCount += 1 }
      guard one.count == 64 else { continue }
      exactCount += 1
      if writer.isSealed(one), one[0] >> 6 == (frameType == .tm ? 0 : frameType == .aos ? 1 : 3) { sealedCount += 1 }
    }
    // 2000 × 3/4 exact, × 3/4 plausible × 3/4 sealed.
    #expect((1400...1600).contains(exactCount))
    #expect((750...950).contains(sealedCount))
    #expect(emptyCount < 20)
  }

  private func expectAgreement(_ scenario: Scenario) throws {
    let (datagrams, truth) = try run(scenario)
    var receiver = ReferenceReceiver(scenario.receiver)
    for datagram in datagrams { receiver.receive(datagram) }
    #expect(truth.isBalanced)
    #expect(truth.differences(from: receiver.finish()) == [])
    #expect(receiver.finish() == truth.withoutLists)
  }
}
