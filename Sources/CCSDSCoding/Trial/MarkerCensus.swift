/// Which sync marker is in a sample, how often, and how far apart.
package struct MarkerCensus: Sendable, Equatable {
  /// The one that fits best.
  package var marker: SyncMarker
  /// How often it is there, with few wrong bits.
  package var count: Int
  /// How often it is there with all bits inverted.
  package var invertedCount = 0
  /// How often it does not begin with a byte.
  package var misalignedCount = 0
  /// The distance of most that follow one another; absent where there is no such.
  package var byteDistance: Int?
  /// How many follow one another at that distance.
  package var distanceCount = 0

  init(_ marker: SyncMarker, _ occurrences: [MarkerOccurrence]) {
    self.marker = marker
    count = occurrences.count
    invertedCount = occurrences.count { $0.isInverted }
    misalignedCount = occurrences.count { $0.bitOffset % 8 != 0 }
    var counts: [Int: Int] = [:]
    for (one, next) in zip(occurrences, occurrences.dropFirst()) {
      let distance = next.bitOffset - one.bitOffset
      if distance % 8 == 0, distance <= 8 * Self.largestByteDistance { counts[distance / 8, default: 0] += 1 }
    }
    // Of two distances as frequent as each other, the shorter: the longer has a marker missing.
    if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
      byteDistance = most.key
      distanceCount = most.value
    }
  }

  /// Whether chance does not do that: three at the same distance.
  package var isRegular: Bool { distanceCount >= 2 }

  /// The longest frame, and more than any parity and marker.
  private static let largestByteDistance = 68_000
}

/// Where a marker is.
struct MarkerOccurrence: Sendable, Equatable {
  var bitOffset: Int
  var isInverted: Bool
}

/// Looks for several sync markers at once: at every bit, in both polarities, with one wrong bit in 32.
struct MarkerSearch {
  private static let standard: [SyncMarker] = [.standard, .turboQuarter, .turboHalf, .turboSixth, .turboThird]
  /// Shorter ones are everywhere.
  private static let smallestByteCount = 4

  /// Of two that begin alike the longer comes first.
  private let candidates: [SyncMarker]
  private let firstBits: [UInt32]
  /// Whether 16 bits may be the first of a marker, one of them perhaps wrong.
  private let isBeginning: [Bool]

  /// - Parameter configured: Looked for besides those of the standard.
  init(configured: SyncMarker?) {
    var candidates = Self.standard
    if let configured, configured.byteCount >= Self.smallestByteCount, !candidates.contains(configured) {
      candidates.insert(configured, at: 0)
    }
    self.candidates = candidates
    firstBits = candidates.map { $0.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
    var isBeginning = [Bool](repeating: false, count: 1 << 16)
    for candidate in candidates {
      let first = UInt16(candidate.bytes[0]) << 8 | UInt16(candidate.bytes[1])
      for wrong in [0] + (0..<16).map({ 1 << $0 }) {
        isBeginning[Int(first) ^ wrong] = true
        isBeginning[Int(~first) ^ wrong] = true
      }
    }
    self.isBeginning = isBeginning
  }

  /// The marker that is there most regularly, and where; nothing where there is none.
  func best(in sample: InputSample) -> (census: MarkerCensus, occurrences: [MarkerOccurrence])? {
    let found = occurrences(in: sample)
    let all = candidates.indices.filter { !found[$0].isEmpty }.map { index in
      (census: MarkerCensus(candidates[index], found[index]), occurrences: found[index])
    }
    return all.max { ($0.census.distanceCount, $0.census.count) < ($1.census.distanceCount, $1.census.count) }
  }

  /// By candidate: where it is.
  private func occurrences(in sample: InputSample) -> [[MarkerOccurrence]] {
    var found = [[MarkerOccurrence]](repeating: [], count: candidates.count)
    var end = 0
    var register: UInt32 = 0
    for (index, byte) in sample.bytes.enumerated() {
      register = register << 8 | UInt32(byte)
      guard index >= 2 else { continue }
      // 16 bits that begin in the byte two before this one.
      for shift in 0..<8 where isBeginning[Int(register >> UInt32(8 - shift) & 0xFFFF)] {
        let offset = 8 * (index - 2) + shift
        guard offset >= end, let match = match(at: offset, in: sample) else { continue }
        found[match.candidate].append(match.occurrence)
        end = offset + 8 * candidates[match.candidate].byteCount
      }
    }
    return found
  }

  private func match(at offset: Int, in sample: InputSample) -> (candidate: Int, occurrence: MarkerOccurrence)? {
    let window = BitWindow(unsafe sample.bytes.span.bytes, startByte: 0)
    for (index, candidate) in candidates.enumerated() where offset + 8 * candidate.byteCount <= sample.bitCount {
      // In a pattern much begins like a marker: most of it ends here.
      let firstErrorCount = (window.bits32(at: offset) ^ firstBits[index]).nonzeroBitCount
      guard min(firstErrorCount, 32 - firstErrorCount) <= candidate.byteCount / 4 else { continue }
      let bytes = sample.bytes(fromBit: offset, count: candidate.byteCount, isInverted: false)
      let errorCount = zip(bytes, candidate.bytes).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
      let tolerance = candidate.byteCount / 4
      for isInverted in [false, true]
      where (isInverted ? 8 * candidate.byteCount - errorCount : errorCount) <= tolerance {
        return (index, MarkerOccurrence(bitOffset: offset, isInverted: isInverted))
      }
    }
    return nil
  }
}
