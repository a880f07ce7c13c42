import CCSDSWire
import Testing

@Suite("Space Packet, CCSDS 133.0-B-2 §4.1")
struct SpacePacketTests {
  private static func validate(_ bytes: [UInt8]) throws(WireError) -> Int {
    try SpacePacket(validating: unsafe bytes.span.bytes).dataField.byteCount
  }

  // The vectors of group `packets`.

  @Test("the basic packet reads as its authors wrote it")
  func readsBasicPacket() throws {
    let bytes = hex("0801c00000070001020304050607")
    let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
    #expect(packet.applicationProcessID == ApplicationProcessID(1))
    #expect(packet.sequenceFlags == .unsegmented)
    #expect(packet.sequenceCount == 0)
    #expect(copy(packet.dataField) == [0, 1, 2, 3, 4, 5, 6, 7])
    let flags = (packet.hasSecondaryHeader, packet.isTelecommand, packet.isIdle)
    #expect(flags == (true, false, false))
  }

  @Test("a first segment carries the largest count, 16383")
  func readsFirstSegment() throws {
    let bytes = hex("09237fff000900010203040506070809")
    let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
    #expect(packet.applicationProcessID == ApplicationProcessID(0x123))
    #expect(packet.sequenceFlags == .first)
    #expect(packet.sequenceCount == 16_383)
    #expect(packet.bytes.byteCount == 16)
  }

  @Test("the shortest idle packet has seven bytes")
  func readsShortestIdlePacket() throws {
    let bytes = hex("07ffc000000055")
    let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
    let flags = (packet.isIdle, packet.hasSecondaryHeader)
    #expect(flags == (true, false))
  }

  @Test("the sequence flags are the top two bits: 3F, 7F, BF and FF", arguments: [0, 1, 2, 3])
  func readsSequenceFlags(value: Int) throws {
    let bytes = hex("0001") + [UInt8(value << 6 | 0x3F), 0xFF] + hex("0000 00")
    let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
    let expected: [SequenceFlags] = [.continuation, .first, .last, .unsegmented]
    #expect(packet.sequenceFlags == expected[value])
    #expect(packet.sequenceCount == 16_383)
  }

  @Test("a telecommand packet says so in bit 3")
  func readsType() throws {
    let bytes = hex("1001c000000000")
    let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
    let flags = (packet.isTelecommand, packet.hasSecondaryHeader)
    #expect(flags == (true, false))
  }

  @Test("the longest packet has 65542 bytes, 65536 of them data")
  func readsLongestPacket() throws {
    let bytes = hex("0001c000ffff") + [UInt8](repeating: 0xAA, count: 65_536)
    #expect(try Self.validate(bytes) == 65_536)
  }

  @Test("every length below seven bytes is refused", arguments: 0..<7)
  func refusesTruncatedHeader(byteCount: Int) {
    #expect(throws: WireError.truncated(.primaryHeader, need: 7, have: byteCount)) {
      try Self.validate([UInt8](repeating: 0, count: byteCount))
    }
  }

  @Test("every version but 0 is refused", arguments: 1..<8)
  func refusesOtherVersions(version: Int) {
    #expect(throws: WireError.forbidden(.packetVersionNumber, value: UInt32(version))) {
      try Self.validate([UInt8(version << 5), 1, 0, 0, 0, 0, 0])
    }
  }

  @Test("a length field that is not that of the bytes is refused, one less or one more", arguments: [-1, 1])
  func refusesOtherLengths(difference: Int) {
    let bytes = hex("0001c0000007") + [UInt8](repeating: 0, count: 8 + difference)
    #expect(throws: WireError.overrun(.packetDataLength, claimed: 14, available: 14 + difference)) {
      try Self.validate(bytes)
    }
  }
}

@Suite("Encapsulation Packet, CCSDS 133.1-B-3 §4.1")
struct EncapsulationPacketTests {
  private static func validate(_ bytes: [UInt8]) throws(WireError) -> (protocolID: UInt8, data: [UInt8]) {
    let packet = try EncapsulationPacket(validating: unsafe bytes.span.bytes)
    return (packet.protocolID, copy(packet.dataField))
  }

  /// The vectors of group `encapsulation`.
  @Test(
    "every header length reads as its authors wrote it",
    arguments: [
      ("e0", 0, ""), ("e108000000000000", 0, "000000000000"), ("e503aa", 1, "aa"), ("e906aabbccdd", 2, "aabbccdd"),
      ("ea500006aabb", 2, "aabb"), ("fa030006aabb", 6, "aabb"), ("fba312340000000adead", 6, "dead"),
      // By hand: a length that is the header's alone leaves no data.
      ("e502", 1, ""), ("e6000004", 1, ""), ("e700000000000008", 1, ""),
    ] as [(String, UInt8, String)])
  func readsVectors(text: String, protocolID: UInt8, data: String) throws {
    let packet = try Self.validate(hex(text))
    #expect(packet.protocolID == protocolID)
    #expect(packet.data == hex(data))
  }

