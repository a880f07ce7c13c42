import CCSDSLink
import CCSDSWire

/// The packets of one channel, byte for byte, and beside them where each comes from.
final class PacketFile {
  private let packets: OutputFile
  private var provenance: ProvenanceFile

  /// - Parameter path: What the names of both begin with.
  init(path: String) throws(ServiceError) {
    packets = try OutputFile(path: path + ".packets")
    provenance = try ProvenanceFile(path: path + ".provenance.jsonl")
  }

  func append(_ packet: RawSpan, _ observation: PacketObservation) {
    packets.append(packet)
    provenance.append(packet, observation)
  }

  /// Writes what is still in the buffers, and says whether all could be written.
  func finish() throws(ServiceError) {
    try packets.finish()
    try provenance.finish()
  }
}
