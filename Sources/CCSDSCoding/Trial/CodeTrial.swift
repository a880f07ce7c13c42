import CCSDSWire

/// Tries every Reed–Solomon code of the standard, with every randomizer, on a few units.
///
/// That a unit decodes proves little by itself: what repeats every 1, 3, 5 or 15 symbols is a codeword, so is the short
/// sequence at interleaving depths 1, 2, 4 and 8, and the complement of a codeword without virtual fill. And whatever
/// the code that corrects 16 symbols accepts, the one that corrects 8 does too.
struct CodeTrial {
  /// What came of one set of parameters.
  private struct Attempt {
    var parameters: ReedSolomonParameters
    var randomizer: Randomizer.Sequence
    var isInverted: Bool
    var decodedUnitCount: Int
    var evidence: FrameEvidence
    var isConfigured: Bool

    /// Better ones are greater, element by element.
    func rank(expecting version: TransferFrameVersion) -> [Int] {
      [
        parameters.capability.rawValue, 2 * evidence.intactCount > decodedUnitCount ? 1 : 0,
        evidence.version == version ? 2 : evidence.version != nil ? 1 : 0,
        evidence.steps ? 1 : 0, decodedUnitCount, isConfigured ? 1 : 0,
      ]
    }
  }

  /// The units that are decoded to see whether it pays to decode the others.
  private static let probeCount = 4
  /// All patterns that are codewords at every place repeat after so many symbols.
  private static let trivialPeriod = 15

  private let units: TrialUnits
  private let expectation: TrialExpectation
  /// Without a marker the polarity is unknown.
  private let triesInversion: Bool
  private let sequences: [(randomizer: Randomizer.Sequence, bytes: [UInt8])]
  private let shortSequence: [UInt8]

  init(_ units: TrialUnits, expecting expectation: TrialExpectation, triesInversion: Bool) {
    self.units = units.fewer
    self.expectation = expectation
    self.triesInversion = triesInversion
    sequences = Randomizer.Sequence.allCases.map { ($0, Randomizer.bytes(of: $0, count: units.byteCount)) }
    shortSequence = Randomizer.bytes(of: .short255, count: units.byteCount)
  }

  /// The parameters with which most units decode; nothing where chance could have done as much.
  func reading(marker: SyncMarker?) -> TrialReading? {
    let attempts = Self.codes(ofByteCount: units.byteCount).flatMap(attempts)
    let most = attempts.map(\.decodedUnitCount).max() ?? 0
    let ranked = attempts.filter { 2 * $0.decodedUnitCount >= most }.sorted {
      $1.rank(expecting: expectation.version).lexicographicallyPrecedes($0.rank(expecting: expectation.version))
    }
    guard let best = ranked.first else { return nil }
    var coding = ChannelCoding(frameByteCount: units.byteCount - best.parameters.parityByteCount)
    coding.syncMarker = marker
    coding.randomizer = best.randomizer
    coding.reedSolomon = best.parameters
    var reading = TrialReading(coding: coding)
    reading.isInverted = best.isInverted
    reading.triedUnitCount = units.count
    reading.decodedUnitCount = best.decodedUnitCount
    reading.intactFrameCount = best.evidence.intactCount
    reading.version = best.evidence.version
    reading.isRandomizerAmbiguous = ranked.dropFirst().contains {
      $0.parameters == best.parameters
        && $0.rank(expecting: expectation.version).dropLast() == best.rank(expecting: expectation.version).dropLast()
    }
    return reading
  }

