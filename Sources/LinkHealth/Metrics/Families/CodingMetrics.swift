import CCSDSCoding
import CCSDSLink

/// Between bits and frames, on links that have synchronization or coding: lock, codeblocks, and what was corrected.
enum CodingMetrics {
  static let metrics = synchronization + codeblocks

  private static let synchronization: [Metric] = [
    .stream("downlinkd_stream_received_bytes_total", "Bytes of the stream that frames are looked for in.") {
      $0.streamBytes.received
    },
    .stream("downlinkd_stream_framed_bytes_total", "Bytes of the stream that belong to a unit.") {
      $0.streamBytes.framed
    },
    .stream("downlinkd_stream_skipped_bytes_total", "Bytes of the stream that belong to no unit.") {
      $0.streamBytes.skipped
    },
    .linkGauge("downlinkd_stream_pending_bytes", "Bytes of the stream that are held for the next unit.") {
      $0.hasMarkers ? .count($0.ledger.streamBytes.pending) : nil
    },
    .linkGauge("downlinkd_sync_locked", "Whether units are found one after the other.") {
      $0.hasMarkers ? .flag($0.ledger.coding.lock.isLocked) : nil
    },
    .stream("downlinkd_sync_locks_acquired_total", "Times that the stream of units was found.") {
      $0.coding.lock.acquired
    },
    .stream("downlinkd_sync_locks_lost_total", "Times that the stream of units was lost.") { $0.coding.lock.lost },
    .stream("downlinkd_sync_markers_missed_total", "Units without a sync marker in its place.") {
      $0.coding.markers.missed
    },
    .stream("downlinkd_sync_marker_bit_errors_total", "Wrong bits in sync markers that were recognized.") {
      $0.coding.markers.bitErrors
    },
    .stream("downlinkd_sync_slips_total", "Sync markers that came earlier or later than they had to.") {
      $0.coding.markers.slips
    },
  ]

  private static let codeblocks: [Metric] = [
    .coded("downlinkd_codeblocks_received_total", "Units that went to the decoder.") { $0.codeblocks.received },
    Metric(
      .counter, "downlinkd_codeblocks_rejected_total", "Units that no frame came out of.", labels: ["link", "reason"]
    ) { station, writer in
      for link in station.links where link.snapshot.channelCoding != nil {
        writer.add(.count(link.ledger.codeblocks.uncorrectable), link.name, "rs_uncorrectable")
        writer.add(.count(link.ledger.codeblocks.refused), link.name, "length")
      }
    },
    .reedSolomon("downlinkd_rs_codewords_total", "Reed-Solomon codewords received.") { $0.codewords.received },
    .reedSolomon("downlinkd_rs_corrected_codewords_total", "Reed-Solomon codewords that were corrected.") {
      $0.codewords.corrected
    },
    .reedSolomon("downlinkd_rs_uncorrectable_codewords_total", "Reed-Solomon codewords beyond correction.") {
      $0.codewords.uncorrectable
    },
    .reedSolomon("downlinkd_rs_corrected_symbols_total", "Reed-Solomon symbols that were corrected.") {
      $0.codewords.correctedSymbols
    },
    .linkGauge(
      "downlinkd_rs_margin_symbols",
      "Symbols that could still have been wrong in the worst codeword of the last minute; NaN when there was none."
    ) { link in
      guard link.snapshot.channelCoding?.reedSolomon != nil else { return nil }
      return link.snapshot.marginSymbolCount.map { .count($0) } ?? .number(.nan)
    },
  ]
}

extension StationSnapshot.Link {
  fileprivate var hasMarkers: Bool { snapshot.channelCoding?.syncMarker != nil }
}

extension Metric {
  /// A count of links that look for sync markers.
  fileprivate static func stream(
    _ name: String, _ help: String, _ count: @escaping @Sendable (LossLedger) -> Int
  ) -> Metric { .link(name, help) { $0.hasMarkers ? count($0.ledger) : nil } }

  /// A count of links with any coding.
  fileprivate static func coded(
    _ name: String, _ help: String, _ count: @escaping @Sendable (LossLedger) -> Int
  ) -> Metric { .link(name, help) { $0.snapshot.channelCoding == nil ? nil : count($0.ledger) } }

  /// A count of links with a Reed-Solomon code.
  fileprivate static func reedSolomon(
    _ name: String, _ help: String, _ count: @escaping @Sendable (LossLedger) -> Int
  ) -> Metric { .link(name, help) { $0.snapshot.channelCoding?.reedSolomon == nil ? nil : count($0.ledger) } }
}
