/// What the keys do.
enum ScreenHelp {
  private static let keys: KeyValuePairs<String, String> = [
    "up, down, j, k": "another link",
    "Tab, left, right": "another pane; it has the room, and scrolls",
    "PageDown, PageUp, space, b": "scroll the pane; + and - by a line, Home to its beginning",
    "Enter, z": "the pane alone, and back",
    "p": "the problems, with what they mean and what to do, and back",
    "e": "the events, and back",
    "s": "the links as configured, worst first, or by name",
    "n": "the next station, with several in --socket",
    "r": "ask now",
    "Escape": "back to the ledger, and to where it all fits",
    "q, Ctrl-C": "end; Ctrl-Z stops, 'fg' goes on",
  ]

  private static let signs: KeyValuePairs<String, String> = [
    "▲": "has grown since the picture before",
    "×": "a branch of the ledger that nobody downstream has",
    "!": "needs somebody",
    "░": "the part of a bar that is missing",
  ]

  static func lines(columns width: Int) -> [ScreenLine] {
    let column = (keys.map(\.key.count).max() ?? 0) + 2
    let rows = { (pairs: KeyValuePairs<String, String>) in
      pairs.flatMap { key, meaning in
        var line = ScreenLine("  \(key)", .heading)
        line.pad(to: 2 + column)
        line.put(meaning)
        return line.wrapped(to: width, indentation: 2 + column)
      }
    }
    return [ScreenLine("Keys", .heading)] + rows(keys) + [ScreenLine(), ScreenLine("Signs", .heading)] + rows(signs)
      + [ScreenLine(), ScreenLine("Rates are those of the last minute. Any key goes back.", .quiet)]
      .map { $0.cut(to: width) }
  }

  static func footer(_ view: ScreenView) -> ScreenLine {
    ScreenLine(
      "q quit  ? help  ↑↓ link  Tab pane  p problems  e events  z zoom  s sort: \(view.order.rawValue)", .quiet)
  }
}
