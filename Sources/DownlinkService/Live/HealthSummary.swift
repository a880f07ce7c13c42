import LinkHealth

/// All links and problems in one word and one sentence.
struct HealthSummary {
  /// The word for a monitoring system.
  enum State: String {
    case ok, warning, critical
  }

  /// The worst first.
  let problems: [Problem]
  private let links: [LinkStatus]

  init(links: [LinkStatus], problems: [Problem]) {
    self.links = links
    self.problems = problems
  }

  var state: State {
    problems.contains { $0.severity == .critical } ? .critical : problems.isEmpty ? .ok : .warning
  }

  /// How many links are in each state.
  var linkCounts: [(state: LinkStatus.State, count: Int)] {
    LinkStatus.State.allCases.map { state in (state, links.count { $0.state == state }) }
  }

  /// What somebody says who is asked how it is going: the links, how many problems, and the worst of them.
  var sentence: String {
    let states = linkCounts.filter { $0.count > 0 }.map { "\($0.count) \($0.state.rawValue)" }
    let inventory =
      links.isEmpty ? "no links yet" : Self.count(links.count, "link") + ": " + states.joined(separator: ", ")
    guard let worst = problems.first else { return inventory + "; no problems" }
    let critical = problems.count { $0.severity == .critical }
    let counts = [(critical, "critical problem"), (problems.count - critical, "warning")]
    let tally = counts.filter { $0.0 > 0 }.map(Self.count).joined(separator: " and ")
    return "\(inventory); \(tally), first \(worst.link.map { $0 + ": " } ?? "")\(worst.message)"
  }

  private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
