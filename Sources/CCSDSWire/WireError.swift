/// Why bytes are not what they were taken for: the field, what was needed, and what was there.
package enum WireError: Error, Equatable, Sendable {
  /// The unit ends inside `field`.
  case truncated(WireField, need: Int, have: Int)
  /// `field` holds a value that it must not have here.
  case forbidden(WireField, value: UInt32)
  /// `field` claims more bytes than the unit has left.
  case overrun(WireField, claimed: Int, available: Int)
}

/// The fields that a validating initializer can object to.
package enum WireField: String, Sendable {
  case primaryHeader
  case transferFrameVersionNumber
  case endOfHeaderFlag
  case frameLength
  case headerErrorControl
  case secondaryHeader
  case insertZone
  case dataField
  case operationalControlField
  case errorControlField
  case dataFieldHeader
  case constructionRule
  case firstHeaderPointer
  case lastValidOctetPointer
  case packetVersionNumber
  case packetDataLength
  case protocolID
  case controlWordType
  case utilizationVersionNumber
}
