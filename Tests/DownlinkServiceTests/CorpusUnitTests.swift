import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

/// Streams of channel access data units, recorded or coded again by libfec: shifted, inverted, with garbage in between.
@Suite("Recorded channel access data units of the corpus", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusUnitTests {
  @Test(
    "markers, codewords, symbols corrected, frames and the packets in them agree with the truth",
    arguments: Corpus.unitItems)
  func agrees(name: String) throws {
    let item = try Corpus.item(name, UnitTruth.self)
    let bytes = try Corpus.bytes(item.files[0].file)
    let parameters = item.truth.parameters
    var comparison = Comparison()

    var decoder = ChannelDecoder(try #require(parameters.coding))
    var collected = CollectedUnits()
    unsafe decoder.receive(bytes.span.bytes, endsUnit: false, receivedAt: nil, into: &collected)
    decoder.finish(into: &collected)
    comparison.compare(collected, item.truth.cadu)

    let run = try CorpusRun(item.files[0].file, .frames(parameters))
    comparison.compareCodewords(run, item.truth.cadu, streamByteCount: bytes.count)
    comparison.compare(run, item.truth.frames)
    CorpusScore.note(name, comparison)
    #expect(comparison.differences == [])
  }

  @Test("a capture with one unit to a datagram agrees with the truth of the units")
  func agreesOnCapture() throws {
    let capture = try Corpus.item("pcapng-snpp", CaptureTruth.self)
    let datagrams = try #require(capture.truth.udpByDstPort["11024"])
    let item = try Corpus.item("cadu-snpp", UnitTruth.self)
    let run = try CorpusRun(capture.files[0].file, .frames(item.truth.parameters), ports: [11_024])
    var comparison = Comparison()
    comparison.expect("datagrams", run.ledger.datagrams.accepted, datagrams.datagrams)
    comparison.compareCodewords(run, item.truth.cadu, streamByteCount: datagrams.bytes)
    comparison.compare(run, item.truth.frames)
    CorpusScore.note("pcapng-snpp", comparison)
    #expect(comparison.differences == [])
  }
}
