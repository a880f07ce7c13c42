/// A borrowed view of one Encapsulation Packet.
///
/// Standard: CCSDS 133.1-B-3 §4.1.
///
///     |version 3|protocol ID 3|length of length 2| [user defined 4|protocol ID extension 4|] [CCSDS field 16|]
///     | [length 8, 16 or 32] | data ...
package struct EncapsulationPacket: ~Escapable {
  /// What tells an Encapsulation Packet from a Space Packet: its first three bits.
  package static let versionNumber: UInt8 = 0b111
  /// The longest header.
  package static let largestHeaderByteCount = 8

  /// The whole packet, its header included.
  package let bytes: RawSpan
  private let headerByteCount: Int

  /// - Parameter bytes: Exactly one packet.
  /// - Throws: `.truncated` when the header does not fit, `.forbidden` when the version is not 7 or a one-byte packet
  ///   is not idle, `.overrun` when the length is not that of `bytes`.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount > 0 else { throw .truncated(.primaryHeader, need: 1, have: 0) }
    let version = bytes.byte(at: 0) >> 5
    guard version == Self.versionNumber else { throw .forbidden(.packetVersionNumber, value: UInt32(version)) }
    switch PacketExtent(ofPacketAt: bytes) {
    case .complete(let byteCount):
      guard byteCount == bytes.byteCount else {
        throw .overrun(.packetDataLength, claimed: byteCount, available: bytes.byteCount)
      }
    case .headerIncomplete(let need): throw .truncated(.primaryHeader, need: need, have: bytes.byteCount)
    case .invalid(let error): throw error
    }
    self.bytes = bytes
    headerByteCount = Self.headerByteCount(firstByte: bytes.byte(at: 0))
  }

  /// 0 idle, 1 LTP, 2 IP extension, 3 CFDP, 4 bundle protocol, 6 see the extension, 7 the mission's own.
  package var protocolID: UInt8 { bytes.byte(at: 0) >> 2 & 0b111 }
  /// Whether the packet is fill.
  package var isIdle: Bool { protocolID == 0 }

  /// The bytes behind the header; empty in an idle packet of one byte.
  package var dataField: RawSpan {
    @_lifetime(copy self) get { bytes.from(headerByteCount) }
  }

  static func headerByteCount(firstByte: UInt8) -> Int {
    switch firstByte & 0b11 {
    case 0: 1
    case 1: 2
    case 2: 4
    default: 8
    }
  }
}
