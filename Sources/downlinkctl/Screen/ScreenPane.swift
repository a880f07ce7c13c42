/// A part of the screen below the links: a title, and lines of which as many are shown as there is room.
struct ScreenPane {
  let kind: ScreenView.Pane
  let title: String
  let body: [ScreenLine]

  /// Title and all lines.
  var wantedRowCount: Int { 1 + max(1, body.count) }

  /// - Parameter scrolled: How many lines were scrolled away, as far as there is something left to show.
  func lines(rows: Int, columns width: Int, isFocused: Bool, scrolled: Int) -> [ScreenLine] {
    guard rows > 0 else { return [] }
    let room = rows - 1
    let start = max(0, min(scrolled, body.count - room))
    let shown = body[start..<min(body.count, start + room)]
    var line = ScreenLine(isFocused ? "─[" : "── ", .quiet)
    line.put(title, .heading)
    line.put(isFocused ? "] " : " ", .quiet)
    if shown.count < body.count {
      line.put(room > 0 ? "\(start + 1)-\(start + shown.count) of \(body.count) " : "\(body.count) ", .quiet)
    }
    while line.columnCount < width { line.put("─", .quiet) }
    let lines = [line.cut(to: width)] + shown.map { $0.cut(to: width) }
    return lines + Array(repeating: ScreenLine(), count: rows - lines.count)
  }
}

/// Panes below each other, in as much room as there is.
struct ScreenStack {
  let panes: [ScreenPane]
  let focus: ScreenView.Pane
  /// Whether the focused pane has all it wants before the others have anything.
  var isGreedy = false

  var wantedRowCount: Int { panes.reduce(0) { $0 + $1.wantedRowCount } }

  func lines(rows: Int, columns width: Int, scrolled: Int) -> [ScreenLine] {
    let heights = heights(in: rows)
    return panes.indices.flatMap { index in
      let isFocused = panes[index].kind == focus
      return panes[index].lines(
        rows: heights[index], columns: width, isFocused: isFocused, scrolled: isFocused ? scrolled : 0)
    }
  }

  /// Everyone has a title and two lines as long as that goes, then the focused one what it wants, then the others. What
  /// nobody wants stays with the last.
  private func heights(in rows: Int) -> [Int] {
    var heights = Array(repeating: 0, count: panes.count)
    var left = max(0, rows)
    let precedence = panes.indices.sorted { first, second in
      (panes[first].kind == focus ? 0 : 1, first) < (panes[second].kind == focus ? 0 : 1, second)
    }
    func grant(_ index: Int, upTo limit: Int) {
      let more = max(0, min(min(limit, panes[index].wantedRowCount) - heights[index], left))
      // A title alone says nothing, unless there is nothing else.
      guard heights[index] + more > 1 || index == precedence.first else { return }
      heights[index] += more
      left -= more
    }
    if isGreedy, let first = precedence.first { grant(first, upTo: rows) }
    for index in precedence { grant(index, upTo: Self.leastRowCount) }
    for index in precedence { grant(index, upTo: rows) }
    if let last = heights.lastIndex(where: { $0 > 0 }) { heights[last] += left }
    return heights
  }

  private static let leastRowCount = 3
}
