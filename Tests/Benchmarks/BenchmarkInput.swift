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
}
