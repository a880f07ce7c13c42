/// One thing that can happen to a frame, or behind it.
package enum Impairment: Sendable, Equatable {
  /// It never arrives.
  case drop
  /// It arrives now and again so many places later; 0 is right behind.
  case duplicate(places: Int)
  /// It arrives so many places later, 1…8.
  case delay(places: Int)
  /// Bits are turned behind the header so that the error control field no longer fits; there has to be one.
  case corrupt
  /// One byte at least is missing at the end, and one at least is left.
  case truncate
  /// One to sixteen bytes are added at the end.
  case oversize
  /// All counts of 24 bits and more of one spacecraft start again at 0, once nothing is on its way any more.
  ///
  /// A count below 256 or close to its end goes on: nobody could tell the start from a late frame, or a gap.
  case counterReset
  /// A lone frame of a spacecraft that is not in the plan follows, well formed, with any count.
  case foreign
  /// A copy of the frame with another version number follows.
  case foreignVersion
  /// A datagram without a byte follows.
  case empty
}

/// What happens to frames between the spacecraft and the receiver; every probability is per frame sent, 0…1.
///
/// Nothing is lost, damaged or delayed of a channel whose counter is frozen: nobody could tell what is missing.
package struct Impairments: Sendable, Equatable {
  /// A clean link.
  package static let none = Impairments()

  /// The fate of single frames by their index, whatever the dice say; the truth holds where a receiver can see it.
  package var planned: [Int: Impairment] = [:]
  /// Drops come in bursts of so many frames.
  package var dropProbability = 0.0
  package var dropBurstFrameCounts = 1...1
  /// See `Impairment.duplicate`, and likewise for all that follow.
  package var duplicateProbability = 0.0
  package var duplicateDelays = 0...0
  package var reorderProbability = 0.0
  package var reorderDelays = 1...8
  /// Only where there is error control.
  package var corruptProbability = 0.0
  package var truncateProbability = 0.0
  package var oversizeProbability = 0.0
  package var counterResetProbability = 0.0
  package var foreignProbability = 0.0
  /// The most frames of other spacecraft; each comes from another one.
  package var foreignFrameLimit = 16
  package var foreignVersionProbability = 0.0
  package var emptyProbability = 0.0
  /// What befalls the bits of coded units.
  package var stream = StreamImpairments.none

  package init() {}

  /// All probabilities, to check them alike.
  var probabilities: [Double] {
    [
      dropProbability, duplicateProbability, reorderProbability, corruptProbability, truncateProbability,
      oversizeProbability, counterResetProbability, foreignProbability, foreignVersionProbability, emptyProbability,
      stream.hitProbability, stream.symbolErrorProbability,
    ]
  }
}
