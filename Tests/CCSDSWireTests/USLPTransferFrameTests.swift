import CCSDSWire
import Testing

/// The vectors of group `frames` are read by the tests of the link; here is what they leave open.
@Suite("USLP Transfer Frame, CCSDS 732.1-B-3 §4.1")
struct USLPTransferFrameTests {
  /// All that a frame says, as values.
  struct Fields: Equatable {
    var scid = 0
    var isForSpacecraft = false
    var vcid = 0
    var map = 0
    var isTruncated = false
    var isExpedited = false
    var isControl = false
    var countByteCount = 0
    var count: UInt64 = 0
    var insertZone: [UInt8] = []
    var dataField: [UInt8] = [0xEE]
    var control: OperationalControlField?
  }

  static func fields(
    _ bytes: [UInt8], _ layout: USLPFrameLayout = USLPFrameLayout(), truncated: Int? = nil
  ) throws(WireError) -> Fields {
    let frame = try USLPTransferFrame(
      validating: unsafe bytes.span.bytes, layout: layout, truncatedFrameByteCount: truncated)
    return Fields(
      scid: Int(frame.spacecraftID.rawValue), isForSpacecraft: frame.isForSpacecraft,
      vcid: Int(frame.virtualChannelID.rawValue), map: Int(frame.multiplexerAccessPointID.rawValue),
      isTruncated: frame.isTruncated, isExpedited: frame.isExpedited, isControl: frame.carriesProtocolControl,
      countByteCount: frame.frameCountByteCount, count: frame.virtualChannelFrameCount,
      insertZone: copy(frame.insertZone), dataField: copy(frame.dataField), control: frame.operationalControlField)
  }

  /// Bytes that say that they are a frame: version and length are right, all else is as given.
  static func frame(_ flags: UInt8, _ byteCount: Int) -> [UInt8] {
    [0xC0, 0, 0, 0, UInt8((byteCount - 1) >> 8), UInt8((byteCount - 1) & 0xFF), flags]
      + [UInt8](repeating: 0xEE, count: byteCount - 7)
  }

