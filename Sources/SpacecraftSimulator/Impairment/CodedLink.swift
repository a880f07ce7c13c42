/// The way of coded frames: units go onto a stream of bits, and pieces of it come out, not all as they were.
struct CodedLink: Sendable {
  private struct WaitingFrame: Sendable {
    let bytes: [UInt8]
    let record: FrameRecord
    let place: Int
  }

  /// A stretch of inverted units.
  private struct Inversion: Sendable {
    var markerCount: Int
    let ends: StreamHit.Border
  }

  /// Units to come that must be known before one may be hit.
  private static let unitsAhead = 8
  private static let hitCapacity = 10_000

  private let plan: CodingPlan
  private let impairments: StreamImpairments
  private let encoder: UnitEncoder
  private var link: ImpairedLink
  private var ahead: [WaitingFrame] = []
  private var schedule: HitSchedule
  private var random: SeededRandom
  private var unit: DamagedUnit
  private var inversion: Inversion?
  private var stream = BitStream()
  private var unitsInPiece = 0
  private var pieceByteCount = 0
  private var hasEnded = false
  private var isStopped = false
  private var isPreviousWhole = true
  /// The place in the stream of frames that has been sent.
  private(set) var sentPlace = 0
  private var account = CodingTruth()

  init(_ scenario: Scenario, coding: CodingPlan) {
    plan = coding
    impairments = scenario.impairments.stream
    encoder = UnitEncoder(coding, frameByteCount: scenario.link.frameByteCount)
    link = ImpairedLink(scenario)
    schedule = HitSchedule(scenario, encoder: encoder)
    random = SeededRandom(seed: scenario.link.seed, stream: 6)
    unit = DamagedUnit(encoder: encoder, link: scenario.link)
    account.isExact = impairments.isExact
    addNoise(bitCount: impairments.leadingBitCount)
    drawPiece()
  }

  var channels: [VirtualChannelTransmitter] { link.channels }
  var sentFrameCount: Int { link.sentFrameCount }

  /// What a receiver makes of all units sent so far.
  var truth: CodingTruth {
    var truth = account
    guard !plan.syncMarker.isEmpty else { return truth }
    truth.streamBytes.received = (stream.bitCount + 7) / 8
    truth.streamBytes.skipped = truth.streamBytes.received - truth.streamBytes.framed
    return truth
  }

  /// No frame is begun any more; what is on its way still comes.
  mutating func stop() { isStopped = true }

  /// Writes the next piece of the stream, and counts the frames that went onto it; false at the end.
  mutating func next(into piece: inout [UInt8], _ frames: inout TruthAccount) -> Bool {
    while true {
      if let byteCount = readyByteCount {
        stream.take(byteCount, into: &piece)
        unitsInPiece = 0
        drawPiece()
        return true
      }
      if hasEnded { return false }
      sendNext(&frames)
    }
  }

  private var readyByteCount: Int? {
    let available = stream.bytes.count
    if hasEnded { return available > 0 ? min(available, Self.largestPieceByteCount) : nil }
    switch plan.packaging {
    case .units(let count): return unitsInPiece >= count && available > 0 ? available : nil
    case .pieces: return available >= pieceByteCount ? pieceByteCount : nil
    }
  }

  private static let largestPieceByteCount = 32_768

  private mutating func drawPiece() {
    if case .pieces(let byteCounts) = plan.packaging { pieceByteCount = random.within(byteCounts) }
  }

  /// Sends the next unit, or what is behind the last one.
  private mutating func sendNext(_ frames: inout TruthAccount) {
    fillAhead()
    guard !ahead.isEmpty else {
      addNoise(bitCount: impairments.trailingBitCount)
      stream.pad()
      hasEnded = true
      return
    }
    let frame = ahead.removeFirst()
    let index = account.unitsSent
    account.unitsSent += 1
    sentPlace = frame.place
    unit.begin(frame.bytes)
    let hit = schedule.hit(at: index, hittableCount: hittableCount(frame.record))
    if let hit, account.hits.count < Self.hitCapacity {
      account.hits.append(CodingTruth.Hit(unit: index, kind: hit.kind))
    }
    isPreviousWhole = frame.record.condition != .damaged
    let isQuiet = schedule.isQuiet(index)
    if !isQuiet {
      account.unitsCertain += 1
      addSymbolErrors(frame.record)
    }
    guard send(hit) else { return }
    unitsInPiece += 1
    account.unitsReceived += 1
    var record = frame.record
    guard unit.count(into: &account.codewords) else {
      account.unitsUncorrectable += 1
      return
    }
    record.condition = unit.condition(of: record)
    frames.countFrame(frame.bytes, record)
  }

  private mutating func fillAhead() {
    while ahead.count <= Self.unitsAhead, !isStopped {
      var bytes: [UInt8] = []
      var record = FrameRecord()
      guard link.next(into: &bytes, &record) else { return }
      ahead.append(WaitingFrame(bytes: bytes, record: record, place: max(0, link.sentFrameCount - 1)))
    }
  }

  /// How many units from this one on may be hit: enough must follow, the loss of each must be possible to see, and
  /// without a code none may be damaged already.
  private func hittableCount(_ record: FrameRecord) -> Int {
    guard inversion == nil, ahead.count >= Self.unitsAhead else { return 0 }
    if plan.reedSolomon == nil {
      let isWhole = record.condition != .damaged && ahead.allSatisfy { $0.record.condition != .damaged }
      guard isPreviousWhole, isWhole else { return 0 }
    }
    let isExempt = { (record: FrameRecord) in record.isFrozen || record.isSpared }
    return isExempt(record) ? 0 : 1 + (ahead.firstIndex { isExempt($0.record) } ?? ahead.count)
  }

