import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("What an operator sees of synchronization and coding")
struct CodingReportTests {
  /// E = 16, interleave 2, frames of 446 bytes: codeblocks of 510 bytes, CADUs of 514.
  static func coding(marker: SyncMarker? = .standard, code: Bool = true) -> ChannelCoding {
    var coding = ChannelCoding(frameByteCount: 446)
    coding.syncMarker = marker
    var reedSolomon = ReedSolomonParameters()
    reedSolomon.interleavingDepth = 2
    coding.reedSolomon = code ? reedSolomon : nil
    return coding
  }

  static func snapshot(_ ledger: LossLedger, _ coding: ChannelCoding? = coding()) -> LinkSnapshot {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: 446)
    parameters.coding = coding
    return LinkSnapshot(
      name: "test", ledger: ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
      latency: LatencyHistogram(), evidence: RejectionEvidence(), parameters: .frames(parameters))
  }

  private static func text(_ ledger: LossLedger, _ coding: ChannelCoding?) -> String {
    var json = JSONWriter()
    json.object { snapshot(ledger, coding).writeCoding(to: &$0) }
    return json.text
  }

  /// Locked at 10 s after 20 bytes of noise; four units of two codewords, the last of them at 12 s:
  ///
  ///     0 0, marker clean; 4 0, two wrong bits, one bit early; 0 12, marker missed; – 0, inverted from here
  ///
  /// Symbols: 16 wrong of 7 · 255 = 1785 in decoded codewords; marker bits: 2 wrong of 3 · 32 = 96; mean 16 ∕ 7.
  private static let ledger: LossLedger = {
    var ledger = CodingLedgerTests.ledger([
      .bytesSkipped(20), .lock(.acquired(isInverted: false, bitOffset: 160)), CodingLedgerTests.codeblock(0, 0, at: 10),
      CodingLedgerTests.codeblock(4, 0, at: 11, marker: MarkerObservation(errorCount: 2, slipBitCount: -1)),
      CodingLedgerTests.codeblock(0, 12, at: 11, marker: MarkerObservation(errorCount: nil)),
      CodingLedgerTests.codeblock(
        nil, 0, at: 12, marker: MarkerObservation(errorCount: 0, isInverted: true, changesPolarity: true)),
    ])
    ledger.fold(.masterChannelAdded(index: 0, SpacecraftID(1)))
    ledger.fold(
      .virtualChannelAdded(
        index: 0, VirtualChannelIdentity(spacecraftID: SpacecraftID(1), virtualChannelID: VirtualChannelID(2))))
    ledger.fold(.fillRecognized(virtualChannel: 0, .repeated))
    ledger.fold(.fillCompared(virtualChannel: 0, bitCount: 1000, errorCount: 0))
    ledger.fold(.fillCompared(virtualChannel: 0, bitCount: 1000, errorCount: 1))
    return ledger
  }()

  @Test("a coded link has this object")
  func writesCoding() {
    #expect(
      Self.text(Self.ledger, Self.coding())
        == #"{"coding":{"lock_state":"lock","lock_since":"1970-01-01T00:00:10.000000Z","locks_acquired":1,"#
        + #""locks_lost":0,"longest_lock_seconds":2.0,"marker":{"checked":4,"bit_errors":2,"missed":1,"#
        + #""histogram":[2,0,1,0,0]},"slips":1,"slips_late":0,"slips_early":1,"slip_bits":-1,"inversions":1,"#
        + #""inverted":true,"skipped_bytes":20,"symbol_errors":{"histogram":[5,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0],"#
        + #""uncorrectable":1},"margin":{"worst_corrected_last_minute":12,"#
        + #""mean_corrected_last_minute":2.2857142857142856,"uncorrectable_last_minute":1,"correctable":16,"#
        + #""margin_symbols":4},"error_rates":{"symbols":0.008963585434173669,"#
        + #""marker_bits":0.020833333333333332,"fill_bits":0.0005}}}"#)
  }

  @Test("a channel tells what its fill is and how much of it was wrong")
  func writesFill() {
    var json = JSONWriter()
    json.array { Self.snapshot(Self.ledger).writeVirtualChannels(to: &$0) }
    #expect(json.text.contains(#""fill":{"pattern":"repeated","bits":2000,"bit_errors":1}"#))
  }

  @Test("units without marker have no lock, units without code no margin, and links without coding no object")
  func leavesOut() {
    let unmarked = Self.text(Self.ledger, Self.coding(marker: nil))
    #expect(unmarked.hasPrefix(#"{"coding":{"symbol_errors":{"histogram":["#))
    #expect(!unmarked.contains("marker_bits"))
    let uncoded = Self.text(Self.ledger, Self.coding(code: false))
    #expect(
      uncoded.hasSuffix(#""skipped_bytes":20,"error_rates":{"marker_bits":0.020833333333333332,"fill_bits":0.0005}}}"#))
    #expect(Self.text(Self.ledger, nil) == "{}")
  }

  @Test("before the first codeword there is no rate and no margin")
  func waitsForCodewords() {
    let text = Self.text(CodingLedgerTests.ledger([]), Self.coding())
    #expect(
      text.contains(#""margin":{"worst_corrected_last_minute":0,"uncorrectable_last_minute":0,"correctable":16}"#))
    #expect(text.hasSuffix(#""error_rates":{}}}"#))
  }

  @Test("the object stands in the report at every detail", arguments: ReportDetail.allCases)
  func standsInReport(detail: ReportDetail) {
    var json = JSONWriter()
    json.object { Self.snapshot(Self.ledger).write(to: &$0, problems: [], detail: detail) }
    #expect(json.text.contains(#","coding":{"lock_state":"lock","#))
    #expect(
      json.text.contains(
        #""codeblocks":{"received":4,"decoded":3,"uncorrectable":1,"refused":0,"refused_bytes":0,"flywheel":1},"#))
  }
}

@Suite("Problems of synchronization and coding")
struct CodingDiagnosisTests {
  private static let acquired = CodingEvent.lock(.acquired(isInverted: false, bitOffset: 0))

  private static func problems(
    _ events: [CodingEvent], _ coding: ChannelCoding = CodingReportTests.coding(), silence: Double? = nil
  ) -> [Problem] {
    var ledger = CodingLedgerTests.ledger(events)
    for _ in 0..<ledger.codeblocks.decoded {
      ledger.fold(.frameReceived(byteCount: 446, nil))
      ledger.fold(.frameUnlisted)
    }
    ledger.datagrams.received = 1
    ledger.datagrams.accepted = 1
    var input = InputFacts()
    input.secondsOfSilence = silence
    return CodingReportTests.snapshot(ledger, coding).problems(input)
      .filter { [.noLock, .uncorrectable, .thinMargin, .bitSlips, .unbalanced].contains($0.code) }
  }

  @Test("four units' worth of bytes without any is no lock: critical when there never was one")
  func namesMissingLock() {
    #expect(Self.problems([.bytesSkipped(4 * 514 - 1)]).isEmpty)
    let never = Self.problems([.bytesSkipped(4 * 514)])
    #expect(never.map(\.code) == [.noLock])
    #expect(never.map(\.severity) == [.critical])
    #expect(
      never.first?.message == "no lock: 2056 bytes came in, and no sync marker comes back every 514 bytes")
    let lost = Self.problems([
      Self.acquired, CodingLedgerTests.codeblock(0, 0, at: 5), .lock(.lost), .bytesSkipped(3000),
    ])
    #expect(lost.map(\.code) == [.noLock])
    #expect(lost.map(\.severity) == [.warning])
    #expect(lost.first?.message == "lock was lost: 3000 bytes since then hold no unit")
    #expect(lost.first?.since?.nanosecondsSince1970 == 5_000_000_000)
  }

  @Test("noise before a lock that holds is no problem")
  func forgivesNoise() {
    #expect(Self.problems([.bytesSkipped(1_000_000), Self.acquired, CodingLedgerTests.codeblock(0, 0)]).isEmpty)
  }

  @Test("one symbol of margin is thin, two are not")
  func namesThinMargin() {
    #expect(Self.problems([Self.acquired, CodingLedgerTests.codeblock(14, 0)]).isEmpty)
    let thin = Self.problems([Self.acquired, CodingLedgerTests.codeblock(15, 0)])
    #expect(thin.map(\.code) == [.thinMargin])
    #expect(
      thin.first?.message
        == "the worst codeword of the last minute had 15 wrong symbols of 16 that can be corrected")
  }

  @Test("one uncorrectable codeword in a hundred is no problem, and more is")
  func namesUncorrectable() {
    let clean = Array(repeating: CodingLedgerTests.codeblock(0, 0, marker: nil), count: 49)
    let unmarked = CodingReportTests.coding(marker: nil)
    let lost = CodingLedgerTests.codeblock(nil, 0, marker: nil)
    #expect(Self.problems(clean + [lost], unmarked).isEmpty)
    let worse = Self.problems(clean + [lost, lost], unmarked)
    #expect(worse.map(\.code) == [.uncorrectable])
    #expect(worse.map(\.severity) == [.warning])
    #expect(worse.first?.message == "2 of 102 codewords of the last minute were beyond correction")
    let all = Self.problems([CodingLedgerTests.codeblock(nil, nil, marker: nil)], unmarked)
    #expect(all.map(\.severity) == [.critical])
    #expect(all.first?.message == "every one of 2 codewords is beyond correction")
  }

  @Test("two slips in a minute are an accident, and three are not")
  func namesSlips() {
    let slip = CodingLedgerTests.codeblock(0, 0, at: 7, marker: MarkerObservation(errorCount: 0, slipBitCount: 1))
    #expect(Self.problems([Self.acquired, slip, slip]).isEmpty)
    let recurring = Self.problems([Self.acquired, slip, slip, slip])
    #expect(recurring.map(\.code) == [.bitSlips])
    #expect(recurring.first?.message == "3 bit slips in the last minute, 3 in all")
  }

  @Test("what was wrong before a silence is no news")
  func forgetsInSilence() {
    let thin = [Self.acquired, CodingLedgerTests.codeblock(16, 0)]
    #expect(Self.problems(thin, silence: 59).map(\.code) == [.thinMargin])
    #expect(Self.problems(thin, silence: 61).isEmpty)
  }
}
