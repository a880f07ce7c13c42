/// How the data field of a USLP frame holds its data, 3 bits.
///
/// Standard: CCSDS 732.1-B-3 §4.1.4.
package enum ConstructionRule: UInt8, Sendable, CaseIterable {
  /// Packets, across frame borders.
  case packetsSpanningFrames = 0b000
  /// The beginning of a service data unit.
  case startOfServiceDataUnit = 0b001
  /// A service data unit goes on.
  case continuationOfServiceDataUnit = 0b010
  /// A stream of bytes without units.
  case octetStream = 0b011
  /// The first of several segments.
  case startingSegment = 0b100
  /// Neither the first nor the last segment.
  case continuingSegment = 0b101
  /// The last segment.
  case lastSegment = 0b110
  /// Whole packets, or one whole service data unit.
  case noSegmentation = 0b111

  package init(bits: UInt8) {
    // Each value of three bits has its rule.
    self = ConstructionRule(rawValue: bits & 0b111) ?? .noSegmentation
  }

  /// Whether two bytes of pointer follow the rule.
  package var hasPointer: Bool { rawValue <= 0b010 }
}

/// Names the protocol of the data in a USLP frame, 5 bits.
package struct USLPProtocolID: Hashable, Sendable {
  /// Space Packets and Encapsulation Packets.
  package static let packets = USLPProtocolID(0)
  /// A stream of bytes without units.
  package static let octetStream = USLPProtocolID(4)
  /// The first number that is reserved, up to that of idle data.
  package static let firstReserved = USLPProtocolID(9)
  /// Nothing but fill.
  package static let idle = USLPProtocolID(31)

  /// The number on the wire.
  package let rawValue: UInt8

  package init(_ rawValue: UInt8) { self.rawValue = rawValue }

  /// Whether nothing says what the data are.
  package var isReserved: Bool { rawValue >= Self.firstReserved.rawValue && rawValue < Self.idle.rawValue }

  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var number = rawValue
    archive.item(&number)
    archive.require(number <= 31)
    self = USLPProtocolID(number)
  }
}

/// A borrowed view of the data field of a USLP frame.
///
/// Standard: CCSDS 732.1-B-3 §4.1.4.
///
///     |construction rule 3|protocol ID 5| [first header, or last valid octet, pointer 16] | data zone ...
package struct TransferFrameDataField: ~Escapable {
  private static let noPointer: UInt16 = 0xFFFF

  /// How the zone holds its data.
  package let constructionRule: ConstructionRule
  /// What the data are.
  package let protocolID: USLPProtocolID
  /// The pointer as it stands; under the rules that have one.
  private let pointer: UInt16?
  /// The data; at least one byte.
  package let zone: RawSpan

  /// - Parameters:
  ///   - bytes: The data field of one frame.
  ///   - isTruncated: Of a truncated frame, which holds one whole unit and no pointer.
  /// - Throws: `.truncated` when no byte follows the header, `.forbidden` when a truncated frame has another rule than
  ///   7, `.overrun` when a pointer lies past the zone.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan, isTruncated: Bool = false) throws(WireError) {
    guard bytes.byteCount > 1 else {
      throw .truncated(.dataFieldHeader, need: 2, have: bytes.byteCount)
    }
    let first = bytes.byte(at: 0)
    let rule = ConstructionRule(bits: first >> 5)
    guard !isTruncated || rule == .noSegmentation else {
      throw .forbidden(.constructionRule, value: UInt32(rule.rawValue))
    }
    constructionRule = rule
    protocolID = USLPProtocolID(first & 0x1F)
    guard rule.hasPointer else {
      pointer = nil
      zone = bytes.from(1)
      return
    }
    guard bytes.byteCount > 3 else {
      throw .truncated(.dataFieldHeader, need: 4, have: bytes.byteCount)
    }
    let word = bytes.uint16(at: 1)
    let available = bytes.byteCount - 3
    guard word == Self.noPointer || Int(word) < available else {
      throw .overrun(
        rule == .packetsSpanningFrames ? .firstHeaderPointer : .lastValidOctetPointer, claimed: Int(word) + 1,
        available: available)
    }
    pointer = word
    zone = bytes.from(3)
  }

  /// Where the first packet begins in the zone; under rule 0 only. A zone of idle data says so by its protocol.
  package var firstHeaderPointer: FirstHeaderPointer? {
    guard constructionRule == .packetsSpanningFrames, let pointer else { return nil }
    return pointer == Self.noPointer ? .noPacketStarts : .offset(Int(pointer))
  }

  /// How many bytes of the zone, from its first, belong to the service data unit that ends in it; under the rules 1 and
  /// 2, and only where it ends.
  package var lastPartByteCount: Int? {
    guard constructionRule != .packetsSpanningFrames, let pointer, pointer != Self.noPointer else { return nil }
    return Int(pointer) + 1
  }
}
