/// Where the fields of a channel's frames are.
package struct FrameLayout: Sendable, Equatable {
  package let frameByteCount: Int
  /// TM.
  package let secondaryHeaderByteCount: Int
  /// AOS: where the header error control field is, and the insert zone.
  package let headerErrorControlOffset: Int?
  package let insertZone: Range<Int>
  /// From the data field on to the operational control field.
  package let dataField: Range<Int>
  /// The data field without the M_PDU header of AOS.
  package let packetZone: Range<Int>
  package let operationalControlOffset: Int?
  package let errorControlOffset: Int?

  init(
    frameByteCount: Int, insertZone: Range<Int>, dataField: Range<Int>, packetZone: Range<Int>,
    operationalControlOffset: Int?, errorControlOffset: Int?
  ) {
    self.frameByteCount = frameByteCount
    secondaryHeaderByteCount = 0
    headerErrorControlOffset = nil
    self.insertZone = insertZone
    self.dataField = dataField
    self.packetZone = packetZone
    self.operationalControlOffset = operationalControlOffset
    self.errorControlOffset = errorControlOffset
  }

  /// The layout of the frames of a TM or AOS channel, or, for USLP, of packets in frames of one length with a count of
  /// four bytes.
  package init(link: LinkPlan, secondaryHeaderByteCount: Int = 0) {
    guard link.frameType != .uslp else {
      var field = USLPDataField()
      field.countByteCount = 4
      self.init(uslp: link, field, frameByteCount: link.frameByteCount)
      return
    }
    self.init(fixed: link, secondaryHeaderByteCount: link.frameType == .tm ? secondaryHeaderByteCount : 0)
  }

  private init(fixed link: LinkPlan, secondaryHeaderByteCount: Int) {
    let isAOS = link.frameType == .aos
    frameByteCount = link.frameByteCount
    self.secondaryHeaderByteCount = secondaryHeaderByteCount
    var start = 6 + secondaryHeaderByteCount
    headerErrorControlOffset = isAOS && link.hasHeaderErrorControl ? start : nil
    if headerErrorControlOffset != nil { start += 2 }
    insertZone = start..<start + (isAOS ? link.insertZoneByteCount : 0)
    start = insertZone.upperBound
    var end = link.frameByteCount
    end -= link.errorControlByteCount
    errorControlOffset = link.hasErrorControl ? end : nil
    if link.hasOperationalControlField { end -= 4 }
    operationalControlOffset = link.hasOperationalControlField ? end : nil
    dataField = start..<max(start, end)
    packetZone = min(dataField.upperBound, start + (isAOS ? 2 : 0))..<dataField.upperBound
  }
}
