/// The header of one packet as bytes, at most eight.
///
///     space packet    |PVN 3|type 1|secondary header 1|APID 11|flags 2|count 14|length − 7, 16|
///     encapsulation   |PVN 3|protocol 3|length of length 2|
///                     |… 8 bits|length 8|                            two bytes
///                     |… 8 bits|user 4|extension 4|length 16|        four
///                     |… 8 bits|user 4|extension 4|CCSDS 16|length 32|  eight
package struct PacketHeader: Sendable, Equatable {
  /// How many bytes the header takes: 6, or 1, 2, 4 or 8 of an Encapsulation Packet.
  package let byteCount: Int
  private let bits: UInt64

  private init(byteCount: Int, bits: UInt64) {
    self.byteCount = byteCount
    self.bits = bits << UInt64(64 - 8 * byteCount)
  }

  /// A telemetry Space Packet, not segmented; `packetByteCount` is 7…65,542, header included.
  package static func space(
    applicationProcessID: UInt16, hasSecondaryHeader: Bool, sequenceCount: UInt16, packetByteCount: Int
  ) -> PacketHeader {
    let identification = (hasSecondaryHeader ? UInt64(0x0800) : 0) | UInt64(applicationProcessID)
    let sequence = 0xC000 | UInt64(sequenceCount)
    return PacketHeader(byteCount: 6, bits: identification << 32 | sequence << 16 | UInt64(packetByteCount - 7))
  }

  /// An Encapsulation Packet; its length counts the header. A header of one byte is the whole of an idle packet.
  package static func encapsulation(
    protocolID: UInt8, headerByteCount: Int, userDefined: UInt8 = 0, protocolExtension: UInt8 = 0,
    definedField: UInt16 = 0, packetByteCount: Int
  ) -> PacketHeader {
    let first = 0xE0 | UInt64(protocolID) << 2
    let second = UInt64(userDefined) << 4 | UInt64(protocolExtension)
    let length = UInt64(packetByteCount)
    return switch headerByteCount {
    case 1: PacketHeader(byteCount: 1, bits: first)
    case 2: PacketHeader(byteCount: 2, bits: (first | 1) << 8 | length)
    case 4: PacketHeader(byteCount: 4, bits: (first | 2) << 24 | second << 16 | length)
    default:
      PacketHeader(byteCount: 8, bits: (first | 3) << 56 | second << 48 | UInt64(definedField) << 32 | length)
    }
  }

  /// One byte of the header; `index` is below `byteCount`.
  package subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * index)) }
}
