/// The frames of a simulated link.
package enum FrameType: String, Sendable, CaseIterable {
  case tm
  case aos
  case uslp
}

/// A simulated physical channel: one length and one layout for all frames of all its spacecraft.
package struct LinkPlan: Sendable, Equatable {
  package var frameType: FrameType
  /// Every frame has this length, all its fields included; where lengths vary, the longest one has it.
  package var frameByteCount: Int
  /// USLP: frames are as long as what they hold.
  package var hasVariableLength = false
  /// Frames end in a CRC-16.
  package var hasErrorControl = true
  /// USLP: it is a CRC-32 of the polynomial of Proximity-1.
  package var hasLongErrorControl = false
  /// Frames carry an Operational Control Field with a CLCW.
  package var hasOperationalControlField = false
  /// AOS: two bytes after the primary header protect the identifiers.
  package var hasHeaderErrorControl = false
  /// AOS, USLP with frames of one length: bytes between header and data field.
  package var insertZoneByteCount = 0
  /// AOS: 8, or 10 with two more bits in the signaling field.
  package var spacecraftIDBitCount = 8
  /// AOS: 11, or 16 for packet zones of 2,046 bytes and more.
  package var firstHeaderPointerBitCount = 11
  /// What is put around the frames; absent, they are sent as they are.
  package var coding: CodingPlan?
  /// Frames a second by the simulated clock.
  package var frameRate = 1000
  /// The share of frames with only idle data, 0…1.
  package var idleFrameShare = 0.0
  /// Every channel first sends two frames in a row that no impairment touches.
  package var hasOpeningRound = false
  /// The time of the first frame.
  package var startNanosecondsSince1970: Int64 = 1_767_225_600_000_000_000
  /// Frames to send; absent, without end.
  package var frameCount: Int?
  /// Decides everything that is left to chance.
  package var seed: UInt64 = 1

  package init(frameType: FrameType, frameByteCount: Int) {
    self.frameType = frameType
    self.frameByteCount = frameByteCount
  }

  /// The bytes of the error control field.
  package var errorControlByteCount: Int { hasErrorControl ? hasLongErrorControl ? 4 : 2 : 0 }

  /// When the frame of a place in the stream is sent.
  package func nanosecondsSince1970(ofFrame index: Int) -> Int64 {
    startNanosecondsSince1970 + Int64(index) * 1_000_000_000 / Int64(frameRate)
  }
}
