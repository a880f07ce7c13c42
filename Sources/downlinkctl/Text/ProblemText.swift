/// Problems at length, for somebody who has just been woken up.
struct ProblemText {
  let paint: Paint

  func lines(_ problems: [Document]) -> [String] {
    guard !problems.isEmpty else { return [paint("no problems", .good)] }
    return Array(problems.map(lines).joined(separator: [""]))
  }

  private func lines(_ problem: Document) -> [String] {
    let severity = problem["severity"]?.string ?? "warning"
    let headline = [
      paint(severity, severity == "critical" ? .alarm : .caution), problem.text("code"), problem.text("link"),
      problem["since"]?.string.map { "since \(Moment.short($0))" } ?? "",
    ]
    let words = [("what is wrong", "message"), ("for the data", "meaning"), ("what to do", "hint")]
    return [headline.filter { !$0.isEmpty }.joined(separator: "  ")]
      + words.compactMap { label, name in
        problem[name]?.string.map { paint(label.padded(to: 15), .quiet) + $0 }.map { "  " + $0 }
      }
  }
}

extension String {
  /// The text with blanks behind it.
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
