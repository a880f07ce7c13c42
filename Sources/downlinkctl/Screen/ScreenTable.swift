/// Rows under headings that fit a width: where there is no room, columns go, the least important first.
struct ScreenTable {
  /// A column, and when it goes.
  struct Column {
    let heading: String
    /// The greatest goes first; the column with the least never goes.
    let rank: Int
    var isLeftAligned = false
  }

  private let columns: [Column]
  private var rows: [[ScreenLine]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// - Parameter row: As many cells as there are columns.
  mutating func append(_ row: [ScreenLine]) {
    assert(row.count == columns.count, "a cell for each column")
    rows.append(row)
  }

  /// The headings, then a line for each row.
  func lines(columns width: Int) -> [ScreenLine] {
    let headings = columns.map { ScreenLine($0.heading, .quiet) }
    let widths = columns.indices.map { column in ([headings] + rows).map { $0[column].columnCount }.max() ?? 0 }
    var kept = Array(columns.indices)
    while kept.count > 1, kept.reduce(Self.gap * (kept.count - 1), { $0 + widths[$1] }) > width {
      guard let least = kept.max(by: { columns[$0].rank < columns[$1].rank }) else { break }
      kept.removeAll { $0 == least }
    }
    return ([headings] + rows).map { row in
      var line = ScreenLine()
      for (place, column) in kept.enumerated() {
        let padding = widths[column] - row[column].columnCount
        line.pad(to: line.columnCount + (place > 0 ? Self.gap : 0))
        if !columns[column].isLeftAligned { line.pad(to: line.columnCount + padding) }
        line.put(row[column])
        if columns[column].isLeftAligned, place < kept.count - 1 { line.pad(to: line.columnCount + padding) }
      }
      return line.cut(to: width)
    }
  }

  private static let gap = 2
}
