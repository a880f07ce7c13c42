extension Scenario {
  /// A calm evening over a coded link: channel access data units with a few wrong symbols now and then.
  package static var codedDemo: Scenario {
    var scenario = Scenario.demo
    scenario.impairments = .none
    var coding = CodingPlan()
    coding.randomizer = .short255
    coding.reedSolomon = CodingPlan.ReedSolomon(errors: 16, interleave: 5, basis: .dual)
    scenario.link.coding = coding
    scenario.impairments.stream.symbolErrorProbability = 0.02
    return scenario
  }

  /// The same link through bad weather and an old demodulator: slips, inversions, losses, garbage, noise.
  package static var codedRough: Scenario {
    var scenario = codedDemo
    scenario.impairments.stream.symbolErrorProbability = 0.2
    scenario.impairments.stream.hitProbability = 0.02
    scenario.impairments.stream.leadingBitCount = 1003
    scenario.impairments.stream.trailingBitCount = 77
    return scenario
  }
}
