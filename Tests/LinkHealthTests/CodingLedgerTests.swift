import CCSDSCoding
import CCSDSLink
import LinkHealth
import Testing

@Suite("The ledger of synchronization and coding")
struct CodingLedgerTests {
  static func ledger(_ events: [CodingEvent]) -> LossLedger {
    var ledger = LossLedger(quietAfterSeconds: 60)
    for event in events { ledger.fold(.coding(event)) }
    return ledger
  }

  /// A unit whose codewords had so many wrong symbols each; `nil` is beyond correction.
  static func codeblock(
    _ counts: Int?..., at seconds: Double? = nil, marker: MarkerObservation? = MarkerObservation(errorCount: 0)
  ) -> CodingEvent {
    var corrections = CodewordCorrections(count: counts.count)
    for (index, count) in counts.enumerated() { corrections[index] = count }
    return .codeblock(
      CodeblockObservation(
        corrections: corrections, marker: marker, receivedAt: seconds.map { Int64(($0 * 1e9).rounded(.down)) }))
  }

  static func marker(_ errors: Int?, inverted: Bool = false, changes: Bool = false, slip: Int = 0) -> CodingEvent {
    codeblock(
      0,
      marker: MarkerObservation(
        errorCount: errors, isInverted: inverted, changesPolarity: changes, slipBitCount: slip))
  }

  private static func breaches(_ ledger: LossLedger) -> [String] {
    ledger.breaches(heldFrameCount: 0, pendingByteCount: 0)
      .map { "\($0.level.rawValue): \($0.received) in, \($0.accounted) out" }
  }

  /// Codewords: 0 0 | 3 16 | – 1 | 0 – : three clean, three corrected (20 symbols), two beyond correction.
  @Test("every codeword is clean, corrected or uncorrectable, and every codeblock decoded, uncorrectable or refused")
  func countsCodewords() {
    let ledger = Self.ledger([
      Self.codeblock(0, 0), Self.codeblock(3, 16), Self.codeblock(nil, 1, marker: MarkerObservation(errorCount: nil)),
      Self.codeblock(0, nil, marker: nil), .codeblockRefused(byteCount: 77),
    ])
    #expect(ledger.codewords.received == 8)
    #expect(ledger.codewords.clean == 3)
    #expect(ledger.codewords.corrected == 3)
    #expect(ledger.codewords.correctedSymbols == 20)
    #expect(ledger.codewords.uncorrectable == 2)
    #expect(ledger.codeblocks.received == 5)
    #expect(ledger.codeblocks.decoded == 2)
    #expect(ledger.codeblocks.uncorrectable == 2)
    #expect(ledger.codeblocks.refused == 1)
    #expect(ledger.codeblocks.refusedByteCount == 77)
    #expect(ledger.codeblocks.flywheel == 1)
    #expect(ledger.coding.symbolErrorHistogram == [3, 1, 0, 1] + Array(repeating: 0, count: 12) + [1])
  }

  @Test("every codeblock that was decoded is a frame received, and nothing else is")
  func checksFrames() {
    var ledger = Self.ledger([Self.codeblock(0), Self.codeblock(1), Self.codeblock(nil)])
    #expect(Self.breaches(ledger) == ["codeblock_frames: 2 in, 0 out"])
    for _ in 0..<2 {
      ledger.fold(.frameReceived(byteCount: 10, nil))
      ledger.fold(.frameRejected(.version))
    }
    #expect(Self.breaches(ledger).isEmpty)
    ledger.fold(.frameReceived(byteCount: 10, nil))
    ledger.fold(.frameRejected(.version))
    #expect(Self.breaches(ledger) == ["codeblock_frames: 2 in, 3 out"])
  }

  @Test("a link without coding has no codeblocks, and its frames need none")
  func needsNoCodeblocks() {
    var ledger = Self.ledger([])
    ledger.fold(.frameReceived(byteCount: 10, nil))
    ledger.fold(.frameRejected(.version))
    #expect(Self.breaches(ledger).isEmpty)
  }

  @Test("bytes of the stream that the synchronizer lost sight of are a breach")
  func checksStream() {
    var counts = StreamCounts()
    counts.received = 100
    counts.framed = 60
    counts.skipped = 30
    var ledger = Self.ledger([])
    ledger.streamBytes = StreamByteCounts(counts)
    #expect(ledger.streamBytes.pending == 10)
    #expect(Self.breaches(ledger).isEmpty)
    ledger.streamBytes.pending = 9
    #expect(Self.breaches(ledger) == ["stream_bytes: 100 in, 99 out"])
  }

  @Test("markers are counted by their wrong bits, and slips by their direction")
  func countsMarkers() {
    let markers = Self.ledger([
      Self.marker(0), Self.marker(1), Self.marker(3), Self.marker(4), Self.marker(7), Self.marker(nil),
      Self.marker(0, slip: 2), Self.marker(0, slip: -5), Self.marker(0, slip: 1),
      Self.marker(0, inverted: true, changes: true), Self.marker(0, inverted: true),
    ]).coding.markers
    #expect(markers.checked == 11)
    #expect(markers.missed == 1)
    #expect(markers.bitErrors == 15)
    #expect(markers.errorHistogram == [6, 1, 0, 1, 2])
    #expect(markers.slips == 3)
    #expect(markers.lateSlips == 2)
    #expect(markers.earlySlips == 1)
    #expect(markers.slipBits == -2)
    #expect(markers.inversions == 1)
    #expect(markers.isInverted)
  }
}

