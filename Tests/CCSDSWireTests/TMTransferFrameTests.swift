import CCSDSWire
import TestSupport
import Testing

@Suite("TM Transfer Frame, CCSDS 132.0-B-3 §4.1")
struct TMTransferFrameTests {
  /// All that a frame says, as values.
  struct Fields: Equatable {
    var scid = 0
    var vcid = 0
    var masterCount = 0
    var count = 0
    var extendedCount: UInt32?
    var hasSecondaryHeader = false
    var secondaryHeaderData: [UInt8] = []
    var sync = false
    var pointer = FirstHeaderPointer.offset(0)
    var dataFieldStart = 6
    var dataField: [UInt8] = []
    var control: OperationalControlField?
  }

  static func fields(_ bytes: [UInt8], errorControlByteCount: Int = 2) throws(WireError) -> Fields {
    let frame = try TMTransferFrame(
      validating: unsafe bytes.span.bytes, errorControlByteCount: errorControlByteCount)
    return Fields(
      scid: Int(frame.spacecraftID.rawValue), vcid: Int(frame.virtualChannelID.rawValue),
      masterCount: Int(frame.masterChannelFrameCount), count: Int(frame.virtualChannelFrameCount),
      extendedCount: frame.extendedVirtualChannelFrameCount, hasSecondaryHeader: frame.hasSecondaryHeader,
      secondaryHeaderData: copy(frame.secondaryHeaderData), sync: frame.synchronizationFlag,
      pointer: frame.firstHeaderPointer, dataFieldStart: frame.dataFieldStart, dataField: copy(frame.dataField),
      control: frame.operationalControlField)
  }

  /// Three packets of 14, 10 and 8 bytes.
  static let packets = hex("0801c000000700010203040506070801c00100030001020307ffc00000015555")

  // The vectors of group `frames`, recorded from two independent implementations.

