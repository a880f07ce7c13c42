/// What the managed parameters say about the fields of every USLP frame on a physical channel.
package struct USLPFrameLayout: Sendable, Equatable {
  /// The length of the insert zone between header and data field; 0 without one. Truncated frames have none.
  package var insertZoneByteCount: Int
  /// The length of the frame error control field at the end; 0 without one. Truncated frames have none.
  package var errorControlByteCount: Int

  package init(insertZoneByteCount: Int = 0, errorControlByteCount: Int = 0) {
    self.insertZoneByteCount = insertZoneByteCount
    self.errorControlByteCount = errorControlByteCount
  }
}

/// A borrowed view of one USLP Transfer Frame.
///
/// Standard: CCSDS 732.1-B-3 §4.1, annex D for truncated frames.
///
///     |TFVN 4|SCID 16|source or destination 1|VCID 6|MAP ID 4|end of header 1|
///     |frame length 16|bypass 1|protocol control command 1|spare 2|OCF flag 1|count length 3| count 0...56 |
///     | [insert zone] | data field | [OCF 4] | [FECF 2 or 4] |
///
///     |TFVN 4|SCID 16|source or destination 1|VCID 6|MAP ID 4|end of header 1| data field |       truncated
package struct USLPTransferFrame: ~Escapable {
  /// What tells a USLP frame from all others: its first four bits.
  package static let versionNumber: UInt8 = 0b1100
  /// The primary header without a frame count.
  package static let smallestPrimaryHeaderByteCount = 7
  /// The header of a truncated frame.
  package static let truncatedHeaderByteCount = 4
  private static let controlFieldByteCount = 4

  /// The frame without its error control field.
  private let bytes: RawSpan
  private let insertZoneStart: Int
  /// Where the data field begins, from the start of the frame.
  package let dataFieldStart: Int
  private let dataFieldEnd: Int

  /// - Parameters:
  ///   - bytes: Exactly one frame, sync marker removed and derandomized.
  ///   - layout: Which optional fields the physical channel has.
  ///   - truncatedFrameByteCount: The managed length of the truncated frames of the frame's virtual channel; absent
  ///     where it has none.
  /// - Throws: `.truncated` when the fields do not fit, `.forbidden` when the version is not USLP or the frame is
  ///   truncated and must not be, `.overrun` when the frame length is not that of `bytes`.
  @_lifetime(copy bytes)
  package init(
    validating bytes: RawSpan, layout: USLPFrameLayout, truncatedFrameByteCount: Int? = nil
  ) throws(WireError) {
    guard bytes.byteCount >= Self.truncatedHeaderByteCount else {
      throw .truncated(.primaryHeader, need: Self.truncatedHeaderByteCount, have: bytes.byteCount)
    }
    let version = bytes.byte(at: 0) >> 4
    guard version == Self.versionNumber else {
      throw .forbidden(.transferFrameVersionNumber, value: UInt32(version))
    }
    let end: Int
    if bytes.byte(at: 3) & 1 != 0 {
      try Self.checkTruncated(bytes, truncatedFrameByteCount)
      insertZoneStart = Self.truncatedHeaderByteCount
      dataFieldStart = insertZoneStart
      end = bytes.byteCount
      dataFieldEnd = end
    } else {
      let need = try Self.neededByteCount(bytes, layout)
      end = bytes.byteCount - layout.errorControlByteCount
      insertZoneStart = Self.smallestPrimaryHeaderByteCount + Int(bytes.byte(at: 6) & 0b111)
      dataFieldStart = insertZoneStart + layout.insertZoneByteCount
      dataFieldEnd = dataFieldStart + bytes.byteCount - need
    }
    self.bytes = bytes.extracting(0..<end)
  }

  /// Standard: CCSDS 732.1-B-3 annex D: header, construction rule, and 1…27 bytes.
  private static func checkTruncated(_ bytes: RawSpan, _ managedByteCount: Int?) throws(WireError) {
    guard let managedByteCount, (6...32).contains(managedByteCount) else {
      throw .forbidden(.endOfHeaderFlag, value: 1)
    }
    guard bytes.byteCount == managedByteCount else {
      throw .overrun(.frameLength, claimed: managedByteCount, available: bytes.byteCount)
    }
  }

  /// All that the frame holds but its data field.
  private static func neededByteCount(_ bytes: RawSpan, _ layout: USLPFrameLayout) throws(WireError) -> Int {
    guard bytes.byteCount >= smallestPrimaryHeaderByteCount else {
      throw .truncated(.primaryHeader, need: smallestPrimaryHeaderByteCount, have: bytes.byteCount)
    }
    let claimed = Int(bytes.uint16(at: 4)) + 1
    guard claimed == bytes.byteCount else {
      throw .overrun(.frameLength, claimed: claimed, available: bytes.byteCount)
    }
    let flags = bytes.byte(at: 6)
    let need =
      smallestPrimaryHeaderByteCount + Int(flags & 0b111) + layout.insertZoneByteCount
      + (flags & 0b1000 == 0 ? 0 : controlFieldByteCount) + layout.errorControlByteCount
    guard bytes.byteCount > need, layout.insertZoneByteCount >= 0 else {
      throw .truncated(.dataField, need: need + 1, have: bytes.byteCount)
    }
    return need
  }

  /// The spacecraft, 16 bits.
  package var spacecraftID: SpacecraftID { SpacecraftID(UInt16(truncatingIfNeeded: bytes.uint32(at: 0) >> 12)) }
  /// Whether the spacecraft is where the frame goes, rather than where it comes from.
  package var isForSpacecraft: Bool { bytes.byte(at: 2) & 0b1000 != 0 }
  /// The virtual channel, 0…63.
  package var virtualChannelID: VirtualChannelID {
    VirtualChannelID(UInt8(truncatingIfNeeded: bytes.uint16(at: 2) >> 5 & 0x3F))
  }
  /// The access point of the virtual channel that the data field belongs to, 0…15.
  package var multiplexerAccessPointID: MultiplexerAccessPointID {
    MultiplexerAccessPointID(bytes.byte(at: 3) >> 1 & 0xF)
  }
  /// Whether the frame ends its header early: no count, no reporting and no error control.
  package var isTruncated: Bool { bytes.byte(at: 3) & 1 != 0 }
  /// Whether the frame goes past sequence control. A truncated one always does: it has nothing to be controlled by.
  package var isExpedited: Bool { isTruncated || bytes.byte(at: 6) & 0x80 != 0 }
  /// Whether the data field holds commands of the protocols, rather than data of users.
  package var carriesProtocolControl: Bool { !isTruncated && bytes.byte(at: 6) & 0x40 != 0 }
  /// Whether four bytes of reporting follow the data field.
  package var hasOperationalControlField: Bool { !isTruncated && bytes.byte(at: 6) & 0b1000 != 0 }
  /// The length of the frame count: 0…7.
  package var frameCountByteCount: Int { isTruncated ? 0 : Int(bytes.byte(at: 6) & 0b111) }

  /// Counts the frames of the virtual channel with this quality of service, modulo 256 to the length of the count.
  package var virtualChannelFrameCount: UInt64 {
    var count: UInt64 = 0
    for offset in 0..<frameCountByteCount {
      count = count << 8 | UInt64(bytes.byte(at: Self.smallestPrimaryHeaderByteCount + offset))
    }
    return count
  }

  /// The bytes between header and data field; empty without an insert zone.
  package var insertZone: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(insertZoneStart..<dataFieldStart) }
  }

  /// The bytes between what stands before them and the trailer; at least one.
  package var dataField: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(dataFieldStart..<dataFieldEnd) }
  }

  /// The reporting after the data field, where the frame says that it has it.
  package var operationalControlField: OperationalControlField? {
    hasOperationalControlField ? OperationalControlField(word: bytes.uint32(at: dataFieldEnd)) : nil
  }
}
