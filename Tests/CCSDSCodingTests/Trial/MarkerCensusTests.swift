import CCSDSCoding
import SpacecraftSimulator
import TestSupport
import Testing

@Suite("Census of sync markers")
struct MarkerCensusTests {
  private static let markers: [SyncMarker] = [.standard, .turboHalf, .turboThird, .turboQuarter, .turboSixth]
  private static let expectation = TrialExpectation(coding: nil, frameByteCount: 1115, version: .tm)

  @Test("every marker of the standard is told from the others, at every bit, in both polarities", arguments: 0..<8)
  func tellsMarkersApart(shift: Int) throws {
    for (index, marker) in Self.markers.enumerated() {
      for isInverted in [false, true] {
        var generator = SeededGenerator(seed: UInt64(index))
        var bytes: [UInt8] = []
        for _ in 0..<20 { bytes += marker.bytes + generator.bytes(500) }
        if isInverted { bytes = bytes.map(~) }
        let sample = InputSample(stream: Self.delayed(bytes, by: shift))
        let census = try #require(DecodingTrial.findings(in: sample, expecting: Self.expectation).census)
        #expect(census.marker == marker)
        #expect(census.count == 20)
        #expect(census.invertedCount == (isInverted ? 20 : 0))
        #expect(census.misalignedCount == (shift == 0 ? 0 : 20))
        #expect(census.byteDistance == marker.byteCount + 500)
        #expect(census.distanceCount == 19)
      }
    }
  }

  @Test("a marker of one's own is found, one wrong bit or not")
  func findsConfiguredMarker() throws {
    let marker = try #require(SyncMarker(bytes: [0xEB, 0x90, 0x14, 0x6F]))
    var coding = ChannelCoding(frameByteCount: 300)
    coding.syncMarker = marker
    var generator = SeededGenerator(seed: 1)
    var bytes: [UInt8] = []
    for index in 0..<20 {
      bytes += [0xEB, 0x90, 0x14, index % 3 == 0 ? 0x6E : 0x6F]
      bytes += generator.bytes(500)
    }
    let census = DecodingTrial.findings(
      in: InputSample(stream: bytes), expecting: TrialExpectation(coding: coding, frameByteCount: 300, version: .tm)
    ).census
    #expect(census?.marker == marker)
    #expect(census?.count == 20)
  }

  @Test("what stands between units does not hide how long they are")
  func bearsGarbage() {
    var generator = SeededGenerator(seed: 2)
    var bytes: [UInt8] = []
    for index in 0..<30 {
      bytes += SyncMarker.standard.bytes
      bytes += generator.bytes(1020)
      if index % 4 == 0 { bytes += generator.bytes(index + 1) }
    }
    let census = DecodingTrial.findings(in: InputSample(stream: bytes), expecting: Self.expectation).census
    #expect(census?.byteDistance == 1024)
    // 29 distances, of which those behind units 0, 4, … 28 are longer.
    #expect(census?.distanceCount == 21)
  }

  /// The bytes with some zero bits before them.
  private static func delayed(_ bytes: [UInt8], by shift: Int) -> [UInt8] {
    guard shift > 0 else { return bytes }
    return zip([0] + bytes, bytes + [0]).map { $0 << UInt8(8 - shift) | $1 >> UInt8(shift) }
  }
}
