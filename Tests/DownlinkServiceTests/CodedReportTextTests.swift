import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Testing

@Suite("The report of a coded link for a person")
struct CodedReportTextTests {
  private static func lines(_ events: [CodingEvent], _ change: (inout LossLedger) -> Void = { _ in }) -> [String] {
    var ledger = LossLedger(quietAfterSeconds: 60)
    for event in events { ledger.fold(.coding(event)) }
    change(&ledger)
    var coding = ChannelCoding(frameByteCount: 446)
    coding.syncMarker = .standard
    coding.reedSolomon = ReedSolomonParameters()
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: 446)
    parameters.coding = coding
    let snapshot = LinkSnapshot(
      name: "dss1", ledger: ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
      latency: LatencyHistogram(), evidence: RejectionEvidence(), parameters: .frames(parameters))
    return ReportText(snapshot, problems: []).lines
  }

  private static func unit(_ counts: Int?..., marker: MarkerObservation) -> CodingEvent {
    var corrections = CodewordCorrections(count: counts.count)
    for (index, count) in counts.enumerated() { corrections[index] = count }
    return .codeblock(
      CodeblockObservation(corrections: corrections, marker: marker, receivedAt: 1_795_253_077_251_547_999))
  }

  /// Corrected: 4 and 12 of three codewords that were decoded, 5.33 each.
  @Test("the levels between bits and frames stand above the frames, with lock and margin")
  func writesCodedLink() {
    let lines = Self.lines([
      .bytesSkipped(20), .lock(.acquired(isInverted: false, bitOffset: 160)),
      Self.unit(4, 0, marker: MarkerObservation(errorCount: 1)),
      Self.unit(12, nil, marker: MarkerObservation(errorCount: nil, slipBitCount: 1)),
    ]) {
      $0.streamBytes.received = 1_048_000
      $0.streamBytes.framed = 1_028
      $0.streamBytes.skipped = 1_046_972
      $0.fold(.frameReceived(byteCount: 446, nil))
      $0.fold(.frameUnlisted)
      $0.fold(
        .virtualChannelAdded(
          index: 0,
          VirtualChannelIdentity(
            spacecraftID: SpacecraftID(1), virtualChannelID: VirtualChannelID(2))))
      $0.fold(.fillCompared(virtualChannel: 0, bitCount: 2_000_000, errorCount: 3))
    }
    #expect(
      lines.prefix(13).joined(separator: "\n") == """
        dss1: the ledger balances, no frames are missing, 1,046,972 of 1,048,000 stream bytes are skipped, \
        1 of 2 codeblocks is beyond correction

          datagrams                   0  = 0
          stream bytes        1,048,000  = 1,028 in units + 1,046,972 skipped
          lock                 flywheel  acquired 1, lost 0, since 2026-11-21T09:24:37.251547Z; 2 markers: \
        1 wrong bit, 1 missed, 1 slipped
          codeblocks                  2  = 1 decoded + 1 uncorrectable
          codewords                   4  = 1 clean + 2 corrected + 1 uncorrectable
          margin                      4  of 16 symbols left in the worst codeword of the last minute; 5.33 corrected \
        per codeword
          frames                      1  = 1 unlisted
          packet bytes                0  = 0
          packets                     0  = 0
          fill                        3  wrong bits in 2,000,000 bits of idle fill that could be predicted

        """)
  }

  @Test("a link that never locked says so, and has no margin")
  func writesSearch() {
    let lines = Self.lines([.bytesSkipped(5000)])
    #expect(lines.contains("  lock                   search  acquired 0, lost 0; 0 markers: 0 wrong bits, 0 missed"))
    #expect(!lines.contains { $0.hasPrefix("  margin") })
  }
}