  @Test("a packet of one byte is idle or none", arguments: 1..<8)
  func refusesOneByteOfAnotherProtocol(protocolID: Int) {
    #expect(throws: WireError.forbidden(.protocolID, value: UInt32(protocolID))) {
      try Self.validate([UInt8(0xE0 | protocolID << 2)])
    }
  }

  @Test("every version but 7 is refused", arguments: 0..<7)
  func refusesOtherVersions(version: Int) {
    #expect(throws: WireError.forbidden(.packetVersionNumber, value: UInt32(version))) {
      try Self.validate([UInt8(version << 5)])
    }
  }

  @Test("every length short of the header is refused", arguments: [(1, 2), (2, 4), (3, 8)])
  func refusesTruncatedHeader(lengthOfLength: Int, headerByteCount: Int) {
    #expect(throws: WireError.truncated(.primaryHeader, need: 1, have: 0)) { try Self.validate([]) }
    for byteCount in 1..<headerByteCount {
      let bytes = [UInt8(0xE4 | lengthOfLength)] + [UInt8](repeating: 0, count: byteCount - 1)
      #expect(throws: WireError.truncated(.primaryHeader, need: headerByteCount, have: byteCount)) {
        try Self.validate(bytes)
      }
    }
  }

  @Test("every length field below the header's own length is refused", arguments: [(1, 2), (2, 4), (3, 8)])
  func refusesLengthWithinHeader(lengthOfLength: Int, headerByteCount: Int) {
    for claimed in 0..<headerByteCount {
      var bytes = [UInt8(0xE4 | lengthOfLength)] + [UInt8](repeating: 0, count: headerByteCount - 1)
      bytes[headerByteCount - 1] = UInt8(claimed)
      #expect(throws: WireError.overrun(.packetDataLength, claimed: claimed, available: headerByteCount)) {
        try Self.validate(bytes)
      }
    }
  }

  @Test("a length that is not that of the bytes is refused")
  func refusesOtherLengths() {
    #expect(throws: WireError.overrun(.packetDataLength, claimed: 3, available: 4)) {
      try Self.validate(hex("e503aabb"))
    }
    #expect(throws: WireError.overrun(.packetDataLength, claimed: 4, available: 3)) { try Self.validate(hex("e504aa")) }
    #expect(throws: WireError.overrun(.packetDataLength, claimed: 0xFFFF_FFFF, available: 8)) {
      try Self.validate(hex("ff000000ffffffff"))
    }
  }
}

@Suite("The extent of a packet, CCSDS 133.0-B-2 §4.1.3.5 and 133.1-B-3 §4.1.2")
struct PacketExtentTests {
  private func extent(_ text: String) -> PacketExtent {
    let bytes = hex(text)
    return PacketExtent(ofPacketAt: unsafe bytes.span.bytes)
  }

  @Test("six bytes tell the length of a Space Packet, fewer do not")
  func readsSpacePackets() {
    #expect(extent("") == .headerIncomplete(need: 1))
    for count in 1...5 { #expect(extent(String(repeating: "00", count: count)) == .headerIncomplete(need: 6)) }
    #expect(extent("0801c0000000") == .complete(byteCount: 7))
    #expect(extent("0801c000ffff") == .complete(byteCount: 65_542))
    #expect(extent("0801c000000700010203040506070801") == .complete(byteCount: 14))
  }

  @Test("an Encapsulation Packet needs its own header: one, two, four or eight bytes")
  func readsEncapsulationPackets() {
    #expect(extent("e0e0e0") == .complete(byteCount: 1))
    #expect(extent("e1") == .headerIncomplete(need: 2))
    #expect(extent("e1ff") == .complete(byteCount: 255))
    #expect(extent("e20000") == .headerIncomplete(need: 4))
    #expect(extent("e200ffff") == .complete(byteCount: 65_535))
    #expect(extent("e3000000000000") == .headerIncomplete(need: 8))
    #expect(extent("e3000000ffffffff") == .complete(byteCount: 4_294_967_295))
  }

  @Test("no packet begins with versions 1 to 6, whatever follows", arguments: 1..<7)
  func refusesOtherVersions(version: Int) {
    let bytes = [UInt8(version << 5)]
    #expect(
      PacketExtent(ofPacketAt: unsafe bytes.span.bytes)
        == .invalid(.forbidden(.packetVersionNumber, value: UInt32(version))))
  }

  @Test("E4 to FC with no length are no packets")
  func refusesOneByteOfAnotherProtocol() {
    #expect(extent("e4") == .invalid(.forbidden(.protocolID, value: 1)))
    #expect(extent("fc") == .invalid(.forbidden(.protocolID, value: 7)))
  }
}
