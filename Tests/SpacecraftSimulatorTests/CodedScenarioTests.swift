import SpacecraftSimulator
import Testing

@Suite("Coded scenarios")
struct CodedScenarioTests {
  @Test("any coded scenario can be sent, is exact and balances", arguments: UInt64(0)..<100)
  func balances(seed: UInt64) throws {
    let scenario = Scenario.randomCoded(seed: seed, frameCount: 200)
    #expect(scenario.problems == [])
    let (pieces, truth) = try run(scenario)
    #expect(truth.isBalanced)
    let coding = try #require(truth.coding)
    #expect(coding.isExact)
    if scenario.link.coding?.syncMarker.isEmpty == false {
      #expect(coding.streamBytes.received == pieces.reduce(0) { $0 + $1.count })
    }
    #expect(coding.unitsCertain <= truth.frames.received)
    let (again, sameTruth) = try run(scenario)
    #expect(pieces == again && truth == sameTruth)
  }

  @Test("together they reach every kind of hit and every bucket")
  func reachesAll() throws {
    var kinds: Set<StreamHit.Kind> = []
    var total = CodewordTruth()
    var (skipped, slips, missed, turns) = (0, 0, 0, 0)
    for seed in UInt64(0)..<60 {
      let coding = try #require(try run(.randomCoded(seed: seed, frameCount: 200)).truth.coding)
      kinds.formUnion(coding.hits.map(\.kind))
      total.clean += coding.codewords.clean
      total.corrected += coding.codewords.corrected
      total.uncorrectable += coding.codewords.uncorrectable
      skipped += coding.streamBytes.skipped
      slips += coding.slips
      missed += coding.markersMissed
      turns += coding.polarityChanges
    }
    #expect(kinds == Set(StreamHit.Kind.allCases))
    #expect(total.clean > 0 && total.corrected > 0 && total.uncorrectable > 0)
    #expect(skipped > 0 && slips > 0 && missed > 0 && turns > 0)
  }

  @Test("a code that does not fit, a marker of one byte and a hit without marker are refused")
  func findsProblems() {
    var scenario = Scenario.codedDemo
    let code = CodingPlan.ReedSolomon(errors: 16, interleave: 4)
    scenario.link.coding?.reedSolomon = code
    scenario.link.coding?.syncMarker = [0x1A]
    scenario.impairments.truncateProbability = 0.1
    scenario.impairments.stream.planned = [3: .slip(bitCount: 5)]
    #expect(
      scenario.problems == [
        .syncMarker(byteCount: 1), .reedSolomon(code), .lengthUnderCoding, .plannedHit(.slip(bitCount: 5)),
      ])
    scenario = .codedDemo
    scenario.link.coding?.syncMarker = []
    scenario.link.coding?.packaging = .pieces(1...10)
    scenario.impairments.stream.leadingBitCount = 1
    scenario.impairments.stream.planned = [3: .garbage(bitCount: 80, holdsMarker: false)]
    #expect(
      scenario.problems == [
        .packaging(.pieces(1...10)), .streamBitCount(1), .plannedHit(.garbage(bitCount: 80, holdsMarker: false)),
      ])
  }
}
