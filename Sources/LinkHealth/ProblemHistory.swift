package import CCSDSLink

/// Remembers since when each problem has been there, for those that do not know it themselves.
///
/// It holds no more than the problems of the last time it was asked.
package struct ProblemHistory: Sendable {
  private struct Key: Hashable {
    let link: String?
    let code: Problem.Code
  }

  private var beginnings: [Key: ReceptionTime] = [:]

  /// A history without problems.
  package init() {}

  /// The problems with their beginnings: their own, or else when one of that code was first there without a break.
  package mutating func dated(_ problems: [Problem], at now: ReceptionTime) -> [Problem] {
    var present: [Key: ReceptionTime] = [:]
    let dated = problems.map { problem in
      let key = Key(link: problem.link, code: problem.code)
      let beginning = problem.since ?? present[key] ?? beginnings[key] ?? now
      if problem.since == nil { present[key] = beginning }
      return problem.dated(beginning)
    }
    beginnings = present
    return dated
  }
}
