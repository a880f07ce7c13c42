import CCSDSCoding
import CCSDSWire

/// What the decoder had to do in the last minute of reception, second by second.
package struct CorrectionHistory: Sendable, Equatable {
  private static let secondCount: Int64 = 60

  /// The codewords of a stretch of time.
  package struct Stretch: Sendable, Equatable {
    package fileprivate(set) var codewords = CodewordCounts()
    /// The most symbols that were corrected in one of them.
    package fileprivate(set) var worstCorrected = 0
    package fileprivate(set) var slips = 0

    /// Those that were clean or could be corrected.
    package var decoded: Int { codewords.clean + codewords.corrected }

    /// The symbols corrected per codeword, over those that were decoded.
    package var meanCorrected: Double? {
      decoded > 0 ? Double(codewords.correctedSymbols) / Double(decoded) : nil
    }

    fileprivate mutating func add(_ other: Stretch) {
      codewords += other.codewords
      worstCorrected = max(worstCorrected, other.worstCorrected)
      slips += other.slips
    }
  }

  /// By second modulo 60. A stretch belongs to the second that stands beside it.
  private var stretches = Array(repeating: Stretch(), count: Int(secondCount))
  private var seconds = Array(repeating: Int64.min, count: Int(secondCount))
  private var newest: Int64?
  /// The second of the last unit, and its place.
  private var current = Int64.min
  private var place = 0

  package init() {}

  /// The minute that ends with the newest second that had a unit.
  package var lastMinute: Stretch {
    var sum = Stretch()
    guard let newest else { return sum }
    for (second, stretch) in zip(seconds, stretches) where second > newest - Self.secondCount { sum.add(stretch) }
    return sum
  }

  /// Counts a unit, whose codewords are `codewords`.
  mutating func note(_ codeblock: CodeblockObservation, _ codewords: CodewordCounts) {
    let second = codeblock.receivedAt.map(Self.second) ?? newest ?? 0
    if second != current { turn(to: second) }
    stretches[place].codewords += codewords
    if codewords.corrected > 0 {
      let corrections = codeblock.corrections
      for codeword in 0..<corrections.count {
        stretches[place].worstCorrected = max(stretches[place].worstCorrected, corrections[codeword] ?? 0)
      }
    }
    if let marker = codeblock.marker, marker.slipBitCount != 0 { stretches[place].slips += 1 }
  }

  private mutating func turn(to second: Int64) {
    if let newest, second <= newest - Self.secondCount {
      // The clock was set back: what is known belongs to no minute any more.
      self = CorrectionHistory()
    }
    newest = max(newest ?? second, second)
    current = second
    let remainder = second % Self.secondCount
    place = Int(remainder < 0 ? remainder + Self.secondCount : remainder)
    guard seconds[place] != second else { return }
    seconds[place] = second
    stretches[place] = Stretch()
  }

  private static func second(of nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension CorrectionHistory {
  /// More seconds than nanoseconds of 64 bits can say.
  private static let largestSecond: Int64 = 10_000_000_000

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.each(of: &stretches) { $0.archive(&$1) }
    archive.each(of: &seconds) { $1.item(&$0) }
    archive.optional(&newest)
    archive.item(&current)
    archive.item(&place, in: 0...stretches.count - 1)
    archive.require(newest.map { (-Self.largestSecond...Self.largestSecond).contains($0) } ?? true)
  }
}

extension CorrectionHistory.Stretch {
  /// Saves or restores it.
  fileprivate mutating func archive(_ archive: inout StateArchive) {
    codewords.archive(&archive)
    archive.count(&worstCorrected)
    archive.count(&slips)
  }
}
