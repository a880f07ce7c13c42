/// The levels between the bits and the frames, on links that have them.
extension LedgerText {
  func codingLines(_ ledger: Document, _ coding: Document) -> [String] {
    var lines: [String] = []
    if let state = coding["lock_state"]?.string {
      if let bytes = ledger["stream_bytes"], bytes.count("received") > 0 {
        lines.append(
          level("stream bytes", bytes, ["framed": "in units", "skipped": "skipped", "pending": "pending"]))
      }
      lines.append(row("lock", state, lockText(coding), Self.emphasis(ofLock: state)))
    }
    lines.append(
      level(
        "codeblocks", ledger["codeblocks"] ?? .null,
        ["decoded": "decoded", "uncorrectable": "uncorrectable", "refused": "of another length"]))
    guard let margin = coding["margin"] else { return lines }
    lines.append(
      level(
        "codewords", ledger["codewords"] ?? .null,
        ["clean": "clean", "corrected": "corrected", "uncorrectable": "uncorrectable"]))
    if let symbols = margin["margin_symbols"]?.int {
      lines.append(row("margin", symbols.grouped, Self.marginText(margin), symbols <= 1 ? .caution : .plain))
    }
    return lines
  }

  private func lockText(_ coding: Document) -> String {
    let since = coding["lock_since"]?.string.map { ", since \(Moment.short($0))" } ?? ""
    let marker = coding["marker"] ?? .null
    let checked = marker.count("checked")
    let bits = marker.count("bit_errors")
    var found = ["\(bits.grouped) wrong \(bits == 1 ? "bit" : "bits")", "\(marker.count("missed").grouped) missed"]
    if coding.count("slips") > 0 { found.append("\(coding.count("slips").grouped) slipped") }
    if coding.count("inversions") > 0 { found.append("\(coding.count("inversions").grouped) inverted anew") }
    if coding["inverted"]?.bool == true { found.append("now inverted") }
    return "acquired \(coding.count("locks_acquired").grouped), lost \(coding.count("locks_lost").grouped)\(since); "
      + "\(checked.grouped) \(checked == 1 ? "marker" : "markers"): \(found.joined(separator: ", "))"
  }

  private static func marginText(_ margin: Document) -> String {
    let mean = margin["mean_corrected_last_minute"]?.double.map { "; \(hundredths($0)) corrected per codeword" } ?? ""
    return "of \(margin.count("correctable")) symbols left in the worst codeword of the last minute\(mean)"
  }

  /// Two digits after the point, unless that would make nothing of something.
  private static func hundredths(_ value: Double) -> String {
    value > 0 && value < 0.005 ? "less than 0.01" : "\((value * 100).rounded() / 100)"
  }

  static func emphasis(ofLock state: String) -> Emphasis {
    switch state {
    case "lock": .good
    case "check", "flywheel": .caution
    case "search": .alarm
    default: .plain
    }
  }
}
