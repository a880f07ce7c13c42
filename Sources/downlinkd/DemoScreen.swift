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
    Terminal.redraw(
      ["downlinkd demo, \(Int(view.elapsedSeconds)) s: two spacecraft on one AOS link, over UDP on \(places.listen)"]
        + guide + [""] + view.lines + ["", "Ctrl-C ends it."])
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
      "status socket: \(places.socket)   try: downlinkctl top --socket \(places.socket)",
    ]
  }
}
