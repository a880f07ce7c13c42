/// How far the packet reaches that begins with some bytes: all that demultiplexing needs of a packet header.
package enum PacketExtent: Equatable, Sendable {
  /// The packet has this many bytes, its header included. There may be fewer here.
  case complete(byteCount: Int)
  /// The length is not known before this many bytes of the packet are there.
  case headerIncomplete(need: Int)
  /// No packet begins like this.
  case invalid(WireError)

  /// - Parameter bytes: The first bytes of a packet, with anything after them; at least one.
  @inlinable
  package init(ofPacketAt bytes: RawSpan) {
    guard bytes.byteCount > 0 else {
      self = .headerIncomplete(need: 1)
      return
    }
    let first = bytes.byte(at: 0)
    switch first >> 5 {
    case 0b000:
      self =
        bytes.byteCount < 6
        ? .headerIncomplete(need: 6) : .complete(byteCount: Int(bytes.uint16(at: 4)) + 7)
    case 0b111: self = Self.encapsulation(firstByte: first, bytes)
    default: self = .invalid(.forbidden(.packetVersionNumber, value: UInt32(first >> 5)))
    }
  }

  @usableFromInline
  static func encapsulation(firstByte: UInt8, _ bytes: RawSpan) -> PacketExtent {
    let protocolID = firstByte >> 2 & 0b111
    let header = EncapsulationPacket.headerByteCount(firstByte: firstByte)
    guard header > 1 else {
      return protocolID == 0
        ? .complete(byteCount: 1) : .invalid(.forbidden(.protocolID, value: UInt32(protocolID)))
    }
    guard bytes.byteCount >= header else { return .headerIncomplete(need: header) }
    let claimed =
      switch header {
      case 2: Int(bytes.byte(at: 1))
      case 4: Int(bytes.uint16(at: 2))
      default: Int(bytes.uint32(at: 4))
      }
    guard claimed >= header else {
      return .invalid(.overrun(.packetDataLength, claimed: claimed, available: header))
    }
    return .complete(byteCount: claimed)
  }
}
