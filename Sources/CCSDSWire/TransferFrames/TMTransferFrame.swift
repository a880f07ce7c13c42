/// A borrowed view of one TM Transfer Frame.
///
/// Standard: CCSDS 132.0-B-3 §4.1.
///
///     |TFVN 2|SCID 10|VCID 3|OCF flag 1|master channel count 8|virtual channel count 8|
///     |secondary header flag 1|sync flag 1|packet order 1|segment length 2|first header pointer 11|
///     | [secondary header 2...64] | data field | [OCF 4] | [FECF 2] |
package struct TMTransferFrame: ~Escapable {
  /// The primary header, without a secondary one.
  package static let primaryHeaderByteCount = 6
  private static let versionNumber: UInt8 = 0b00
  private static let controlFieldByteCount = 4

  /// The frame without its error control field.
  private let bytes: RawSpan
  private let dataFieldOffset: Int
  private let dataFieldByteCount: Int

  /// - Parameters:
  ///   - bytes: Exactly one frame, sync marker removed and derandomized.
  ///   - errorControlByteCount: The managed length of the frame error control field.
  /// - Throws: `.truncated` when the fields do not fit, `.forbidden` when the version is not TM or the secondary
  ///   header is not of version 0 and at least two bytes, `.overrun` when it leaves no room for what follows it.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan, errorControlByteCount: Int) throws(WireError) {
    let available = bytes.byteCount - errorControlByteCount
    guard available > Self.primaryHeaderByteCount else {
      throw .truncated(.primaryHeader, need: Self.primaryHeaderByteCount + 1, have: max(0, available))
    }
    let version = bytes.byte(at: 0) >> 6
    guard version == Self.versionNumber else {
      throw .forbidden(.transferFrameVersionNumber, value: UInt32(version))
    }
    var offset = Self.primaryHeaderByteCount
    if bytes.byte(at: 4) & 0x80 != 0 {
      let identification = bytes.byte(at: 6)
      guard identification >> 6 == 0b00, identification & 0x3F > 0 else {
        throw .forbidden(.secondaryHeader, value: UInt32(identification))
      }
      offset += Int(identification & 0x3F) + 1
    }
    let controlByteCount = bytes.byte(at: 1) & 1 == 0 ? 0 : Self.controlFieldByteCount
    guard offset + controlByteCount <= available else {
      if offset > Self.primaryHeaderByteCount {
        throw .overrun(
          .secondaryHeader, claimed: offset - Self.primaryHeaderByteCount,
          available: max(0, available - Self.primaryHeaderByteCount - controlByteCount))
      }
      throw .truncated(.operationalControlField, need: offset + controlByteCount, have: available)
    }
    self.bytes = bytes.extracting(0..<available)
    self.dataFieldOffset = offset
    self.dataFieldByteCount = available - offset - controlByteCount
  }

  /// The spacecraft, 10 bits.
  package var spacecraftID: SpacecraftID { SpacecraftID(bytes.uint16(at: 0) >> 4 & 0x3FF) }
  /// The virtual channel, 0…7.
  package var virtualChannelID: VirtualChannelID { VirtualChannelID(bytes.byte(at: 1) >> 1 & 0b111) }
  /// Whether four bytes of reporting follow the data field.
  package var hasOperationalControlField: Bool { bytes.byte(at: 1) & 1 != 0 }
  /// Counts the frames of the spacecraft over all its virtual channels, modulo 256.
  package var masterChannelFrameCount: UInt8 { bytes.byte(at: 2) }
  /// Counts the frames of the virtual channel, modulo 256.
  package var virtualChannelFrameCount: UInt8 { bytes.byte(at: 3) }
  /// Whether a secondary header stands before the data field.
  package var hasSecondaryHeader: Bool { bytes.byte(at: 4) & 0x80 != 0 }
  /// False: packets or idle data, aligned to bytes. True: a service data unit of the mission's own.
  package var synchronizationFlag: Bool { bytes.byte(at: 4) & 0x40 != 0 }
  /// Where the first packet begins in the data field; without meaning when the synchronization flag is set.
  package var firstHeaderPointer: FirstHeaderPointer {
    FirstHeaderPointer(elevenBits: bytes.uint16(at: 4) & 0x7FF)
  }

  /// The secondary header without its first byte; empty when there is none.
  package var secondaryHeaderData: RawSpan {
    @_lifetime(copy self) get {
      bytes.extracting(min(Self.primaryHeaderByteCount + 1, dataFieldOffset)..<dataFieldOffset)
    }
  }

  /// The 32-bit virtual channel count, where the secondary header carries its upper 24 bits.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.3: a secondary header of exactly three data bytes.
  package var extendedVirtualChannelFrameCount: UInt32? {
    guard dataFieldOffset == Self.primaryHeaderByteCount + 4 else { return nil }
    return bytes.uint24(at: Self.primaryHeaderByteCount + 1) << 8 | UInt32(virtualChannelFrameCount)
  }

  /// The bytes between the headers and the trailer; may be empty.
  package var dataField: RawSpan {
    @_lifetime(copy self) get {
      bytes.extracting(dataFieldOffset..<dataFieldOffset + dataFieldByteCount)
    }
  }

  /// Where the data field begins, from the start of the frame.
  package var dataFieldStart: Int { dataFieldOffset }

  /// The reporting after the data field, where the frame says that it has it.
  package var operationalControlField: OperationalControlField? {
    hasOperationalControlField
      ? OperationalControlField(word: bytes.uint32(at: dataFieldOffset + dataFieldByteCount)) : nil
  }
}
