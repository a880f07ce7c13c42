package import CCSDSLink

/// Remembers since when each problem has been there, for those that do not know it themselves.
///
/// It holds no more than the problems of the last time it was asked.
package struct ProblemHistory: Sendable {
  private var beginnings: [String?: [Problem.Code: ReceptionTime]] = [:]

  /// A history without problems.
  package init() {}

  /// The problems of a link, or of none, with their beginnings: their own, or else when one of that code was first
  /// there without a break.
  package mutating func dated(_ problems: [Problem], of link: String?, at now: ReceptionTime) -> [Problem] {
    let before = beginnings[link] ?? [:]
    var present: [Problem.Code: ReceptionTime] = [:]
    let dated = problems.map { problem in
      guard problem.since == nil else { return problem }
      let beginning = before[problem.code] ?? now
      present[problem.code] = beginning
      return problem.dated(beginning)
    }
    beginnings[link] = present.isEmpty ? nil : present
    return dated
  }

  /// Forgets links that are not there any more.
  package mutating func keep(_ links: [String]) {
    beginnings = beginnings.filter { link, _ in link.map(links.contains) ?? true }
  }
}
