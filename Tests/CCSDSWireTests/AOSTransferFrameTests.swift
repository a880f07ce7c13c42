import CCSDSWire
import Testing

@Suite("AOS Transfer Frame, CCSDS 732.0-B-4 §4.1")
struct AOSTransferFrameTests {
  /// All that a frame says, as values.
  struct Fields: Equatable {
    var scid = 171
    var vcid = 1
    var count: UInt32 = 0
    var replay = false
    var usesCycle = false
    var insertZone: [UInt8] = []
    var dataFieldStart = 6
    var dataFieldByteCount = 26
    var control: OperationalControlField?
  }

  static func fields(
    _ bytes: [UInt8], _ layout: AOSFrameLayout = AOSFrameLayout(errorControlByteCount: 2),
    corrected: AOSProtectedFields? = nil
  ) throws(WireError) -> Fields {
    let frame = try AOSTransferFrame(validating: unsafe bytes.span.bytes, layout: layout, corrected: corrected)
    return Fields(
      scid: Int(frame.spacecraftID.rawValue), vcid: Int(frame.virtualChannelID.rawValue),
      count: frame.virtualChannelFrameCount, replay: frame.replayFlag, usesCycle: frame.usesFrameCountCycle,
      insertZone: copy(frame.insertZone), dataFieldStart: frame.dataFieldStart,
      dataFieldByteCount: frame.dataField.byteCount, control: frame.operationalControlField)
  }

  // The vectors of group `frames`, recorded from two independent implementations.

  @Test("with every optional field, the cycle and the count make 28 bits: 3 and 258 are 50331906")
  func readsEveryOptionalField() throws {
    let layout = AOSFrameLayout(
      hasHeaderErrorControl: true, insertZoneByteCount: 3, hasOperationalControlField: true, errorControlByteCount: 2)
    let fields = try Self.fields(
      hex(
        "6aea00010243ce8e11223300000801c000000700010203040506070801c00100030001020307ffc00000015555010400a561c5"),
      layout)
    // The packet zone of the vector is 13..<45; the two bytes of the M_PDU header stand before it.
    #expect(
      fields
        == Fields(
          vcid: 42, count: 50_331_906, usesCycle: true, insertZone: [0x11, 0x22, 0x33], dataFieldStart: 11,
          dataFieldByteCount: 34, control: .linkControlWord(CommunicationsLinkControlWord(word: 0x0104_00A5))))
  }

  @Test("a replayed frame says so, and FFFFFF is its last count")
  func readsReplayFlag() throws {
    let fields = try Self.fields(
      hex("6ac1ffffff800004eeeeeeee0801c0000007000102030405060707ffc000000155552127"))
    #expect(fields == Fields(count: 16_777_215, replay: true, dataFieldByteCount: 28))
  }

  @Test(
    "the plain vectors read as their authors wrote them",
    arguments: [
      ("6ac10000000007ffcccccccccccccccccccccccccccccccccccccccccccccccc0e3d", 1, 0),
      ("6ac10000010007fe5555555555555555555555555555555555555555555555552256", 1, 1),
      ("6ac3000007003fffaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaae9c6", 3, 7),
      ("6ac400000900424242424242424242424242424242424242424242424242424294ee", 4, 9),
      ("6aff00000a00ffffffff6db6d861451f11f19716723cbe7e00b1de90b262107a8bb3", 63, 10),
    ])
  func readsPlainVector(text: String, vcid: Int, count: UInt32) throws {
    #expect(try Self.fields(hex(text)) == Fields(vcid: vcid, count: count))
  }

  @Test("the spacecraft has 8 bits, or 10 where the signaling field carries two more")
  func readsTenBitSpacecraft() throws {
    let bytes = hex("6aea000102633b1d00000801c000000700010203040506070801c00100030001020307ffc00000015555df8c")
    var layout = AOSFrameLayout(hasHeaderErrorControl: true, errorControlByteCount: 2, spacecraftIDBitCount: 10)
    #expect(try Self.fields(bytes, layout).scid == 683)
    layout.spacecraftIDBitCount = 8
    let narrow = try Self.fields(bytes, layout)
    #expect(narrow.scid == 171)
    #expect(narrow.count == 50_331_906)
  }

  @Test("a cycle that is not in use is not part of the count")
  func ignoresUnusedCycle() throws {
    // Signaling field 0F: usage flag 0, cycle 15; 4F: usage flag 1, cycle 15, all ones make 2^28 - 1.
    #expect(try Self.fields(hex("4000ffffff0f00"), AOSFrameLayout()).count == 16_777_215)
    #expect(try Self.fields(hex("4000ffffff4f00"), AOSFrameLayout()).count == 268_435_455)
  }

  @Test("corrected header fields take the place of those received")
  func prefersCorrectedFields() throws {
    let corrected = AOSProtectedFields(identifiers: 0x6AEA, signaling: 0xC3)
    let fields = try Self.fields(hex("ffff0001020000"), AOSFrameLayout(), corrected: corrected)
    #expect(
      fields
        == Fields(vcid: 42, count: 50_331_906, replay: true, usesCycle: true, dataFieldByteCount: 1))
    #expect(throws: WireError.forbidden(.transferFrameVersionNumber, value: 0)) {
      try Self.fields(
        hex("6aea0001020000"), AOSFrameLayout(), corrected: AOSProtectedFields(identifiers: 0x2AEA, signaling: 0))
    }
  }

  // Refusals.

  @Test("every version but 1 is refused", arguments: [0, 2, 3])
  func refusesOtherVersions(version: Int) {
    let bytes = [UInt8(version << 6)] + [UInt8](repeating: 0, count: 20)
    #expect(throws: WireError.forbidden(.transferFrameVersionNumber, value: UInt32(version))) {
      try Self.fields(bytes)
    }
  }

  @Test("under every layout each length without one byte of data is refused, and the next two are read")
  func boundsEveryLayout() throws {
    for choice in 0..<16 {
      let insertZone = choice & 8 == 0 ? 0 : 9
      let layout = AOSFrameLayout(
        hasHeaderErrorControl: choice & 1 != 0, insertZoneByteCount: insertZone,
        hasOperationalControlField: choice & 2 != 0, errorControlByteCount: choice & 4 == 0 ? 0 : 2)
      let others = (choice & 1 == 0 ? 0 : 2) + insertZone + (choice & 2 == 0 ? 0 : 4) + (choice & 4 == 0 ? 0 : 2)
      for byteCount in 0...6 + others {
        #expect(throws: WireError.truncated(.primaryHeader, need: 7 + others, have: byteCount)) {
          try Self.fields([UInt8](repeating: 0x40, count: byteCount), layout)
        }
      }
      for dataByteCount in 1...3 {
        let fields = try Self.fields([UInt8](repeating: 0x40, count: 6 + others + dataByteCount), layout)
        #expect(fields.dataFieldByteCount == dataByteCount)
        #expect(fields.dataFieldStart == 6 + (choice & 1 == 0 ? 0 : 2) + insertZone)
        #expect(fields.insertZone.count == insertZone)
        #expect((fields.control != nil) == (choice & 2 != 0))
      }
    }
  }

  @Test("a negative insert zone is refused")
  func refusesNegativeInsertZone() {
    #expect(throws: WireError.self) {
      try Self.fields([UInt8](repeating: 0x40, count: 20), AOSFrameLayout(insertZoneByteCount: -1))
    }
  }
}
