/// A straight line through the differences of two clocks: least squares, once through all of them and then without
/// those far off.
///
/// Times count from the newest sample, in microseconds; differences from its own, in nanoseconds. With both bounded, no
/// sum comes near the end of 128 bits.
struct ClockLine: Sendable, Equatable {
  /// A clock that gains a second in a second has 10^15.
  private(set) var slope: Int64 = 0
  /// The line at the newest sample, above it.
  private(set) var intercept: Int64 = 0
  /// The root of the mean square of how far samples lie from the line, without those that were left out.
  private(set) var jitterNanoseconds: Int64 = 0
  /// Those that were left out.
  private(set) var excludedCount = 0

  /// A level line.
  init() {}

  /// - Parameter samples: At most some hundreds, the newest last.
  init(through samples: [ClockCorrelation.Sample]) {
    guard let newest = samples.last else { return }
    var cutoff: UInt64 = .max
    for _ in 0..<Self.passCount {
      let before = self
      fit(samples, newest) { (before.residual(of: $0, newest: newest)?.magnitude ?? .max) <= cutoff }
      cutoff = UInt64(clamping: Self.cutoffFactor * UInt128(meanDistance(of: samples, newest)) + Self.leastCutoff)
    }
    measure(samples, newest, cutoff)
  }

  /// How far a sample lies above the line; nothing where it is beyond the bounds.
  func residual(of sample: ClockCorrelation.Sample, newest: ClockCorrelation.Sample) -> Int64? {
    let age = sample.received.subtractingReportingOverflow(newest.received)
    let distance = sample.offset.subtractingReportingOverflow(newest.offset)
    guard !age.overflow, !distance.overflow,
      UInt128(distance.partialValue.magnitude) <= Self.largestDistance
    else { return nil }
    let predicted = Int128(intercept) + Int128(slope) * Int128(age.partialValue / 1000) / Self.microsecondScale
    return Int64(exactly: Int128(distance.partialValue) - predicted)
  }

  // MARK: Fit

  private mutating func fit(
    _ samples: [ClockCorrelation.Sample], _ newest: ClockCorrelation.Sample,
    where isGood: (ClockCorrelation.Sample) -> Bool
  ) {
    var (count, sumX, sumY, sumXX, sumXY): (Int128, Int128, Int128, Int128, Int128) = (0, 0, 0, 0, 0)
    for sample in samples where isGood(sample) {
      let x = (Int128(sample.received) - Int128(newest.received)) / 1000
      let y = Int128(sample.offset) - Int128(newest.offset)
      guard x.magnitude <= Self.largestAge, y.magnitude <= Self.largestDistance else { continue }
      count += 1
      sumX += x
      sumY += y
      sumXX += x * x
      sumXY += x * y
    }
    guard count > 0 else { return }
    let denominator = count * sumXX - sumX * sumX
    let numerator = (count * sumXY - sumX * sumY) * Self.microsecondScale
    let steepest = Self.steepestSlope
    slope = denominator > 0 ? Int64(max(-steepest, min(numerator / denominator, steepest))) : 0
    let mean = (sumY - Int128(slope) * sumX / Self.microsecondScale) / count
    intercept = Int64(clamping: mean)
  }

  private func meanDistance(
    of samples: [ClockCorrelation.Sample], _ newest: ClockCorrelation.Sample
  ) -> UInt64 {
    let sum = samples.reduce(UInt128(0)) { $0 + UInt128(residual(of: $1, newest: newest)?.magnitude ?? 0) }
    return UInt64(clamping: sum / UInt128(max(1, samples.count)))
  }

  private mutating func measure(
    _ samples: [ClockCorrelation.Sample], _ newest: ClockCorrelation.Sample, _ cutoff: UInt64
  ) {
    var (count, sum): (UInt128, UInt128) = (0, 0)
    for sample in samples {
      guard let distance = residual(of: sample, newest: newest)?.magnitude, distance <= cutoff else { continue }
      count += 1
      sum += UInt128(distance) * UInt128(distance)
    }
    excludedCount = samples.count - Int(count)
    jitterNanoseconds = count == 0 ? 0 : Int64(clamping: Self.squareRoot(of: sum / count))
  }

  /// The root, rounded down.
  private static func squareRoot(of value: UInt128) -> UInt128 {
    guard value > 1 else { return value }
    var root = UInt128(1) << UInt128((130 - value.leadingZeroBitCount) / 2)
    while true {
      let next = (root + value / root) / 2
      if next >= root { return root }
      root = next
    }
  }

  /// Nanoseconds in a microsecond to parts of 10^15.
  private static let microsecondScale: Int128 = 1_000_000_000_000
  /// A clock that goes a tenth faster or slower than it should is none.
  private static let steepestSlope: Int128 = 100_000_000_000_000
  private static let passCount = 3
  private static let cutoffFactor: UInt128 = 3
  /// What lies closer is never left out.
  private static let leastCutoff: UInt128 = 1000
  /// Seven hours in microseconds, and a minute in nanoseconds: samples that are older or farther off are not looked at.
  private static let largestAge: UInt128 = 7 * 3600 * 1_000_000
  private static let largestDistance: UInt128 = 1 << 36
}
