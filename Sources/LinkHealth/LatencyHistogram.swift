package import CCSDSWire

/// How long units took from the kernel's receive time until they were decoded.
package struct LatencyHistogram: Sendable, Equatable {
  /// The upper bounds of the buckets, in nanoseconds; the last bucket has none.
  package static let upperBoundsInNanoseconds: [Int64] = [
    50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 100_000_000,
    1_000_000_000,
  ]

  /// The units in each bucket, not cumulative; one more bucket than bounds.
  package private(set) var counts = Array(repeating: 0, count: upperBoundsInNanoseconds.count + 1)
  package private(set) var totalNanoseconds: Int64 = 0
  package private(set) var largestNanoseconds: Int64 = 0

  package init() {}

  package var count: Int { counts.reduce(0, +) }

  /// Counts a unit. A negative duration, left by a clock that was set, counts as none.
  package mutating func record(nanoseconds: Int64) {
    let duration = max(0, nanoseconds)
    var bucket = 0
    while bucket < Self.upperBoundsInNanoseconds.count, duration > Self.upperBoundsInNanoseconds[bucket] {
      bucket += 1
    }
    counts[bucket] += 1
    totalNanoseconds &+= duration
    largestNanoseconds = max(largestNanoseconds, duration)
  }
}

extension LatencyHistogram {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.each(of: &counts) { $1.count(&$0) }
    archive.item(&totalNanoseconds)
    archive.item(&largestNanoseconds)
  }
}
