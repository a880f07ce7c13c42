import CCSDSLink
import LinkHealth
import Testing

@Suite("The last hour of a link in steps of ten seconds")
struct LinkHistoryTests {
  private static func time(_ seconds: Int64) -> ReceptionTime {
    ReceptionTime(nanosecondsSince1970: seconds * 1_000_000_000)
  }

  private static func totals(_ frames: Int, milliseconds: Int64 = 1) -> LinkHistory.Totals {
    var totals = LinkHistory.Totals()
    totals.frames = frames
    totals.bytes = frames * 100
    totals.latencies.record(nanoseconds: milliseconds * 1_000_000, count: frames)
    return totals
  }

  @Test("a step is what the totals have grown by between two multiples of ten seconds")
  func steps() {
    var history = LinkHistory()
    for second in 1000...1030 as ClosedRange<Int64> {
      history.note(Self.totals(Int(second - 1000) * 5), at: Self.time(second))
    }
    #expect(history.steps.map(\.frames) == [50, 50, 50])
    #expect(history.steps.map(\.bits) == [40_000, 40_000, 40_000])
    #expect(history.steps.map { $0.start.nanosecondsSince1970 / 1_000_000_000 } == [1000, 1010, 1020])
  }

  @Test("no more than an hour is kept")
  func isBounded() {
    var history = LinkHistory()
    for step in 0...1000 as ClosedRange<Int64> { history.note(Self.totals(Int(step)), at: Self.time(step * 10)) }
    #expect(history.steps.count == 360)
    #expect(history.steps.first?.start == Self.time(6400) && history.steps.last?.start == Self.time(9990))
  }

  @Test("totals that begin anew, and a clock that is set back, make no step that is not true")
  func beginsAnew() {
    var history = LinkHistory()
    history.note(Self.totals(100), at: Self.time(1000))
    history.note(Self.totals(3), at: Self.time(1010))
    #expect(history.steps.isEmpty)
    history.note(Self.totals(5), at: Self.time(500))
    #expect(history.steps.map(\.frames) == [2])
    history.note(Self.totals(5), at: Self.time(510))
    #expect(history.steps.map(\.frames) == [2, 0] && history.steps[1].latencySeconds == nil)
  }

  @Test("99 of 100 units lay below: within a bucket they are taken to lie evenly")
  func estimates() throws {
    var earlier = LatencyHistogram()
    earlier.record(nanoseconds: 900_000_000, count: 1_000_000)
    var later = earlier
    // 100 between 0.5 and 1 ms: the 99th is at 0.5 + 0.99 × 0.5 ms.
    later.record(nanoseconds: 700_000, count: 100)
    let seconds = try #require(later.seconds(below: 0.99, since: earlier))
    #expect(abs(seconds - 0.000_995) < 1e-12)
    #expect(earlier.seconds(below: 0.99, since: earlier) == nil)
    later.record(nanoseconds: 5_000_000_000, count: 100)
    #expect(later.seconds(below: 0.99, since: earlier) == 1)
  }
}
