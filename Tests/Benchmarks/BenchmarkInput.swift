import SpacecraftSimulator

/// What the benchmarks go through: the same bytes on every run.
enum BenchmarkInput {
  /// Bytes without a pattern.
  static func bytes(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: 1115)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// AOS frames of 1115 bytes one behind the other, of one spacecraft with two channels of packets.
  static func aosFrames(_ count: Int, hasErrorControl: Bool) throws -> [UInt8] {
    var scenario = Scenario.aosHighRate
    scenario.link.hasErrorControl = hasErrorControl
    scenario.link.frameCount = count
    var simulation = try Simulation(scenario)
    var frames: [UInt8] = []
    frames.reserveCapacity(count * scenario.link.frameByteCount)
    var frame: [UInt8] = []
    while simulation.next(into: &frame) != nil { frames += frame }
    return frames
  }

  /// Channel access data units of 1279 bytes one behind the other: the same AOS frames, coded five codewords deep and
  /// randomized.
  static func codedUnits(_ count: Int) throws -> [UInt8] {
    var scenario = Scenario.aosHighRate
    scenario.link.frameCount = count
    return try units(of: scenario)
  }

  /// Units of TM frames, whose counters are back at their beginning after a multiple of 256 of them. Every frame holds
  /// whole packets, as many of each application process as brings its sequence count back too.
  static func periodicUnits(_ count: Int) throws -> [UInt8] {
    // 1115 bytes less header and error control field are three packets of this length.
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(369...369))
    let channel = ChannelPlan(virtualChannelID: 0, applications: [application])
    var scenario = Scenario(
      link: LinkPlan(frameType: .tm, frameByteCount: 1115),
      spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
    scenario.link.frameCount = count
    return try units(of: scenario)
  }

  private static func units(of scenario: Scenario) throws -> [UInt8] {
    var scenario = scenario
    var coding = CodingPlan()
    coding.randomizer = .short255
    coding.reedSolomon = CodingPlan.ReedSolomon(errors: 16, interleave: 5, basis: .dual)
    scenario.link.coding = coding
    scenario.link.hasErrorControl = true
    scenario.impairments = .none
    var simulation = try Simulation(scenario)
    var units: [UInt8] = []
    var unit: [UInt8] = []
    while simulation.next(into: &unit) != nil { units += unit }
    return units
  }
}
