package import CCSDSWire

/// What is known of a clock on board.
package struct ClockEstimate: Sendable, Equatable {
  /// How far it can be believed.
  package enum Quality: String, Sendable, CaseIterable {
    /// Nothing was compared yet.
    case none
    /// Too few samples, or over too short a time, to tell the drift.
    case provisional
    /// The samples lie on a line.
    case steady
    /// Many samples were left out, or they scatter by more than a tenth of a second.
    case unsteady
  }

  /// The time on board less that of reception, when the newest sample was received. The way of the signal is in it.
  package var offsetNanoseconds: Int64 = 0
  /// By how much the clock on board is faster; a clock that gains a second in a second has 10^15.
  package var driftPartsPerQuadrillion: Int64 = 0
  /// How far the samples lie from the line: the root of the mean square.
  package var jitterNanoseconds: Int64 = 0
  /// Samples in the window.
  package var sampleCount = 0
  /// From the oldest to the newest of them.
  package var spanNanoseconds: Int64 = 0
  /// Those of them that the line was drawn without.
  package var excludedSampleCount = 0
  /// Samples that were far off, each by itself, and are in no window.
  package var outlierCount = 0
  /// How often the clock was set.
  package var stepCount = 0
  /// By how much at the last time, forward; zero before the first.
  package var lastStepNanoseconds: Int64 = 0

  package init() {}

  /// How far it can be believed.
  package var quality: Quality {
    guard sampleCount > 0 else { return .none }
    guard sampleCount >= Self.sampleCountOfDrift, spanNanoseconds >= Self.spanOfDrift else { return .provisional }
    return excludedSampleCount * 4 > sampleCount || jitterNanoseconds > Self.tolerableJitter ? .unsteady : .steady
  }

  private static let sampleCountOfDrift = 8
  private static let spanOfDrift: Int64 = 7_000_000_000
  private static let tolerableJitter: Int64 = 100_000_000
}

extension ClockEstimate {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.item(&offsetNanoseconds)
    archive.item(&driftPartsPerQuadrillion)
    archive.item(&jitterNanoseconds)
    archive.count(&sampleCount)
    archive.item(&spanNanoseconds)
    archive.count(&excludedSampleCount)
    archive.count(&outlierCount)
    archive.count(&stepCount)
    archive.item(&lastStepNanoseconds)
    archive.require(jitterNanoseconds >= 0)
  }
}
