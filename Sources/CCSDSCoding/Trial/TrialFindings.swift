/// What a trial of undecoded input has found.
package struct TrialFindings: Sendable, Equatable {
  /// The sync markers in it; absent where there are none worth the name.
  package var census: MarkerCensus?
  /// A way to read it; absent where none was found.
  package var reading: TrialReading?
  /// The value of every byte, where all have the same.
  package var constant: UInt8?

  package init() {}

  /// Whether there is nothing to tell.
  package var isEmpty: Bool { census == nil && reading == nil && constant == nil }
}

/// A set of managed parameters with which frames come out of the input, and what speaks for it.
package struct TrialReading: Sendable, Equatable {
  /// What to take off the bits; nothing in it where frames come as they are.
  package var coding: ChannelCoding
  /// Whole units in what the sender keeps together; 1 where it keeps nothing together.
  package var unitsPerDatagram = 1
  /// All bits come inverted, and no marker is there to say so.
  package var isInverted = false
  /// The units that were looked at.
  package var triedUnitCount = 0
  /// Those of which a frame comes out: decoded, or like a frame where there is no code.
  package var decodedUnitCount = 0
  /// Of those, the frames that end in a CRC-16 that fits.
  package var intactFrameCount = 0
  /// What the frames say they are; absent where they do not agree.
  package var version: TransferFrameVersion?
  /// The code would correct the same units with another randomizer, and the frames do not say which it is.
  package var isRandomizerAmbiguous = false

  package init(coding: ChannelCoding) { self.coding = coding }

  /// Whether the frames end in a CRC-16.
  package var hasFrameErrorControl: Bool { intactFrameCount > 0 && 2 * intactFrameCount > decodedUnitCount }
}
