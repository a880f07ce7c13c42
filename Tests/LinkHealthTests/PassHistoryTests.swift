import CCSDSLink
import LinkHealth
import Testing

@Suite("The passes of a link")
struct PassHistoryTests {
  private static func note(_ continuity: CountObservation, at seconds: Int64, in history: inout PassHistory) {
    _ = history.note(
      FrameObservation(
        virtualChannel: 0, masterChannel: 0, count: 0, expectedCount: 0, continuity: continuity,
        masterContinuity: nil, isIdle: false, time: ReceptionTime(nanosecondsSince1970: seconds * 1_000_000_000)))
  }

  @Test("a frame that comes late is taken back from the pass that missed it")
  func takesBackLoss() {
    var history = PassHistory(quietAfterSeconds: 60)
    Self.note(.first, at: 0, in: &history)
    Self.note(.gap(missing: 2, atMost: 2), at: 1, in: &history)
    Self.note(.late(fillsGap: true), at: 2, in: &history)
    #expect(history.passes.map(\.missing) == [1])
    // Frames that are rejected later kept the link's own silence from beginning: here is one all the same.
    Self.note(.late(fillsGap: true), at: 70, in: &history)
    #expect(history.passes.map(\.missing) == [0, 0])
  }

  @Test("no pass ever misses less than nothing", arguments: UInt64(1)...50)
  func isNeverNegative(seed: UInt64) {
    var history = PassHistory(quietAfterSeconds: 60)
    var state = seed
    for _ in 0..<500 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let observations: [CountObservation] = [
        .inSequence, .late(fillsGap: true), .gap(missing: 1, atMost: 1), .first, .late(fillsGap: false),
      ]
      Self.note(observations[Int(state >> 33) % observations.count], at: Int64(state >> 40 & 0x3FF), in: &history)
      #expect(history.passes.allSatisfy { $0.missing >= 0 }, "seed \(seed)")
    }
  }
}
