/// The managed parameters of the synchronization and channel coding sublayer of one physical channel: what stands
/// between the bits that a modem hands over and the transfer frames in them.
///
/// Received in this order: find the sync marker and take it off, undo the inversion, derandomize, correct the
/// codeblock and take its parity off. What is left is one transfer frame.
///
/// Standard: CCSDS 131.0-B-5 §12.
package struct ChannelCoding: Sendable, Equatable {
  /// What stands before every unit of a bit stream; absent where each unit comes by itself, without its marker.
  package var syncMarker: SyncMarker?
  /// How many bits of a marker may be wrong.
  package var markerTolerance = MarkerTolerance()
  /// The sequence that was added to each unit.
  package var randomizer = Randomizer.Sequence.none
  /// The code that protects each unit.
  package var reedSolomon: ReedSolomonParameters?
  /// The length of the transfer frame in each unit.
  package var frameByteCount: Int
  /// The frames end in a CRC-16: without a code, what proves that a unit begins where it seems to.
  package var hasFrameErrorControl = false

  package init(frameByteCount: Int) { self.frameByteCount = frameByteCount }

  /// The length of a unit without its marker: of the frame, or of the codeblock around it.
  package var codeblockByteCount: Int { frameByteCount + (reedSolomon?.parityByteCount ?? 0) }

  /// The length of a channel access data unit (CADU): marker and unit.
  package var accessDataUnitByteCount: Int { (syncMarker?.byteCount ?? 0) + codeblockByteCount }
}

/// How many bits of a sync marker may be wrong, by what is known already. Absent, a default that goes with its length.
package struct MarkerTolerance: Sendable, Equatable {
  /// While a marker may be anywhere.
  package var whileSearching: Int?
  /// Where one is expected.
  package var whileLocked: Int?

  package init(whileSearching: Int? = nil, whileLocked: Int? = nil) {
    self.whileSearching = whileSearching
    self.whileLocked = whileLocked
  }
}
