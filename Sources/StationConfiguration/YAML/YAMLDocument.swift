/// Reads the one document of a file, and goes on after a syntax error where that makes sense.
struct YAMLDocument {
  /// Syntax errors of one file that are told apart.
  private static let attemptCapacity = 10
  /// Bytes that may be read again after the first time, over all attempts.
  private static let rereadCapacity = SourceText.largestByteCount / 2

  private enum Outcome {
    case whole
    /// A bound was reached, and is among the findings.
    case bounded
    case failed(YAMLSyntaxError)
    /// Something stands behind the end of the document.
    case surplus(TextMark)
  }

  private var text: SourceText
  private var positions: PositionMap
  /// Lines whose syntax error was reported.
  private var brokenLines: Set<Int> = []

  /// Reads a file into a tree; what is wrong with it goes to `problems`.
  ///
  /// - Returns: As much of the tree as could be read; nothing for a file without a value.
  static func read(_ bytes: [UInt8], name: String, into problems: inout ProblemCollector) -> YAMLNode? {
    guard bytes.count <= SourceText.largestByteCount else {
      var head = SourceText(name: name, bytes: Array(bytes.prefix(SourceText.largestByteCount)))
      let mark = TextMark(line: head.lineCount, column: head.line(head.lineCount).count + 1)
      head = SourceText(name: name, bytes: [])
      let source = problems.add(head)
      problems.hasUnreadText = true
      problems.report(
        "the file is longer than \(SourceText.largestByteCount) bytes", at: SourceMark(source: source, text: mark),
        hint: "a configuration takes a few kilobytes; perhaps this is another file")
      return nil
    }
    let (text, blemishes) = SourceText.cleaned(bytes, name: name)
    let source = problems.add(text)
    for blemish in blemishes {
      problems.hasUnreadText = true
      problems.report(blemish.message, at: SourceMark(source: source, text: blemish.mark), hint: blemish.hint)
    }
    var document = YAMLDocument(source: source, text: text)
    document.removeDirectives(&problems)
    return document.read(&problems)
  }

  private init(source: Int, text: SourceText) {
    self.text = text
    positions = PositionMap(source: source, of: text)
  }

  /// Directives say nothing to us, and libyaml takes quadratic time over many.
  private mutating func removeDirectives(_ problems: inout ProblemCollector) {
    for number in text.directiveLines {
      problems.report(
        "YAML directives are not supported", at: positions[TextMark(line: number, column: 1)], hint: "delete the line")
      text.blank(line: number)
    }
  }

  private mutating func read(_ problems: inout ProblemCollector) -> YAMLNode? {
    var rereadByteCount = 0
    for attempt in 1... {
      var builder = YAMLTreeBuilder(positions, hasGaps: !brokenLines.isEmpty)
      let outcome = run(&builder)
      var canRepair = false
      if case .failed(let error) = outcome {
        problems.hasUnreadText = true
        rereadByteCount += text.bytes.count
        canRepair = attempt < Self.attemptCapacity && rereadByteCount <= Self.rereadCapacity
        canRepair = reportAndRepair(error, &problems) && canRepair
      }
      if canRepair { continue }
      if case .bounded = outcome { problems.hasUnreadText = true }
      if case .surplus(let start) = outcome { reportSurplus(start, &problems) }
      let root = builder.finish()
      for finding in builder.findings {
        problems.report(finding.message, at: finding.mark, path: finding.path, hint: finding.hint)
      }
      return root
    }
    return nil
  }

  private func run(_ builder: inout YAMLTreeBuilder) -> Outcome {
    var events = YAMLEventSource(text.bytes)
    do throws(YAMLSyntaxError) {
      while true {
        let event = try events.next()
        guard builder.accept(event) else { return .bounded }
        switch event.kind {
        case .streamEnd: return .whole
        // What follows is not given to libyaml: it could be directives again.
        case .documentEnd: return firstContent(from: event.end).map(Outcome.surplus) ?? .whole
        default: break
        }
      }
    } catch {
      return .failed(error)
    }
  }

  /// The first content behind the end of a document.
  private func firstContent(from end: TextMark) -> TextMark? {
    var mark = end
    while mark.line <= text.lineCount {
      let rest = text.characters(of: mark.line).dropFirst(mark.column - 1)
      let content = rest.drop { $0 == " " || $0 == "\t" }
      if let first = content.first, first != "#" {
        return TextMark(line: mark.line, column: mark.column + rest.count - content.count)
      }
      mark = TextMark(line: mark.line + 1, column: 1)
    }
    return nil
  }

  private func reportSurplus(_ start: TextMark, _ problems: inout ProblemCollector) {
    let isDocument = start.column == 1 && text.line(start.line).starts(with: [0x2D, 0x2D, 0x2D])
    problems.report(
      isDocument ? "a second document begins here" : "the document above has ended before this", at: positions[start],
      hint: isDocument ? "one file holds one document: put the rest into conf.d/" : "write one section of keys")
  }

  /// - Returns: Whether the text is worth another attempt.
  private mutating func reportAndRepair(_ error: YAMLSyntaxError, _ problems: inout ProblemCollector) -> Bool {
    if let repaired = IndentationRepair(text, after: error) {
      for tab in repaired.tabs {
        problems.report(tab.message, at: positions[tab.mark], hint: tab.hint)
      }
      text = repaired.text
      positions.shift(repaired.columnShifts)
      return true
    }
    let explanation = SyntaxExplanation(error)
    if brokenLines.insert(explanation.mark.line).inserted {
      problems.report(explanation.message, at: positions[explanation.mark], hint: explanation.hint)
    }
    return text.blankBlock(at: explanation.mark.line) || text.blankBlock(at: error.mark.line)
  }
}
