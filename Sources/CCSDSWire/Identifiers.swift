/// Names a spacecraft on the wire: 10 bits in TM, 8 or 10 in AOS, 16 in USLP.
///
/// Standard: CCSDS 320.0-M-7 §2.
package struct SpacecraftID: Hashable, Comparable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt16

  package init(_ rawValue: UInt16) { self.rawValue = rawValue }

  package static func < (left: SpacecraftID, right: SpacecraftID) -> Bool { left.rawValue < right.rawValue }
}

/// Names one of the virtual channels of a master channel: 0…7 in TM, 0…63 in AOS and USLP.
package struct VirtualChannelID: Hashable, Comparable, Sendable {
  /// The AOS and USLP channel that carries only idle data.
  package static let onlyIdleData = VirtualChannelID(63)

  /// The number on the wire.
  package let rawValue: UInt8

  package init(_ rawValue: UInt8) { self.rawValue = rawValue }

  package static func < (left: VirtualChannelID, right: VirtualChannelID) -> Bool { left.rawValue < right.rawValue }
}

/// Names one of the users of a USLP virtual channel: 0…15.
///
/// Standard: CCSDS 732.1-B-3 §4.1.2.
package struct MultiplexerAccessPointID: Hashable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt8

  package init(_ rawValue: UInt8) { self.rawValue = rawValue }
}

/// Names the source or destination of a Space Packet: 11 bits, 0…2047.
package struct ApplicationProcessID: Hashable, Comparable, Sendable {
  /// The identifier of idle packets.
  package static let idle = ApplicationProcessID(0x7FF)

  /// The number on the wire.
  package let rawValue: UInt16

  package init(_ rawValue: UInt16) { self.rawValue = rawValue }

  package static func < (left: ApplicationProcessID, right: ApplicationProcessID) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension SpacecraftID {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var number = rawValue
    archive.item(&number)
    self = SpacecraftID(number)
  }
}

extension VirtualChannelID {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var number = rawValue
    archive.item(&number)
    archive.require(number <= 63)
    self = VirtualChannelID(number)
  }
}

extension MultiplexerAccessPointID {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var number = rawValue
    archive.item(&number)
    archive.require(number <= 15)
    self = MultiplexerAccessPointID(number)
  }
}

extension ApplicationProcessID {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var number = rawValue
    archive.item(&number)
    archive.require(number <= 0x7FF)
    self = ApplicationProcessID(number)
  }
}
