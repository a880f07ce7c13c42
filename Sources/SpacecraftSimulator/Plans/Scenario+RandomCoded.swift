extension Scenario {
  /// A scenario drawn from all that can be coded, hit as far as a receiver can still tell exactly what happened.
  ///
  /// A code of eight errors now and then takes one word for another, so it sees little beyond correction here.
  package static func randomCoded(seed: UInt64, frameCount: Int = 400) -> Scenario {
    var random = SeededRandom(seed: seed, stream: 7)
    var scenario = Scenario.random(seed: seed, frameCount: frameCount)
    var coding = CodingPlan()
    coding.randomizer = random.pick(CodingPlan.Randomizer.allCases)
    if random.chance(0.85) {
      let code = CodingPlan.ReedSolomon(
        errors: random.pick([16, 16, 8]), interleave: random.pick([1, 2, 3, 4, 5, 8]),
        basis: random.pick(CodingPlan.ReedSolomon.Basis.allCases))
      let largest = code.largestFrameByteCount
      let fill = max(0, largest - scenario.link.frameByteCount) / code.interleave
      scenario.link.frameByteCount = random.chance(0.5) ? largest : largest - fill * code.interleave
      coding.reedSolomon = code
    }
    coding.syncMarker = random.pick(markers)
    coding.packaging =
      random.pick([.units(1), .units(random.within(2...6)), .pieces(1...random.within(1...5000))])
    if coding.syncMarker.isEmpty { coding.packaging = .units(1) }
    scenario.link.coding = coding
    scenario.impairments = randomFrameImpairments(&random)
    scenario.impairments.stream = randomStreamImpairments(coding, &random)
    return scenario
  }

  /// None; the standard's of 32 to 192 bits; one of a mission's own.
  private static let markers: [[UInt8]] = [
    CodingPlan.standardMarker, CodingPlan.standardMarker, CodingPlan.standardMarker, [],
    [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0],
    [0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C],
    [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0, 0xFC, 0xB8, 0x89, 0x38, 0xD8, 0xD7, 0x6A, 0x4F],
    [
      0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C,
      0xDA, 0x2A, 0x3F, 0x31, 0x76, 0x6F, 0x09, 0x36, 0xB9, 0xE4, 0x08, 0x63,
    ],
    [0x35, 0x2E, 0xF8, 0x53, 0x07],
  ]

  private static func randomFrameImpairments(_ random: inout SeededRandom) -> Impairments {
    var impairments = Impairments()
    impairments.dropProbability = random.chance(0.3) ? 0.02 : 0
    impairments.duplicateProbability = random.chance(0.3) ? 0.02 : 0
    impairments.corruptProbability = random.chance(0.3) ? 0.02 : 0
    impairments.foreignProbability = random.chance(0.2) ? 0.01 : 0
    impairments.foreignFrameLimit = 8
    return impairments
  }

  private static func randomStreamImpairments(
    _ coding: CodingPlan, _ random: inout SeededRandom
  ) -> StreamImpairments {
    var stream = StreamImpairments()
    stream.hitProbability = random.pick([0.02, 0.1, 0.3])
    stream.symbolErrorProbability = random.pick([0, 0.1, 0.5])
    if let code = coding.reedSolomon, code.errors == 8, code.interleave > 2 {
      stream.kinds = [.markerErrors, .markerDestroyed, .garbage, .unitLoss]
    }
    guard !coding.syncMarker.isEmpty else { return stream }
    stream.leadingBitCount = random.chance(0.5) ? random.below(20_000) : 0
    stream.trailingBitCount = random.chance(0.5) ? random.below(20_000) : 0
    return stream
  }
}
