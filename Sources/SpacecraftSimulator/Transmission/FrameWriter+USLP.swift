/// What the header and the data field header of a USLP frame say of its data.
package struct USLPDataField: Sendable, Equatable {
  /// 0…15.
  package var accessPointID: UInt8 = 0
  /// How the zone holds its data, 0…7.
  package var constructionRule: UInt8 = 0
  /// What the data are: 0 packets, 4 a stream of bytes, 5 a mission's own units, 31 idle.
  package var protocolID: UInt8 = 0
  /// Under the rules 0, 1 and 2: where the first packet begins, or the unit ends; FFFF for nowhere.
  package var pointer: UInt16 = 0xFFFF
  /// The bytes of the frame count, 0…7.
  package var countByteCount = 0
  package var isExpedited = false
  /// The frame has a header of four bytes and no trailer.
  package var isTruncated = false
  /// The identifier is that of the destination.
  package var isForSpacecraft = false

  package init() {}
}

extension FrameWriter {
  /// Writes the header and the data field header; the frame has its whole length already.
  func writeUSLPHeader(_ fields: FrameFields, layout: FrameLayout, to frame: inout [UInt8]) {
    let field = fields.dataField
    let identifiers =
      0xC000_0000 | UInt32(fields.spacecraftID) << 12 | (field.isForSpacecraft ? 0x800 : 0)
      | UInt32(fields.virtualChannelID) << 5 | UInt32(field.accessPointID) << 1 | (field.isTruncated ? 1 : 0)
    frame.store(UInt16(truncatingIfNeeded: identifiers >> 16), at: 0)
    frame.store(UInt16(truncatingIfNeeded: identifiers), at: 2)
    if !field.isTruncated {
      frame.store(UInt16(truncatingIfNeeded: layout.frameByteCount - 1), at: 4)
      var flags = UInt8(truncatingIfNeeded: field.countByteCount)
      if field.isExpedited { flags |= 0x80 }
      if layout.operationalControlOffset != nil { flags |= 0x08 }
      frame[6] = flags
      for index in 0..<field.countByteCount {
        let bits = UInt64(8 * (field.countByteCount - 1 - index))
        frame[7 + index] = UInt8(truncatingIfNeeded: fields.virtualChannelFrameCount >> bits)
      }
    }
    frame[layout.dataField.lowerBound] = field.constructionRule << 5 | field.protocolID
    if field.constructionRule <= 2 { frame.store(field.pointer, at: layout.dataField.lowerBound + 1) }
  }
}

extension FrameLayout {
  /// The layout of one USLP frame.
  package init(uslp link: LinkPlan, _ field: USLPDataField, frameByteCount: Int) {
    var end = frameByteCount
    var start = field.isTruncated ? 4 : 7 + field.countByteCount
    var insertZone = start..<start
    var operationalControlOffset: Int?
    var errorControlOffset: Int?
    if !field.isTruncated {
      if !link.hasVariableLength { insertZone = start..<start + link.insertZoneByteCount }
      start = insertZone.upperBound
      end -= link.errorControlByteCount
      errorControlOffset = link.hasErrorControl ? end : nil
      if link.hasOperationalControlField {
        end -= 4
        operationalControlOffset = end
      }
    }
    let dataField = start..<max(start, end)
    let zoneStart = min(dataField.upperBound, start + (field.constructionRule <= 2 ? 3 : 1))
    self.init(
      frameByteCount: frameByteCount, insertZone: insertZone, dataField: dataField,
      packetZone: zoneStart..<dataField.upperBound, operationalControlOffset: operationalControlOffset,
      errorControlOffset: errorControlOffset)
  }
}
