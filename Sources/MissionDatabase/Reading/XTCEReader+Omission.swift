/// A database without what is wrong with it.
extension XTCEReader {
  /// What is left when all that failed is left out, with all that needs it; it says so.
  ///
  /// - Returns: Nothing where what is left fails again and again.
  func databaseWithoutFailed(files: [String]) -> MissionDatabase? {
    var causes = causesOfOmission()
    var notices = problems
    for _ in 0..<Self.passCount {
      let reader = XTCEReader(declarations, excluding: SubjectSet(causes.keys))
      reader.problems = ProblemList()
      reader.read()
      for problem in reader.problems.problems { notices.add(problem) }
      if reader.problems.errorCount == 0 {
        tell(causes, to: &notices)
        return reader.database(notices, files: files)
      }
      guard !reader.problems.isFull else { return nil }
      causes.merge(reader.causesOfOmission()) { first, _ in first }
    }
    return nil
  }

  /// How often what is left is read: what one pass finds wrong the next one does without.
  private static let passCount = 4

  private func tell(_ causes: [Subject: Subject], to notices: inout ProblemList) {
    for (index, declaration) in declarations.containers.declarations.enumerated() {
      guard let cause = causes[.container(index)] else { continue }
      let reason = cause == .container(index) ? "" : ": it needs \(description(cause))"
      notices.add(
        DatabaseProblem(
          .warning, "container `\(declaration.path)` is left out\(reason)", at: declaration.element.place,
          element: declaration.element.name))
    }
  }

  /// All that is left out, each with what failed first, which may be itself.
  private func causesOfOmission() -> [Subject: Subject] {
    var dependents: [Subject: [Subject]] = [:]
    for (dependent, needed) in needs { dependents[needed, default: []].append(dependent) }
    var causes: [Subject: Subject] = [:]
    for start in [faulty, failed] {
      var next = start.subjects.map { (subject: $0, cause: $0) }
      while let (subject, cause) = next.popLast() {
        guard causes[subject] == nil else { continue }
        causes[subject] = cause
        next += (dependents[subject] ?? []).map { ($0, cause) }
      }
    }
    return causes
  }

  private func description(_ subject: Subject) -> String {
    switch subject {
    case .type(let index): "type `\(declarations.types.declarations[index].path)`"
    case .parameter(let index): "parameter `\(declarations.parameters.declarations[index].path)`"
    case .container(let index): "container `\(declarations.containers.declarations[index].path)`"
    }
  }
}
