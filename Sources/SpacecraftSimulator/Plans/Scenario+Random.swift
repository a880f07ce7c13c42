extension Scenario {
  /// A scenario drawn from all that can be sent, impaired as far as a receiver can still tell exactly what happened.
  ///
  /// So no TM channel loses half its count at once, other spacecraft are few enough to be held back together, and
  /// where a TM receiver has to see a channel twice before it believes it, every channel starts with two frames.
  package static func random(seed: UInt64, frameCount: Int = 1000) -> Scenario {
    var random = SeededRandom(seed: seed, stream: 3)
    var link = randomLink(&random)
    link.frameCount = frameCount
    link.seed = seed
    let spacecraft = randomSpacecraft(link, &random)
    var scenario = Scenario(link: link, spacecraft: spacecraft, impairments: randomImpairments(link, &random))
    scenario.tellsSpacecraftIDs = random.chance(0.6)
    if link.frameType == .tm, !scenario.assumptions.trustsAtOnce { scenario.link.hasOpeningRound = true }
    return scenario
  }

  private static func randomLink(_ random: inout SeededRandom) -> LinkPlan {
    let frameType: FrameType = random.chance(0.5) ? .tm : .aos
    let lengths = [40...64, 64...256, 256...1115, 1115...2040]
    let lengthRange = random.pick(lengths)
    var link = LinkPlan(frameType: frameType, frameByteCount: random.within(lengthRange))
    link.hasErrorControl = random.chance(0.75)
    link.hasOperationalControlField = random.chance(0.5)
    link.hasHeaderErrorControl = random.chance(0.3)
    link.insertZoneByteCount = random.chance(0.3) ? random.within(1...8) : 0
    link.spacecraftIDBitCount = random.chance(0.3) ? 10 : 8
    link.firstHeaderPointerBitCount = random.chance(0.3) ? 16 : 11
    link.frameRate = random.within(100...5000)
    link.idleFrameShare = random.chance(0.6) ? 0.3 : 0
    link.hasOpeningRound = random.chance(0.2)
    return link
  }

  private static func randomSpacecraft(_ link: LinkPlan, _ random: inout SeededRandom) -> [SpacecraftPlan] {
    let bitCount = link.frameType == .tm ? 10 : link.spacecraftIDBitCount
    var ids: Set<UInt16> = []
    let count = random.within(1...3)
    while ids.count < count { ids.insert(UInt16(random.below(1 << bitCount))) }
    return ids.sorted().map { id in
      var channelIDs: [UInt8] = Array(0...(link.frameType == .tm ? 6 : 62))
      let channels = (0..<random.within(1...4)).map { _ in
        let channelID = channelIDs.remove(at: random.below(channelIDs.count))
        return randomChannel(channelID, link, &random)
      }
      var plan = SpacecraftPlan(spacecraftID: id, channels: channels)
      if random.chance(0.5) { plan.idleVirtualChannelID = channels[0].virtualChannelID }
      return plan
    }
  }

  private static func randomChannel(
    _ virtualChannelID: UInt8, _ link: LinkPlan, _ random: inout SeededRandom
  ) -> ChannelPlan {
    var plan = ChannelPlan(virtualChannelID: virtualChannelID)
    plan.weight = random.within(1...4)
    plan.isFrozen = random.chance(0.1)
    plan.usesCountCycle = link.frameType == .aos && random.chance(0.3)
    if link.frameType == .tm, random.chance(0.5) {
      plan.secondaryHeader = random.chance(0.7) ? .extendedCount : .mission(byteCount: random.within(4...12))
    }
    let modulus = plan.countModulus(link.frameType)
    let starts = [0, modulus / 2, modulus - 40, modulus == 1 << 28 ? (1 << 24) - 40 : 5000 % modulus]
    plan.firstCount = UInt64(random.pick(starts))
    if random.chance(0.15) {
      plan.service = .vca
      return plan
    }
    let shape = random.pick([7...7, 7...30, 7...400, 100...3000])
    var ids: Set<UInt16> = []
    let count = random.within(1...4)
    while ids.count < count { ids.insert(UInt16(random.below(2047))) }
    plan.applications = ids.sorted().map { id in
      var application = ApplicationPlan(applicationProcessID: id, sizes: PacketSizePlan(shape))
      if random.chance(0.1) { application.sizes = PacketSizePlan(shape, large: 30_000...65_542, largeShare: 0.01) }
      application.weight = random.within(1...5)
      application.hasSecondaryHeader = random.chance(0.5)
      application.firstSequenceCount = random.chance(0.3) ? 16_300 : UInt16(random.below(16_384))
      return application
    }
    plan.idlePacketShare = random.chance(0.4) ? 0.2 : 0
    if random.chance(0.4) {
      plan.encapsulation = EncapsulationPlan(share: 0.4, sizes: PacketSizePlan(2...600))
    }
    return plan
  }

  private static func randomImpairments(_ link: LinkPlan, _ random: inout SeededRandom) -> Impairments {
    var impairments = Impairments()
    func some(_ probability: Double, _ random: inout SeededRandom) -> Double {
      random.chance(0.5) ? probability : 0
    }
    impairments.dropProbability = some(0.03, &random)
    impairments.dropBurstFrameCounts = 1...random.within(1...8)
    impairments.duplicateProbability = some(0.03, &random)
    impairments.duplicateDelays = 0...random.within(0...8)
    impairments.reorderProbability = some(0.03, &random)
    impairments.reorderDelays = 1...random.within(1...8)
    impairments.corruptProbability = some(0.02, &random)
    impairments.truncateProbability = some(0.02, &random)
    impairments.oversizeProbability = some(0.01, &random)
    impairments.counterResetProbability = some(0.005, &random)
    impairments.foreignProbability = some(0.01, &random)
    impairments.foreignFrameLimit = 8
    impairments.foreignVersionProbability = some(0.01, &random)
    impairments.emptyProbability = some(0.01, &random)
    return impairments
  }
}