  @Test("each bit of the header is of its own field, and nothing of it spills")
  func readsEachBit() throws {
    // From the left: 4 of version, 16 of spacecraft, 1 of direction, 6 of channel, 4 of access point, 1 of end.
    #expect(try Self.fields(hex("cffff000 0007 00 ee")) == Fields(scid: 65_535))
    #expect(try Self.fields(hex("c0000800 0007 00 ee")) == Fields(isForSpacecraft: true))
    #expect(try Self.fields(hex("c00007e0 0007 00 ee")) == Fields(vcid: 63))
    #expect(try Self.fields(hex("c000001e 0007 00 ee")) == Fields(map: 15))
    #expect(try Self.fields(hex("c0000000 0007 80 ee")) == Fields(isExpedited: true))
    #expect(try Self.fields(hex("c0000000 0007 40 ee")) == Fields(isControl: true))
    // The spare bits mean nothing, and nothing is refused for them.
    #expect(try Self.fields(hex("c0000000 0007 30 ee")) == Fields())
    #expect(
      try Self.fields(hex("c0000000 000b 08 ee 01040000"))
        == Fields(control: .linkControlWord(CommunicationsLinkControlWord(word: 0x0104_0000))))
  }

  @Test("the count has 0 to 7 bytes, the most significant first", arguments: 0...7)
  func readsCountOfEveryLength(byteCount: Int) throws {
    let bytes = Self.frame(UInt8(byteCount), 8 + byteCount)
    let fields = try Self.fields(bytes)
    #expect(fields.countByteCount == byteCount)
    // Each byte is EE.
    #expect(fields.count == (0..<byteCount).reduce(UInt64(0)) { sum, _ in sum << 8 | 0xEE })
    #expect(fields.dataField == [0xEE])
    let ones = Array(bytes.prefix(7)) + [UInt8](repeating: 0xFF, count: byteCount) + [0xEE]
    #expect(try Self.fields(ones).count == (byteCount == 0 ? 0 : UInt64.max >> UInt64(64 - 8 * byteCount)))
  }

  @Test("under every layout each length without one byte of data is refused, and the next two are read")
  func boundsEveryLayout() throws {
    for choice in 0..<(8 * 2 * 3 * 2) {
      let count = choice & 7
      let controlByteCount = choice & 8 == 0 ? 0 : 4
      let errorControl = [0, 2, 4][choice / 16 % 3]
      let insertZone = choice >= 48 ? 9 : 0
      let layout = USLPFrameLayout(insertZoneByteCount: insertZone, errorControlByteCount: errorControl)
      let need = 7 + count + controlByteCount + errorControl + insertZone
      let flags = UInt8(count | (choice & 8))
      for byteCount in 7...need {
        #expect(throws: WireError.truncated(.dataField, need: need + 1, have: byteCount)) {
          try Self.fields(Self.frame(flags, byteCount), layout)
        }
      }
      for dataByteCount in 1...2 {
        let fields = try Self.fields(Self.frame(flags, need + dataByteCount), layout)
        #expect(fields.dataField.count == dataByteCount)
        #expect(fields.insertZone.count == insertZone)
        #expect((fields.control != nil) == (controlByteCount > 0))
      }
    }
  }

  @Test("every length below the header is refused", arguments: 0..<7)
  func refusesTruncatedHeader(byteCount: Int) {
    let bytes = Array(hex("c0000000 0007 00 ee").prefix(byteCount))
    #expect(throws: WireError.truncated(.primaryHeader, need: byteCount < 4 ? 4 : 7, have: byteCount)) {
      try Self.fields(bytes)
    }
  }

  @Test("every version but 12 is refused", arguments: (0..<16).filter { $0 != 12 })
  func refusesOtherVersions(version: Int) {
    var bytes = Self.frame(0, 20)
    bytes[0] = UInt8(version << 4)
    #expect(throws: WireError.forbidden(.transferFrameVersionNumber, value: UInt32(version))) {
      try Self.fields(bytes)
    }
  }

  @Test("a length that is not that of the bytes is refused", arguments: [0, 1, 7, 18, 20, 21, 65_536])
  func refusesOtherLength(claimed: Int) {
    var bytes = Self.frame(0, 19)
    bytes[4] = UInt8(truncatingIfNeeded: (claimed - 1) >> 8)
    bytes[5] = UInt8(truncatingIfNeeded: claimed - 1)
    // A length of nothing reads as 65,536.
    let read = claimed == 0 ? 65_536 : claimed
    #expect(throws: WireError.overrun(.frameLength, claimed: read, available: 19)) { try Self.fields(bytes) }
  }

  @Test("the longest frame has 65,536 bytes")
  func readsLongestFrame() throws {
    #expect(try Self.fields(Self.frame(0, 65_536)).dataField.count == 65_529)
  }

  @Test("a negative insert zone is refused")
  func refusesNegativeInsertZone() {
    #expect(throws: WireError.self) {
      try Self.fields(Self.frame(0, 20), USLPFrameLayout(insertZoneByteCount: -1))
    }
  }

  // Truncated frames.

  @Test("a truncated frame has a header of four bytes, data, and nothing else; it is never sequence-controlled")
  func readsTruncatedFrame() throws {
    let layout = USLPFrameLayout(insertZoneByteCount: 4, errorControlByteCount: 2)
    let fields = try Self.fields(hex("c00ab025 e5112233"), layout, truncated: 8)
    #expect(
      fields
        == Fields(
          scid: 171, vcid: 1, map: 2, isTruncated: true, isExpedited: true, dataField: [0xE5, 0x11, 0x22, 0x33]))
  }

  @Test("it is refused at every other length, where there should be none, and under lengths that none has")
  func refusesTruncatedFrame() {
    let bytes = hex("c00ab025 e5112233")
    #expect(throws: WireError.forbidden(.endOfHeaderFlag, value: 1)) { try Self.fields(bytes) }
    for managed in [-1, 0, 4, 5, 33, 65_536] {
      #expect(throws: WireError.forbidden(.endOfHeaderFlag, value: 1)) { try Self.fields(bytes, truncated: managed) }
    }
    for managed in 6...32 where managed != 8 {
      #expect(throws: WireError.overrun(.frameLength, claimed: managed, available: 8)) {
        try Self.fields(bytes, truncated: managed)
      }
    }
  }
}

@Suite("Where a USLP Transfer Frame ends, CCSDS 732.1-B-3 §4.1.2")
struct USLPFrameExtentTests {
  private static func extent(_ text: String) -> USLPFrameExtent {
    let bytes = hex(text)
    return USLPFrameExtent(ofFrameAt: unsafe bytes.span.bytes)
  }

  @Test("it takes the version, then the end flag, then the length to tell")
  func asksForMore() {
    #expect(Self.extent("") == .headerIncomplete(need: 1))
    for text in ["c0", "c000", "c00000"] { #expect(Self.extent(text) == .headerIncomplete(need: 4)) }
    for text in ["c0000000", "c000000000"] { #expect(Self.extent(text) == .headerIncomplete(need: 6)) }
    #expect(Self.extent("c0000000 0007") == .complete(byteCount: 8))
    #expect(Self.extent("c0000000 ffff 00 ee") == .complete(byteCount: 65_536))
  }

  @Test("a length without room for a header and one byte is none", arguments: 0..<7)
  func refusesShortLength(length: Int) {
    let extent = Self.extent("c0000000000\(length)")
    #expect(extent == .invalid(.overrun(.frameLength, claimed: length + 1, available: 8)))
  }

  @Test("another version is no frame, whatever follows", arguments: (0..<16).filter { $0 != 12 })
  func refusesOtherVersions(version: Int) {
    let bytes = [UInt8(version << 4)]
    #expect(
      USLPFrameExtent(ofFrameAt: unsafe bytes.span.bytes)
        == .invalid(.forbidden(.transferFrameVersionNumber, value: UInt32(version))))
  }

  @Test("a truncated frame names its channel, which knows the length")
  func namesChannel() {
    #expect(Self.extent("c00ab025") == .truncated(SpacecraftID(171), VirtualChannelID(1)))
    #expect(Self.extent("cfffffff") == .truncated(SpacecraftID(65_535), VirtualChannelID(63)))
  }
}
