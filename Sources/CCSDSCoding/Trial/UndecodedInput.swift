import CCSDSWire

/// What a link keeps of its input as long as nothing decodes, and what trials of it have found.
///
/// Once something decodes it keeps nothing, and looks at nothing but the amount that came since. A trial takes up to
/// 20 ms: `conclude` is for whoever asks how the link is, about once a second, not for each unit.
package struct UndecodedInput: Sendable {
  /// After so many bytes the sample is tried for the first time, the second, and when it is complete.
  private static let milestones = [4 << 10, 16 << 10, InputSample.capacity]
  /// As many units as must have failed before anything is kept again.
  private static let quietUnitCount = 64

  private let expectation: TrialExpectation
  private let quietByteCount: Int
  private var sample = InputSample()
  /// Bytes still to come before anything is kept.
  private var remainingQuietByteCount = 0
  private var triedByteCount = 0
  /// What the newest trial has found; absent before the first, and once anything decodes.
  package private(set) var findings: TrialFindings?

  package init(_ expectation: TrialExpectation) {
    self.expectation = expectation
    quietByteCount = Self.quietUnitCount * (expectation.coding?.accessDataUnitByteCount ?? expectation.frameByteCount)
  }

  /// Takes note of what came in.
  ///
  /// - Parameter endsUnit: The sender ended something of its own here, such as a datagram.
  package mutating func note(_ bytes: RawSpan, endsUnit: Bool) {
    guard remainingQuietByteCount > 0 else { return sample.note(bytes, endsUnit: endsUnit) }
    remainingQuietByteCount -= min(bytes.byteCount, remainingQuietByteCount)
  }

  /// Takes note that something decodes.
  package mutating func noteDecoded() {
    if remainingQuietByteCount == 0 || findings != nil {
      sample.removeAll()
      triedByteCount = 0
      findings = nil
    }
    remainingQuietByteCount = quietByteCount
  }

  /// Whether there is as much to look at as there will ever be.
  package var isComplete: Bool { sample.isComplete }

  /// Looks at the sample, where enough has come in since the last time.
  ///
  /// - Parameter isFinal: Nothing more will come: look at whatever there is.
  package mutating func conclude(isFinal: Bool = false) {
    let due = Self.milestones.last { $0 <= sample.bytes.count } ?? 0
    guard sample.isComplete || isFinal || due > triedByteCount, sample.bytes.count > triedByteCount else { return }
    triedByteCount = sample.bytes.count
    findings = DecodingTrial.findings(in: sample, expecting: expectation)
    guard sample.isComplete else { return }
    // What comes later may be something else. What was found stays until then.
    sample.removeAll()
    triedByteCount = 0
    remainingQuietByteCount = quietByteCount
  }
}
