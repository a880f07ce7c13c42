/// What happens to frames between the spacecraft and the receiver; every probability is per frame sent, 0…1.
///
/// Nothing is lost, damaged or delayed of a channel whose counter is frozen: nobody could tell what is missing.
package struct Impairments: Sendable, Equatable {
  /// A clean link.
  package static let none = Impairments()

  /// The frame, and those of the burst behind it, never arrive.
  package var dropProbability = 0.0
  package var dropBurstFrameCounts = 1...1
  /// The frame arrives once more, some places later.
  package var duplicateProbability = 0.0
  package var duplicateDelays = 0...0
  /// The frame arrives some places later.
  package var reorderProbability = 0.0
  package var reorderDelays = 1...8
  /// Bits are turned behind the header so that the error control field no longer fits; only where there is one.
  package var corruptProbability = 0.0
  /// Bytes are missing at the end.
  package var truncateProbability = 0.0
  /// Bytes are added at the end.
  package var oversizeProbability = 0.0
  /// All counts of 24 bits and more of one spacecraft start again at 0, once nothing is on its way any more.
  package var counterResetProbability = 0.0
  /// A lone frame of a spacecraft that is not in the plan arrives, well formed, with any count.
  package var foreignProbability = 0.0
  /// The most frames of other spacecraft; each comes from another one.
  package var foreignFrameLimit = 16
  /// A copy of the frame with another version number arrives.
  package var foreignVersionProbability = 0.0
  /// A datagram without a byte arrives.
  package var emptyProbability = 0.0

  package init() {}

  /// All probabilities, to check them alike.
  var probabilities: [Double] {
    [
      dropProbability, duplicateProbability, reorderProbability, corruptProbability, truncateProbability,
      oversizeProbability, counterResetProbability, foreignProbability, foreignVersionProbability, emptyProbability,
    ]
  }
}
