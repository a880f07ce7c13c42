/// The ledger of one link, level by level: what came in, and what became of all of it.
struct LedgerText {
  let paint: Paint

  /// - Parameters:
  ///   - ledger: The ledger of the link.
  ///   - coding: What it says about synchronization and coding, if it has any.
  func lines(_ ledger: Document, coding: Document? = nil) -> [String] {
    let datagrams = ledger["datagrams"] ?? .null
    let frames = ledger["frames"] ?? .null
    let bytes = ledger["zone_bytes"] ?? .null
    let packets = ledger["packets"] ?? .null
    var lines = [level("datagrams", datagrams, ["accepted": "accepted"], losses: "rejected")]
    if datagrams.count("kernel_dropped") > 0 {
      let text = "dropped by the kernel before the daemon saw them"
      lines.append(row("", datagrams.count("kernel_dropped").grouped, paint(text, .alarm)))
    }
    if let coding { lines += codingLines(ledger, coding) }
    lines.append(
      level(
        "frames", frames,
        ["delivered": "delivered", "idle": "idle", "unlisted": "unlisted", "pending": "held back"],
        losses: "rejected"))
    lines.append(
      level(
        "packet bytes", bytes,
        ["packets": "in packets", "idle_packets": "in idle packets", "pending": "pending"], losses: "discarded"))
    lines.append(
      level("packets", packets, ["delivered": "delivered", "idle": "idle"], total: "completed", losses: "rejected"))
    return lines
  }

  /// What the packets say, and how it stands with its limits.
  func parameterLines(_ parameters: Document) -> [String] {
    let packets = parameters["packets"] ?? .null
    let bad = ["short": "short", "impossible_size": "of impossible size", "too_many_values": "of too many values"]
    let parts = [("whole", "whole"), ("long", "longer than described"), ("unidentified", "unidentified")]
      .map { (packets.count($0.0), $0.1) }.filter { $0.0 > 0 }
    let losses = bad.sorted { $0.key < $1.key }.map { (packets.count($0.key), $0.value) }.filter { $0.0 > 0 }
    var lines = [row("decoded", packets.count("decoded").grouped, sum(parts, losses: losses))]
    if let since = parameters["since"]?.string {
      lines.append(row("", "", "by \(parameters.text("database")), since \(Moment.short(since))"))
    }
    for (name, text) in [
      ("other_spacecraft", "besides, of other spacecraft"),
      ("encapsulation", "encapsulation packets besides, which no database describes"),
    ] where packets.count(name) > 0 { lines.append(row("", packets.count(name).grouped, text)) }
    let alarms = (parameters["alarms"]?.members ?? []).map { ($0.value.int ?? 0, $0.name) }.filter { $0.0 > 0 }
    guard !alarms.isEmpty else { return lines }
    let text = alarms.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
    let isGrave = alarms.contains { !["watch", "warning"].contains($0.1) }
    let worst = (parameters["worst"]?.elements ?? []).compactMap { $0["parameter"]?.string }
    let names = worst.isEmpty ? "" : ": " + worst.joined(separator: ", ")
    lines.append(
      row("in alarm", alarms.reduce(0) { $0 + $1.0 }.grouped, paint(text + names, isGrave ? .alarm : .caution)))
    return lines
  }

  /// One line on what is missing, from the virtual channels.
  func missingLine(_ channels: [Document], of link: Document = .null) -> String {
    guard Tables.units(of: link) == "frames" else {
      let missing = (link["totals"] ?? .null).count("packets_missing")
      return row("missing", missing.grouped, "packets", missing > 0 ? .caution : .plain)
    }
    let missing = channels.reduce(0) { $0 + $1.count("missing") }
    let most = channels.reduce(0) { $0 + ($1["missing_at_most"]?.int ?? $1.count("missing")) }
    let gaps = channels.reduce(0) { $0 + $1.count("gaps") }
    let count = most > missing ? "\(missing.grouped)...\(most.grouped)" : missing.grouped
    let text = gaps > 0 ? "frames in \(gaps.grouped) \(gaps == 1 ? "gap" : "gaps")" : "frames"
    return row("missing", count, text, missing > 0 || most > 0 ? .caution : .plain)
  }

  func level(
    _ title: String, _ level: Document, _ names: KeyValuePairs<String, String>, total: String = "received",
    losses: String = ""
  ) -> String {
    let parts = names.map { (level.count($0.key), $0.value) }.filter { $0.0 > 0 }
    let lost = (level[losses]?.members ?? []).map { ($0.value.int ?? 0, $0.name) }.filter { $0.0 > 0 }
    return row(title, level.count(total).grouped, sum(parts, losses: lost))
  }

  private func sum(_ parts: [(Int, String)], losses: [(Int, String)]) -> String {
    let terms =
      parts.map { "\($0.0.grouped) \($0.1)" } + losses.map { paint("\($0.0.grouped) \($0.1)", .caution) }
    return "= " + (terms.isEmpty ? "0" : terms.joined(separator: " + "))
  }

  func row(_ title: String, _ count: String, _ text: String, _ emphasis: Emphasis = .plain) -> String {
    let left = "  " + title + String(repeating: " ", count: max(0, 12 - title.count))
    return left + String(repeating: " ", count: max(1, 16 - count.count)) + paint(count, emphasis) + "  " + text
  }
}
