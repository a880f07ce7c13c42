import DownlinkService
import Glibc

/// What the demonstration shows: the live ledger on a terminal, and a line now and then elsewhere.
final class DemoScreen {
  private static let secondsBetweenLines = 5.0

  private let places: Demonstration.Places
  private let isLive = Terminal.isOutputATerminal
  private var toldAt = 0.0

  init(_ places: Demonstration.Places) {
    self.places = places
    if isLive { Terminal.write("\u{1B}[2J", to: STDOUT_FILENO) }
    if !isLive { for line in guide { Terminal.say(line) } }
  }

  func show(_ view: Demonstration.View) {
    guard isLive else { return tell(view) }
    let size = Terminal.screenSize
    let title =
      "downlinkd demo, \(Int(view.elapsedSeconds)) s: two spacecraft on one AOS link, over UDP on \(places.listen)"
    // What is to be copied is never cut: it goes on in the next row.
    let head = ([title, "Ctrl-C ends it."] + guide).flatMap { Self.rows(of: $0, columns: size.columns) }
    // So are problems, which are the end of what does not fit.
    let isTall = head.count + 1 + view.lines.count < size.rows
    let problems = isTall ? [] : view.problemLines
    Terminal.redraw(head + problems + [""] + view.lines)
  }

  private static func rows(of line: String, columns: Int) -> [String] {
    var rows: [String] = []
    var rest = line[...]
    while rest.count > columns, columns > 0 {
      rows.append(String(rest.prefix(columns)))
      rest = rest.dropFirst(columns)
    }
    return rows + [String(rest)]
  }

  /// Compares what was received with what was sent.
  func conclude(_ view: Demonstration.View) {
    if isLive { Terminal.write("\u{1B}[2J\u{1B}[H", to: STDOUT_FILENO) }
    for line in view.lines + view.comparison { Terminal.say(line) }
  }

  private func tell(_ view: Demonstration.View) {
    guard view.elapsedSeconds - toldAt >= Self.secondsBetweenLines else { return }
    toldAt = view.elapsedSeconds
    Terminal.say(view.summary)
  }

  private var guide: [String] {
    (places.page.map { ["page:          \($0)"] } ?? []) + [
      "logs:          \(places.logs)/events.jsonl and stats.jsonl",
      "status socket: \(places.socket)",
      "try:           downlinkctl top --socket \(places.socket)",
    ]
  }
}
