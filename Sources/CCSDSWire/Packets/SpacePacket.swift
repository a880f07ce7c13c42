/// A borrowed view of one Space Packet.
///
/// Standard: CCSDS 133.0-B-2 §4.1.
///
///     |version 3|type 1|secondary header flag 1|APID 11|sequence flags 2|sequence count 14|data length 16|
///     | data field ...
package struct SpacePacket: ~Escapable {
  /// The primary header, without a secondary one.
  package static let primaryHeaderByteCount = 6
  /// What tells a Space Packet from an Encapsulation Packet: its first three bits.
  package static let versionNumber: UInt8 = 0b000

  /// The whole packet, its header included.
  package let bytes: RawSpan

  /// - Parameter bytes: Exactly one packet.
  /// - Throws: `.truncated` below seven bytes, `.forbidden` when the version is not 0, `.overrun` when the data
  ///   length is not that of `bytes`.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount > Self.primaryHeaderByteCount else {
      throw .truncated(.primaryHeader, need: Self.primaryHeaderByteCount + 1, have: bytes.byteCount)
    }
    let version = bytes.byte(at: 0) >> 5
    guard version == Self.versionNumber else { throw .forbidden(.packetVersionNumber, value: UInt32(version)) }
    let claimed = Int(bytes.uint16(at: 4)) + 7
    guard claimed == bytes.byteCount else {
      throw .overrun(.packetDataLength, claimed: claimed, available: bytes.byteCount)
    }
    self.bytes = bytes
  }

  /// Whether the packet goes to the spacecraft, by its type bit.
  package var isTelecommand: Bool { bytes.byte(at: 0) & 0x10 != 0 }
  /// Whether the data field begins with a secondary header.
  package var hasSecondaryHeader: Bool { bytes.byte(at: 0) & 0x08 != 0 }
  /// The application process that the packet comes from or goes to.
  package var applicationProcessID: ApplicationProcessID { ApplicationProcessID(bytes.uint16(at: 0) & 0x7FF) }
  /// Whether the packet is fill.
  package var isIdle: Bool { applicationProcessID == .idle }
  /// Which part of a larger unit the packet holds.
  package var sequenceFlags: SequenceFlags { SequenceFlags(bits: bytes.byte(at: 2) >> 6) }
  /// Counts the packets of the application process, modulo 16384.
  package var sequenceCount: UInt16 { bytes.uint16(at: 2) & 0x3FFF }

  /// The bytes behind the primary header, at least one; a secondary header is the first of them.
  package var dataField: RawSpan {
    @_lifetime(copy self) get { bytes.from(Self.primaryHeaderByteCount) }
  }
}

/// Which part of a larger unit a packet holds.
package enum SequenceFlags: UInt8, Sendable {
  case continuation = 0b00
  case first = 0b01
  case last = 0b10
  case unsegmented = 0b11

  package init(bits: UInt8) {
    switch bits & 0b11 {
    case 0b00: self = .continuation
    case 0b01: self = .first
    case 0b10: self = .last
    default: self = .unsegmented
    }
  }
}
