extension Scenario {
  /// Frames of any length with packets whole and in segments, a mission's own units, a stream and a beacon.
  package static var uslpDemo: Scenario {
    var link = LinkPlan(frameType: .uslp, frameByteCount: 1200)
    link.hasVariableLength = true
    link.hasOperationalControlField = true
    link.frameRate = 500
    link.seed = 2026
    var housekeeping = ChannelPlan(virtualChannelID: 0, applications: [uslpApplication(0x10, 40...220)])
    housekeeping.countByteCount = 2
    housekeeping.accessPoints = [AccessPointPlan(id: 0, content: .packets(0..<1))]
    housekeeping.weight = 2
    var urgent = housekeeping
    urgent.isExpedited = true
    urgent.countByteCount = 1
    urgent.applications[0].applicationProcessID = 0x11
    urgent.weight = 1
    var science = ChannelPlan(
      virtualChannelID: 1, applications: [uslpApplication(0x100, 600...4000), uslpApplication(0x101, 20...90)])
    science.accessPoints = [
      AccessPointPlan(id: 1, content: .packets(0..<1)), AccessPointPlan(id: 2, content: .packets(1..<2)),
      AccessPointPlan(id: 3, content: .serviceData(10...5000)), AccessPointPlan(id: 4, content: .octets),
    ]
    science.weight = 6
    science.countByteCount = 7
    science.firstCount = 0xFF_FFFF_FFFF_FF00
    var beacon = ChannelPlan(virtualChannelID: 2)
    beacon.isExpedited = true
    beacon.truncatedFrameByteCount = 12
    beacon.accessPoints = [AccessPointPlan(id: 0, content: .serviceData(7...7))]
    var impairments = Impairments()
    impairments.dropProbability = 0.002
    impairments.dropBurstFrameCounts = 1...3
    impairments.duplicateProbability = 0.001
    impairments.corruptProbability = 0.001
    let spacecraft = SpacecraftPlan(spacecraftID: 0x1234, channels: [housekeeping, urgent, science, beacon])
    return Scenario(link: link, spacecraft: [spacecraft], impairments: impairments)
  }

  /// A USLP scenario drawn from all that can be sent, impaired as far as a receiver can still tell what happened.
  package static func randomUSLP(seed: UInt64, frameCount: Int = 600) -> Scenario {
    var random = SeededRandom(seed: seed, stream: 8)
    let byteCounts = random.pick([60...100, 100...1200, 1200...9000])
    var link = LinkPlan(frameType: .uslp, frameByteCount: random.within(byteCounts))
    link.hasVariableLength = random.chance(0.5)
    link.hasLongErrorControl = random.chance(0.3)
    link.hasOperationalControlField = random.chance(0.5)
    link.frameCount = frameCount
    link.seed = seed
    if !link.hasVariableLength {
      link.insertZoneByteCount = random.chance(0.3) ? random.within(1...8) : 0
      link.idleFrameShare = random.chance(0.5) ? 0.2 : 0
    }
    var spacecraftIDs: Set<UInt16> = []
    let count = random.within(1...3)
    while spacecraftIDs.count < count { spacecraftIDs.insert(UInt16(random.below(65_536))) }
    let spacecraft = spacecraftIDs.sorted().map { id in
      var channelIDs: [UInt8] = Array(0...62)
      let channels = (0..<random.within(1...4)).flatMap { _ in
        let channelID = channelIDs.remove(at: random.below(channelIDs.count))
        return randomUSLPChannels(channelID, link, &random)
      }
      return SpacecraftPlan(spacecraftID: id, channels: channels)
    }
    var impairments = Impairments()
    impairments.dropProbability = random.pick([0, 0.03])
    impairments.dropBurstFrameCounts = 1...random.within(1...4)
    impairments.duplicateProbability = random.pick([0, 0.03])
    impairments.corruptProbability = random.pick([0, 0.02])
    impairments.foreignProbability = random.pick([0, 0.01])
    impairments.foreignVersionProbability = random.pick([0, 0.01])
    impairments.emptyProbability = random.pick([0, 0.01])
    return Scenario(link: link, spacecraft: spacecraft, impairments: impairments)
  }

  /// One virtual channel: under sequence control, expedited, or both, each with a count of its own.
  private static func randomUSLPChannels(
    _ channelID: UInt8, _ link: LinkPlan, _ random: inout SeededRandom
  ) -> [ChannelPlan] {
    if link.hasVariableLength, random.chance(0.1) {
      var beacon = ChannelPlan(virtualChannelID: channelID)
      beacon.isExpedited = true
      beacon.truncatedFrameByteCount = random.within(6...32)
      beacon.accessPoints = [AccessPointPlan(id: UInt8(random.below(16)), content: .serviceData(1...1))]
      return [beacon]
    }
    let services = random.pick([[false], [true], [false, true]])
    return services.map { isExpedited in
      var plan = ChannelPlan(virtualChannelID: channelID)
      plan.isExpedited = isExpedited
      plan.weight = random.within(1...4)
      plan.countByteCount = random.pick([0, 1, 2, 3, 4, 5, 6, 7])
      let modulus = plan.countModulus(.uslp)
      plan.firstCount = modulus == 1 ? 0 : UInt64(random.pick([0, modulus / 2, modulus - 20]))
      var ids: Set<UInt8> = []
      let count = random.within(1...4)
      while ids.count < count { ids.insert(UInt8(random.below(16))) }
      for id in ids.sorted() { plan.addRandomAccessPoint(id, link, &random) }
      return plan
    }
  }

  private static func uslpApplication(_ id: UInt16, _ byteCounts: ClosedRange<Int>) -> ApplicationPlan {
    ApplicationPlan(applicationProcessID: id, sizes: PacketSizePlan(byteCounts))
  }
}

extension ChannelPlan {
  fileprivate mutating func addRandomAccessPoint(_ id: UInt8, _ link: LinkPlan, _ random: inout SeededRandom) {
    switch random.below(link.hasVariableLength ? 4 : 3) {
    case 0, 1:
      let first = applications.count
      let shape = random.pick([7...7, 7...60, 7...400, 100...3000])
      for index in 0..<random.within(1...3) {
        // Expedited frames, and every user, have applications of their own.
        let base = (isExpedited ? 1024 : 0) + 32 * Int(id)
        var application = ApplicationPlan(
          applicationProcessID: UInt16(base + index), sizes: PacketSizePlan(shape))
        application.firstSequenceCount = random.chance(0.3) ? 16_300 : UInt16(random.below(16_384))
        applications.append(application)
      }
      accessPoints.append(AccessPointPlan(id: id, content: .packets(first..<applications.count)))
    case 2:
      let byteCounts = random.pick([1...20, 10...500, 1000...5000])
      accessPoints.append(AccessPointPlan(id: id, content: .serviceData(byteCounts)))
    default:
      accessPoints.append(AccessPointPlan(id: id, content: .octets))
    }
  }
}
