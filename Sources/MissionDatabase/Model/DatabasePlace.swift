/// Where something stands in the files of a mission database.
package struct DatabasePlace: Hashable, Sendable {
  /// As it was named by whoever asked for it.
  package var file: String
  /// From 1; zero when the file itself is meant.
  package var line: Int
  /// From 1, in characters of the line.
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One thing that is wrong with a mission database, where it is, and what to do about it.
package struct DatabaseProblem: Error, Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Sendable {
    /// The database cannot be used, or, leniently, the containers that need this cannot.
    case error
    /// It can, but perhaps it does not say what was meant.
    case warning
  }

  package var severity: Severity
  package var place: DatabasePlace
  /// The element that is meant, such as `PolynomialCalibrator`.
  package var element: String
  /// What was found and what was expected.
  package var message: String
  package var hint: String?

  package init(
    _ severity: Severity, _ message: String, at place: DatabasePlace, element: String, hint: String? = nil
  ) {
    self.severity = severity
    self.place = place
    self.element = element
    self.message = message
    self.hint = hint
  }

  /// As it is shown to a person: `file:line:column: error: <Element>: message`, and the hint on a line of its own.
  package var rendered: String {
    let position = place.line > 0 ? "\(place.file):\(place.line):\(place.column)" : place.file
    let subject = element.isEmpty ? "" : "<\(element)>: "
    return "\(position): \(severity.rawValue): \(subject)\(message)\n" + (hint.map { "hint: \($0)\n" } ?? "")
  }
}

/// All that is wrong with a mission database: it is never reported one by one.
package struct DatabaseErrors: Error, Hashable, Sendable {
  /// In the order of files, lines and columns; at least one is an error.
  package var problems: [DatabaseProblem]
  /// Problems beyond the first two hundred, which are not kept.
  package var omittedCount: Int

  package init(problems: [DatabaseProblem], omittedCount: Int = 0) {
    self.problems = problems
    self.omittedCount = omittedCount
  }
}
