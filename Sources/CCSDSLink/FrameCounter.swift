import CCSDSWire

/// Follows one modular counter and remembers which of the last 32 counts never came.
///
/// Standard: CCSDS 132.0-B-3 §4.1.2.6, CCSDS 732.0-B-4 §4.1.2.4, CCSDS 732.1-B-3 §4.1.2.
package struct FrameCounter: Sendable {
  /// How far behind the newest count a late unit may be.
  package static let reorderDepth = 31

  /// Where a count lies, seen from the newest one.
  package enum Step: Equatable, Sendable {
    case same
    case behind(Int)
    /// `missing` counts lie between the newest and this one.
    case ahead(missing: Int)
  }

  /// The counter has this many bits: 8, 14, 24, 28 or 32, in USLP any multiple of 8 up to 56; 0 when no frame
  /// has shown a count yet.
  package private(set) var bitCount: Int
  /// The count that the next one is compared with.
  package private(set) var newest: UInt64
  /// Whether the count was ever seen to change.
  package private(set) var hasMoved = false
  /// Bit n: the count n behind the newest is missing.
  private var missingBits: UInt32 = 0
  /// How many counts behind the newest one are known, received or missing; at most 32.
  private var depth = 1

  package init(bitCount: Int, first: UInt64) {
    self.bitCount = bitCount
    self.newest = first
  }

  /// The number of counts before the counter repeats.
  package var modulus: Int { 1 << bitCount }

  /// The count after the newest.
  package var next: UInt64 { (newest &+ 1) & UInt64(modulus - 1) }

  /// Where `count` lies. Counts a little behind are ahead instead where the caller knows of no reordering.
  package func step(to count: UInt64, allowsReordering: Bool) -> Step {
    let difference = Int(truncatingIfNeeded: count &- newest) & (modulus - 1)
    guard difference != 0 else { return .same }
    let behind = modulus - difference
    return allowsReordering && behind <= Self.reorderDepth ? .behind(behind) : .ahead(missing: difference - 1)
  }

  /// Takes a count ahead of the newest as the newest, with `missing` counts lost in between.
  package mutating func advance(to count: UInt64, missing: Int) {
    let width = missing + 1
    missingBits = width >= 32 ? ~1 : missingBits << UInt32(width) | (1 << UInt32(width) - 1) & ~1
    depth = min(32, depth + width)
    newest = count
    hasMoved = true
  }

  /// Whether the count that far behind the newest one is known to be missing.
  package func isMissing(behind: Int) -> Bool { missingBits & 1 << UInt32(behind) != 0 }

  /// Whether a unit with the count that far behind the newest one was received.
  package func isKnown(behind: Int) -> Bool { behind < depth && !isMissing(behind: behind) }

  /// Takes a count behind the newest: true when it had been missing, false when it was there or is before the first.
  package mutating func fill(behind: Int) -> CountObservation {
    let bit: UInt32 = 1 << UInt32(behind)
    if missingBits & bit != 0 {
      missingBits &= ~bit
      return .late(fillsGap: true)
    }
    return behind < depth ? .duplicate : .late(fillsGap: false)
  }

  /// Begins anew at `count`: what came before proves nothing about it.
  package mutating func restart(at count: UInt64, bitCount: Int? = nil) {
    hasMoved = hasMoved || count != newest
    newest = count
    missingBits = 0
    depth = 1
    self.bitCount = bitCount ?? self.bitCount
  }
}

extension FrameCounter {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.item(&bitCount, in: 0...56)
    archive.item(&newest)
    archive.item(&hasMoved)
    archive.item(&missingBits)
    archive.item(&depth, in: 1...32)
  }
}
