import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

/// Recorded frames and packets in captures that scapy wrote and tshark read.
@Suite("Captures of recorded frames and packets of the corpus", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusCaptureTests {
  @Test(
    "a capture of frames agrees with the truth of the frames",
    arguments: [
      ("pcap-aditya-sll", UInt16(10_221), "tm-aditya"), ("pcap-emm", 10_223, "aos-emm"),
    ])
  func agreesOnFrames(name: String, port: UInt16, frames: String) throws {
    let capture = try Corpus.item(name, CaptureTruth.self)
    let datagrams = try #require(capture.truth.udpByDstPort[String(port)])
    let item = try Corpus.item(frames, FrameTruth.self)
    let run = try CorpusRun(capture.files[0].file, .frames(item.truth.parameters), ports: [port])
    var comparison = Comparison()
    comparison.compare(run, datagrams)
    comparison.compare(run, item.truth)
    let firstTimes = run.ledger.virtualChannels.compactMap(\.firstTime?.nanosecondsSince1970)
    let lastTimes = run.ledger.virtualChannels.compactMap(\.lastTime?.nanosecondsSince1970)
    comparison.expect("first time", firstTimes.min(), nanoseconds(datagrams.firstTime))
    comparison.expect("last time", lastTimes.max(), nanoseconds(datagrams.lastTime))
    CorpusScore.note(name, comparison)
    #expect(comparison.differences == [])
  }

  @Test("of a capture with two links and noise, each port gives its own packets")
  func agreesOnPackets() throws {
    let capture = try Corpus.item("pcap-packets-mixed", CaptureTruth.self)
    var comparison = Comparison()
    for port: UInt16 in [10_011, 10_806] {
      let datagrams = try #require(capture.truth.udpByDstPort[String(port)])
      let run = try CorpusRun(capture.files[0].file, .packets(PacketStreamParameters()), ports: [port])
      comparison.compare(run, datagrams)
      comparison.expect("port \(port): discarded", run.ledger.zoneBytes.discarded.total, 0)
      comparison.expect(
        "port \(port): digest of the packets", SHA256.hex(run.packetBytes(0, 0)), datagrams.payloadConcatSha256)
      if port == 10_806 {
        let item = try Corpus.item("pkt-viirs", PacketTruth.self)
        comparison.compare(run, try #require(item.truth.files["data/packets/viirs_packets.dat"]), "port 10806")
      } else {
        // The first 2,000 packets of pkt-jpss1-geolocation, which has only this one application process, without gaps.
        let item = try Corpus.item("pkt-jpss1-geolocation", PacketTruth.self)
        let whole = try #require(item.truth.files.values.first?.apids["11"])
        let process = try #require(run.ledger.applicationProcesses.first)
        comparison.expect("port 10011: APIDs", run.ledger.applicationProcesses.count, 1)
        comparison.expect("port 10011: packets", process.packets, 2000)
        comparison.expect("port 10011: first", process.firstSequenceCount, whole.seqFirst)
        comparison.expect("port 10011: last", process.lastSequenceCount, (whole.seqFirst + 1999) & 0x3FFF)
        comparison.expect("port 10011: gaps", process.continuity.gaps, 0)
      }
    }
    CorpusScore.note("pcap-packets-mixed", comparison)
    #expect(comparison.differences == [])
  }

  private func nanoseconds(_ text: String) -> Int64? { Int64(text.filter { $0 != "." }) }
}

extension Comparison {
  fileprivate mutating func compare(_ run: CorpusRun, _ truth: CaptureTruth.Port) {
    expect("datagrams", run.ledger.datagrams.received, truth.datagrams)
    expect("datagrams accepted", run.ledger.datagrams.accepted, truth.datagrams)
    expect("bytes", run.ledger.datagrams.byteCount, truth.bytes)
  }
}
