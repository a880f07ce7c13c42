import SpacecraftSimulator
import Testing

@Suite("USLP scenarios")
struct USLPScenarioTests {
  @Test("any USLP scenario can be sent, balances, and says its own lengths", arguments: UInt64(0)..<100)
  func balances(seed: UInt64) throws {
    let scenario = Scenario.randomUSLP(seed: seed, frameCount: 300)
    #expect(scenario.problems == [])
    let (datagrams, truth) = try run(scenario)
    #expect(truth.isBalanced)
    let writer = FrameWriter(link: scenario.link)
    for frame in datagrams where !frame.isEmpty && frame[0] >> 4 == 0b1100 && frame[3] & 1 == 0 {
      #expect(Int(frame[4]) << 8 | Int(frame[5]) == frame.count - 1)
      #expect(frame.count <= scenario.link.frameByteCount)
      if scenario.impairments.corruptProbability == 0 { #expect(writer.isSealed(frame)) }
    }
  }

  @Test("a clean link of service data and packets loses nothing")
  func cleanLink() throws {
    for seed in UInt64(0)..<20 {
      var scenario = Scenario.randomUSLP(seed: seed, frameCount: 300)
      scenario.impairments = .none
      let truth = try run(scenario).truth
      #expect(truth.frames.delivered + truth.frames.idle == 300)
      #expect(truth.zoneBytes.discarded.isEmpty && truth.serviceData.discarded.isEmpty)
    }
  }

  @Test("together they reach every construction rule, truncated frames and every length of count")
  func reachesAll() throws {
    var rules: Set<UInt8> = []
    var countByteCounts: Set<UInt8> = []
    var truncatedCount = 0
    for seed in UInt64(0)..<60 {
      var scenario = Scenario.randomUSLP(seed: seed, frameCount: 200)
      scenario.impairments = .none
      let insertZone = scenario.link.hasVariableLength ? 0 : scenario.link.insertZoneByteCount
      for frame in try run(scenario).datagrams {
        guard frame[3] & 1 == 0 else {
          truncatedCount += 1
          continue
        }
        countByteCounts.insert(frame[6] & 7)
        rules.insert(frame[7 + Int(frame[6] & 7) + insertZone] >> 5)
      }
    }
    #expect(rules == Set(0...7))
    #expect(countByteCounts == Set(0...7))
    #expect(truncatedCount > 0)
  }
}
