import DownlinkService
import LinkHealth
import Testing

@Suite("Which queues still owe an answer")
struct WatchdogRoundTests {
  private static let second: Int64 = 1_000_000_000

  /// Asks queues that are to be asked, and gives their names.
  private func ask(_ round: inout WatchdogRound, _ queues: [String], at seconds: Int64) -> [String] {
    queues.filter { round.ask($0, at: seconds * Self.second) }
  }

  @Test("each is asked once at a time, however long it takes: nothing piles up in one that hangs")
  func asksOnce() {
    var round = WatchdogRound()
    #expect(ask(&round, ["logs", "link:a"], at: 0) == ["logs", "link:a"])
    #expect(round.silentQueues == ["link:a", "logs"])
    let isNews = round.note("logs")
    #expect(!isNews)
    #expect(ask(&round, ["logs", "link:a"], at: 15) == ["logs"])
    _ = round.note("logs")
    _ = round.note("link:a")
    #expect(round.silentQueues == [])
  }

  @Test("silence is news once, and its end is")
  func tellsOnce() {
    var round = WatchdogRound()
    _ = ask(&round, ["logs", "link:a"], at: 0)
    _ = round.note("logs")
    #expect(round.takeNews() == ["link:a"])
    #expect(round.takeNews() == [])
    let isNews = round.note("link:a")
    #expect(isNews)
    let isNewsAgain = round.note("link:a")
    #expect(!isNewsAgain)
  }

  @Test("one that is no more is not waited for")
  func forgets() {
    var round = WatchdogRound()
    _ = ask(&round, ["link:a", "link:b"], at: 0)
    round.keep(["link:b"])
    #expect(round.silentQueues == ["link:b"])
  }

  @Test("what hangs is a critical problem as long as it does, of a link where it is one")
  func findsProblems() {
    var round = WatchdogRound()
    _ = ask(&round, ["link:a", "logs", "status"], at: 100)
    // Nobody is late before the next round.
    #expect(round.problems(at: 105 * Self.second) == [])
    _ = round.takeNews()
    let problems = round.problems(at: 127 * Self.second)
    #expect(problems.map(\.link) == ["a", nil, nil])
    #expect(problems.allSatisfy { $0.code == .unresponsive && $0.severity == .critical })
    #expect(
      problems.map(\.message) == [
        "the link has not answered for 27 s: all that is said of it is older than that",
        "the logs have not answered for 27 s: nothing is written", "the status socket has not answered for 27 s",
      ])
    #expect(problems[1].hint.contains("journalctl -k"))
    for queue in ["link:a", "logs", "status"] { _ = round.note(queue) }
    #expect(round.problems(at: 128 * Self.second) == [])
  }
}
