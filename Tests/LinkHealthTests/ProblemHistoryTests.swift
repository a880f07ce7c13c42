import CCSDSLink
import LinkHealth
import Testing

@Suite("Since when problems have been there")
struct ProblemHistoryTests {
  private func time(_ seconds: Int64) -> ReceptionTime {
    ReceptionTime(nanosecondsSince1970: seconds * 1_000_000_000)
  }

  private func problem(_ code: Problem.Code, since: ReceptionTime? = nil) -> Problem {
    Problem(code, .warning, link: "dss1", since: since, message: "m", hint: "h")
  }

  @Test("a problem begins when it is first there, and anew when it comes back")
  func datesProblems() {
    var history = ProblemHistory()
    func since(_ problems: [Problem], at seconds: Int64, link: String? = "dss1") -> [ReceptionTime?] {
      history.dated(problems, of: link, at: time(seconds)).map(\.since)
    }
    #expect(since([problem(.silence)], at: 10) == [time(10)])
    #expect(since([problem(.kernelDrops), problem(.silence)], at: 11) == [time(11), time(10)])
    #expect(since([problem(.silence)], at: 12, link: "dss2") == [time(12)])
    #expect(since([problem(.kernelDrops)], at: 13) == [time(11)])
    #expect(since([problem(.silence)], at: 14) == [time(14)])
    #expect(since([problem(.silence)], at: 15, link: "dss2") == [time(12)])
  }

  @Test("a problem that knows its own beginning keeps it")
  func keepsOwnBeginning() {
    var history = ProblemHistory()
    let dated = history.dated([problem(.silence, since: time(3))], of: "dss1", at: time(10))
    #expect(dated == [problem(.silence, since: time(3))])
  }

  @Test("links that are gone are forgotten; what belongs to none is not")
  func forgetsLinks() {
    var history = ProblemHistory()
    _ = history.dated([problem(.silence)], of: "dss1", at: time(1))
    _ = history.dated([problem(.logDegraded)], of: nil, at: time(1))
    history.keep(["dss2"])
    #expect(history.dated([problem(.silence)], of: "dss1", at: time(2)).first?.since == time(2))
    #expect(history.dated([problem(.logDegraded)], of: nil, at: time(2)).first?.since == time(1))
  }
}
