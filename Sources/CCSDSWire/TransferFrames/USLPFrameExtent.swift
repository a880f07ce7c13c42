/// How long the USLP frame is that begins with some bytes: what takes a stream of frames apart.
package enum USLPFrameExtent: Equatable, Sendable {
  /// It takes this many bytes from the first to tell.
  case headerIncomplete(need: Int)
  /// By its length field the frame has this many bytes.
  case complete(byteCount: Int)
  /// It ends after a short header without a length: that of its virtual channel is managed.
  case truncated(SpacecraftID, VirtualChannelID)
  /// No frame begins here.
  case invalid(WireError)

  /// - Parameter bytes: The beginning of a frame, and anything behind it.
  package init(ofFrameAt bytes: RawSpan) {
    guard bytes.byteCount > 0 else {
      self = .headerIncomplete(need: 1)
      return
    }
    let version = bytes.byte(at: 0) >> 4
    guard version == USLPTransferFrame.versionNumber else {
      self = .invalid(.forbidden(.transferFrameVersionNumber, value: UInt32(version)))
      return
    }
    guard bytes.byteCount >= USLPTransferFrame.truncatedHeaderByteCount else {
      self = .headerIncomplete(need: USLPTransferFrame.truncatedHeaderByteCount)
      return
    }
    let identifiers = bytes.uint32(at: 0)
    guard identifiers & 1 == 0 else {
      self = .truncated(
        SpacecraftID(UInt16(truncatingIfNeeded: identifiers >> 12)),
        VirtualChannelID(UInt8(truncatingIfNeeded: identifiers >> 5) & 0x3F))
      return
    }
    guard bytes.byteCount >= Self.lengthEnd else {
      self = .headerIncomplete(need: Self.lengthEnd)
      return
    }
    let claimed = Int(bytes.uint16(at: 4)) + 1
    self =
      claimed > USLPTransferFrame.smallestPrimaryHeaderByteCount
      ? .complete(byteCount: claimed)
      : .invalid(
        .overrun(.frameLength, claimed: claimed, available: USLPTransferFrame.smallestPrimaryHeaderByteCount + 1))
  }

  /// The length field ends here.
  private static let lengthEnd = 6
}
