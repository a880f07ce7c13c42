import CCSDSCoding
package import CCSDSWire

/// What rejected frames have in common: enough to say which setting would accept them.
package struct RejectionEvidence: Sendable, Equatable {
  /// How many accepted frames are looked at for an error control field that nobody told us of.
  private static let unprotectedSampleCount = 16

  /// The length of the last frames that had not the managed one.
  package private(set) var otherByteCount = 0
  /// How many frames in a row had that length.
  package private(set) var otherByteCountRepeats = 0
  /// The spacecraft of the last frames of another one.
  package private(set) var otherSpacecraftID: SpacecraftID?
  /// How many frames in a row were of that spacecraft.
  package private(set) var otherSpacecraftRepeats = 0
  /// The version number of the last frame of another protocol.
  package private(set) var otherVersion: UInt8 = 0
  /// How many frames in a row had that version number.
  package private(set) var otherVersionRepeats = 0
  /// How many of the first accepted frames were looked at, on a channel without error control.
  package private(set) var unprotectedCount = 0
  /// How many of them end in a CRC-16 that fits all the same.
  package private(set) var protectedAfterAllCount = 0
  /// USLP: how many of them end in a CRC-32 that fits.
  package private(set) var longProtectedAfterAllCount = 0
  /// USLP: how many frames in a row had the error control field of the other length.
  package private(set) var otherErrorControlRepeats = 0
  /// Whether the last frames of another length began with a sync marker.
  package private(set) var beginsWithSyncMarker = false

  package init() {}

  mutating func note(_ rejection: FrameRejection, _ frame: RawSpan, _ parameters: PhysicalChannelParameters) {
    if rejection == .errorControl { noteOtherErrorControl(frame, parameters) }
    switch rejection {
    case .length where frame.byteCount == parameters.frameByteCount: break
    case .length:
      otherByteCountRepeats = frame.byteCount == otherByteCount ? otherByteCountRepeats + 1 : 1
      otherByteCount = frame.byteCount
      beginsWithSyncMarker = frame.byteCount >= 4 && frame.uint32(at: 0) == Self.syncMarker
    case .version where frame.byteCount > 0:
      let version = frame.byte(at: 0) >> 6
      otherVersionRepeats = version == otherVersion ? otherVersionRepeats + 1 : 1
      otherVersion = version
    case .spacecraft where frame.byteCount > 1, .errorControl where frame.byteCount > 1:
      let word = frame.uint16(at: 0)
      let other = Self.spacecraftID(word, frame, parameters)
      otherSpacecraftRepeats = other == otherSpacecraftID ? otherSpacecraftRepeats + 1 : 1
      otherSpacecraftID = other
    case .version, .spacecraft, .headerErrorControl, .errorControl, .quarantined: break
    }
  }

  private static func spacecraftID(
    _ word: UInt16, _ frame: RawSpan, _ parameters: PhysicalChannelParameters
  ) -> SpacecraftID {
    if parameters.frameType == .uslp, frame.byteCount > 3 {
      return SpacecraftID(UInt16(truncatingIfNeeded: frame.uint32(at: 0) >> 12))
    }
    guard parameters.frameType == .aos else { return SpacecraftID(word >> 4 & 0x3FF) }
    guard parameters.spacecraftIDBitCount == 10, frame.byteCount > 5 else { return SpacecraftID(word >> 6 & 0xFF) }
    return SpacecraftID(UInt16(frame.byte(at: 5) >> 4 & 0b11) << 8 | word >> 6 & 0xFF)
  }

  /// Looks for the error control field of the other length.
  private mutating func noteOtherErrorControl(_ frame: RawSpan, _ parameters: PhysicalChannelParameters) {
    guard parameters.frameType == .uslp else { return }
    let isIntact =
      parameters.errorControl == .crc32
      ? ErrorControlKernel.isIntact(frame: frame) : CRC32.proximity1.checksum(of: frame) == 0
    otherErrorControlRepeats = isIntact ? otherErrorControlRepeats + 1 : 0
  }

  /// Looks at the first accepted frames of a channel that is said to have no error control.
  mutating func noteUnprotected(_ frame: RawSpan, _ frameType: TransferFrameType) {
    guard unprotectedCount < Self.unprotectedSampleCount else { return }
    unprotectedCount += 1
    if ErrorControlKernel.isIntact(frame: frame) {
      protectedAfterAllCount += 1
    } else if frameType == .uslp, CRC32.proximity1.checksum(of: frame) == 0 {
      longProtectedAfterAllCount += 1
    }
  }

  /// The 32-bit attached sync marker.
  ///
  /// Standard: CCSDS 131.0-B-5 §9.3.
  private static let syncMarker: UInt32 = 0x1ACF_FC1D
}

extension RejectionEvidence {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.byteCount(&otherByteCount)
    archive.count(&otherByteCountRepeats)
    archive.optional(&otherSpacecraftID, blank: SpacecraftID(0)) { $0.archive(&$1) }
    archive.count(&otherSpacecraftRepeats)
    archive.item(&otherVersion)
    archive.count(&otherVersionRepeats)
    archive.item(&unprotectedCount, in: 0...Self.unprotectedSampleCount)
    archive.count(&protectedAfterAllCount)
    archive.count(&longProtectedAfterAllCount)
    archive.count(&otherErrorControlRepeats)
    archive.item(&beginsWithSyncMarker)
  }
}
