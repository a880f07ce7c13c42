/// The health of the daemon in the manner of monitoring plugins: one line with figures, then the details.
struct HealthText {
  /// The exit codes of monitoring plugins.
  enum State: Int32 {
    case healthy = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    /// How bad it is: of several daemons the worst counts.
    var gravity: Int {
      switch self {
      case .healthy: 0
      case .unknown: 1
      case .warning: 2
      case .critical: 3
      }
    }

    fileprivate var word: String {
      switch self {
      case .healthy: "OK"
      case .warning: "WARNING"
      case .critical: "CRITICAL"
      case .unknown: "UNKNOWN"
      }
    }
  }

  let state: State
  let lines: [String]

  init(health: Document, links: [Document]) {
    let problems = health["problems"]?.elements ?? []
    state =
      switch health["state"]?.string {
      case "ok"?: .healthy
      case "warning"?: .warning
      case "critical"?: .critical
      default: .unknown
      }
    let summary =
      problems.first.map(Self.sentence) ?? "\(links.count) \(links.count == 1 ? "link" : "links"), no problems"
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    lines =
      ["DOWNLINKD \(state.word) - \(Self.plain(summary + more)) | \(Self.figures(problems, links))"]
      + problems.flatMap { problem in
        [Self.plain(Self.sentence(problem))] + (problem["hint"]?.string.map { ["  hint: \(Self.plain($0))"] } ?? [])
      }
  }

  init(unreachable error: ConnectionError) {
    state = .unknown
    let lines = error.description.split(separator: "\n").map(String.init)
    self.lines = ["DOWNLINKD UNKNOWN - \(Self.plain(lines.first ?? ""))"] + lines.dropFirst()
  }

  private static func sentence(_ problem: Document) -> String {
    let place = problem["link"]?.string.map { "\($0): " } ?? ""
    return place + (problem["message"]?.string ?? problem.text("code"))
  }

  private static func figures(_ problems: [Document], _ links: [Document]) -> String {
    var figures = ["links=\(links.count)", "problems=\(problems.count)"]
    for link in links {
      let name = link.text("name")
      let totals = link["totals"] ?? .null
      let rejected = (totals["rejected"]?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }
      figures += [
        "\(name)_frames=\(totals.count("frames"))c", "\(name)_missing=\(totals.count("missing"))c",
        "\(name)_rejected=\(rejected)c", "\(name)_kernel_dropped=\(totals.count("kernel_dropped"))c",
      ]
      guard let coding = link["coding"] else { continue }
      if let symbols = coding["symbol_errors"] {
        figures.append("\(name)_uncorrectable=\(symbols.count("uncorrectable"))c")
      }
      if let margin = coding["margin"]?["margin_symbols"]?.int { figures.append("\(name)_margin=\(margin)") }
    }
    return figures.joined(separator: " ")
  }

  /// The bar ends the text in that format, so it may not stand in it.
  private static func plain(_ text: String) -> String { String(text.map { $0 == "|" || $0.isNewline ? "/" : $0 }) }
}
