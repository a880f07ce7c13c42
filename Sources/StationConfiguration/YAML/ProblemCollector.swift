/// A position in one of the files that make up a configuration.
struct SourceMark: Hashable {
  /// The index of the file in reading order.
  var source: Int
  var text: TextMark
}

/// Gathers what is wrong, file by file, until all of it is known.
struct ProblemCollector {
  /// More are counted, not kept: nobody reads them, and a hostile file has ten thousand.
  static let capacity = 200

  private(set) var sources: [SourceText] = []
  private(set) var omittedCount = 0
  private(set) var hasErrors = false
  /// A part of the text could not be read, so what seems to be missing may be there.
  var hasUnreadText = false
  private var problems: [(mark: SourceMark, problem: ConfigurationProblem)] = []

  /// Whether another problem would only be counted.
  var isFull: Bool { problems.count >= Self.capacity }

  /// Adds a file, and names the index that its marks carry.
  mutating func add(_ source: SourceText) -> Int {
    sources.append(source)
    return sources.count - 1
  }

  mutating func report(
    _ message: String, at mark: SourceMark, path: String = "", hint: String? = nil,
    severity: ConfigurationProblem.Severity = .error
  ) {
    if severity == .error { hasErrors = true }
    guard !isFull else {
      omittedCount += 1
      return
    }
    let source = sources[mark.source]
    let problem = ConfigurationProblem(
      severity: severity, file: source.name, line: mark.text.line, column: mark.text.column, keyPath: path,
      message: message, hint: hint, excerpt: source.excerpt(at: mark.text))
    problems.append((mark, problem))
  }

  /// Everything, in the order of files, lines and columns.
  var sorted: [ConfigurationProblem] {
    problems.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.mark, right.element.mark)
        return (a.source, a.text, left.offset) < (b.source, b.text, right.offset)
      }
      .map(\.element.problem)
  }

  /// A position as a problem shows it.
  func place(of mark: SourceMark) -> ConfigurationPlace {
    let source = sources[mark.source]
    return ConfigurationPlace(
      file: source.name, line: mark.text.line, column: mark.text.column, excerpt: source.excerpt(at: mark.text))
  }

  /// How a position is called in a message.
  func name(of mark: SourceMark) -> String {
    "\(sources[mark.source].name):\(mark.text.line):\(mark.text.column)"
  }
}
