/// Where the first packet that begins in a packet zone begins.
package enum FirstHeaderPointer: Equatable, Sendable {
  /// A packet begins this many bytes into the zone. Whether the zone is that long is for its reader to check.
  case offset(Int)
  /// The zone holds only the middle or the end of a packet.
  case noPacketStarts
  /// The zone holds only idle data.
  case onlyIdleData

  /// The eleven-bit pointer of TM frames and of the M_PDU header.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.2.7.6, CCSDS 732.0-B-4 §4.1.4.2.2.
  package init(elevenBits value: UInt16) {
    switch value & 0x7FF {
    case 0x7FF: self = .noPacketStarts
    case 0x7FE: self = .onlyIdleData
    case let offset: self = .offset(Int(offset))
    }
  }

  /// The sixteen-bit pointer of an M_PDU header without spare bits.
  package init(sixteenBits value: UInt16) {
    switch value {
    case 0xFFFF: self = .noPacketStarts
    case 0xFFFE: self = .onlyIdleData
    case let offset: self = .offset(Int(offset))
    }
  }
}
