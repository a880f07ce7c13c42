import CCSDSWire
import Testing

@Suite("Transfer Frame Data Field, CCSDS 732.1-B-3 §4.1.4")
struct TransferFrameDataFieldTests {
  struct Fields: Equatable {
    var rule: ConstructionRule
    var protocolID: UInt8 = 0
    var pointer: FirstHeaderPointer?
    var lastPart: Int?
    var zone: [UInt8] = [0xEE]
  }

  static func fields(_ text: String, isTruncated: Bool = false) throws(WireError) -> Fields {
    let bytes = hex(text)
    let field = try TransferFrameDataField(validating: unsafe bytes.span.bytes, isTruncated: isTruncated)
    return Fields(
      rule: field.constructionRule, protocolID: field.protocolID.rawValue, pointer: field.firstHeaderPointer,
      lastPart: field.lastPartByteCount, zone: copy(field.zone))
  }

  @Test("rules 0 to 2 have a pointer of two bytes, and the others none")
  func readsEveryRule() throws {
    #expect(try Self.fields("00 0000 ee") == Fields(rule: .packetsSpanningFrames, pointer: .offset(0)))
    #expect(try Self.fields("25 0000 ee") == Fields(rule: .startOfServiceDataUnit, protocolID: 5, lastPart: 1))
    #expect(try Self.fields("45 0000 ee") == Fields(rule: .continuationOfServiceDataUnit, protocolID: 5, lastPart: 1))
    #expect(try Self.fields("64 ee") == Fields(rule: .octetStream, protocolID: 4))
    #expect(try Self.fields("80 ee") == Fields(rule: .startingSegment))
    #expect(try Self.fields("a0 ee") == Fields(rule: .continuingSegment))
    #expect(try Self.fields("c0 ee") == Fields(rule: .lastSegment))
    #expect(try Self.fields("ff ee") == Fields(rule: .noSegmentation, protocolID: 31))
  }

  @Test("a pointer of FFFF points nowhere")
  func readsNoPointer() throws {
    #expect(try Self.fields("00 ffff ee") == Fields(rule: .packetsSpanningFrames, pointer: .noPacketStarts))
    #expect(try Self.fields("20 ffff ee") == Fields(rule: .startOfServiceDataUnit))
    #expect(try Self.fields("40 ffff ee") == Fields(rule: .continuationOfServiceDataUnit))
  }

  @Test("a pointer may point to the last byte of its zone, and not behind it")
  func boundsPointer() throws {
    #expect(try Self.fields("00 0002 010203").pointer == .offset(2))
    #expect(try Self.fields("20 0002 010203").lastPart == 3)
    for pointer in ["0003", "0004", "fffe"] {
      let claimed = pointer == "fffe" ? 65_535 : pointer == "0003" ? 4 : 5
      #expect(throws: WireError.overrun(.firstHeaderPointer, claimed: claimed, available: 3)) {
        try Self.fields("00 \(pointer) 010203")
      }
      for rule in ["20", "40"] {
        #expect(throws: WireError.overrun(.lastValidOctetPointer, claimed: claimed, available: 3)) {
          try Self.fields("\(rule) \(pointer) 010203")
        }
      }
    }
  }

  @Test("every rule needs one byte behind its header", arguments: 0..<8)
  func refusesShortField(rule: Int) {
    #expect(throws: WireError.truncated(.dataFieldHeader, need: 2, have: 0)) { try Self.fields("") }
    let first = String(UInt8(rule << 5), radix: 16)
    let text = (first.count == 1 ? "0" + first : first) + "0000"
    #expect(throws: WireError.truncated(.dataFieldHeader, need: 2, have: 1)) {
      try Self.fields(String(text.prefix(2)))
    }
    guard rule < 3 else { return }
    for byteCount in 2...3 {
      #expect(throws: WireError.truncated(.dataFieldHeader, need: 4, have: byteCount)) {
        try Self.fields(String(text.prefix(2 * byteCount)))
      }
    }
  }

  @Test("a truncated frame is under rule 7 and no other", arguments: 0..<8)
  func refusesOtherRulesInTruncatedFrame(rule: Int) throws {
    let first = String(UInt8(rule << 5 | 5), radix: 16)
    let text = (first.count == 1 ? "0" + first : first) + "0000ee"
    guard rule != 7 else {
      let fields = try Self.fields(text, isTruncated: true)
      return #expect(fields == Fields(rule: .noSegmentation, protocolID: 5, zone: [0, 0, 0xEE]))
    }
    #expect(throws: WireError.forbidden(.constructionRule, value: UInt32(rule))) {
      try Self.fields(text, isTruncated: true)
    }
  }

  @Test("the protocols 9 to 30 are reserved")
  func knowsReservedProtocols() {
    #expect((0..<32).filter { USLPProtocolID(UInt8($0)).isReserved } == Array(9...30))
  }
}
