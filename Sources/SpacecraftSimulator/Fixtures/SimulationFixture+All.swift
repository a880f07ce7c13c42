extension SimulationFixture {
  /// All fixtures, in the order of their names.
  package static func all() throws(InvalidScenario) -> [SimulationFixture] {
    var fixtures: [SimulationFixture] = []
    for (name, summary, scenario) in [splitHeaders, everyField, encapsulation, hugePackets] + losses + counters {
      fixtures.append(try SimulationFixture(name: name, summary: summary, scenario: scenario))
    }
    return fixtures.sorted { $0.name < $1.name }
  }

  private typealias Recipe = (name: String, summary: String, scenario: Scenario)

  // MARK: Frames and packets

  private static var splitHeaders: Recipe {
    var scenario = aos(frameByteCount: 23, frameCount: 56)
    scenario.spacecraft[0].channels[0].applications[0].sizes = PacketSizePlan(14...14)
    return (
      "aos-split-headers", "Packets of 14 bytes in zones of 13: every byte of a header ends a frame once.", scenario
    )
  }

  private static var everyField: Recipe {
    var scenario = aos(frameByteCount: 128, frameCount: 60)
    scenario.link.hasHeaderErrorControl = true
    scenario.link.insertZoneByteCount = 5
    scenario.link.hasOperationalControlField = true
    scenario.link.spacecraftIDBitCount = 10
    scenario.link.firstHeaderPointerBitCount = 16
    scenario.link.idleFrameShare = 0.2
    scenario.spacecraft[0].spacecraftID = 0x2AB
    scenario.spacecraft[0].channels[0].usesCountCycle = true
    scenario.spacecraft[0].channels[0].firstCount = 0x0FF_FFF0
    return ("aos-every-field", "Header error control, insert zone, long identifier and pointer, CLCW, cycle.", scenario)
  }

  private static var encapsulation: Recipe {
    var scenario = aos(frameByteCount: 48, frameCount: 120)
    scenario.spacecraft[0].channels[0].encapsulation = EncapsulationPlan(
      share: 0.7, sizes: PacketSizePlan(2...90, large: 260...400, largeShare: 0.05))
    return ("aos-encapsulation", "Encapsulation Packets with headers of 1, 2, 4 and 8 bytes.", scenario)
  }

  private static var hugePackets: Recipe {
    var scenario = aos(frameByteCount: 1115, frameCount: 130)
    scenario.spacecraft[0].channels[0].applications[0].sizes = PacketSizePlan(65_542...65_542)
    return ("aos-huge-packets", "The longest packets there are, over sixty frames each.", scenario)
  }

  // MARK: Impairments

  private static var losses: [Recipe] {
    var gaps = tm(frameCount: 90)
    for index in [7, 8, 20, 41, 42, 43, 44, 45, 46, 60] { gaps.impairments.planned[index] = .drop }
    var duplicates = aos(frameByteCount: 64, frameCount: 40)
    duplicates.impairments.planned = [
      3: .duplicate(places: 0), 10: .duplicate(places: 3), 20: .duplicate(places: 8), 21: .duplicate(places: 0),
    ]
    var late = aos(frameByteCount: 64, frameCount: 40)
    late.impairments.planned = [
      5: .delay(places: 1), 12: .delay(places: 4), 13: .delay(places: 2), 39: .delay(places: 8),
    ]
    var damaged = tm(frameCount: 60)
    damaged.impairments.planned = [4: .corrupt, 17: .corrupt, 18: .foreignVersion, 33: .corrupt, 40: .foreign]
    var foreign = aos(frameByteCount: 64, frameCount: 40)
    foreign.tellsSpacecraftIDs = false
    foreign.impairments.planned = [0: .foreign, 6: .foreign, 30: .foreign]
    return [
      ("tm-gaps", "Ten frames of three channels never arrive.", gaps),
      ("aos-duplicates", "Four frames arrive twice, at once or a few places later.", duplicates),
      ("aos-late", "Four frames arrive late; the last of them not late enough to matter.", late),
      ("tm-damaged", "Three damaged frames, one of another version, one of another spacecraft.", damaged),
      ("aos-quarantined", "Nobody was told the spacecraft, and three others are heard once each.", foreign),
    ]
  }

  private static var counters: [Recipe] {
    var frozen = aos(frameByteCount: 64, frameCount: 40)
    frozen.spacecraft[0].channels[0].isFrozen = true
    frozen.spacecraft[0].channels[0].firstCount = 77
    frozen.impairments.planned = [9: .duplicate(places: 0)]
    var reset = aos(frameByteCount: 64, frameCount: 60)
    reset.spacecraft[0].channels[0].firstCount = 100_000
    reset.impairments.planned = [30: .counterReset]
    var extended = tm(frameCount: 60)
    for index in extended.spacecraft[0].channels.indices {
      extended.spacecraft[0].channels[index].secondaryHeader = .extendedCount
      extended.spacecraft[0].channels[index].firstCount = 0xFFFF_FFF8
    }
    var wrap = aos(frameByteCount: 64, frameCount: 40)
    wrap.spacecraft[0].channels[0].firstCount = 0xFF_FFF0
    wrap.impairments.planned = [15: .drop, 16: .drop]
    return [
      ("aos-frozen", "The count stands still, and the packets are all there.", frozen),
      ("aos-counter-reset", "The count starts again at 0 half-way.", reset),
      ("aos-count-wrap", "The count wraps inside a gap.", wrap),
      ("tm-extended-count", "Counts of 32 bits wrap, idle frames share a channel with packets.", extended),
    ]
  }

  // MARK: What they start from

  private static func aos(frameByteCount: Int, frameCount: Int) -> Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: frameByteCount)
    link.frameCount = frameCount
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(7...120))
    let channel = ChannelPlan(virtualChannelID: 1, applications: [application])
    return Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
  }

  private static func tm(frameCount: Int) -> Scenario {
    var scenario = Scenario.tmThreeChannels
    scenario.link.frameByteCount = 128
    scenario.link.frameCount = frameCount
    scenario.spacecraft[0].idleVirtualChannelID = 0
    return scenario
  }
}