  @Test("the basic vector reads as its authors wrote it")
  func readsBasicVector() throws {
    let fields = try Self.fields(
      hex("2abb123418000801c000000700010203040506070801c00100030001020307ffc00000015555010400a5da46"))
    #expect(
      fields
        == Fields(
          scid: 683, vcid: 5, masterCount: 18, count: 52, pointer: .offset(0), dataField: Self.packets,
          control: .linkControlWord(CommunicationsLinkControlWord(word: 0x0104_00A5))))
  }

  @Test("a first header pointer of six leaves six bytes to an earlier packet")
  func readsPointerIntoTheMiddle() throws {
    let fields = try Self.fields(
      hex("2abb13351806eeeeeeeeeeee0801c000000700010203040506070801c0010003010400a5f6db"))
    #expect(fields.count == 53)
    #expect(fields.pointer == .offset(6))
    #expect(fields.dataField.count == 26)
  }

  @Test("a first header pointer of 7FF says that no packet starts")
  func readsNoPacketStarts() throws {
    let fields = try Self.fields(hex("2aba14361fffdddddddddddddddddddddddddddddddddddddddddddddddddddddd3d1"))
    #expect(fields.pointer == .noPacketStarts)
    #expect(fields.control == nil)
  }

  @Test("a first header pointer of 7FE says that there is only idle data")
  func readsOnlyIdleData() throws {
    let fields = try Self.fields(hex("2abe15371ffeffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a3c71"))
    #expect(fields.pointer == .onlyIdleData)
    #expect(fields.vcid == 7)
    #expect(fields.count == 55)
  }

  @Test("a secondary header of three data bytes extends the count to 32 bits: 0000AB and CD are 43981")
  func readsExtendedCount() throws {
    let fields = try Self.fields(
      hex("2ab216cd9800030000ab0801c000000700010203040506070801c00100030001020307ffc00000015555a2e4"))
    #expect(
      fields
        == Fields(
          scid: 683, vcid: 1, masterCount: 22, count: 205, extendedCount: 43_981, hasSecondaryHeader: true,
          secondaryHeaderData: [0, 0, 0xAB], pointer: .offset(0), dataFieldStart: 10, dataField: Self.packets))
  }

  @Test("a frame with the synchronization flag is one service data unit")
  func readsServiceDataUnit() throws {
    let fields = try Self.fields(
      hex("2ab4170169230801c000000700010203040506070801c00100030001020307ffc000000155552c33"))
    #expect(fields.sync)
    #expect(fields.vcid == 2)
    #expect(fields.dataField == Self.packets)
  }

  @Test("the longest count is FFFFFFFF, with FFFFFF in the secondary header")
  func readsLargestExtendedCount() throws {
    let fields = try Self.fields(hex("000000ff 9800 03ffffff 00"), errorControlByteCount: 0)
    #expect(fields.extendedCount == 0xFFFF_FFFF)
  }

  @Test("identifiers of all ones are 1023 and 7, and nothing of them spills")
  func readsLargestIdentifiers() throws {
    let ones = try Self.fields(hex("3ffe 0000 1800 00"), errorControlByteCount: 0)
    #expect(ones.scid == 1023)
    #expect(ones.vcid == 7)
    #expect(ones.masterCount == 0)
    let zeros = try Self.fields(hex("0001 ffff 1800 01040000"), errorControlByteCount: 0)
    #expect(zeros.scid == 0)
    #expect(zeros.vcid == 0)
    #expect(zeros.masterCount == 255)
    #expect(zeros.count == 255)
  }

  // Refusals.

  @Test("every length below seven bytes is refused as truncated", arguments: 0..<7)
  func refusesTruncatedHeader(byteCount: Int) {
    let bytes = [UInt8](repeating: 0, count: byteCount)
    #expect(throws: WireError.truncated(.primaryHeader, need: 7, have: byteCount)) {
      try Self.fields(bytes, errorControlByteCount: 0)
    }
  }

  @Test("the error control field is none of the frame's seven bytes", arguments: 0..<9)
  func refusesTruncatedHeaderBeforeErrorControl(byteCount: Int) {
    let bytes = [UInt8](repeating: 0, count: byteCount)
    #expect(throws: WireError.truncated(.primaryHeader, need: 7, have: max(0, byteCount - 2))) {
      try Self.fields(bytes)
    }
  }

  @Test("every version but 0 is refused", arguments: 1..<4)
  func refusesOtherVersions(version: Int) {
    let bytes = [UInt8(version << 6)] + [UInt8](repeating: 0, count: 20)
    #expect(throws: WireError.forbidden(.transferFrameVersionNumber, value: UInt32(version))) {
      try Self.fields(bytes)
    }
  }

  @Test("a secondary header has at least two bytes: a length field of 0 is refused")
  func refusesShortestSecondaryHeader() {
    #expect(throws: WireError.forbidden(.secondaryHeader, value: 0)) {
      try Self.fields(hex("00000000 9800 00 0000000000"), errorControlByteCount: 0)
    }
  }

  @Test("a secondary header of another version than 0 is refused", arguments: 1..<4)
  func refusesOtherSecondaryHeaderVersions(version: Int) {
    let identification = UInt8(version << 6 | 3)
    #expect(throws: WireError.forbidden(.secondaryHeader, value: UInt32(identification))) {
      try Self.fields(hex("00000000 9800") + [identification, 0, 0, 0, 0, 0], errorControlByteCount: 0)
    }
  }

  @Test("every secondary header that fits is read, and every one that does not is refused", arguments: 1...63)
  func boundsSecondaryHeader(lengthField: Int) throws {
    let total = lengthField + 1
    for controlByteCount in [0, 4] {
      let header = [0, UInt8(controlByteCount / 4), 0, 0, 0x98, 0, UInt8(lengthField)]
      for byteCount in 7..<6 + total + controlByteCount {
        let bytes = header + [UInt8](repeating: 0, count: byteCount - 7)
        #expect(
          throws: WireError.overrun(
            .secondaryHeader, claimed: total, available: max(0, byteCount - 6 - controlByteCount))
        ) { try Self.fields(bytes, errorControlByteCount: 0) }
      }
      for dataByteCount in 0...2 {
        let bytes = header + [UInt8](repeating: 0xDA, count: lengthField + dataByteCount + controlByteCount)
        let fields = try Self.fields(bytes, errorControlByteCount: 0)
        #expect(fields.secondaryHeaderData.count == lengthField)
        #expect(fields.dataFieldStart == 6 + total)
        #expect(fields.dataField.count == dataByteCount)
        #expect((fields.extendedCount != nil) == (lengthField == 3))
      }
    }
  }

  @Test("a frame too short for the control field that it announces is refused", arguments: 7..<10)
  func refusesTruncatedControlField(byteCount: Int) {
    let bytes = hex("00010000 1800") + [UInt8](repeating: 0, count: byteCount - 6)
    #expect(throws: WireError.truncated(.operationalControlField, need: 10, have: byteCount)) {
      try Self.fields(bytes, errorControlByteCount: 0)
    }
  }

  @Test("no bytes at all make an accessor trap, whatever the flags and the length")
  func survivesRandomBytes() {
    let seed: UInt64 = 0x7A11
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200_000 {
      var bytes = generator.bytes(Int.random(in: 0...80, using: &generator))
      if !bytes.isEmpty, Bool.random(using: &generator) { bytes[0] &= 0x3F }
      let fields = try? Self.fields(bytes, errorControlByteCount: Bool.random(using: &generator) ? 2 : 0)
      guard let fields else { continue }
      #expect(fields.dataFieldStart + fields.dataField.count <= bytes.count)
    }
  }
}
