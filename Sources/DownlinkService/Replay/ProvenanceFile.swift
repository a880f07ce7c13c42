import CCSDSLink
import CCSDSWire

/// Where each packet of a file of packets comes from, a line for each, in their order.
///
/// A line is a JSON object: where the packet begins in the other file and its length; for Space Packets `apid` and
/// `seq`; the counts of the frames with its first and its last byte, how many they are with those between, and whether
/// frames are missing before the first; the symbols that were corrected in them, and in the worst codeword, and whether
/// the header of one was mended; the sequence counts missing before the packet; when both frames were received, in
/// nanoseconds since 1970; and when the packet was made by the clock on board, where its time is read and makes sense,
/// in nanoseconds since 1958 TAI.
struct ProvenanceFile {
  private let file: OutputFile
  private var offset = 0

  /// Creates the file, or empties the one that is there.
  init(path: String) throws(ServiceError) { file = try OutputFile(path: path) }

  /// Takes the next packet of the other file. It makes no texts: there may be a million a second.
  mutating func append(_ packet: RawSpan, _ observation: PacketObservation) {
    let provenance = observation.provenance
    file.append("{\"offset\":", offset)
    file.append(",\"bytes\":", packet.byteCount)
    if observation.kind == .space {
      file.append(",\"apid\":", Int(packet.uint16(at: 0) & 0x7FF))
      file.append(",\"seq\":", Int(observation.sequenceCount))
    }
    file.append(",\"first_frame\":", Int(truncatingIfNeeded: provenance.first.count))
    file.append(",\"last_frame\":", Int(truncatingIfNeeded: provenance.last.count))
    file.append(",\"frames\":", provenance.frameCount)
    file.append(provenance.first.followsGap ? ",\"frame_gap_before\":true" : ",\"frame_gap_before\":false")
    if case .gap(let missing, _) = observation.continuity { file.append(",\"packets_missing_before\":", missing) }
    file.append(",\"corrected_symbols\":", Int(provenance.repair.correctedSymbolCount))
    file.append(",\"worst_codeword\":", Int(provenance.repair.worstCodewordCount))
    if provenance.repair.isHeaderMended { file.append(",\"header_mended\":true") }
    if let time = provenance.first.time { file.append(",\"first_received_ns\":", Int(time.nanosecondsSince1970)) }
    if let time = provenance.last.time { file.append(",\"last_received_ns\":", Int(time.nanosecondsSince1970)) }
    if let nanoseconds = observation.onboardTime.instant?.nanosecondsSince1958 {
      file.append(",\"on_board_tai_ns\":", Int(nanoseconds))
    }
    file.append("}\n")
    offset += packet.byteCount
  }

  /// Writes what is still in the buffer, and says whether all could be written.
  func finish() throws(ServiceError) { try file.finish() }
}
