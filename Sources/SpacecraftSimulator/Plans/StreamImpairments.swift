/// One thing that can happen to the bits of a unit on their way, or around it.
package enum StreamHit: Sendable, Equatable {
  /// Whether an inversion begins or ends with a unit, or somewhere in it.
  package enum Border: Sendable, Equatable {
    case atMarker
    case inside
  }

  /// So many bits of the sync marker are wrong.
  case markerErrors(Int)
  /// Half of the marker's bits are wrong, and nothing else.
  case markerDestroyed
  /// One to four bits too many somewhere in the codeblock, or, negative, too few.
  case slip(bitCount: Int)
  /// From this unit on all bits are inverted, over so many markers.
  case inversion(markerCount: Int, begins: Border, ends: Border)
  /// Bits that belong to nothing, at least five, before the unit; a sync marker may be among them.
  case garbage(bitCount: Int, holdsMarker: Bool)
  /// Bits that are missing from the unit, at least five and early enough that the code cannot make up for it.
  case loss(bitCount: Int)
  /// The whole unit never comes.
  case unitLoss
  /// Noise over so many bits at a random place of the unit, its marker included.
  case burst(bitCount: Int)
  /// One codeword has so many wrong symbols.
  case symbolErrors(Int)

  /// What can happen, without how much; the raw value is the name in reports.
  package enum Kind: String, Sendable, CaseIterable {
    case markerErrors = "marker_errors"
    case markerDestroyed = "marker_destroyed"
    case slip
    case inversion
    case garbage
    case loss
    case unitLoss = "unit_loss"
    case burst
    case symbolErrors = "symbol_errors"
  }

  package var kind: Kind {
    switch self {
    case .markerErrors: .markerErrors
    case .markerDestroyed: .markerDestroyed
    case .slip: .slip
    case .inversion: .inversion
    case .garbage: .garbage
    case .loss: .loss
    case .unitLoss: .unitLoss
    case .burst: .burst
    case .symbolErrors: .symbolErrors
    }
  }
}

/// What happens to the stream of units between coder and receiver.
///
/// Hits are kept apart so far that what a receiver makes of each follows from that hit alone, and never come so close
/// to either end of the stream that it could not tell. Where nothing would prove a unit, only what leaves markers and
/// units in their places happens by chance.
package struct StreamImpairments: Sendable, Equatable {
  /// A clean link.
  package static let none = StreamImpairments()

  /// What hits single units by their index, whatever the dice say.
  package var planned: [Int: StreamHit] = [:]
  /// The chance of every unit that may be hit.
  package var hitProbability = 0.0
  /// What may hit it, all as likely.
  package var kinds = StreamHit.Kind.allCases
  /// Units between two hits that nothing befalls. Below 4 the truth is no longer exact.
  package var unitsBetweenHits = 4
  /// The chance of a codeword elsewhere to have wrong symbols, as many as can be corrected at most.
  package var symbolErrorProbability = 0.0
  /// Random bits before the first unit, and behind the last.
  package var leadingBitCount = 0
  package var trailingBitCount = 0

  package init() {}

  /// Whether it can be told exactly what a receiver makes of each hit.
  package var isExact: Bool { unitsBetweenHits >= 4 }
}

extension StreamHit {
  /// How many units from the one hit on it reaches into.
  var unitCount: Int {
    switch self {
    case .inversion(let markerCount, let begins, _): begins == .inside ? markerCount + 1 : markerCount
    case .markerErrors, .markerDestroyed, .slip, .garbage, .loss, .unitLoss, .burst, .symbolErrors: 1
    }
  }

  /// Some hit of a kind.
  static func draw(_ kind: Kind, plan: CodingPlan, codeblockByteCount: Int, _ random: inout SeededRandom) -> StreamHit {
    switch kind {
    case .markerErrors: return .markerErrors(random.within(1...2))
    case .markerDestroyed: return .markerDestroyed
    case .slip: return .slip(bitCount: random.pick([-4, -3, -2, -1, 1, 2, 3, 4]))
    case .inversion:
      let begins: Border = random.chance(0.5) ? .atMarker : .inside
      return .inversion(
        markerCount: random.within(1...4), begins: begins, ends: random.chance(0.5) ? .atMarker : .inside)
    case .garbage:
      let byteCount = random.pick([1...3, 4...64, 64...2 * codeblockByteCount])
      let bitCount = 8 * random.within(byteCount) + (random.chance(0.3) ? random.below(8) : 0)
      return .garbage(bitCount: bitCount, holdsMarker: random.chance(0.3))
    case .loss:
      let bitCount = 8 * random.within(1...max(1, codeblockByteCount / 4)) + (random.chance(0.3) ? random.below(8) : 0)
      return .loss(bitCount: bitCount)
    case .unitLoss: return .unitLoss
    case .burst: return .burst(bitCount: random.within(2...max(2, 4 * codeblockByteCount)))
    case .symbolErrors:
      let most = plan.reedSolomon.map { 255 - $0.largestFrameByteCount / $0.interleave } ?? 8
      return .symbolErrors(random.within(most / 2 + 1...most))
    }
  }
}
