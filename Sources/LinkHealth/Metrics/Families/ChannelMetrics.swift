import CCSDSLink
import CCSDSWire

/// The virtual channels and the spacecraft that the configuration names: what came, and what is missing by their
/// counters.
///
/// A counter that goes back would be taken for one that began anew. So a frame that was missing and came late stays
/// among the missing ones, and is counted as recovered too: what is lost is the difference.
enum ChannelMetrics {
  static let metrics: [Metric] = [
    .frameChannels("downlinkd_vc_frames_total", "Frames of the virtual channel that carry data.") {
      $0.frames - $0.idleFrames
    },
    .frameChannels("downlinkd_vc_frames_idle_total", "Frames of the virtual channel that carry fill and nothing else.")
    {
      $0.idleFrames
    },
    .frameChannels(
      "downlinkd_vc_frames_missing_total", "Frames found missing by the count of the virtual channel, at least."
    ) { $0.continuity.found },
    .frameChannels("downlinkd_vc_frames_recovered_total", "Frames found missing that came late all the same.") {
      $0.continuity.recovered
    },
    .frameChannels("downlinkd_vc_frame_gaps_total", "Times that frames were found missing.") { $0.continuity.gaps },
    .frameChannels("downlinkd_vc_frames_out_of_order_total", "Frames that came after their successors.") {
      $0.continuity.late
    },
    .frameChannels("downlinkd_vc_frames_duplicate_total", "Frames that came again.") { $0.continuity.duplicates },
    .frameChannels(
      "downlinkd_vc_discontinuities_total", "Jumps of the count that no loss explains: what is missing is not known."
    ) { $0.continuity.discontinuities },
    Metric(
      .counter, "downlinkd_mc_frames_missing_total",
      "Frames found missing by the count over all channels of the spacecraft, which only TM frames have.",
      labels: ["link", "scid"]
    ) { station, writer in
      for link in station.links where link.channel?.frameType == .tm {
        for channel in link.identities.masterChannels {
          let count = channel.place.map { link.ledger.masterChannels[$0].continuity.found } ?? 0
          writer.add(.count(count), link.name, channel.scid)
        }
      }
    },
  ]
}

extension Metric {
  /// A count of the virtual channels of links that carry frames.
  fileprivate static func frameChannels(
    _ name: String, _ help: String, _ count: @escaping @Sendable (VirtualChannelHealth) -> Int
  ) -> Metric { .channels(name, help, where: { $0.channel != nil }, count) }
}
