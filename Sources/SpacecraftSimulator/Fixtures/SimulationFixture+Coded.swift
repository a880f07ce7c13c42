extension SimulationFixture {
  /// Recordings of coded links, as streams of bits, in the order of their names.
  package static func coded() throws(InvalidScenario) -> [SimulationFixture] {
    var errors = coded(CodingPlan.ReedSolomon(errors: 16, interleave: 2, basis: .dual), .short255)
    errors.impairments.stream.planned = [
      5: .symbolErrors(16), 10: .symbolErrors(17), 15: .markerErrors(2), 20: .markerDestroyed, 25: .burst(bitCount: 90),
    ]
    var structure = coded(CodingPlan.ReedSolomon(errors: 8, interleave: 1, basis: .conventional), .long131071)
    structure.impairments.stream.leadingBitCount = 83
    structure.impairments.stream.trailingBitCount = 24
    structure.impairments.stream.planned = [
      5: .slip(bitCount: 1), 10: .garbage(bitCount: 400, holdsMarker: true), 15: .loss(bitCount: 80), 20: .unitLoss,
      24: .inversion(markerCount: 3, begins: .atMarker, ends: .atMarker), 31: .slip(bitCount: -2),
    ]
    var uncoded = coded(nil, .long131071)
    uncoded.impairments.stream.planned = [8: .burst(bitCount: 20), 16: .slip(bitCount: 3), 24: .unitLoss]
    return [
      try SimulationFixture(
        name: "cadu-errors", summary: "Wrong symbols, as many as can be corrected and one more; damaged markers.",
        scenario: errors),
      try SimulationFixture(
        name: "cadu-structure", summary: "Slips, garbage with a marker in it, losses, an inversion, leading bits.",
        scenario: structure),
      try SimulationFixture(
        name: "cadu-uncoded", summary: "No code but the error control field: a burst, a slip, a unit lost.",
        scenario: uncoded),
    ]
  }

  /// Recordings of USLP frames one after the other, in the order of their names.
  package static func uslp() throws(InvalidScenario) -> [SimulationFixture] {
    var variable = Scenario.uslpDemo
    variable.link.frameByteCount = 200
    variable.link.frameCount = 60
    variable.impairments = .none
    // The beacon's frames have no count, whose loss nobody could see.
    variable.impairments.planned = [12: .drop, 30: .duplicate(places: 0)]
    return [
      try SimulationFixture(
        name: "uslp-fixed", summary: "Frames of one length: packets, service data units, idle frames, CRC-32.",
        scenario: fixedUSLP),
      try SimulationFixture(
        name: "uslp-variable", summary: "Frames of any length: whole packets, segments, a stream, truncated frames.",
        scenario: variable),
    ]
  }

  private static var fixedUSLP: Scenario {
    var link = LinkPlan(frameType: .uslp, frameByteCount: 96)
    link.hasLongErrorControl = true
    link.hasOperationalControlField = true
    link.insertZoneByteCount = 3
    link.idleFrameShare = 0.1
    link.frameCount = 60
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(7...200))
    var controlled = ChannelPlan(virtualChannelID: 1, applications: [application])
    controlled.countByteCount = 1
    controlled.firstCount = 250
    controlled.weight = 3
    controlled.accessPoints = [
      AccessPointPlan(id: 0, content: .packets(0..<1)), AccessPointPlan(id: 9, content: .serviceData(20...300)),
    ]
    var expedited = controlled
    expedited.isExpedited = true
    expedited.countByteCount = 5
    expedited.firstCount = 0xFF_FFFF_FFF8
    expedited.applications[0].applicationProcessID = 200
    expedited.accessPoints.removeLast()
    expedited.weight = 1
    let spacecraft = SpacecraftPlan(spacecraftID: 0xABCD, channels: [controlled, expedited])
    var scenario = Scenario(link: link, spacecraft: [spacecraft])
    scenario.impairments.planned = [9: .drop, 25: .corrupt, 40: .duplicate(places: 0)]
    return scenario
  }

  private static func coded(_ code: CodingPlan.ReedSolomon?, _ randomizer: CodingPlan.Randomizer) -> Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 64)
    link.frameCount = 40
    var coding = CodingPlan()
    coding.reedSolomon = code
    coding.randomizer = randomizer
    link.coding = coding
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(7...120))
    let channel = ChannelPlan(virtualChannelID: 1, applications: [application])
    return Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
  }
}
