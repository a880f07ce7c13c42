package import CCSDSCoding
import CCSDSLink

/// What an operator sees of synchronization and coding.
extension LinkSnapshot {
  /// The managed parameters between bits and frames; absent where frames come as they are.
  package var channelCoding: ChannelCoding? { parameters.coding }

  /// How many symbols of the worst codeword of the last minute could still have been wrong; absent without a code, and
  /// before the first codeword.
  package var marginSymbolCount: Int? {
    guard let code = channelCoding?.reedSolomon, ledger.coding.corrections.lastMinute.decoded > 0 else { return nil }
    return max(0, code.capability.rawValue - ledger.coding.corrections.lastMinute.worstCorrected)
  }

  /// Of the symbols in codewords that were clean or could be corrected, the share that was wrong.
  package var symbolErrorRate: Double? {
    guard let code = channelCoding?.reedSolomon else { return nil }
    let decoded = ledger.codewords.clean + ledger.codewords.corrected
    return Self.rate(ledger.codewords.correctedSymbols, of: decoded * code.sentSymbolCount)
  }

  /// Of the bits of recognized markers, the share that was wrong: too low when many markers were missed.
  package var markerBitErrorRate: Double? {
    guard let marker = channelCoding?.syncMarker else { return nil }
    let markers = ledger.coding.markers
    return Self.rate(markers.bitErrors, of: markers.recognized * marker.byteCount * 8)
  }

  /// Of the bits of fill that were compared, the share that was wrong though every check had passed.
  package var fillBitErrorRate: Double? {
    Self.rate(
      ledger.virtualChannels.reduce(0) { $0 + $1.fill.errorCount },
      of: ledger.virtualChannels.reduce(0) { $0 + $1.fill.bitCount })
  }

  private static func rate(_ errors: Int, of count: Int) -> Double? {
    count > 0 ? Double(errors) / Double(count) : nil
  }

  /// Writes the object about synchronization and coding, on a link that has any.
  package func writeCoding(to json: inout JSONWriter) {
    guard let channelCoding else { return }
    json.object("coding") {
      if channelCoding.syncMarker != nil { writeSynchronization(to: &$0) }
      if let code = channelCoding.reedSolomon { writeCorrections(code.capability.rawValue, to: &$0) }
      $0.object("error_rates") {
        if let symbolErrorRate { $0.member("symbols", symbolErrorRate) }
        if let markerBitErrorRate { $0.member("marker_bits", markerBitErrorRate) }
        if let fillBitErrorRate { $0.member("fill_bits", fillBitErrorRate) }
      }
    }
  }

  private func writeSynchronization(to json: inout JSONWriter) {
    let lock = ledger.coding.lock
    let markers = ledger.coding.markers
    json.member("lock_state", lock.state.rawValue)
    if let since = lock.since { json.member("lock_since", since.rfc3339) }
    json.member("locks_acquired", lock.acquired)
    json.member("locks_lost", lock.lost)
    json.member("longest_lock_seconds", lock.longestSeconds)
    json.object("marker") {
      $0.member("checked", markers.checked)
      $0.member("bit_errors", markers.bitErrors)
      $0.member("missed", markers.missed)
      $0.array("histogram") { array in for count in markers.errorHistogram { array.element(count) } }
    }
    json.member("slips", markers.slips)
    json.member("slips_late", markers.lateSlips)
    json.member("slips_early", markers.earlySlips)
    json.member("slip_bits", markers.slipBits)
    json.member("inversions", markers.inversions)
    json.member("inverted", markers.isInverted)
    json.member("skipped_bytes", ledger.coding.skippedByteCount)
  }

  private func writeCorrections(_ correctable: Int, to json: inout JSONWriter) {
    json.object("symbol_errors") {
      $0.array("histogram") { array in for count in ledger.coding.symbolErrorHistogram { array.element(count) } }
      $0.member("uncorrectable", ledger.codewords.uncorrectable)
    }
    let lastMinute = ledger.coding.corrections.lastMinute
    json.object("margin") {
      $0.member("worst_corrected_last_minute", lastMinute.worstCorrected)
      if let mean = lastMinute.meanCorrected { $0.member("mean_corrected_last_minute", mean) }
      $0.member("uncorrectable_last_minute", lastMinute.codewords.uncorrectable)
      $0.member("correctable", correctable)
      if let marginSymbolCount { $0.member("margin_symbols", marginSymbolCount) }
    }
  }
}
