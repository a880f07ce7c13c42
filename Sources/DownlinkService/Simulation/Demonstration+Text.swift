import LinkHealth
import SpacecraftSimulator

extension Demonstration.View {
  /// The live ledger for a person.
  package var lines: [String] { ReportText(status.snapshot, problems: status.problems).lines }

  /// What is wrong, a line each.
  package var problemLines: [String] { status.problems.map { "\($0.severity.rawValue): \($0.message)" } }

  /// The report as one JSON object.
  package var json: String {
    ReportDocument(links: [(snapshot: status.snapshot, problems: status.problems)]).json
  }

  /// The live ledger in one line.
  package var summary: String {
    let ledger = status.snapshot.ledger
    return "\(Int(elapsedSeconds)) s: \(ledger.frames.received) frames, \(status.snapshot.missingFrameCount) missing, "
      + "\(ledger.packets.completed) packets, \(status.snapshot.isBalanced ? "balanced" : "NOT BALANCED")"
  }

  /// What was received beside what was sent; nothing before the spacecraft have stopped.
  package var comparison: [String] {
    guard let truth else { return [] }
    let ledger = status.snapshot.ledger
    let sent = truth.datagrams.received
    let received = ledger.datagrams.received
    let dropped = ledger.datagrams.kernelDropped
    let withheld = truth.virtualChannels.reduce(0) { $0 + $1.missing }
    let missing = status.snapshot.missingFrameCount
    let whole = truth.packets.completed
    let extracted = ledger.packets.completed
    return [
      "The spacecraft wrote down, independently, what they sent:",
      "  \(sent) datagrams sent = \(received) received + \(dropped) dropped by this host: "
        + Self.verdict(sent == received + dropped),
      "  \(withheld) frames withheld, \(missing) found missing: " + Self.verdict(withheld == missing),
      "  \(whole) packets sent whole, \(extracted) extracted: " + Self.verdict(whole == extracted),
    ]
  }

  private static func verdict(_ agrees: Bool) -> String { agrees ? "agrees" : "DIFFERS" }
}
