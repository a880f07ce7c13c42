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

  package init(link: LinkPlan, secondaryHeaderByteCount: Int = 0) {
    let isAOS = link.frameType == .aos
    frameByteCount = link.frameByteCount
    self.secondaryHeaderByteCount = isAOS ? 0 : secondaryHeaderByteCount
    var start = 6 + self.secondaryHeaderByteCount
    headerErrorControlOffset = isAOS && link.hasHeaderErrorControl ? start : nil
    if headerErrorControlOffset != nil { start += 2 }
    insertZone = start..<start + (isAOS ? link.insertZoneByteCount : 0)
    start = insertZone.upperBound
    var end = link.frameByteCount
    if link.hasErrorControl { end -= 2 }
    errorControlOffset = link.hasErrorControl ? end : nil
    if link.hasOperationalControlField { end -= 4 }
    operationalControlOffset = link.hasOperationalControlField ? end : nil
    dataField = start..<max(start, end)
    packetZone = min(dataField.upperBound, start + (isAOS ? 2 : 0))..<dataField.upperBound
  }
}
