import CCSDSLink

/// Frames: each that was received is rejected, idle, of a virtual channel, unlisted, or held.
enum FrameMetrics {
  static let metrics: [Metric] = [
    .frames("downlinkd_frames_received_total", "Frames received.") { $0.ledger.frames.received },
    .reasons("downlinkd_frames_rejected_total", "Frames that were not accepted.") {
      $0.channel == nil ? nil : $0.ledger.frames.rejected
    },
    .frames("downlinkd_frames_idle_total", "Frames accepted that carry fill and nothing else.") {
      $0.ledger.frames.idle
    },
    .linkGauge("downlinkd_frames_held", "Frames that nothing proves yet, neither accepted nor rejected.") {
      $0.channel == nil ? nil : .count($0.snapshot.heldFrameCount)
    },
    .frames(
      "downlinkd_unlisted_vc_frames_total",
      "Frames with data, of virtual channels that the configuration does not name."
    ) { link in
      link.ledger.frames.unlisted + link.sum(channels: link.identities.otherChannels) { $0.frames - $0.idleFrames }
    },
    .frames("downlinkd_frames_missing_total", "Frames found missing, over all virtual channels of the link.") {
      $0.ledger.virtualChannels.reduce(0) { $0 + $1.continuity.found }
    },
    .frames("downlinkd_frames_recovered_total", "Frames found missing that came late all the same.") {
      $0.ledger.virtualChannels.reduce(0) { $0 + $1.continuity.recovered }
    },
  ]
}

extension Metric {
  /// A count of links that carry frames.
  fileprivate static func frames(
    _ name: String, _ help: String, _ count: @escaping @Sendable (Link) -> Int
  ) -> Metric { .link(name, help) { $0.channel == nil ? nil : count($0) } }
}
