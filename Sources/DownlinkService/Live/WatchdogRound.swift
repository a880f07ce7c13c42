import CCSDSLink
package import LinkHealth

/// Which queues of the daemon were asked whether they drain, and have not answered yet. Each is asked once at a time,
/// so that nothing piles up in one that hangs.
package struct WatchdogRound: Sendable {
  private struct Question {
    let askedAt: Int64
    /// Whether somebody was told that there is no answer.
    var isTold = false
  }

  private var questions: [String: Question] = [:]

  /// Nobody was asked yet.
  package init() {}

  /// Those that have not answered, in the order of their names.
  package var silentQueues: [String] { questions.keys.sorted() }

  /// Forgets queues that are no more.
  package mutating func keep(_ queues: [String]) { questions = questions.filter { queues.contains($0.key) } }

  /// Takes note that a queue is asked, at a time of the clock that is never set.
  ///
  /// - Returns: Whether it is to be asked; not when it still owes an answer.
  package mutating func ask(_ queue: String, at now: Int64) -> Bool {
    guard questions[queue] == nil else { return false }
    questions[queue] = Question(askedAt: now)
    return true
  }

  /// Takes note of an answer.
  ///
  /// - Returns: Whether that is news, because somebody was told that there was none.
  package mutating func note(_ queue: String) -> Bool { questions.removeValue(forKey: queue)?.isTold ?? false }

  /// Those that have not answered and were not told of yet. They are told from then on.
  package mutating func takeNews() -> [String] {
    let news = silentQueues.filter { questions[$0]?.isTold == false }
    for queue in news { questions[queue]?.isTold = true }
    return news
  }

  /// What hangs, in words, at a time of the clock that is never set.
  package func problems(at now: Int64) -> [Problem] {
    silentQueues.compactMap { queue in
      guard let question = questions[queue], question.isTold else { return nil }
      return Self.problem(queue, seconds: Int((now - question.askedAt) / 1_000_000_000))
    }
  }

  /// What to do about what must not be.
  static let faultHint =
    "this is a fault of downlinkd: restart it, 'systemctl restart downlinkd', where its watchdog does not do that by "
    + "itself, and report it with the event log"

  private static func problem(_ queue: String, seconds: Int) -> Problem {
    let linkPrefix = "link:"
    let link = queue.hasPrefix(linkPrefix) ? String(queue.dropFirst(linkPrefix.count)) : nil
    let message =
      if link != nil {
        "the link has not answered for \(seconds) s: all that is said of it is older than that"
      } else if queue == "logs" {
        "the logs have not answered for \(seconds) s: nothing is written"
      } else {
        "the \(queue) socket has not answered for \(seconds) s"
      }
    let hint = queue == "logs" ? "their disk hangs: see 'journalctl -k' and logs.directory" : faultHint
    return Problem(.unresponsive, .critical, link: link, message: message, hint: hint)
  }
}
