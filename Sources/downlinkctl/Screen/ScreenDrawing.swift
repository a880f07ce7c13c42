/// What has to go to a terminal so that it shows another screen: only what differs.
package struct ScreenDrawing: Sendable {
  /// How things look; what they mean is said by words and signs in any case.
  package struct Style: Equatable, Sendable {
    /// Whether there are colours beside bold and dim.
    package var hasColours: Bool
    /// Whether the terminal knows more than ASCII.
    package var isUnicode: Bool

    package init(hasColours: Bool, isUnicode: Bool) { (self.hasColours, self.isUnicode) = (hasColours, isUnicode) }
  }

  private let style: Style
  private var shown: [[ScreenLine.Cell]] = []
  private var columns = 0

  package init(_ style: Style) { self.style = style }

  /// Forgets what is shown: the next drawing begins with an empty screen.
  package mutating func forget() { shown = [] }

  /// The bytes that make the terminal show these lines.
  package mutating func update(_ lines: [ScreenLine], rows: Int, columns: Int) -> String {
    let rows = max(1, rows)
    let columns = max(1, columns)
    var output = ""
    if shown.count != rows || self.columns != columns {
      output = "\u{1B}[0m\u{1B}[2J"
      shown = Array(repeating: Array(repeating: .blank, count: columns), count: rows)
      self.columns = columns
    }
    for row in 0..<rows {
      var cells = row < lines.count ? Array(lines[row].cells.prefix(columns)) : []
      cells += Array(repeating: .blank, count: columns - cells.count)
      output += difference(row, from: shown[row], to: cells)
      shown[row] = cells
    }
    return output.isEmpty ? "" : output + "\u{1B}[0m"
  }

  /// From the first column that differs to the last, in one go.
  private func difference(_ row: Int, from old: [ScreenLine.Cell], to new: [ScreenLine.Cell]) -> String {
    guard let first = new.indices.first(where: { new[$0] != old[$0] }),
      let last = new.indices.last(where: { new[$0] != old[$0] })
    else { return "" }
    return "\u{1B}[\(row + 1);\(first + 1)H" + Self.text(new[first...last], style, after: "")
  }

  /// A line by itself, for what is no screen: its colours end with it.
  package static func text(of line: ScreenLine, _ style: Style) -> String {
    let plain = attributes(.plain, style)
    let end = line.cells.lastIndex { $0 != .blank }.map { $0 + 1 } ?? 0
    let text = text(line.cells[..<end], style, after: plain)
    return text.contains("\u{1B}") ? text + "\u{1B}[0m" : text
  }

  /// - Parameter attributes: What is in force before the first cell.
  private static func text(
    _ cells: ArraySlice<ScreenLine.Cell>, _ style: Style, after attributes: String
  ) -> String {
    var attributes = attributes
    var text = ""
    for cell in cells {
      let own = Self.attributes(cell.emphasis, style)
      if own != attributes {
        text += own
        attributes = own
      }
      text.unicodeScalars.append(style.isUnicode ? cell.scalar : ascii(cell.scalar))
    }
    return text
  }

  private static func attributes(_ emphasis: Emphasis, _ style: Style) -> String {
    guard !style.hasColours else { return "\u{1B}[0\(emphasis.code.isEmpty ? "" : ";")\(emphasis.code)m" }
    return switch emphasis {
    case .heading, .alarm: "\u{1B}[0;1m"
    case .plain, .good, .caution, .quiet: "\u{1B}[0m"
    }
  }

  /// The nearest that every terminal has.
  private static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "─": "-"
    case "│", "├": "|"
    case "└": "`"
    case "█": "#"
    case "░": "."
    case "▲", "↑": "^"
    case "↓": "v"
    case "×": "x"
    case "…": "~"
    case _ where scalar.value < 0x7F: scalar
    default: "?"
    }
  }
}
