import DownlinkService
import Glibc
import LinkHealth

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
        + guide + [""] + ReportText(view.status.snapshot, problems: view.status.problems).lines
        + ["", "Ctrl-C ends it."])
  }

  /// Compares what was received with what was sent.
  func conclude(_ view: Demonstration.View) {
    if isLive { Terminal.write("\u{1B}[2J\u{1B}[H", to: STDOUT_FILENO) }
    let snapshot = view.status.snapshot
    for line in ReportText(snapshot, problems: view.status.problems).lines { Terminal.say(line) }
    guard let truth = view.truth else { return }
    let ledger = snapshot.ledger
    let sent = truth.datagrams.received
    Terminal.say("The spacecraft say, independently, what they sent:")
    Terminal.say(
      "  \(sent) datagrams sent = \(ledger.datagrams.received) received + \(ledger.datagrams.kernelDropped) dropped by "
        + "the kernel: \(verdict(sent == ledger.datagrams.received + ledger.datagrams.kernelDropped))")
    let missing = truth.virtualChannels.reduce(0) { $0 + $1.missing }
    Terminal.say(
      "  \(missing) frames withheld, \(snapshot.missingFrameCount) found missing: "
        + verdict(missing == snapshot.missingFrameCount))
    Terminal.say(
      "  \(truth.packets.completed) packets whole, \(ledger.packets.completed) extracted: "
        + verdict(truth.packets.completed == ledger.packets.completed))
  }

  private func verdict(_ agrees: Bool) -> String { agrees ? "agrees" : "DIFFERS" }

  private func tell(_ view: Demonstration.View) {
    guard view.elapsedSeconds - toldAt >= Self.secondsBetweenLines else { return }
    toldAt = view.elapsedSeconds
    let snapshot = view.status.snapshot
    Terminal.say(
      "\(Int(view.elapsedSeconds)) s: \(snapshot.ledger.frames.received) frames, "
        + "\(snapshot.missingFrameCount) missing, \(snapshot.ledger.packets.completed) packets, "
        + "\(snapshot.isBalanced ? "balanced" : "NOT BALANCED")")
  }

  private var guide: [String] {
    [
      "logs:          \(places.logs)/events.jsonl and stats.jsonl",
      "status socket: \(places.socket)   try: downlinkctl --socket \(places.socket) watch",
    ]
  }
}
