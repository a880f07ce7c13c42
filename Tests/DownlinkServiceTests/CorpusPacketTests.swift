import CCSDSLink
import LinkHealth
import TestSupport
import Testing

/// Packets of instruments and of tests on the ground, and what independent programs found in them.
@Suite("Recorded packets of the corpus", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusPacketTests {
  @Test("packets, sequence gaps and bytes agree with the truth", arguments: Corpus.packetItems)
  func agrees(name: String) throws {
    let item = try Corpus.item(name, PacketTruth.self)
    var comparison = Comparison()
    comparison.expect("there is a file", item.truth.files.isEmpty, false)
    for (file, truth) in item.truth.files.sorted(by: { $0.key < $1.key }) {
      let run = try CorpusRun(file, .packets(PacketStreamParameters()))
      let version = try #require(try Corpus.bytes(file).first) >> 5
      if version == 0b000 || version == 0b111 {
        comparison.compare(run, truth, file)
      } else {
        comparison.compareRefusal(run, truth, version, file)
      }
    }
    CorpusScore.note(name, comparison)
    #expect(comparison.differences == [])
  }
}

extension Comparison {
  /// Neither a Space Packet nor an Encapsulation Packet begins with another version number; the peers do not look.
  ///
  /// Standard: CCSDS 133.0-B-2 §4.1.
  mutating func compareRefusal(_ run: CorpusRun, _ truth: PacketFileTruth, _ version: UInt8, _ place: String) {
    let zoneBytes = run.ledger.zoneBytes
    expect("\(place): packets", run.ledger.packets.completed, 0)
    expect("\(place): bytes that are no packet", zoneBytes.discarded[.version], zoneBytes.received)
    expect("\(place): bytes", zoneBytes.received, run.ledger.datagrams.byteCount)
    note(
      refusal: "every packet has the version number \(version), which no packet of CCSDS has that we know: "
        + "all bytes are discarded as `version`")
  }

  mutating func compare(_ run: CorpusRun, _ truth: PacketFileTruth, _ place: String) {
    expect("\(place): packets", run.ledger.packets.completed, truth.packets)
    expect("\(place): bytes that are no packet", run.ledger.zoneBytes.discarded.total, truth.trailingBytes)
    expect("\(place): digest of the packets", SHA256.hex(run.packetBytes(0, 0)), truth.packetsSha256)
    compare(run.applications(ofChannel: 0), truth.apids, in: place)
  }
}
