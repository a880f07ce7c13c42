import CCSDSLink
import LinkHealth

/// What is known of packets beyond how many there are.
extension ReportText {
  /// What became of groups of packets, where there are any.
  var groupLines: [String] {
    let groups = snapshot.ledger.packets.groups
    guard !groups.isEmpty else { return [] }
    let parts = [(groups.broken, "broken"), (groups.orphans, "packets of others")].filter { $0.0 > 0 }
      .map { ", \($0.0.grouped) \($0.1)" }
    return [Self.row("packet groups", groups.completed.grouped, "whole" + parts.joined())]
  }

  /// How the clocks on board compare with the time of reception, where packets say it.
  var clockLines: [String] {
    snapshot.ledger.virtualChannels.compactMap { channel in
      let clock = channel.clock
      guard clock.validCount + clock.invalidCount > 0 else { return nil }
      let doubts = clock.invalidCount > 0 ? "; \(clock.invalidCount.grouped) make no sense" : ""
      return Self.row(
        "times", clock.validCount.grouped, "on board of \(Self.label(channel.identity))\(Self.text(clock))\(doubts)")
    }
  }

  private static func text(_ clock: ClockHealth) -> String {
    let estimate = clock.estimate
    guard estimate.quality != .none else { return "" }
    let direction = estimate.offsetNanoseconds < 0 ? "behind" : "ahead of"
    let offset = Double(estimate.offsetNanoseconds.magnitude) / 1e9
    let steps = estimate.stepCount == 0 ? "" : ", set \(estimate.stepCount) time\(estimate.stepCount == 1 ? "" : "s")"
    return ": \(offset) s \(direction) their reception, drift \(Double(estimate.driftPartsPerQuadrillion) / 1e9) ppm, "
      + "jitter \(Double(estimate.jitterNanoseconds) / 1e9) s\(steps), \(estimate.quality.rawValue)"
  }
}
