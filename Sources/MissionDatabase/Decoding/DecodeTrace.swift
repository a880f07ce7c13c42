/// Is told what is decided on the way through a packet. What nobody wants to know costs nothing.
protocol DecodeWitness {
  /// A condition of an entry was tested.
  mutating func tested(_ condition: Condition, _ truth: Truth)
  /// The criterion of an extension was tested.
  mutating func tested(_ candidate: Candidate, _ truth: Truth)
  /// A raw number became an engineering number.
  mutating func converted(sample index: Int, by choice: CalibrationChoice)
}

/// Wants to know nothing.
struct NoWitness: DecodeWitness {
  @inline(__always) mutating func tested(_ condition: Condition, _ truth: Truth) {}
  @inline(__always) mutating func tested(_ candidate: Candidate, _ truth: Truth) {}
  @inline(__always) mutating func converted(sample index: Int, by choice: CalibrationChoice) {}
}

/// What was decided on the way through one packet, for a person who asks why.
package struct DecodeTrace: Sendable {
  /// One decision.
  package enum Step: Equatable, Sendable {
    /// The criterion of an extension of a container held, did not, or could not be known (nil).
    case container(ContainerIndex, holds: Bool?)
    /// The condition of an entry of a container, by its place in the list of entries.
    case entry(ContainerIndex, index: Int, holds: Bool?)
  }

  /// In the order in which they were made, up to a bound.
  package private(set) var steps: [Step] = []
  /// Decisions beyond the bound.
  package private(set) var omittedStepCount = 0
  private var calibrations: [Int: CalibrationChoice] = [:]

  /// As many decisions as a person may want to read.
  private static let capacity = 4_096

  package init() {}

  /// What a sample was calibrated by, by its place among the samples; nil where its type has no calibrator at all, or
  /// has one that is always the same.
  package func calibration(ofSample index: Int) -> CalibrationChoice? { calibrations[index] }
}

extension DecodeTrace: DecodeWitness {
  mutating func tested(_ condition: Condition, _ truth: Truth) {
    note(.entry(ContainerIndex(Int(condition.container)), index: Int(condition.entry), holds: truth.isKnown))
  }

  mutating func tested(_ candidate: Candidate, _ truth: Truth) {
    note(.container(ContainerIndex(Int(candidate.container)), holds: truth.isKnown))
  }

  mutating func converted(sample index: Int, by choice: CalibrationChoice) { calibrations[index] = choice }

  private mutating func note(_ step: Step) {
    if steps.count < Self.capacity { steps.append(step) } else { omittedStepCount += 1 }
  }
}

extension Truth {
  fileprivate var isKnown: Bool? {
    switch self {
    case .no: false
    case .yes: true
    case .unknown: nil
    }
  }
}
