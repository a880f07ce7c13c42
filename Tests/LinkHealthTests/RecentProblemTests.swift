import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

/// A link that is looked at once a second, by a clock that is never set.
private struct WatchedLink: ~Copyable {
  static let start: Int64 = 5_000_000_000_000
  var bench = Bench(Bench.parameters(.aos, 18))
  var history = LedgerHistory()
  private(set) var second: Int64 = 0

  /// Lets time go by.
  mutating func wait(seconds: Int) {
    for _ in 0..<seconds {
      second += 1
      history.note(bench.sink.ledger, at: Self.start + second * 1_000_000_000)
    }
  }

  func problems(now: Double? = nil) -> [Problem] {
    var input = InputFacts()
    input.earlier = history.earlier
    input.now = now.map { ReceptionTime(nanosecondsSince1970: Int64($0 * 1e9)) }
    return bench.snapshot().problems(input)
  }
}

@Suite("Problems are about the last ten minutes")
struct RecentProblemTests {
  private static func frame(_ count: Int) -> [UInt8] {
    FrameMaker.aos(count: count, zone: (0..<8).map { UInt8(truncatingIfNeeded: $0 * 7 + count) })
  }

  @Test("rejected frames are a problem for ten minutes after the last of them, with the figures of that time")
  func forgetsRejections() {
    var link = WatchedLink()
    link.wait(seconds: 1)
    for count in 0..<100 { link.bench.receive(Self.frame(count)) }
    for _ in 0..<50 { link.bench.receive([1]) }
    link.wait(seconds: 590)
    #expect(
      link.problems().map(\.message)
        == [
          "50 of 150 frames of the last ten minutes were rejected: they have not the length that was agreed on "
            + "(length)"
        ])
    link.wait(seconds: 30)
    #expect(link.problems().isEmpty)
    // What comes then is counted for itself.
    for _ in 0..<3 { link.bench.receive([1]) }
    link.wait(seconds: 10)
    #expect(link.problems().map(\.code) == [.everythingRejected])
    #expect(link.problems().map(\.severity) == [.warning])
    #expect(link.problems().first?.message.hasPrefix("every one of 3 frames of the last ten minutes was") == true)
  }

  @Test("a scan that ended long ago is no problem any more, even where nothing else ever came")
  func forgetsScan() {
    var link = WatchedLink()
    link.wait(seconds: 1)
    for _ in 0..<5 { link.bench.receive([1, 2, 3]) }
    link.wait(seconds: 10)
    #expect(link.problems().map(\.code) == [.everythingRejected])
    #expect(link.problems().map(\.severity) == [.critical])
    link.wait(seconds: 610)
    #expect(link.problems().isEmpty)
  }

  @Test("dropped datagrams, bytes that are no packets, and what is beyond a limit are forgotten likewise")
  func forgetsTheRest() {
    var link = WatchedLink()
    var parameters = Bench.parameters(.aos, 17)
    parameters.limits.virtualChannelCount = 1
    parameters.limits.applicationProcessCount = 1
    link.bench = Bench(parameters)
    link.wait(seconds: 1)
    for (index, vcid) in [1, 1, 2].enumerated() {
      link.bench.receive(
        FrameMaker.aos(
          vcid: vcid, count: index, pointer: 0, zone: FrameMaker.packet(apid: index, count: 0, data: [0])))
    }
    for index in 2..<12 {
      link.bench.receive(FrameMaker.aos(count: index, pointer: 0, zone: [UInt8](repeating: 0x40, count: 7)))
    }
    link.bench.sink.ledger.datagrams.kernelDropped = 9
    link.wait(seconds: 10)
    #expect(link.problems().map(\.code) == [.kernelDrops, .limitReached, .limitReached, .notPackets])
    link.wait(seconds: 610)
    #expect(link.problems().isEmpty)
    link.bench.sink.ledger.datagrams.kernelDropped += 2
    link.wait(seconds: 10)
    #expect(
      link.problems().map(\.message)
        == ["this host dropped 2 datagrams of the last ten minutes before they could be received (11 in all)"])
  }

  @Test(
    "more than a tenth that is missing is a problem, more than half a critical one, for ten minutes",
    arguments: [
      (from: 10, severity: nil), (from: 11, severity: Problem.Severity.warning), (from: 50, severity: .warning),
      (from: 51, severity: .critical),
    ])
  func tellsOfMissingFrames(missing: Int, severity: Problem.Severity?) {
    var link = WatchedLink()
    link.wait(seconds: 1)
    // A hundred frames were sent, and some after the twentieth never came.
    for count in Array(0..<20) + Array(20 + missing..<100) { link.bench.receive(Self.frame(count)) }
    link.wait(seconds: 10)
    let found = link.problems().filter { $0.code == .muchMissing }
    #expect(found.map(\.severity) == [severity].compactMap(\.self))
    if severity != nil {
      #expect(
        found.map(\.message) == [
          "\(missing) of 100 frames of the last ten minutes are missing (\(missing) %), by the counters of their "
            + "channels"
        ])
      #expect(found.first?.hint.hasPrefix("this host has dropped none of them") == true)
    }
    // A recording is reported with them in its first line.
    #expect(!link.bench.snapshot().problems().contains { $0.code == .muchMissing })
    link.wait(seconds: 610)
    #expect(link.problems().isEmpty)
  }

  @Test("what an earlier process has counted is none of it")
  func beginsWhereItBegins() {
    var link = WatchedLink()
    for _ in 0..<50 { link.bench.receive([1]) }
    link.history = LedgerHistory(base: LedgerMark(link.bench.sink.ledger))
    link.wait(seconds: 5)
    #expect(link.problems().isEmpty)
  }

  @Test("a frozen counter is a problem as long as its channel has frames, whatever is done to the clock")
  func forgetsFrozenCounter() {
    var link = WatchedLink()
    for index in 0..<5 {
      link.bench.receive(
        FrameMaker.aos(count: 3, zone: [UInt8](repeating: UInt8(index), count: 8)), at: 10_000 + Double(index))
    }
    link.wait(seconds: 1)
    #expect(link.problems(now: 10_005).map(\.code) == [.frozenCounter])
    #expect(link.problems(now: 10_603).map(\.code) == [.frozenCounter])
    #expect(link.problems(now: 10_605).isEmpty)
    #expect(link.problems(now: 6400).isEmpty)
    // A recording has no present.
    #expect(link.problems().map(\.code) == [.frozenCounter])
  }

  @Test("however long a link runs, little is remembered")
  func isBounded() {
    var link = WatchedLink()
    link.wait(seconds: 1)
    link.bench.receive([1])
    link.wait(seconds: 100_000)
    #expect(link.history.earlier == LedgerMark(link.bench.sink.ledger))
    #expect(link.history.markCount <= 62)
  }
}

@Suite("What each problem says")
struct ProblemTextTests {
  /// The table of the README whose first column has codes.
  private static func documentedCodes() throws -> Set<String> {
    let text = try PackageFile.text("README.md")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    return Set(
      rows.flatMap { row in
        row.split(separator: "|")[0].split(separator: "`").map(String.init).filter { !$0.contains(" ") }
      })
  }

  @Test("every code is in the README, with what it means and what to do", arguments: Problem.Code.allCases)
  func isDocumented(code: Problem.Code) throws {
    #expect(try Self.documentedCodes().contains(code.rawValue))
  }

  @Test("no meaning is that of another code, and each is a sentence", arguments: Problem.Code.allCases)
  func hasMeaning(code: Problem.Code) {
    #expect(code.meaning.split(separator: " ").count >= 4)
    #expect(Problem.Code.allCases.count { $0.meaning == code.meaning } == 1)
  }
}
