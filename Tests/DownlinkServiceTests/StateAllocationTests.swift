import AllocationCounter
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

extension AllocationTests {
  @Test("saving the state takes none, also while somebody holds a snapshot", arguments: 0..<3)
  func takesNoneForState(kind: Int) throws {
    let scenario: Scenario =
      switch kind {
      case 0: .tmThreeChannels
      case 1: .uslpDemo
      default: .codedDemo
      }
    let run = try StateRun(scenario)
    var pipeline = run.makePipeline()
    run.feed(0..<run.unitCount / 2, to: &pipeline)
    // The first time the bytes get their capacity.
    var state = StateRun.state(of: &pipeline)
    let snapshot = pipeline.snapshot()
    let before = allocation_counter_count()
    for _ in 0..<100 {
      var archive = StateArchive(savingTo: consume state)
      pipeline.archive(&archive)
      state = archive.bytes
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    #expect(snapshot.breaches == [])
    #expect(state.count > 1000)
  }
}
