/// The screen of `top`: all of a station that fits into so many rows and columns.
///
/// It is a value of what the station has said and what the person has chosen; it knows no terminal.
package struct Screen: Sendable {
  /// The rows from the top: at most as many as there are, each of at most so many columns.
  package let lines: [ScreenLine]
  /// How many lines of the focused pane are seen at a time.
  package let pageRowCount: Int

  /// - Parameters:
  ///   - rows: The height of the window, from 1.
  ///   - columns: Its width, from 1.
  package init(_ picture: StationPicture, view: ScreenView, rows: Int, columns: Int) {
    let (rows, columns) = (max(1, rows), max(1, columns))
    let links = picture.links(in: view.order)
    let selected = links.first { $0.text("name") == view.link } ?? links.first ?? .null
    let header = ScreenHeader(picture: picture).lines(columns: columns)
    let table = Self.linkLines(picture, links, selected, columns: columns)
    // The links have up to half of what is below the header, and always room for one.
    let below = max(0, rows - header.count - 1)
    let shownLinks = Self.window(table, rows: min(table.count, max(2, below / 2)), selected: selected, links: links)
    let middle = max(0, below - shownLinks.count)
    let panes = ScreenPanes(picture: picture, link: selected, view: view)
    let body =
      view.isHelpShown
      ? Array(ScreenHelp.lines(columns: columns).prefix(middle))
      : Self.panes(panes, view, rows: middle, columns: columns)
    var lines = Array((header + shownLinks + body).prefix(rows - 1))
    if picture.isStale { lines = lines.enumerated().map { $0 < header.count ? $1 : $1.emphasized(.quiet) } }
    lines += Array(repeating: ScreenLine(), count: max(0, rows - 1 - lines.count))
    self.lines = lines + [ScreenHelp.footer(view).cut(to: columns)]
    pageRowCount = max(1, middle - 2)
  }

  /// Everything there is to say, however many lines that takes: what a pipe gets.
  ///
  /// - Parameter columns: How long a line may be.
  package static func plainText(_ picture: StationPicture, view: ScreenView, columns: Int) -> [String] {
    plainLines(picture, view: view, columns: columns).map(\.trimmedText)
  }

  /// The same with what things mean, for a reader who wants colours.
  package static func plainLines(_ picture: StationPicture, view: ScreenView, columns: Int) -> [ScreenLine] {
    let columns = max(1, columns)
    let links = picture.links(in: view.order)
    let chosen = links.filter { view.link == nil || $0.text("name") == view.link }
    var lines = ScreenHeader(picture: picture).lines(columns: min(columns, Self.headerColumns))
    lines += [ScreenLine()] + Self.linkLines(picture, links, .null, columns: columns)
    let station: [ScreenView.Pane] = [.problems, .passes, .events]
    for link in chosen {
      let panes = ScreenPanes(picture: picture, link: link, view: view)
      for kind in ScreenView.Pane.allCases where !station.contains(kind) {
        guard kind != .alarms || link["parameters"] != nil else { continue }
        lines += [ScreenLine()] + Self.whole(panes.pane(kind, columns: columns), columns: columns)
      }
    }
    for kind in station {
      let pane = ScreenPanes(picture: picture, link: .null, view: view).pane(kind, columns: columns)
      lines += [ScreenLine()] + Self.whole(pane, columns: columns)
    }
    return lines
  }

  private static func whole(_ pane: ScreenPane, columns: Int) -> [ScreenLine] {
    [ScreenLine(pane.title + ":")].map { $0.cut(to: columns) } + pane.body.map { $0.cut(to: columns) }
  }

  private static func linkLines(
    _ picture: StationPicture, _ links: [Document], _ selected: Document, columns: Int
  ) -> [ScreenLine] {
    guard !links.isEmpty else { return [ScreenLine("no links", .quiet)].map { $0.cut(to: columns) } }
    var earlier: [String: Document] = [:]
    for link in picture.earlier?["links"]?.elements ?? [] { earlier[link.text("name")] = link }
    return LinkTable(links: links, earlier: earlier, formats: picture.formats, selected: selected["name"]?.string)
      .lines(columns: columns)
  }

  /// The heading, and as many links as there is room for, the selected one among them.
  private static func window(
    _ table: [ScreenLine], rows: Int, selected: Document, links: [Document]
  ) -> [ScreenLine] {
    guard table.count > rows, rows >= 2 else { return Array(table.prefix(max(0, rows))) }
    let index = links.firstIndex { $0["name"] == selected["name"] } ?? 0
    let room = rows - 1
    let start = min(max(0, index - room / 2), links.count - room)
    return [table[0]] + table[(1 + start)..<(1 + start + room)]
  }

  // MARK: Panes

  /// How far to the right the clock stands in a plain text.
  private static let headerColumns = 100
  private static let twoColumns = 78
  private static let threeColumns = 165
  private static let rowsForAll = 20
  private static let gap = 2
  private static let widestLedger = 46

  private static func panes(_ panes: ScreenPanes, _ view: ScreenView, rows: Int, columns: Int) -> [ScreenLine] {
    guard rows > 0 else { return [] }
    if view.isZoomed {
      return panes.pane(view.pane, columns: columns)
        .lines(rows: rows, columns: columns, isFocused: true, scrolled: view.scrolled)
    }
    let ofLink: [ScreenView.Pane] = [.ledger, .channels, .apids]
    if columns < twoColumns || (rows < rowsForAll && !ofLink.contains(view.pane)) {
      let all = ScreenView.Pane.allCases
      let first = all.firstIndex(of: view.pane) ?? 0
      let turned = (all[first...] + all[..<first]).map { panes.pane($0, columns: columns) }
      return ScreenStack(panes: turned, focus: view.pane, isGreedy: true)
        .lines(rows: rows, columns: columns, scrolled: view.scrolled)
    }
    let stacks = stacksOfLink(panes, view, columns: columns)
    let below = belowLink(panes, view, columns: columns)
    // Where there is little room, what is about the station is a Tab away, and its worst is in the header.
    let least = rows < rowsForAll ? 0 : min(below.wantedRowCount, ofLink.contains(view.pane) ? rows / 3 : rows / 2)
    let wanted = stacks.map(\.stack.wantedRowCount).max() ?? 0
    let upper = rows < rowsForAll ? rows : min(wanted, rows - least)
    var lines = Array(repeating: ScreenLine(), count: upper)
    for (start, width, stack) in stacks {
      for (row, line) in stack.lines(rows: upper, columns: width, scrolled: view.scrolled).enumerated() {
        lines[row].pad(to: start)
        lines[row].put(line)
      }
    }
    return lines + below.lines(rows: rows - upper, columns: columns, scrolled: view.scrolled)
  }

  /// What is about the selected link, side by side. A ledger is narrow; the tables beside it have what it leaves.
  private static func stacksOfLink(
    _ panes: ScreenPanes, _ view: ScreenView, columns: Int
  ) -> [(start: Int, width: Int, stack: ScreenStack)] {
    let tables: [[ScreenView.Pane]] = columns >= threeColumns ? [[.channels], [.apids]] : [[.channels, .apids]]
    let needed = panes.pane(.ledger, columns: widestLedger).body.map(\.columnCount).max() ?? 0
    let ledgerWidth = max(30, min(needed, widestLedger, columns / 2))
    let tableWidth = (columns - ledgerWidth) / tables.count - gap
    let ledger = ScreenStack(panes: [panes.pane(.ledger, columns: ledgerWidth)], focus: view.pane)
    return [(0, ledgerWidth, ledger)]
      + tables.enumerated().map { index, kinds in
        let start = ledgerWidth + gap + index * (tableWidth + gap)
        return (
          start, tableWidth,
          ScreenStack(panes: kinds.map { panes.pane($0, columns: tableWidth) }, focus: view.pane)
        )
      }
  }

  /// What is about the station, below.
  private static func belowLink(_ panes: ScreenPanes, _ view: ScreenView, columns: Int) -> ScreenStack {
    let kinds: [ScreenView.Pane] = [.problems, .alarms, .passes, .events]
    return ScreenStack(
      panes: kinds.filter { $0 != .alarms || panes.hasParameters || view.pane == .alarms }
        .map { panes.pane($0, columns: columns) },
      focus: view.pane)
  }
}
