/// What was found wrong so far. The first two hundred are kept, the others counted, and after a thousand errors reading
/// ends.
struct ProblemList {
  private(set) var problems: [DatabaseProblem] = []
  private(set) var omittedCount = 0
  private(set) var errorCount = 0
  /// How many of those that are kept are warnings.
  private var keptWarningCount = 0
  /// What is inherited is read more than once, and told once; of warnings, as far as they are kept.
  private var known: Set<DatabaseProblem> = []

  /// Whether there are so many errors that more would tell nobody anything: reading ends. Warnings end nothing, however
  /// many they are: a database is read whole or refused.
  var isFull: Bool { errorCount >= Limits.problemCount }

  /// Whether another warning is only counted.
  var keepsNoWarning: Bool { problems.count >= Limits.shownProblemCount }

  mutating func add(_ problem: DatabaseProblem) {
    if problem.severity == .warning, keepsNoWarning {
      if !known.contains(problem) { omitWarning() }
      return
    }
    guard known.insert(problem).inserted else { return }
    if problem.severity == .error { errorCount += 1 }
    // An error is worth more than a warning that came before it.
    if problems.count < Limits.shownProblemCount {
      if problem.severity == .warning { keptWarningCount += 1 }
      problems.append(problem)
    } else {
      omittedCount += 1
      guard problem.severity == .error, keptWarningCount > 0,
        let last = problems.lastIndex(where: { $0.severity == .warning })
      else { return }
      keptWarningCount -= 1
      problems.remove(at: last)
      problems.append(problem)
    }
  }

  /// Counts a warning that is not kept.
  mutating func omitWarning() { omittedCount += 1 }

  /// All that is kept, in the order of files, lines and columns.
  ///
  /// - Parameter files: The names of the files in their order.
  func sorted(by files: [String]) -> [DatabaseProblem] {
    let orderOfFile = Dictionary(files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return problems.enumerated().sorted { left, right in
      let key = { (entry: (offset: Int, element: DatabaseProblem)) in
        let place = entry.element.place
        return (orderOfFile[place.file] ?? 0, place.line, place.column, entry.offset)
      }
      return key(left) < key(right)
    }.map(\.element)
  }
}
