import CCSDSCoding
import TestSupport
import Testing

@Suite("Attached sync markers, CCSDS 131.0-B-5 §9.3")
struct SyncMarkerTests {
  private static let markers: [SyncMarker] = [.standard, .turboHalf, .turboThird, .turboQuarter, .turboSixth]

  @Test(
    "the markers are those of the vectors, and each is found as it is and inverted",
    .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
  func agreesWithVectors() throws {
    let vectors = try VectorFile.group("asm")
    var agreed = 0
    for (vector, marker) in zip(vectors, Self.markers) {
      let (upright, inverted) = try (#require(vector.bytes("hex")), #require(vector.bytes("inverted")))
      var isFound = marker.bytes == upright
      for (bytes, isInverted) in [(upright, false), (inverted, true)] {
        let codeblock: [UInt8] = isInverted ? [0xA5, 0x0F] : [0x5A, 0xF0]
        let bench = SynchronizerBench(marker: marker, codeblockByteCount: 2, sent: [[0x5A, 0xF0]])
        bench.run(bytes + codeblock)
        let expected = MarkerObservation(errorCount: 0, isInverted: isInverted)
        isFound = isFound && bench.calls == [.acquired(isInverted: isInverted), .unit([0x5A, 0xF0], expected)]
      }
      #expect(isFound, "\(vector.id)")
      agreed += isFound ? 1 : 0
    }
    #expect(vectors.count == Self.markers.count)
    print("asm: \(agreed) of \(vectors.count)")
  }

  @Test(
    "the access data units of the vectors are found, at their bit and in their polarity, and derandomized",
    .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
  func findsVectorUnits() throws {
    let vectors = try VectorFile.group("cadu")
    var agreed = 0
    let coded = try #require(vectors.first?.bytes("cadu"))
    for vector in vectors {
      var isFound = false
      switch vector.id {
      case "E16-I1-dual+pn255":
        let turned = Self.unit(in: coded.map(~), at: 0, isInverted: true)
        isFound = Self.unit(in: coded, at: 0) == Array(coded[4...]) && turned == Array(coded[4...])
      case "bit-slip-3":
        // Three bits 101, the byte 55, then the unit: its marker begins at bit 11.
        var stream = SentStream()
        stream.insert([true, false, true], at: 0)
        stream.add([0x55] + coded)
        let prefix = try #require(vector.bytes("bits_hex"))
        #expect(Array(stream.bytes.prefix(13)) == prefix)
        isFound = Self.unit(in: stream.bytes, at: 11) == Array(coded[4...])
      case "uncoded+pn131071":
        let bytes = try #require(vector.bytes("cadu"))
        let codeblock = Self.unit(in: bytes, at: 0)
        let sequence = Randomizer.bytes(of: .long131071, count: codeblock.count)
        isFound = zip(codeblock, sequence).map { $0 ^ $1 } == (try #require(vector.bytes("frame")))
      default: break
      }
      #expect(isFound, "\(vector.id)")
      agreed += isFound ? 1 : 0
    }
    print("cadu: \(agreed) of \(vectors.count)")
  }

  @Test("a marker has two to thirty-two bytes")
  func bounds() {
    for count in 0...40 {
      #expect((SyncMarker(bytes: [UInt8](repeating: 0x47, count: count)) != nil) == (2...32).contains(count))
    }
  }

  /// The only unit in a stream, which begins at a known bit; empty where another came out.
  private static func unit(in bytes: [UInt8], at bit: Int, isInverted: Bool = false) -> [UInt8] {
    let count = bytes.count - 4 - (bit + 7) / 8
    let codeblockByteCount = bit % 8 == 0 ? count : bytes.count - 4 - bit / 8 - 1
    let bench = SynchronizerBench(codeblockByteCount: codeblockByteCount)
    // A second marker behind it confirms it; what fills the last byte is left out.
    var stream = SentStream()
    stream.add(bytes)
    let end = bit + (4 + codeblockByteCount) * 8
    stream.remove(end..<stream.bits.count)
    stream.add([0x1A, 0xCF, 0xFC, 0x1D], isInverted: isInverted)
    bench.run(stream.bytes)
    let bitOffset = bit % 8
    guard bench.calls.contains(.acquired(isInverted: isInverted, bitOffset: bitOffset)) else { return [] }
    return bench.receiver.codeblocks.first ?? []
  }
}
