import CCSDSWire
import Testing

@Suite("Multiplexing and Bitstream Protocol Data Units, CCSDS 732.0-B-4 §4.1.4")
struct ProtocolDataUnitTests {
  private func pointer(_ text: String, pointerBitCount: Int = 11) throws -> FirstHeaderPointer {
    let bytes = hex(text)
    return try MultiplexingProtocolDataUnit(
      validating: unsafe bytes.span.bytes, pointerBitCount: pointerBitCount
    ).firstHeaderPointer
  }

  private func validBits(_ text: String) throws -> Int {
    let bytes = hex(text)
    return try BitstreamProtocolDataUnit(validating: unsafe bytes.span.bytes).validBitCount
  }

  @Test(
    "eleven bits: 7FF starts nothing, 7FE is idle, all else is an offset",
    arguments: [
      ("0000ee", .offset(0)), ("0004ee", .offset(4)), ("07fdee", .offset(2045)), ("07feee", .onlyIdleData),
      ("07ffee", .noPacketStarts),
    ] as [(String, FirstHeaderPointer)])
  func readsElevenBits(text: String, expected: FirstHeaderPointer) throws {
    #expect(try pointer(text) == expected)
  }

  @Test(
    "an eleven-bit reader takes spare bits in use for a pointer of sixteen bits, its special values included",
    arguments: [
      ("0800ee", .offset(2048)), ("0fffee", .offset(4095)), ("fffdee", .offset(65_533)), ("fffeee", .onlyIdleData),
      ("ffffee", .noPacketStarts),
    ] as [(String, FirstHeaderPointer)])
  func readsWidePointer(text: String, expected: FirstHeaderPointer) throws {
    #expect(try pointer(text) == expected)
  }

  @Test(
    "sixteen bits: FFFF starts nothing, FFFE is idle, and 7FF and 7FE are offsets",
    arguments: [
      ("07feee", .offset(2046)), ("07ffee", .offset(2047)), ("fffeee", .onlyIdleData), ("ffffee", .noPacketStarts),
    ] as [(String, FirstHeaderPointer)])
  func readsSixteenBits(text: String, expected: FirstHeaderPointer) throws {
    #expect(try pointer(text, pointerBitCount: 16) == expected)
  }

  @Test("the packet zone is what follows the two bytes of the header")
  func findsPacketZone() throws {
    let bytes = hex("0000 0102 03")
    let unit = try MultiplexingProtocolDataUnit(validating: unsafe bytes.span.bytes)
    #expect(copy(unit.packetZone) == [1, 2, 3])
  }

  @Test("every length below three bytes is refused in both units", arguments: 0..<3)
  func refusesTruncatedHeader(byteCount: Int) {
    let bytes = [UInt8](repeating: 0, count: byteCount)
    #expect(throws: WireError.truncated(.dataFieldHeader, need: 3, have: byteCount)) {
      _ = try MultiplexingProtocolDataUnit(validating: unsafe bytes.span.bytes)
    }
    #expect(throws: WireError.truncated(.dataFieldHeader, need: 3, have: byteCount)) {
      _ = try BitstreamProtocolDataUnit(validating: unsafe bytes.span.bytes)
    }
  }

  /// The pointer of the vector `AOS bpdu-partial`, 0063, is 99: bits 0 to 99 are valid.
  @Test("the bitstream pointer is the index of the last valid bit; 3FFF is all of them and 3FFE none")
  func readsBitstreamPointer() throws {
    let zone = String(repeating: "aa", count: 24)
    #expect(try validBits("0063" + zone) == 100)
    #expect(try validBits("3fff" + zone) == 192)
    #expect(try validBits("3ffe" + zone) == 0)
    #expect(try validBits("0000" + zone) == 1)
    #expect(try validBits("00bf" + zone) == 192)
    #expect(try validBits("c063" + zone) == 100, "the two spare bits are not the pointer's")
  }

  @Test("a bitstream pointer past the zone is refused")
  func refusesBitstreamPointerPastZone() {
    #expect(throws: WireError.overrun(.dataFieldHeader, claimed: 9, available: 8)) { try validBits("0008aa") }
    #expect(throws: WireError.overrun(.dataFieldHeader, claimed: 0x3FFE, available: 8)) { try validBits("3ffdaa") }
  }
}

@Suite("Operational Control Field, CCSDS 132.0-B-3 §4.1.5")
struct OperationalControlFieldTests {
  private func controlWord(_ word: UInt32) -> CommunicationsLinkControlWord? {
    if case .linkControlWord(let found) = OperationalControlField(word: word) { found } else { nil }
  }

  // The vectors of group `clcw`, run through an independent implementation.

  @Test("010400A5 is COP-1, virtual channel 1, no flag, V(R) 165")
  func readsPlainControlWord() throws {
    let word = try #require(controlWord(0x0104_00A5))
    #expect(word.version == 0)
    #expect(word.statusField == 0)
    #expect(word.copInEffect == 1)
    #expect(word.virtualChannelID == VirtualChannelID(1))
    let flags = [word.noRFAvailable, word.noBitLock, word.lockout, word.wait, word.retransmit]
    #expect(flags == [false, false, false, false, false])
    #expect(word.farmBCounter == 0)
    #expect(word.reportValue == 165)
  }

  @Test(
    "each flag of a control word has its bit",
    arguments: [
      (0x0104_C0FF, [true, true, false, false, false], 0, 0, 255),
      (0x0504_F8FF, [true, true, true, true, true], 1, 0, 255),
      (0x01FC_2E7F, [false, false, true, false, true], 0, 3, 127),
      // Hand-made: bits 16 to 20 one after the other.
      (0x0000_8000, [true, false, false, false, false], 0, 0, 0),
      (0x0000_4000, [false, true, false, false, false], 0, 0, 0),
      (0x0000_2000, [false, false, true, false, false], 0, 0, 0),
      (0x0000_1000, [false, false, false, true, false], 0, 0, 0),
      (0x0000_0800, [false, false, false, false, true], 0, 0, 0),
    ] as [(UInt32, [Bool], UInt8, UInt8, UInt8)])
  func readsFlags(value: UInt32, flags: [Bool], status: UInt8, farmB: UInt8, report: UInt8) throws {
    let word = try #require(controlWord(value))
    #expect([word.noRFAvailable, word.noBitLock, word.lockout, word.wait, word.retransmit] == flags)
    #expect(word.statusField == status)
    #expect(word.farmBCounter == farmB)
    #expect(word.reportValue == report)
  }

  @Test("the virtual channel of 01FC2E7F is 63")
  func readsLargestChannel() {
    #expect(controlWord(0x01FC_2E7F)?.virtualChannelID == VirtualChannelID(63))
  }

  /// The vector of group `fsr`.
  @Test("CE123407 is a security report: alarm, bad number, bad MAC, index 1234, number 7")
  func readsSecurityReport() throws {
    guard case .frameSecurityReport(let report) = OperationalControlField(word: 0xCE12_3407) else {
      Issue.record("not a frame security report")
      return
    }
    #expect(report.alarm)
    #expect(report.badSequenceNumber)
    #expect(report.badMessageAuthenticationCode)
    #expect(!report.badSecurityAssociation)
    #expect(report.lastSecurityParameterIndex == 0x1234)
    #expect(report.antiReplaySequenceNumber == 7)
  }

  @Test("type 2 of any other version is the project's own", arguments: [8, 9, 10, 11, 13, 14, 15] as [UInt32])
  func leavesOtherReports(nibble: UInt32) {
    let word = nibble << 28 | 0x0ABC_DEF0
    #expect(OperationalControlField(word: word) == .projectSpecific(word))
  }
}
