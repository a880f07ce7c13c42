/// What the managed parameters say about the fields of every AOS frame on a physical channel.
package struct AOSFrameLayout: Sendable, Equatable {
  /// Two bytes after the primary header protect the identifiers.
  package var hasHeaderErrorControl: Bool
  /// The length of the insert zone between header and data field; 0 without one.
  package var insertZoneByteCount: Int
  /// Four bytes of reporting follow the data field.
  package var hasOperationalControlField: Bool
  /// The length of the frame error control field at the end; 0 without one.
  package var errorControlByteCount: Int
  /// 8, or 10 with the two more significant bits in the signaling field.
  package var spacecraftIDBitCount: Int

  package init(
    hasHeaderErrorControl: Bool = false, insertZoneByteCount: Int = 0, hasOperationalControlField: Bool = false,
    errorControlByteCount: Int = 0, spacecraftIDBitCount: Int = 8
  ) {
    self.hasHeaderErrorControl = hasHeaderErrorControl
    self.insertZoneByteCount = insertZoneByteCount
    self.hasOperationalControlField = hasOperationalControlField
    self.errorControlByteCount = errorControlByteCount
    self.spacecraftIDBitCount = spacecraftIDBitCount
  }

  /// Where the data field begins.
  package var dataFieldStart: Int {
    AOSTransferFrame.primaryHeaderByteCount + (hasHeaderErrorControl ? 2 : 0) + insertZoneByteCount
  }

  /// The bytes after the data field.
  package var trailerByteCount: Int { (hasOperationalControlField ? 4 : 0) + errorControlByteCount }
}

/// The bytes of an AOS primary header that its error control protects.
package struct AOSProtectedFields: Sendable, Equatable {
  /// Version number, spacecraft and virtual channel.
  package var identifiers: UInt16
  /// Replay flag, use of the count cycle, spare bits and the count cycle.
  package var signaling: UInt8

  package init(identifiers: UInt16, signaling: UInt8) {
    self.identifiers = identifiers
    self.signaling = signaling
  }
}

/// A borrowed view of one AOS Transfer Frame.
///
/// Standard: CCSDS 732.0-B-4 §4.1.
///
///     |TFVN 2|SCID 8|VCID 6|virtual channel frame count 24|
///     |replay 1|count cycle in use 1|spare 2, or SCID 2|count cycle 4| [header error control 16] |
///     | [insert zone] | data field | [OCF 4] | [FECF 2] |
package struct AOSTransferFrame: ~Escapable {
  /// The primary header without its error control field.
  package static let primaryHeaderByteCount = 6
  private static let versionNumber: UInt16 = 0b01

  private let bytes: RawSpan
  private let layout: AOSFrameLayout
  private let protectedFields: AOSProtectedFields

  /// - Parameters:
  ///   - bytes: Exactly one frame, sync marker removed and derandomized.
  ///   - layout: Which optional fields the physical channel has.
  ///   - corrected: The protected fields after header error control, where they were not intact.
  /// - Throws: `.truncated` when the fields do not fit, `.forbidden` when the version is not AOS.
  @_lifetime(copy bytes)
  package init(
    validating bytes: RawSpan, layout: AOSFrameLayout, corrected: AOSProtectedFields? = nil
  ) throws(WireError) {
    let need = layout.dataFieldStart + layout.trailerByteCount
    guard bytes.byteCount > need, layout.insertZoneByteCount >= 0 else {
      throw .truncated(.primaryHeader, need: need + 1, have: bytes.byteCount)
    }
    let fields =
      corrected ?? AOSProtectedFields(identifiers: bytes.uint16(at: 0), signaling: bytes.byte(at: 5))
    guard fields.identifiers >> 14 == Self.versionNumber else {
      throw .forbidden(.transferFrameVersionNumber, value: UInt32(fields.identifiers >> 14))
    }
    self.bytes = bytes
    self.layout = layout
    self.protectedFields = fields
  }

  /// The spacecraft, 8 or 10 bits as the layout says.
  package var spacecraftID: SpacecraftID {
    let low = protectedFields.identifiers >> 6 & 0xFF
    guard layout.spacecraftIDBitCount == 10 else { return SpacecraftID(low) }
    return SpacecraftID(UInt16(protectedFields.signaling >> 4 & 0b11) << 8 | low)
  }

  /// The virtual channel, 0…63.
  package var virtualChannelID: VirtualChannelID { VirtualChannelID(UInt8(protectedFields.identifiers & 0x3F)) }

  /// True in frames played back from a recorder.
  package var replayFlag: Bool { protectedFields.signaling & 0x80 != 0 }

  /// True when a four-bit cycle extends the frame count to 28 bits.
  package var usesFrameCountCycle: Bool { protectedFields.signaling & 0x40 != 0 }

  /// Counts the frames of the virtual channel, modulo 2^24, or 2^28 with the cycle in use.
  package var virtualChannelFrameCount: UInt32 {
    let count = bytes.uint24(at: 2)
    return usesFrameCountCycle ? UInt32(protectedFields.signaling & 0x0F) << 24 | count : count
  }

  /// The bytes between header and data field; empty without an insert zone.
  package var insertZone: RawSpan {
    @_lifetime(copy self) get {
      bytes.extracting(layout.dataFieldStart - layout.insertZoneByteCount..<layout.dataFieldStart)
    }
  }

  /// The bytes between what stands before them and the trailer; at least one.
  package var dataField: RawSpan {
    @_lifetime(copy self) get {
      bytes.extracting(layout.dataFieldStart..<bytes.byteCount - layout.trailerByteCount)
    }
  }

  /// Where the data field begins, from the start of the frame.
  package var dataFieldStart: Int { layout.dataFieldStart }

  /// The reporting after the data field, where the layout has it.
  package var operationalControlField: OperationalControlField? {
    layout.hasOperationalControlField
      ? OperationalControlField(word: bytes.uint32(at: bytes.byteCount - layout.trailerByteCount)) : nil
  }
}