  /// Errors that the code makes up for; without a code, damage that the error control tells.
  private mutating func addSymbolErrors(_ record: FrameRecord) {
    guard impairments.symbolErrorProbability > 0 else { return }
    for codeword in 0..<(plan.reedSolomon?.interleave ?? 0) where random.chance(impairments.symbolErrorProbability) {
      unit.damageSymbols(random.within(1...(plan.reedSolomon?.errors ?? 1)), codeword: codeword, &random)
    }
  }

  private mutating func addNoise(bitCount: Int) {
    for _ in 0..<bitCount { stream.append(bit: random.chance(0.5)) }
  }
}

// MARK: What happens to a unit

extension CodedLink {
  /// Puts the unit on the stream, and says whether a receiver cuts it out.
  private mutating func send(_ hit: StreamHit?) -> Bool {
    switch hit {
    case nil: break
    case .markerErrors(let count):
      unit.damageMarker(wrongBitCount: count, &random)
      account.markerErrorBits += count
    case .markerDestroyed: destroyMarker()
    case .symbolErrors(let count):
      unit.damageSymbols(count, codeword: random.below(plan.reedSolomon?.interleave ?? 1), &random)
    case .burst(let bitCount): addBurst(bitCount)
    case .garbage(let bitCount, let holdsMarker): addGarbage(bitCount: bitCount, holdsMarker: holdsMarker)
    case .inversion(let markerCount, let begins, let ends):
      account.polarityChanges += 2
      inversion = Inversion(markerCount: markerCount, ends: ends)
      if begins == .inside {
        unit.invert(from: unit.inversionPlace(&random))
        return append(isInverted: false)
      }
    case .slip(let bitCount): return sendSlipped(bitCount)
    case .loss(let bitCount): return sendCut(bitCount)
    case .unitLoss: return false
    }
    return append(isInverted: continueInversion())
  }

  /// Whether the unit's marker is inverted, and, where the inversion ends inside, the rest of the unit turned.
  private mutating func continueInversion() -> Bool {
    guard var running = inversion else { return false }
    running.markerCount -= 1
    inversion = running.markerCount > 0 ? running : nil
    if running.markerCount == 0, running.ends == .inside { unit.invert(from: unit.inversionPlace(&random)) }
    return true
  }

  private mutating func append(isInverted: Bool) -> Bool {
    let start = stream.bitCount
    stream.append(isInverted ? unit.seen.map { ~$0 } : unit.seen)
    frame(from: start)
    return true
  }

  /// Counts the bytes from a bit to the end of the stream as those of a unit.
  private mutating func frame(from start: Int) {
    guard !plan.syncMarker.isEmpty else { return }
    account.streamBytes.framed += stream.bitCount / 8 - start / 8
  }

  private mutating func destroyMarker() {
    unit.damageMarker(wrongBitCount: 4 * plan.syncMarker.count, &random)
    account.markersMissed += 1
  }

  private mutating func addBurst(_ bitCount: Int) {
    let markerBitCount = 8 * plan.syncMarker.count
    var start = unit.place(&random)
    if plan.reedSolomon != nil, markerBitCount > 0, random.chance(0.3) {
      destroyMarker()
      start = markerBitCount
    }
    unit.addNoise(start..<min(start + bitCount, unit.bitCount), &random)
  }

  /// Garbage must not have the length of units, nor a marker where one would make it a unit.
  private mutating func addGarbage(bitCount: Int, holdsMarker: Bool) {
    var bitCount = max(bitCount, 5)
    while isNearUnit(bitCount) { bitCount += 13 }
    let markerBitCount = 8 * plan.syncMarker.count
    guard holdsMarker, bitCount > markerBitCount else { return addNoise(bitCount: bitCount) }
    var before = random.within(0...bitCount - markerBitCount)
    while isNearUnit(bitCount - before) { before -= before > 13 ? 13 : before - bitCount + markerBitCount }
    addNoise(bitCount: before)
    stream.append(plan.syncMarker, bits: 0..<markerBitCount)
    addNoise(bitCount: bitCount - before - markerBitCount)
  }

  private func isNearUnit(_ bitCount: Int) -> Bool {
    bitCount >= unit.bitCount - 8 && (bitCount + 8) % unit.bitCount <= 16
  }

  private mutating func sendSlipped(_ bitCount: Int) -> Bool {
    let start = stream.bitCount
    let place = unit.place(&random)
    var sent = BitStream()
    sent.append(unit.seen, bits: 0..<place)
    for _ in 0..<max(0, bitCount) { sent.append(bit: random.chance(0.5)) }
    sent.append(unit.seen, bits: min(place + max(0, -bitCount), unit.bitCount)..<unit.bitCount)
    let sentBitCount = sent.bitCount
    unit.see(sent, followedBy: plan.syncMarker)
    sent.pad()
    stream.append(sent.bytes, bits: 0..<sentBitCount)
    frame(from: start)
    account.slips += 1
    return true
  }

  private mutating func sendCut(_ bitCount: Int) -> Bool {
    let bitCount = min(max(bitCount, 5), unit.bitCount)
    let place = random.below(max(1, min(unit.firstForgivingBit, unit.bitCount - bitCount)))
    stream.append(unit.seen, bits: 0..<place)
    stream.append(unit.seen, bits: place + bitCount..<unit.bitCount)
    return false
  }
}
