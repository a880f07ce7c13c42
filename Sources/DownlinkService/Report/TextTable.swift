/// Rows of words under headings, aligned for a terminal: the first columns to the left, figures to the right.
struct TextTable {
  private let headings: [String]
  private let leftAlignedColumnCount: Int
  private var rows: [[String]] = []

  init(_ headings: [String], leftAlignedColumnCount: Int = 1) {
    self.headings = headings
    self.leftAlignedColumnCount = leftAlignedColumnCount
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines of the table, each beginning with `indentation`.
  ///
  /// - Parameter widestColumn: No column is made wider than this; a longer cell is whole, and moves what is behind it.
  func lines(indentation: String = "  ", widestColumn: Int = .max) -> [String] {
    let all = [headings] + rows
    let widths = headings.indices.map { column in min(widestColumn, all.map { $0[column].count }.max() ?? 0) }
    return all.map { row in
      var line = indentation
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
        line += column < leftAlignedColumnCount ? cell + padding : padding + cell
        if column < row.count - 1 { line += "  " }
      }
      while line.last == " " { line.removeLast() }
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