@Suite("The last minute of corrections")
struct CorrectionHistoryTests {
  private static func lastMinute(_ events: CodingEvent...) -> CorrectionHistory.Stretch {
    CodingLedgerTests.ledger(events).coding.corrections.lastMinute
  }

  @Test("the worst codeword stays for a minute of reception, counted in whole seconds")
  func forgetsAfterAMinute() {
    let worst = CodingLedgerTests.codeblock(12, 2, at: 100.9)
    #expect(Self.lastMinute(worst, CodingLedgerTests.codeblock(0, 1, at: 159.0)).worstCorrected == 12)
    #expect(Self.lastMinute(worst, CodingLedgerTests.codeblock(0, 1, at: 159.99)).worstCorrected == 12)
    #expect(Self.lastMinute(worst, CodingLedgerTests.codeblock(0, 1, at: 160.0)).worstCorrected == 1)
    #expect(Self.lastMinute(worst, CodingLedgerTests.codeblock(0, 1, at: 100_000)).worstCorrected == 1)
  }

  /// (12 + 2 + 0 + 1) symbols in four codewords; the fifth says nothing about how many.
  @Test("the mean is over the codewords that were decoded")
  func averages() {
    let minute = Self.lastMinute(
      CodingLedgerTests.codeblock(12, 2, at: 10), CodingLedgerTests.codeblock(0, 1, at: 20),
      CodingLedgerTests.codeblock(nil, at: 30))
    #expect(minute.meanCorrected == 3.75)
    #expect(minute.codewords.uncorrectable == 1)
    #expect(minute.decoded == 4)
  }

  @Test("units a little out of order count in their own second")
  func takesOutOfOrder() {
    let minute = Self.lastMinute(
      CodingLedgerTests.codeblock(1, at: 100), CodingLedgerTests.codeblock(2, at: 99),
      CodingLedgerTests.codeblock(3, at: 100), CodingLedgerTests.codeblock(0, at: 159))
    #expect(minute.codewords.correctedSymbols == 4)
    #expect(minute.codewords.received == 3)
  }

  @Test("a clock that was set back begins a new minute")
  func beginsAnew() {
    let minute = Self.lastMinute(
      CodingLedgerTests.codeblock(9, at: 1000), CodingLedgerTests.codeblock(2, at: 940),
      CodingLedgerTests.codeblock(0, at: 941))
    #expect(minute.worstCorrected == 2)
    #expect(minute.codewords.received == 2)
  }

  @Test("times before 1970, and the first and last there are, trap nothing")
  func survivesExtremes() {
    var ledger = LossLedger(quietAfterSeconds: 60)
    for time in [-1, .min, 0, .max, .min, -1_000_000_000, nil] as [Int64?] {
      ledger.fold(
        .coding(.codeblock(CodeblockObservation(corrections: CodewordCorrections(count: 1), receivedAt: time))))
    }
    // Second -1 began anew after the last jump back; the unit without a time is in it too.
    #expect(ledger.coding.corrections.lastMinute.codewords.received == 2)
  }

  @Test("where the input has no times, all of it is one minute")
  func needsNoTimes() {
    #expect(Self.lastMinute(CodingLedgerTests.codeblock(7), CodingLedgerTests.codeblock(3)).worstCorrected == 7)
  }
}

@Suite("Lock, found and lost")
struct LockHistoryTests {
  private static let acquired = CodingEvent.lock(.acquired(isInverted: false, bitOffset: 0))

  private static func lock(_ events: CodingEvent...) -> LockHistory {
    CodingLedgerTests.ledger(events).coding.lock
  }

  @Test("the time of the first unit is when lock was found, that of the last when it was lost")
  func notesTimes() {
    let held = Self.lock(Self.acquired, CodingLedgerTests.codeblock(0, at: 10), CodingLedgerTests.codeblock(0, at: 17))
    #expect(held.state == .lock)
    #expect(held.since?.nanosecondsSince1970 == 10_000_000_000)
    #expect(held.longestSeconds == 7)
    let lost = Self.lock(
      Self.acquired, CodingLedgerTests.codeblock(0, at: 10), CodingLedgerTests.codeblock(0, at: 17), .lock(.lost),
      .bytesSkipped(5), .bytesSkipped(6))
    #expect(lost.state == .search)
    #expect(lost.since?.nanosecondsSince1970 == 17_000_000_000)
    #expect(lost.bytesWithoutLock == 11)
    #expect((lost.acquired, lost.lost) == (1, 1))
  }

  @Test("the longest lock is kept, whether it was an earlier one or is the present one")
  func keepsLongest() {
    let events = [
      Self.acquired, CodingLedgerTests.codeblock(0, at: 10), CodingLedgerTests.codeblock(0, at: 17), .lock(.lost),
      Self.acquired, CodingLedgerTests.codeblock(0, at: 100), CodingLedgerTests.codeblock(0, at: 103),
    ]
    #expect(CodingLedgerTests.ledger(events).coding.lock.longestSeconds == 7)
    let longer = CodingLedgerTests.ledger(events + [CodingLedgerTests.codeblock(0, at: 109)]).coding.lock
    #expect(longer.longestSeconds == 9)
  }

  @Test("a unit without a recognized marker is a flywheel, and the next one with a marker is lock again")
  func tellsFlywheel() {
    let flywheel = CodingLedgerTests.codeblock(0, marker: MarkerObservation(errorCount: nil))
    #expect(Self.lock(Self.acquired, flywheel).state == .flywheel)
    #expect(Self.lock(Self.acquired, flywheel, CodingLedgerTests.codeblock(0)).state == .lock)
    #expect(Self.lock().state == .search)
  }
}
