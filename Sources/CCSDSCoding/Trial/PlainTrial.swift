import CCSDSWire

/// Tries whether units are frames without a code around them.
struct PlainTrial {
  private let units: TrialUnits
  private let expectation: TrialExpectation
  private let triesInversion: Bool

  init(_ units: TrialUnits, expecting expectation: TrialExpectation, triesInversion: Bool) {
    self.units = units
    self.expectation = expectation
    self.triesInversion = triesInversion
  }

  /// The randomizer with which the units are frames; nothing where they are not.
  func reading(marker: SyncMarker?) -> TrialReading? {
    guard units.count >= 2 else { return nil }
    let configured = expectation.coding?.randomizer ?? .none
    let sequences = [configured] + Randomizer.Sequence.allCases.filter { $0 != configured }
    let attempts = sequences.flatMap { randomizer in
      (triesInversion ? [false, true] : [false]).map { isInverted in
        (randomizer: randomizer, isInverted: isInverted, evidence: evidence(randomizer, isInverted: isInverted))
      }
    }
    let ranked = attempts.filter { isConvincing($0.evidence) }
      .sorted { rank($1.evidence).lexicographicallyPrecedes(rank($0.evidence)) }
    guard let best = ranked.first else { return nil }
    var coding = ChannelCoding(frameByteCount: units.byteCount)
    coding.syncMarker = marker
    coding.randomizer = best.randomizer
    var reading = TrialReading(coding: coding)
    reading.isInverted = best.isInverted
    reading.triedUnitCount = units.count
    reading.intactFrameCount = best.evidence.intactCount
    reading.decodedUnitCount = best.evidence.intactCount > 0 ? best.evidence.intactCount : units.count
    reading.version = best.evidence.version
    reading.isRandomizerAmbiguous = ranked.dropFirst().contains { rank($0.evidence) == rank(best.evidence) }
    return reading
  }

  private func evidence(_ randomizer: Randomizer.Sequence, isInverted: Bool) -> FrameEvidence {
    let bytes = units.bytes(
      adding: Randomizer.bytes(of: randomizer, count: units.byteCount), isInverted: isInverted)
    return FrameEvidence(
      bytes, at: (0..<units.count).map { $0 * units.byteCount }, byteCount: units.byteCount,
      followsPrevious: units.followsPrevious)
  }

  private func isConvincing(_ evidence: FrameEvidence) -> Bool {
    if evidence.differentIntactCount >= 2, 2 * evidence.intactCount >= evidence.frameCount { return true }
    // A codeblock begins with its frame: what looks like a frame may be one that is beyond correction.
    guard !mayBeCodeblock, let version = evidence.version else { return false }
    return evidence.frameCount >= 4 && (version == .uslp || evidence.steps)
  }

  private var mayBeCodeblock: Bool {
    let byteCount = units.byteCount
    let length = ReedSolomonParameters.codewordSymbolCount
    if let coding = expectation.coding, coding.reedSolomon != nil, coding.codeblockByteCount == byteCount {
      return true
    }
    return byteCount % length == 0 && ReedSolomonParameters.interleavingDepths.contains(byteCount / length)
  }

  private func rank(_ evidence: FrameEvidence) -> [Int] {
    [
      2 * evidence.intactCount >= evidence.frameCount ? 1 : 0,
      evidence.version == expectation.version ? 2 : evidence.version != nil ? 1 : 0, evidence.certainty,
    ]
  }
}

/// Looks for the length of frames that lie one behind the other from the first byte on.
struct FrameLengthSearch {
  private static let byteCounts = 16...16_384
  private static let headerByteCount = 7
  private static let sampleCount = 16
  /// The most lengths that are looked at more closely: zeros behind a CRC-16 that fits leave it so, and what is almost
  /// a pattern begins alike everywhere.
  private static let fitCapacity = 16
  private static let likenessCapacity = 64

  let sample: InputSample

  /// The lengths at which frames end in a CRC-16 that fits, or begin alike and count; at most a few.
  func candidates() -> [Int] {
    let likely = likely()
    for randomizer in Randomizer.Sequence.allCases {
      let sequence = Randomizer.bytes(of: randomizer, count: largest)
      for inversion: UInt8 in [0, 0xFF] {
        if let length = intact(sequence, inversion) ?? regular(likely, sequence, inversion) { return [length] }
      }
    }
    return []
  }

  /// The lengths at which three frames begin with the same byte, and yet not alike: with any sequence added to each.
  private func likely() -> [Int] {
    let last = min(largest, sample.bytes.count / 4)
    guard last >= Self.byteCounts.lowerBound else { return [] }
    let bytes = sample.bytes
    let lengths = (Self.byteCounts.lowerBound...last).lazy.filter { length in
      guard bytes[0] == bytes[length], bytes[0] == bytes[2 * length] else { return false }
      return (1..<Self.byteCounts.lowerBound).contains { bytes[$0] != bytes[length + $0] }
    }
    return Array(lengths.prefix(Self.likenessCapacity))
  }

  /// At least two have to be there.
  private var largest: Int { min(Self.byteCounts.upperBound, sample.bytes.count / 2) }

  /// The length of the first frame by its own error control, if the second agrees.
  private func intact(_ sequence: [UInt8], _ inversion: UInt8) -> Int? {
    guard largest >= Self.byteCounts.lowerBound else { return nil }
    let frame = plain(0, largest, sequence, inversion)
    let span = unsafe frame.span.bytes
    var check = CRC16.checksum(of: span.extracting(0..<Self.byteCounts.lowerBound - 1))
    var fitCount = 0
    for length in Self.byteCounts.lowerBound...largest {
      check = CRC16.checksum(of: span.extracting(length - 1..<length), startingFrom: check)
      guard check == 0 else { continue }
      fitCount += 1
      guard fitCount <= Self.fitCapacity else { return nil }
      let second = plain(length, length, sequence, inversion)
      // A pattern that fits once fits always.
      guard second != Array(frame[..<length]) else { continue }
      if ErrorControlKernel.isIntact(frame: unsafe second.span.bytes) { return length }
    }
    return nil
  }

  /// The shortest distance at which the same identifiers stand again and again, and counts step.
  private func regular(_ lengths: [Int], _ sequence: [UInt8], _ inversion: UInt8) -> Int? {
    lengths.first { length in
      let count = min(Self.sampleCount, sample.bytes.count / length)
      let headers = (0..<count).flatMap { plain($0 * length, Self.headerByteCount, sequence, inversion) }
      let evidence = FrameEvidence(
        headers, at: (0..<count).map { $0 * Self.headerByteCount }, byteCount: length,
        followsPrevious: [false] + Array(repeating: true, count: count - 1), isWhole: false)
      return evidence.version == .uslp || (evidence.version != nil && evidence.steps)
    }
  }

  private func plain(_ start: Int, _ count: Int, _ sequence: [UInt8], _ inversion: UInt8) -> [UInt8] {
    (0..<count).map { sample.bytes[start + $0] ^ sequence[$0] ^ inversion }
  }
}
