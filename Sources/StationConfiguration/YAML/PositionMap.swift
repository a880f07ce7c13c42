/// Turns the scanner's positions into those of the file, as it was before any repair.
struct PositionMap {
  /// The index of the file.
  let source: Int
  private let lineCount: Int
  private let lastLineLength: Int
  /// By line, the characters that a repaired line was shortened by.
  private var columnShifts: [Int: Int] = [:]

  init(source: Int, of text: SourceText) {
    self.source = source
    lineCount = text.lineCount
    lastLineLength = text.characters(of: text.lineCount).count
  }

  /// Counts in the lines that a repair has moved.
  mutating func shift(_ columns: [Int: Int]) { columnShifts.merge(columns) { $1 } }

  /// The position in the file; the scanner's end of the text is the end of its last line.
  subscript(text: TextMark) -> SourceMark {
    guard text.line <= lineCount else {
      return SourceMark(source: source, text: TextMark(line: lineCount, column: lastLineLength + 1))
    }
    let column = max(1, text.column + (columnShifts[text.line] ?? 0))
    return SourceMark(source: source, text: TextMark(line: text.line, column: column))
  }
}
