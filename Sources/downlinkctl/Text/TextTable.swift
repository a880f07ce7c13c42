/// Rows of words under headings, aligned for a terminal: the first columns to the left, figures to the right.
struct TextTable {
  /// One word and what it means.
  struct Cell {
    let text: String
    let emphasis: Emphasis

    init(_ text: String, _ emphasis: Emphasis = .plain) {
      self.text = text
      self.emphasis = emphasis
    }

    /// A count of something bad: it stands out unless it is zero.
    static func loss(_ count: Int) -> Cell { Cell(count.grouped, count > 0 ? .caution : .plain) }
  }

  private let leftAlignedColumnCount: Int
  private var rows: [[Cell]]

  init(_ headings: [String], leftAlignedColumnCount: Int) {
    self.leftAlignedColumnCount = leftAlignedColumnCount
    rows = [headings.map { Cell($0, .quiet) }]
  }

  mutating func append(_ row: [Cell]) { rows.append(row) }

  func lines(_ paint: Paint) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].text.count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.text.count)
        let isLast = column == row.count - 1
        let text = paint(cell.text, cell.emphasis)
        line += "  " + (column < leftAlignedColumnCount ? text + (isLast ? "" : padding) : padding + text)
      }
      return line
    }
  }
}

extension Int {
  /// The number with a comma between thousands.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

extension Double {
  /// One digit after the point.
  var tenths: String {
    guard magnitude < 1e15 else { return String(self) }
    let scaled = Int((self * 10).rounded())
    return (scaled < 0 ? "-" : "") + "\((scaled.magnitude / 10).grouped).\(scaled.magnitude % 10)"
  }
}

extension UInt {
  fileprivate var grouped: String { Int(clamping: self).grouped }
}
