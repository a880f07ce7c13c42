import CCSDSCoding
import CCSDSLink
import LinkHealth

/// The levels between the bits and the frames, on links that have them.
extension ReportText {
  var codingLines: [String] {
    guard let channelCoding = snapshot.channelCoding else { return [] }
    let ledger = snapshot.ledger
    var lines: [String] = []
    if channelCoding.syncMarker != nil {
      if ledger.streamBytes.received > 0 { lines.append(streamLine) }
      lines.append(Self.row("lock", ledger.coding.lock.state.rawValue, lockText))
    }
    lines.append(
      Self.level(
        "codeblocks", ledger.codeblocks.received,
        [
          ("decoded", ledger.codeblocks.decoded), ("uncorrectable", ledger.codeblocks.uncorrectable),
          ("of another length", ledger.codeblocks.refused),
        ]))
    guard let code = channelCoding.reedSolomon else { return lines }
    lines.append(
      Self.level(
        "codewords", ledger.codewords.received,
        [
          ("clean", ledger.codewords.clean), ("corrected", ledger.codewords.corrected),
          ("uncorrectable", ledger.codewords.uncorrectable),
        ]))
    if let margin = snapshot.marginSymbolCount {
      let mean = Self.hundredths(ledger.coding.corrections.lastMinute.meanCorrected ?? 0)
      lines.append(
        Self.row(
          "margin", margin.grouped,
          "of \(code.capability.rawValue) symbols left in the worst codeword of the last minute; "
            + "\(mean) corrected per codeword"))
    }
    return lines
  }

  /// What the fill of idle frames says about errors that nothing else noticed.
  var fillLines: [String] {
    let channels = snapshot.ledger.virtualChannels
    let bits = channels.reduce(0) { $0 + $1.fill.bitCount }
    guard bits > 0 else { return [] }
    let errors = channels.reduce(0) { $0 + $1.fill.errorCount }
    return [Self.row("fill", errors.grouped, "wrong bits in \(bits.grouped) bits of idle fill that could be predicted")]
  }

  /// Two digits after the point, unless that would make nothing of something.
  private static func hundredths(_ value: Double) -> String {
    value > 0 && value < 0.005 ? "less than 0.01" : "\((value * 100).rounded() / 100)"
  }

  private var streamLine: String {
    let bytes = snapshot.ledger.streamBytes
    return Self.level(
      "stream bytes", bytes.received,
      [("in units", bytes.framed), ("skipped", bytes.skipped), ("pending", bytes.pending)])
  }

  private var lockText: String {
    let lock = snapshot.ledger.coding.lock
    let markers = snapshot.ledger.coding.markers
    var parts = ["acquired \(lock.acquired.grouped), lost \(lock.lost.grouped)"]
    if let since = lock.since { parts[0] += ", since \(since.rfc3339)" }
    var found = [
      "\(markers.bitErrors.grouped) wrong \(markers.bitErrors == 1 ? "bit" : "bits")",
      "\(markers.missed.grouped) missed",
    ]
    if markers.slips > 0 { found.append("\(markers.slips.grouped) slipped") }
    if markers.inversions > 0 { found.append("\(markers.inversions.grouped) inverted anew") }
    if markers.isInverted { found.append("now inverted") }
    parts.append(
      "\(markers.checked.grouped) \(markers.checked == 1 ? "marker" : "markers"): \(found.joined(separator: ", "))")
    return parts.joined(separator: "; ")
  }
}
