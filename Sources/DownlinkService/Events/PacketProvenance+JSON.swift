import CCSDSLink
import LinkHealth

extension PacketObservation {
  /// How many packets are missing before it, by its sequence count.
  var missingPacketCount: Int? {
    if case .gap(let missing, _) = continuity { missing } else { nil }
  }
}

extension PacketProvenance {
  /// Writes the frames that a packet was in, under the names that `ProvenanceFile` has for it; times as events have
  /// them.
  ///
  /// - Parameters:
  ///   - hasFrames: Whether there are frames on the link.
  ///   - missingPacketCount: How many packets are missing before it.
  func write(to json: inout JSONWriter, hasFrames: Bool = true, after missingPacketCount: Int? = nil) {
    if hasFrames {
      json.member("first_frame", first.count)
      json.member("last_frame", last.count)
      json.member("frames", frameCount)
      json.member("frame_gap_before", first.followsGap)
    }
    if let missingPacketCount { json.member("packets_missing_before", missingPacketCount) }
    json.member("corrected_symbols", repair.correctedSymbolCount)
    json.member("worst_codeword", repair.worstCodewordCount)
    if repair.isHeaderMended { json.member("header_mended", true) }
    if let time = first.time { json.member("first_received", time.rfc3339) }
    if let time = last.time { json.member("last_received", time.rfc3339) }
  }
}
