/// A database without what is wrong with it.
extension XTCEReader {
  /// What is left when all that failed is left out, with all that needs it; it says so.
  func databaseWithoutFailed(files: [String]) -> MissionDatabase {
    let causes = causesOfOmission()
    var reader = XTCEReader(declarations, excluding: SubjectSet(causes.keys))
    reader.read()
    var database = reader.database
    var notices = problems
    for problem in reader.problems.problems { notices.add(problem) }
    for (index, declaration) in declarations.containers.declarations.enumerated() {
      guard let cause = causes[.container(index)] else { continue }
      let reason = cause == .container(index) ? "" : ": it needs \(description(cause))"
      notices.add(
        DatabaseProblem(
          .warning, "container `\(declaration.path)` is left out\(reason)", at: declaration.element.place,
          element: declaration.element.name))
    }
    database.notices = notices.sorted(by: files)
    if notices.omittedCount > 0 {
      let place = DatabasePlace(file: files.first ?? "", line: 0, column: 0)
      database.notices.append(
        DatabaseProblem(.warning, "and \(notices.omittedCount) more that are not shown", at: place, element: ""))
    }
    return database
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
