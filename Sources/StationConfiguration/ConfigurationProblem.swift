/// One thing that is wrong with a configuration, where it is, and what to do about it.
package struct ConfigurationProblem: Error, Sendable, Equatable {
  /// How bad it is.
  package enum Severity: String, Sendable {
    /// The configuration cannot be used.
    case error
    /// It can, but perhaps it does not do what was meant.
    case warning
  }

  package var severity: Severity
  /// The file as it was named on the command line, or beside it.
  package var file: String
  /// From 1; zero when the problem is the file itself.
  package var line: Int
  /// From 1, in Unicode scalars; zero when the problem is the file itself.
  package var column: Int
  /// The key that is meant, such as `links[0].frames.length`; empty for the file.
  package var keyPath: String
  package var message: String
  /// What to write instead.
  package var hint: String?
  /// The line of the file, shortened when it is long; absent when the problem is the file itself.
  package var excerpt: SourceExcerpt?

  /// As it is shown to a person: position and message, the line with a caret, the hint.
  package var rendered: String {
    var text = line > 0 ? "\(file):\(line):\(column): " : "\(file): "
    text += "\(severity.rawValue): \(message)\n"
    if let excerpt { text += "\(excerpt.text)\n\(excerpt.caretIndentation)^\n" }
    if let hint { text += "hint: \(hint)\n" }
    return text
  }
}

extension ConfigurationProblem {
  /// A problem that is not in a line of a file, such as a port that is taken, or in one of a file of another kind.
  package init(
    _ severity: Severity, _ message: String, file: String, line: Int = 0, column: Int = 0, keyPath: String = "",
    hint: String? = nil
  ) {
    self.init(
      severity: severity, file: file, line: line, column: column, keyPath: keyPath, message: message, hint: hint,
      excerpt: nil)
  }
}

/// Where something stands in a configuration.
package struct ConfigurationPlace: Sendable, Equatable {
  package let file: String
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int
  package let excerpt: SourceExcerpt?
}

extension ConfigurationProblem {
  /// A problem that this host has with what stands at a place.
  package init(
    _ severity: Severity, _ message: String, at place: ConfigurationPlace, keyPath: String, hint: String? = nil
  ) {
    self.init(
      severity: severity, file: place.file, line: place.line, column: place.column, keyPath: keyPath, message: message,
      hint: hint, excerpt: place.excerpt)
  }
}

/// The part of a line that is shown with a problem.
package struct SourceExcerpt: Sendable, Equatable {
  package var text: String
  /// What goes before the caret: spaces, and tabs where the line has them.
  package var caretIndentation: String
}

/// All that is wrong with a configuration: it is never reported one by one.
package struct ConfigurationErrors: Error, Sendable, Equatable {
  /// In the order of files, lines and columns; at least one is an error.
  package var problems: [ConfigurationProblem]
  /// Problems beyond the first two hundred, which are not kept.
  package var omittedCount = 0

  package init(problems: [ConfigurationProblem], omittedCount: Int = 0) {
    self.problems = problems
    self.omittedCount = omittedCount
  }

  /// As it is shown to a person on standard error.
  package var rendered: String {
    var text = problems.map(\.rendered).joined()
    if omittedCount > 0 { text += "... and \(omittedCount) more\n" }
    return text
  }
}