  /// Every code whose codeblocks have that length, virtual fill as it must be.
  static func codes(ofByteCount byteCount: Int) -> [ReedSolomonParameters] {
    ReedSolomonParameters.Capability.allCases.flatMap { capability in
      ReedSolomonParameters.interleavingDepths.flatMap { depth -> [ReedSolomonParameters] in
        let symbolCount = byteCount / depth
        guard byteCount % depth == 0, symbolCount <= ReedSolomonParameters.codewordSymbolCount,
          symbolCount > capability.paritySymbolCount
        else { return [] }
        return ReedSolomonParameters.Basis.allCases.map { basis in
          var parameters = ReedSolomonParameters()
          parameters.capability = capability
          parameters.interleavingDepth = depth
          parameters.basis = basis
          parameters.virtualFillSymbolCount = ReedSolomonParameters.codewordSymbolCount - symbolCount
          return parameters
        }
      }
    }
  }

  private func attempts(_ parameters: ReedSolomonParameters) -> [Attempt] {
    var decoder = ReedSolomonDecoder(parameters)
    return sequences.flatMap { sequence -> [Attempt] in
      let upright = attempt(&decoder, sequence, isInverted: false)
      // Without virtual fill the complement decodes exactly when the unit does.
      guard triesInversion, upright != nil || parameters.virtualFillSymbolCount > 0 else {
        return [upright].compactMap(\.self)
      }
      return [upright, attempt(&decoder, sequence, isInverted: true)].compactMap(\.self)
    }
  }

  private func attempt(
    _ decoder: inout ReedSolomonDecoder, _ sequence: (randomizer: Randomizer.Sequence, bytes: [UInt8]),
    isInverted: Bool
  ) -> Attempt? {
    let parameters = decoder.parameters
    var slab = units.bytes(adding: sequence.bytes, isInverted: isInverted)
    var corrections = Array(
      repeating: CodewordCorrections(count: parameters.interleavingDepth), count: units.count)
    let probe = 0..<min(Self.probeCount, units.count)
    decode(&decoder, &slab, probe, &corrections)
    guard probe.contains(where: { corrections[$0].isDecoded }) else { return nil }
    decode(&decoder, &slab, probe.upperBound..<units.count, &corrections)
    let decoded = (0..<units.count).filter {
      corrections[$0].isDecoded && !isTrivial(slab, $0, depth: parameters.interleavingDepth)
    }
    let isBeyondChance =
      parameters.capability == .sixteen || decoded.count * parameters.interleavingDepth >= 2
    guard !decoded.isEmpty, isBeyondChance, 4 * decoded.count >= units.count else { return nil }
    let evidence = FrameEvidence(
      slab, at: decoded.map { $0 * units.byteCount }, byteCount: units.byteCount - parameters.parityByteCount,
      followsPrevious: decoded.enumerated().map { place, unit in
        place > 0 && decoded[place - 1] == unit - 1 && units.followsPrevious[unit]
      })
    return Attempt(
      parameters: parameters, randomizer: sequence.randomizer, isInverted: isInverted,
      decodedUnitCount: decoded.count, evidence: evidence,
      isConfigured: expectation.coding?.reedSolomon == parameters
        && expectation.coding?.randomizer == sequence.randomizer && !isInverted)
  }

  private func decode(
    _ decoder: inout ReedSolomonDecoder, _ slab: inout [UInt8], _ range: Range<Int>,
    _ corrections: inout [CodewordCorrections]
  ) {
    guard !range.isEmpty else { return }
    var span = slab.mutableSpan
    var bytes = unsafe span.mutableBytes
    decoder.decode(&bytes, stride: units.byteCount, range: range, corrections: &corrections)
  }

  /// Whether a unit is nothing but a pattern, with or without the short sequence added.
  private func isTrivial(_ slab: [UInt8], _ unit: Int, depth: Int) -> Bool {
    let start = unit * units.byteCount
    let period = Self.trivialPeriod * depth
    var repeats = true
    var repeatsRandomized = true
    for index in period..<max(period, units.byteCount) {
      let difference = slab[start + index] ^ slab[start + index - period]
      if difference != 0 { repeats = false }
      if difference != shortSequence[index] ^ shortSequence[index - period] { repeatsRandomized = false }
      if !repeats, !repeatsRandomized { return false }
    }
    return true
  }
}
