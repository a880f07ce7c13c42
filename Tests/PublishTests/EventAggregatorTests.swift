import LinkHealth
import Publish
import Testing

@Suite("Aggregation of floods, conventions §6")
struct EventAggregatorTests {
  private func reject(at time: Int64, link: String = "dss1", sample: String = "40ff") -> EventRecord {
    EventRecord(.frameReject, severity: .warning, time: time, link: link) { $0.member("sample_hex", sample) }
  }

  @Test("a million like rejects in a hundred seconds are eleven lines whose counts add up")
  func boundsAMillionRejects() {
    var aggregator = EventAggregator()
    var lines: [EventRecord] = []
    for index in 0..<1_000_000 {
      let now = Int64(index) * 100_000
      lines += aggregator.submit(reject(at: now), reason: "fecf", at: now)
    }
    lines += aggregator.flush()
    #expect(
      lines.map(\.body) == [
        summary(1, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000000Z"),
        summary(99_999, "1970-01-01T00:00:00.000100Z", "1970-01-01T00:00:09.999900Z"),
        summary(100_000, "1970-01-01T00:00:10.000000Z", "1970-01-01T00:00:19.999900Z"),
        summary(100_000, "1970-01-01T00:00:20.000000Z", "1970-01-01T00:00:29.999900Z"),
        summary(100_000, "1970-01-01T00:00:30.000000Z", "1970-01-01T00:00:39.999900Z"),
        summary(100_000, "1970-01-01T00:00:40.000000Z", "1970-01-01T00:00:49.999900Z"),
        summary(100_000, "1970-01-01T00:00:50.000000Z", "1970-01-01T00:00:59.999900Z"),
        summary(100_000, "1970-01-01T00:01:00.000000Z", "1970-01-01T00:01:09.999900Z"),
        summary(100_000, "1970-01-01T00:01:10.000000Z", "1970-01-01T00:01:19.999900Z"),
        summary(100_000, "1970-01-01T00:01:20.000000Z", "1970-01-01T00:01:29.999900Z"),
        summary(100_000, "1970-01-01T00:01:30.000000Z", "1970-01-01T00:01:39.999900Z"),
      ])
    #expect(aggregator.suppressedCounts == [:])
    #expect(aggregator.kindCount == 0)
  }

  private func summary(_ count: Int, _ first: String, _ last: String) -> String {
    #"{"reason":"fecf","count":\#(count),"first":"\#(first)","last":"\#(last)","sample_hex":"40ff"}"#
  }

  @Test("the first of each reason and link passes at once")
  func passesFirstOfEachKind() {
    var aggregator = EventAggregator()
    #expect(aggregator.submit(reject(at: 0), reason: "fecf", at: 0).count == 1)
    #expect(aggregator.submit(reject(at: 1), reason: "length", at: 1).count == 1)
    #expect(aggregator.submit(reject(at: 2, link: "dss2"), reason: "fecf", at: 2).count == 1)
    #expect(aggregator.submit(reject(at: 3), reason: "fecf", at: 3).count == 0)
  }

  @Test("a tick after ten seconds tells what has come meanwhile, once")
  func summarizesOnTick() {
    var aggregator = EventAggregator()
    _ = aggregator.submit(reject(at: 0), reason: "fecf", at: 0)
    _ = aggregator.submit(reject(at: second, sample: "aa"), reason: "fecf", count: 5, first: 7, at: second)
    _ = aggregator.submit(reject(at: 2 * second, sample: "bb"), reason: "fecf", at: 2 * second)
    #expect(aggregator.tick(at: 10 * second - 1) == [])
    let lines = aggregator.tick(at: 10 * second)
    #expect(
      lines.map(\.body) == [
        #"{"reason":"fecf","count":6,"first":"1970-01-01T00:00:00.000000Z","last":"1970-01-01T00:00:02.000000Z","#
          + #""sample_hex":"aa"}"#
      ])
    #expect(lines.first?.time == 2 * second)
    #expect(aggregator.tick(at: 20 * second) == [])
    #expect(aggregator.kindCount == 0)
  }

  @Test("after ten quiet seconds the next of a kind is a first again")
  func forgetsQuietKinds() {
    var aggregator = EventAggregator()
    _ = aggregator.submit(reject(at: 0), reason: "fecf", at: 0)
    #expect(aggregator.submit(reject(at: 11 * second), reason: "fecf", at: 11 * second).count == 1)
  }

  @Test("no type passes more than fifty records a second; the rest are counted")
  func limitsLinesASecond() {
    var aggregator = EventAggregator()
    let gap = EventRecord(.frameGap, severity: .warning, time: 0, link: "dss1")
    var passed = 0
    for index in 0..<1000 where aggregator.admit(gap, at: Int64(index) * 1_000_000) != nil { passed += 1 }
    #expect(passed == 50)
    #expect(aggregator.suppressedCounts == [.frameGap: 950])
    #expect(aggregator.admit(gap, at: second) != nil)
    #expect(aggregator.admit(EventRecord(.packetGap, severity: .warning, time: 0), at: second) != nil)
  }

  @Test("a first that finds no line left is not lost: it is in the summary")
  func keepsDeferredFirst() {
    var limits = EventAggregator.Limits()
    limits.linesPerSecond = 1
    var aggregator = EventAggregator(limits: limits)
    #expect(aggregator.submit(reject(at: 0), reason: "fecf", at: 0).count == 1)
    #expect(aggregator.submit(reject(at: 0), reason: "length", at: 0).count == 0)
    #expect(aggregator.tick(at: 10 * second).map(\.body).count == 1)
    #expect(aggregator.suppressedCounts == [:])
  }

  @Test("kinds beyond the capacity are counted and written nowhere")
  func boundsKinds() {
    var limits = EventAggregator.Limits()
    limits.kindCapacity = 3
    var aggregator = EventAggregator(limits: limits)
    for index in 0..<5 { _ = aggregator.submit(reject(at: 0, link: "l\(index)"), reason: "fecf", count: 10, at: 0) }
    #expect(aggregator.kindCount == 3)
    #expect(aggregator.suppressedCounts == [.frameReject: 20])
  }

  @Test("summaries come in the order in which their kinds were first seen")
  func ordersSummaries() {
    var aggregator = EventAggregator()
    let links = (0..<20).map { "link\($0)" }
    for link in links { _ = aggregator.submit(reject(at: 0, link: link), reason: "fecf", at: 0) }
    for link in links.reversed() { _ = aggregator.submit(reject(at: 1, link: link), reason: "fecf", at: 1) }
    #expect(aggregator.tick(at: 10 * second).map(\.link) == links)
  }

  @Test("a clock that is set back, or to an extreme, does not stop the log")
  func survivesClockSteps() {
    var aggregator = EventAggregator()
    _ = aggregator.submit(reject(at: 0), reason: "fecf", at: 100 * second)
    #expect(aggregator.submit(reject(at: 0), reason: "fecf", at: 10 * second).count == 1)
    #expect(aggregator.submit(reject(at: 0), reason: "fecf", at: .max).count == 1)
    #expect(aggregator.submit(reject(at: 0), reason: "fecf", at: .min).count == 1)
  }
}
