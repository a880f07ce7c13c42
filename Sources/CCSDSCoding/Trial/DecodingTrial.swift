/// Finds out how undecoded input could be read: by its sync markers, and by trying what the standard allows.
///
/// A pure function of the sample and of what the link was told. Its work is bounded by the size of the sample: up to
/// 20 ms on a core of the year 2020, and up to 80 ms with the portable kernel.
///
/// Standard: CCSDS 131.0-B-5 §4, §9, §10.
package enum DecodingTrial {
  /// Less than this says nothing.
  private static let smallestByteCount = 64

  /// What speaks for itself in the sample; empty where nothing does.
  package static func findings(in sample: InputSample, expecting expectation: TrialExpectation) -> TrialFindings {
    var findings = TrialFindings()
    guard sample.bytes.count >= smallestByteCount else { return findings }
    if let constant = sample.constant {
      findings.constant = constant
      return findings
    }
    if let found = MarkerSearch(configured: expectation.coding?.syncMarker).best(in: sample) {
      findings.reading = reading(of: sample, behind: found.occurrences, found.census, expectation)
      if found.census.isRegular || findings.reading != nil {
        findings.census = found.census
        return findings
      }
    }
    findings.reading = readingWithoutMarker(of: sample, expectation)
    return findings
  }

  private static func reading(
    of sample: InputSample, behind occurrences: [MarkerOccurrence], _ census: MarkerCensus,
    _ expectation: TrialExpectation
  ) -> TrialReading? {
    let markerByteCount = census.marker.byteCount
    // A single marker: its unit may go to the end.
    let rest = occurrences.count == 1 ? (sample.bitCount - occurrences[0].bitOffset) / 8 : nil
    guard let distance = census.byteDistance ?? rest, distance > markerByteCount + FrameIdentity.smallestByteCount
    else { return nil }
    let units = TrialUnits(sample, behind: occurrences, markerByteCount: markerByteCount, distance: distance)
    guard units.count > 0 else { return nil }
    return CodeTrial(units, expecting: expectation, triesInversion: false).reading(marker: census.marker)
      ?? PlainTrial(units, expecting: expectation, triesInversion: false).reading(marker: census.marker)
  }

  // MARK: Without marker

  private static func readingWithoutMarker(
    of sample: InputSample, _ expectation: TrialExpectation
  ) -> TrialReading? {
    let datagrams = DatagramCensus(sample)
    if let byteCount = datagrams.byteCount {
      let units = TrialUnits(sample, at: datagrams.starts, byteCount: byteCount)
      if let reading = reading(of: units, expectation) { return reading }
      if let reading = readingOfSeveral(in: datagrams, byteCount, sample, expectation) { return reading }
    }
    guard datagrams.mayBeCutByUs else { return nil }
    let lengths = FrameLengthSearch(sample: sample).candidates() + codeblockByteCounts(expectation)
    for byteCount in lengths where 2 * byteCount <= sample.bytes.count {
      let units = TrialUnits(sample, byteCount: byteCount)
      if let reading = reading(of: units, expectation) { return reading }
    }
    return nil
  }

  /// Tries several units to a datagram, and believes error control before counts.
  private static func readingOfSeveral(
    in datagrams: DatagramCensus, _ byteCount: Int, _ sample: InputSample, _ expectation: TrialExpectation
  ) -> TrialReading? {
    let counts = (2...8).filter { byteCount % $0 == 0 && byteCount / $0 >= smallestByteCount }
    let readings = counts.compactMap { count -> TrialReading? in
      let starts = datagrams.starts.flatMap { start in (0..<count).map { start + $0 * byteCount / count } }
      var reading = reading(of: TrialUnits(sample, at: starts, byteCount: byteCount / count), expectation)
      reading?.unitsPerDatagram = count
      return reading
    }
    return readings.first(where: \.hasFrameErrorControl) ?? readings.first
  }

  private static func reading(of units: TrialUnits, _ expectation: TrialExpectation) -> TrialReading? {
    CodeTrial(units, expecting: expectation, triesInversion: true).reading(marker: nil)
      ?? PlainTrial(units, expecting: expectation, triesInversion: true).reading(marker: nil)
  }

  /// The lengths that a codeblock may have where nothing shows where it ends: as configured, or without virtual fill.
  private static func codeblockByteCounts(_ expectation: TrialExpectation) -> [Int] {
    let configured = expectation.coding?.codeblockByteCount ?? expectation.frameByteCount
    let full = ReedSolomonParameters.interleavingDepths.map { $0 * ReedSolomonParameters.codewordSymbolCount }
    return [configured] + full.filter { $0 != configured }
  }
}

/// The lengths of what the sender keeps together.
private struct DatagramCensus {
  /// The most frequent length.
  private(set) var byteCount: Int?
  /// Where datagrams of that length begin.
  private(set) var starts: [Int] = []
  /// Whether the borders may come from cutting a file by the configured length.
  private(set) var mayBeCutByUs: Bool

  init(_ sample: InputSample) {
    let begins = [0] + sample.unitEnds.dropLast()
    let lengths = zip(begins, sample.unitEnds).map { $1 - $0 }
    var counts: [Int: Int] = [:]
    for length in lengths { counts[length, default: 0] += 1 }
    let usual = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    mayBeCutByUs = counts.count <= 1 || (counts.count == 2 && lengths.dropLast().allSatisfy { $0 == usual?.key })
    guard let usual, 2 * usual.value >= lengths.count else { return }
    byteCount = usual.key
    starts = zip(begins, lengths).filter { $0.1 == usual.key }.map(\.0)
  }
}
