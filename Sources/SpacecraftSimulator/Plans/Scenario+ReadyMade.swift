extension Scenario {
  /// A lively evening at a station: an orbiter and a lander over one AOS link, with a little of everything going wrong.
  package static var demo: Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 1115)
    link.hasOperationalControlField = true
    link.frameRate = 500
    link.idleFrameShare = 0.2
    link.seed = 2026
    var impairments = Impairments()
    impairments.dropProbability = 0.002
    impairments.dropBurstFrameCounts = 1...5
    impairments.duplicateProbability = 0.001
    impairments.duplicateDelays = 0...3
    impairments.reorderProbability = 0.001
    impairments.corruptProbability = 0.001
    impairments.truncateProbability = 0.000_2
    impairments.foreignProbability = 0.000_2
    impairments.counterResetProbability = 0.000_1
    return Scenario(link: link, spacecraft: [demoOrbiter, demoLander], impairments: impairments)
  }

  /// The same evening; the orbiter says how it is, besides, on a channel of its own.
  package static var demonstration: Scenario {
    var scenario = demo
    let byteCount = 6 + Housekeeping.byteCount
    var application = ApplicationPlan(applicationProcessID: 10, sizes: PacketSizePlan(byteCount...byteCount))
    application.isHousekeeping = true
    scenario.spacecraft[0].channels.append(ChannelPlan(virtualChannelID: 3, applications: [application]))
    return scenario
  }

  private static var demoOrbiter: SpacecraftPlan {
    let housekeeping = channel(0, weight: 2, [(0x010, 40...220, 4), (0x011, 24...64, 2), (0x01F, 16...90, 1)])
    var science = channel(1, weight: 6, [(0x100, 600...4000, 3), (0x101, 1800...9000, 1)])
    science.applications[1].sizes = PacketSizePlan(1800...9000, large: 40_000...65_542, largeShare: 0.02)
    science.firstCount = 0xFF_F000
    var recorder = channel(2, weight: 3, [(0x010, 40...220, 1), (0x200, 200...1200, 2)])
    recorder.encapsulation = EncapsulationPlan(share: 0.2, sizes: PacketSizePlan(8...1400))
    recorder.usesCountCycle = true
    recorder.firstCount = 0x2FF_FF00
    return SpacecraftPlan(spacecraftID: 0x2A, channels: [housekeeping, science, recorder])
  }

  private static var demoLander: SpacecraftPlan {
    var housekeeping = channel(0, weight: 2, [(0x040, 60...300, 3), (0x041, 20...40, 1)])
    housekeeping.idlePacketShare = 0.1
    var camera = channel(4, weight: 2, [])
    camera.service = .vca
    var beacon = channel(9, weight: 1, [(0x050, 64...64, 1)])
    beacon.isFrozen = true
    return SpacecraftPlan(spacecraftID: 0x38, channels: [housekeeping, camera, beacon])
  }

  /// A clean TM link of one spacecraft with three channels of packets, idle frames and commands acknowledged.
  package static var tmThreeChannels: Scenario {
    var link = LinkPlan(frameType: .tm, frameByteCount: 1115)
    link.hasOperationalControlField = true
    link.idleFrameShare = 0.1
    let channels = [
      channel(0, weight: 4, [(1, 20...200, 3), (2, 100...1000, 1)]),
      channel(1, weight: 2, [(10, 500...3000, 1)]),
      channel(2, weight: 1, [(20, 7...60, 1), (21, 7...7, 1)]),
    ]
    return Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 171, channels: channels)])
  }

  /// 50,000 AOS frames of 1115 bytes a second, with error control.
  package static var aosHighRate: Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 1115)
    link.frameRate = 50_000
    let channels = [
      channel(1, weight: 7, [(100, 200...1200, 3), (101, 800...4000, 1)]),
      channel(2, weight: 1, [(10, 64...256, 1)]),
    ]
    return Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: channels)])
  }

  /// Eight spacecraft with three channels each on one AOS link, their applications named alike.
  package static var aosManySpacecraft: Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 892)
    link.frameRate = 2000
    link.idleFrameShare = 0.1
    let spacecraft = (0..<8).map { index in
      let channels = (0..<3).map { channelID in
        var plan = channel(UInt8(channelID), weight: 3 - channelID, [(10, 20...400, 2), (11, 100...900, 1)])
        plan.firstCount = UInt64(index * 1_000_003)
        return plan
      }
      return SpacecraftPlan(spacecraftID: UInt16(40 + 3 * index), channels: channels)
    }
    return Scenario(link: link, spacecraft: spacecraft)
  }

  /// A channel of packets; per application its identifier, the lengths of its packets and its weight.
  private static func channel(
    _ virtualChannelID: UInt8, weight: Int, _ applications: [(id: UInt16, byteCounts: ClosedRange<Int>, weight: Int)]
  ) -> ChannelPlan {
    let plans = applications.map { application in
      var plan = ApplicationPlan(
        applicationProcessID: application.id, sizes: PacketSizePlan(application.byteCounts))
      plan.weight = application.weight
      plan.hasSecondaryHeader = application.byteCounts.lowerBound >= 16
      return plan
    }
    var channel = ChannelPlan(virtualChannelID: virtualChannelID, applications: plans)
    channel.weight = weight
    return channel
  }
}
