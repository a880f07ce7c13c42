/// One row of a screen: a character in each column, and what it means.
///
/// Whatever text is put into it, each cell is one column wide and moves no cursor: what comes from the wire cannot do
/// more than be read.
package struct ScreenLine: Equatable, Sendable {
  /// What stands in one column.
  package struct Cell: Equatable, Sendable {
    /// The character.
    package let scalar: Unicode.Scalar
    /// What it means to the reader.
    package let emphasis: Emphasis

    static let blank = Cell(scalar: " ", emphasis: .plain)
  }

  /// The columns, from the left.
  package private(set) var cells: [Cell] = []

  /// A line of one text.
  package init(_ text: String = "", _ emphasis: Emphasis = .plain) { put(text, emphasis) }

  /// What a reader sees, without its meaning.
  package var text: String { String(String.UnicodeScalarView(cells.map(\.scalar))) }

  /// The same without blanks at its end.
  var trimmedText: String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  var columnCount: Int { cells.count }

  mutating func put(_ text: String, _ emphasis: Emphasis = .plain) {
    for scalar in text.unicodeScalars { cells.append(Cell(scalar: Self.shown(scalar), emphasis: emphasis)) }
  }

  mutating func put(_ line: ScreenLine) { cells += line.cells }

  /// Goes on with blanks to a column, if the line is not there yet.
  mutating func pad(to columnCount: Int, _ emphasis: Emphasis = .plain) {
    guard cells.count < columnCount else { return }
    cells += Array(repeating: Cell(scalar: " ", emphasis: emphasis), count: columnCount - cells.count)
  }

  /// The first columns; where something is left out, the last one says so.
  func cut(to columnCount: Int) -> ScreenLine {
    guard cells.count > columnCount else { return self }
    var line = ScreenLine()
    guard columnCount > 0 else { return line }
    line.cells = cells.prefix(columnCount - 1) + [Cell(scalar: "…", emphasis: cells[columnCount - 1].emphasis)]
    return line
  }

  /// All of it with one meaning.
  func emphasized(_ emphasis: Emphasis) -> ScreenLine {
    var line = self
    line.cells = cells.map { Cell(scalar: $0.scalar, emphasis: emphasis) }
    return line
  }

  /// Lines of at most so many columns, broken at blanks where there are any; those after the first begin further right.
  func wrapped(to columnCount: Int, indentation: Int) -> [ScreenLine] {
    let width = max(1, columnCount)
    let margin = min(indentation, width / 2)
    var lines: [ScreenLine] = []
    var rest = cells[...]
    while rest.count > (lines.isEmpty ? width : width - margin) {
      let room = lines.isEmpty ? width : width - margin
      let window = rest.prefix(room + 1)
      let end = window.lastIndex { $0.scalar == " " }.flatMap { $0 > rest.startIndex + room / 2 ? $0 : nil }
      lines.append(Self.line(rest[..<(end ?? rest.startIndex + room)], margin: lines.isEmpty ? 0 : margin))
      rest = rest[(end.map { $0 + 1 } ?? rest.startIndex + room)...]
    }
    return lines + [Self.line(rest, margin: lines.isEmpty ? 0 : margin)]
  }

  private static func line(_ cells: ArraySlice<Cell>, margin: Int) -> ScreenLine {
    var line = ScreenLine()
    line.pad(to: margin)
    line.cells += cells
    return line
  }

  /// The character itself where every terminal gives it exactly one column, and a question mark for any other: control
  /// characters, what combines, what is wide, what turns the direction.
  private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    // Latin with all its accents, Greek and Cyrillic.
    case 0x20...0x7E, 0xA1...0xAC, 0xAE...0x2FF, 0x370...0x377, 0x37A...0x37F, 0x384...0x482, 0x48A...0x52F: scalar
    case 0x1E00...0x1EFF: scalar
    // What this program itself draws: dashes, dots, arrows, lines and blocks.
    case 0x2013, 0x2026, 0x2190...0x2193, 0x2500...0x257F, 0x2580...0x259F, 0x25B2: scalar
    default: "?"
    }
  }
}
