/// What synchronizer and decoder find out. The ledger is a fold over these, beside what frames and packets say.
package enum CodingEvent: Sendable, Equatable {
  /// A unit was cut out of the stream, or came by itself, and went through the decoder.
  case codeblock(CodeblockObservation)
  /// A unit that came by itself had not the managed length.
  case codeblockRefused(byteCount: Int)
  /// The synchronizer found the stream of units, or lost it.
  case lock(LockTransition)
  /// Bytes of the stream that belong to no unit.
  case bytesSkipped(Int)
}

/// One unit that went through the decoder.
package struct CodeblockObservation: Sendable, Equatable {
  /// By codeword: how much was corrected.
  package var corrections: CodewordCorrections
  /// What stood before it; absent where units come without marker.
  package var marker: MarkerObservation?
  /// Nanoseconds since 1970, where the input says.
  package var receivedAt: Int64?

  package init(corrections: CodewordCorrections, marker: MarkerObservation? = nil, receivedAt: Int64? = nil) {
    self.corrections = corrections
    self.marker = marker
    self.receivedAt = receivedAt
  }

  /// Whether a frame came out of it.
  package var isDecoded: Bool { corrections.isDecoded }
}

/// The sync marker of one unit.
package struct MarkerObservation: Sendable, Equatable {
  /// Wrong bits; absent where no marker was recognized, and the unit was cut where one had to be (flywheel).
  package var errorCount: Int?
  /// Whether marker and unit came with all bits inverted.
  package var isInverted: Bool
  /// Whether the polarity changed with this unit.
  package var changesPolarity: Bool
  /// By how many bits it came later (or, negative, earlier) than expected.
  package var slipBitCount: Int

  package init(errorCount: Int?, isInverted: Bool = false, changesPolarity: Bool = false, slipBitCount: Int = 0) {
    self.errorCount = errorCount
    self.isInverted = isInverted
    self.changesPolarity = changesPolarity
    self.slipBitCount = slipBitCount
  }
}

/// What a synchronizer knows about where the units are.
package enum LockState: String, Sendable, CaseIterable {
  /// Nothing.
  case search
  /// A marker was seen; nothing speaks for it yet.
  case check
  /// The last marker was where it had to be.
  case lock
  /// The last marker was not recognized; the unit behind it was.
  case flywheel
}

/// The stream of units was found, or lost.
package enum LockTransition: Sendable, Equatable {
  /// From here on every unit is delivered.
  case acquired(isInverted: Bool, bitOffset: Int)
  /// Neither a marker nor a unit where they had to be.
  case lost
}

/// Bytes of a bit stream, each in one place: `received` = `framed` + `skipped` + those pending.
package struct StreamCounts: Sendable, Equatable {
  /// All that came in.
  package var received = 0
  /// In units, markers included.
  package var framed = 0
  /// In no unit.
  package var skipped = 0

  package init() {}

  /// Received, and in no place yet.
  package var pending: Int { received - framed - skipped }
}
