import CCSDSWire

/// What a link keeps of its input as long as nothing decodes, and what trials of it have found.
///
/// Once something decodes it keeps nothing, and looks at nothing but the amount that came since. A trial takes
/// its time: `conclude` is for whoever asks how the link is, about once a second, not for each unit.
package struct UndecodedInput: Sendable {
  /// After so many bytes the sample is tried for the first time, the second, and when it is complete.
  private static let milestones = [4 << 10, 16 << 10, InputSample.capacity]
  /// As many units as must have failed before anything is kept again.
  private static let quietUnitCount = 64

  /// Of what comes in, one part in so many has to decode: without error control a third may do so by chance.
  private static let decodedShare = 2

  private let expectation: TrialExpectation
  private let unitByteCount: Int
  private var sample = InputSample()
  /// Bytes still to come before anything is kept.
  private var remainingQuietByteCount = 0
  private var triedByteCount = 0
  /// Bytes that came in lately, and those that decoded.
  private var seenByteCount = 0
  private var decodedByteCount = 0
  /// What corrects 8 symbols accepts all that corrects 16: that it decodes proves nothing before a trial has.
  private var distrustsCode: Bool
  /// What the newest trial has found; absent before the first, and once anything decodes.
  package private(set) var findings: TrialFindings?

  package init(_ expectation: TrialExpectation) {
    self.expectation = expectation
    unitByteCount = expectation.coding?.accessDataUnitByteCount ?? expectation.frameByteCount
    distrustsCode = expectation.coding?.reedSolomon?.capability == .eight
  }

  /// Takes note of what came in.
  ///
  /// - Parameter endsUnit: The sender ended something of its own here, such as a datagram.
  package mutating func note(_ bytes: RawSpan, endsUnit: Bool) {
    seenByteCount += bytes.byteCount
    if seenByteCount > InputSample.capacity {
      seenByteCount /= 2
      decodedByteCount /= 2
    }
    guard remainingQuietByteCount > 0 else { return sample.note(bytes, endsUnit: endsUnit) }
    remainingQuietByteCount -= min(bytes.byteCount, remainingQuietByteCount)
    if remainingQuietByteCount == 0 { (seenByteCount, decodedByteCount) = (0, 0) }
  }

  /// Takes note that frames came out of it.
  package mutating func noteDecoded(unitCount: Int) {
    decodedByteCount = min(decodedByteCount + unitCount * unitByteCount, InputSample.capacity)
    settle()
  }

  /// Forgets all when enough decodes.
  private mutating func settle() {
    guard Self.decodedShare * decodedByteCount >= seenByteCount, decodedByteCount > 0, !distrustsCode else { return }
    findings = nil
    rest()
  }

  /// Looks at the sample, where enough has come in since the last time.
  ///
  /// - Parameter isFinal: Nothing more will come: look at whatever there is.
  package mutating func conclude(isFinal: Bool = false) {
    let due = Self.milestones.last { $0 <= sample.bytes.count } ?? 0
    guard sample.isComplete || isFinal || due > triedByteCount, sample.bytes.count > triedByteCount else { return }
    triedByteCount = sample.bytes.count
    findings = DecodingTrial.findings(in: sample, expecting: expectation)
    if distrustsCode { distrustsCode = findings?.reading?.coding.reedSolomon?.capability == .sixteen }
    settle()
    // What comes later may be something else. What was found stays until then.
    if sample.isComplete { rest() }
  }

  /// Keeps nothing for a while.
  private mutating func rest() {
    if !sample.bytes.isEmpty { sample.removeAll() }
    triedByteCount = 0
    remainingQuietByteCount = Self.quietUnitCount * unitByteCount
    (seenByteCount, decodedByteCount) = (0, 0)
  }
}
