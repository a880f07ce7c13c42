import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import StationConfiguration
import Testing

/// One replay of a file of the corpus, as `downlinkd replay --packets-to` does it.
struct CorpusRun {
  let snapshot: LinkSnapshot
  private let folder: TemporaryFolder

  init(_ file: String, _ parameters: LinkParameters, ports: [UInt16] = []) throws {
    folder = try TemporaryFolder()
    var options = Replay.Options(files: [Corpus.path(file)])
    options.ports = ports
    options.packetsTo = folder.path("packets")
    let outcome = try Replay(
      link: LinkConfiguration(name: "corpus", parameters: parameters), options: options
    ).run()
    #expect(outcome.failure == nil, "\(file)")
    #expect(outcome.report.isBalanced, "\(file)")
    #expect(outcome.report.json.hasPrefix(#"{"class":"REPORT","balanced":true,"#), "\(file)")
    snapshot = try #require(outcome.report.links.first?.snapshot)
  }

  var ledger: LossLedger { snapshot.ledger }

  /// Those that occurred, by the names that operators see.
  var rejectedFrames: [String: Int] {
    Dictionary(uniqueKeysWithValues: ledger.frames.rejected.nonzero.map { ($0.reason.name, $0.count) })
  }

  /// All packets of a virtual channel, one after the other.
  func packetBytes(_ spacecraftID: UInt16, _ virtualChannelID: UInt8) -> [UInt8] {
    folder.bytes(of: "packets/scid-\(spacecraftID)-vcid-\(virtualChannelID).packets")
  }

  /// The application processes of a virtual channel by identifier.
  func applications(ofChannel index: Int) -> [UInt16: ApplicationProcessHealth] {
    let own = ledger.applicationProcesses.filter { $0.virtualChannel == index }
    return Dictionary(uniqueKeysWithValues: own.map { ($0.applicationProcessID.rawValue, $0) })
  }
}

extension Comparison {
  /// Compares the application processes of a virtual channel. Idle packets (2047) have no sequence worth following.
  mutating func compare(
    _ ours: [UInt16: ApplicationProcessHealth], _ truth: [String: ApplicationTruth], in place: String
  ) {
    let expected = truth.filter { $0.key != "2047" }
    expect("\(place): APIDs", ours.keys.map(String.init).sorted(), expected.keys.sorted())
    for (name, application) in expected.sorted(by: { $0.key < $1.key }) {
      guard let process = UInt16(name).flatMap({ ours[$0] }) else { continue }
      compare(process, application, "\(place) APID \(name)")
    }
  }

  private mutating func compare(_ ours: ApplicationProcessHealth, _ truth: ApplicationTruth, _ place: String) {
    expect("\(place): packets", ours.packets, truth.count)
    expect("\(place): bytes", ours.byteCount, truth.bytes)
    expect("\(place): first", ours.firstSequenceCount, truth.seqFirst)
    expect("\(place): last", ours.lastSequenceCount, truth.seqLast)
    let continuity = ours.continuity
    expect("\(place): repeats", continuity.duplicates, truth.seqRepeats)
    expect(
      "\(place): gaps, discontinuities and repeats",
      continuity.gaps + continuity.discontinuities + continuity.duplicates, truth.seqGapEvents)
    if truth.seqRepeats > 0 {
      note(
        rule: "\(place): \(truth.seqRepeats) times the same sequence count again, "
          + "which the truth calls a gap of 16383 each and we a repeat")
    }
    // The truth has a repeat as a gap of 16,383 packets.
    let missing = truth.seqMissing - 16_383 * truth.seqRepeats
    guard continuity.discontinuities > 0 else {
      expect("\(place): missing", continuity.missing, missing)
      return
    }
    // The truth has a counter set back as a gap of 8,192…16,382 packets: more than half the counter's range.
    let jumped = missing - continuity.missing
    let possible = 8192 * continuity.discontinuities...16_382 * continuity.discontinuities
    expect("\(place): the packets that only a jump back explains are between \(possible)", possible ~= jumped, true)
    note(
      rule: "\(place): \(continuity.discontinuities) steps back, which the truth calls a gap of \(jumped) together "
        + "and we a discontinuity")
  }
}
