package import CCSDSWire

/// Follows the clock on board against the time of reception: how far it is off, how fast it drifts, how much the
/// differences scatter, and when it was set.
///
/// On the way a packet only gets later, so of all packets of an interval the one that came soonest counts. Through a
/// window of such samples goes a straight line by least squares, drawn again without the samples that lie far off. It
/// is arithmetic of integers throughout: the same packets give the same figures on every machine.
///
/// A sample far from the line is an outlier. Several in a row that agree with each other are a step: the clock was set,
/// and the line begins anew.
package struct ClockCorrelation: Sendable, Equatable {
  /// The difference of the two clocks at one time.
  struct Sample: Sendable, Equatable {
    /// Nanoseconds since 1958 TAI.
    var received: Int64
    /// The time on board less that of reception, in nanoseconds.
    var offset: Int64
  }

  /// What one time on board has changed, seldom anything.
  package enum Observation: Sendable, Equatable {
    /// There is a new estimate.
    case estimated(ClockEstimate)
    /// The clock was set forward by so many nanoseconds, back when negative; the estimate begins anew.
    case stepped(nanoseconds: Int64, ClockEstimate)
  }

  /// The best of the interval under way.
  private var pending: Sample?
  /// When that began.
  private var intervalStart: Int64 = 0
  private var window: [Sample] = []
  /// Samples far from the line, in a row.
  private var suspects: [Sample] = []
  private var line = ClockLine()
  private var estimate = ClockEstimate()

  package init() {
    window.reserveCapacity(Self.windowCapacity)
    suspects.reserveCapacity(Self.proofCount)
  }

  /// Takes the time of a packet.
  ///
  /// - Returns: What is known now, about once a second of reception.
  package mutating func note(onboard: TAIInstant, received: TAIInstant) -> Observation? {
    guard let now = received.nanosecondsSince1958, let offset = onboard.nanoseconds(since: received) else {
      estimate.outlierCount += 1
      return nil
    }
    let sample = Sample(received: now, offset: offset)
    guard let best = pending else {
      begin(sample)
      return nil
    }
    let age = now.subtractingReportingOverflow(intervalStart)
    guard !age.overflow, age.partialValue.magnitude < Self.intervalNanoseconds.magnitude else {
      begin(sample)
      return take(best)
    }
    if offset > best.offset { pending = sample }
    return nil
  }

  private mutating func begin(_ sample: Sample) {
    pending = sample
    intervalStart = sample.received
  }

  // MARK: Samples

  private mutating func take(_ sample: Sample) -> Observation? {
    guard let newest = window.last else {
      window.append(sample)
      return .estimated(estimated())
    }
    let elapsed = sample.received.subtractingReportingOverflow(newest.received)
    guard !elapsed.overflow, elapsed.partialValue > -Self.intervalNanoseconds else {
      // The clock of the reception was set back: nothing that was before can be compared.
      restart(with: [sample])
      return .estimated(estimated())
    }
    guard let residual = residual(of: sample), residual.magnitude <= tolerance(after: elapsed.partialValue) else {
      return suspect(sample)
    }
    estimate.outlierCount += suspects.count
    suspects.removeAll(keepingCapacity: true)
    append(sample)
    return .estimated(estimated())
  }

  private mutating func append(_ sample: Sample) {
    if window.count == Self.windowCapacity { window.removeFirst() }
    while let oldest = window.first {
      let age = sample.received.subtractingReportingOverflow(oldest.received)
      guard age.overflow || age.partialValue > Self.windowNanoseconds else { break }
      window.removeFirst()
    }
    window.append(sample)
  }

  private mutating func suspect(_ sample: Sample) -> Observation? {
    if let last = suspects.last, !agrees(sample, with: last) {
      estimate.outlierCount += suspects.count
      suspects.removeAll(keepingCapacity: true)
    }
    suspects.append(sample)
    guard suspects.count == Self.proofCount else { return nil }
    let steps = suspects.compactMap { residual(of: $0) }.sorted()
    // Beyond what the line can say, its drift does not matter.
    let jump = Int64(clamping: Int128(sample.offset) - Int128(window.last?.offset ?? 0))
    let step = steps.isEmpty ? jump : steps[steps.count / 2]
    estimate.stepCount += 1
    estimate.lastStepNanoseconds = step
    restart(with: suspects)
    return .stepped(nanoseconds: step, estimated())
  }

  /// Whether one sample continues another, by what clocks can drift and networks can scatter.
  private func agrees(_ sample: Sample, with other: Sample) -> Bool {
    let difference = sample.offset.subtractingReportingOverflow(other.offset)
    let elapsed = sample.received.subtractingReportingOverflow(other.received)
    guard !difference.overflow, !elapsed.overflow else { return false }
    return difference.partialValue.magnitude
      <= UInt64(Self.provisionalTolerance) + elapsed.partialValue.magnitude / Self.provisionalDriftDivisor
  }

  private mutating func restart(with samples: [Sample]) {
    window.removeAll(keepingCapacity: true)
    for sample in samples { append(sample) }
    suspects.removeAll(keepingCapacity: true)
  }

  // MARK: The line

  /// How far a sample lies above the line; nothing where that is beyond any sense.
  private func residual(of sample: Sample) -> Int64? {
    guard let newest = window.last else { return nil }
    return line.residual(of: sample, newest: newest)
  }

  /// How far a sample may lie off the line, so long after the newest one.
  private func tolerance(after elapsed: Int64) -> UInt64 {
    let isProvisional = window.count < Self.fitCount
    let scatter = max(
      isProvisional ? Self.provisionalTolerance : Self.leastTolerance,
      Int64(clamping: Self.jitterFactor * Int128(estimate.jitterNanoseconds)))
    // What the drift may have changed by meanwhile.
    let divisor = isProvisional ? Self.provisionalDriftDivisor : Self.driftDivisor
    return UInt64(scatter) + elapsed.magnitude / divisor
  }

  private mutating func estimated() -> ClockEstimate {
    line = ClockLine(through: window)
    estimate.offsetNanoseconds = Int64(clamping: Int128(window.last?.offset ?? 0) + Int128(line.intercept))
    estimate.driftPartsPerQuadrillion = line.slope
    estimate.jitterNanoseconds = line.jitterNanoseconds
    estimate.sampleCount = window.count
    estimate.spanNanoseconds = (window.last?.received ?? 0) &- (window.first?.received ?? 0)
    estimate.excludedSampleCount = line.excludedCount
    return estimate
  }

  static let windowCapacity = 128
  private static let intervalNanoseconds: Int64 = 1_000_000_000
  private static let windowNanoseconds: Int64 = 6 * 3600 * 1_000_000_000
  /// As many samples in a row that agree prove a step.
  private static let proofCount = 3
  /// With fewer samples the drift is not known.
  private static let fitCount = 4
  private static let leastTolerance: Int64 = 10_000_000
  private static let provisionalTolerance: Int64 = 100_000_000
  private static let jitterFactor: Int128 = 8
  /// Five parts in a million: what an estimated drift may be wrong by.
  private static let driftDivisor: UInt64 = 200_000
  /// A part in a thousand: what a clock may drift by of which nothing is known yet.
  private static let provisionalDriftDivisor: UInt64 = 1000
}

extension ClockCorrelation {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&pending, blank: .blank) { $0.archive(&$1) }
    archive.item(&intervalStart)
    archive.array(&window, atMost: Self.windowCapacity, blank: .blank) { $0.archive(&$1) }
    archive.array(&suspects, atMost: Self.proofCount - 1, blank: .blank) { $0.archive(&$1) }
    estimate.archive(&archive)
    if archive.isRestoring, archive.isValid { line = ClockLine(through: window) }
  }
}

extension ClockCorrelation.Sample {
  static let blank = ClockCorrelation.Sample(received: 0, offset: 0)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.item(&received)
    archive.item(&offset)
  }
}
