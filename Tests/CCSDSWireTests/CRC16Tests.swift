import CCSDSWire
import Testing

@Suite("CRC-16 of the frame error control field, CCSDS 132.0-B-3 §4.1.6")
struct CRC16Tests {
  /// The check value of CRC-16/IBM-3740, the examples of ECSS-E-ST-70-41C annex B, and short runs of zeros.
  @Test(
    "the published values come out",
    arguments: [
      ([], 0xFFFF),
      ([0x00], 0xE1F0),
      ([0x00, 0x00], 0x1D0F),
      ([0x00, 0x00, 0x00], 0xCC9C),
      ([0xAB, 0xCD, 0xEF, 0x01], 0x04A2),
      ([0x14, 0x56, 0xF8, 0x9A, 0x00, 0x01], 0x7FD5),
      ([0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39], 0x29B1),
    ] as [([UInt8], UInt16)])
  func matchesPublishedValues(bytes: [UInt8], expected: UInt16) {
    #expect(Self.checksum(of: bytes[...]) == expected)
  }

  @Test("bytes in two parts give the check of the whole, wherever they are cut")
  func continuesFromPart() {
    let bytes = (0..<67).map { UInt8(truncatingIfNeeded: $0 * 151 + 7) }
    let whole = Self.checksum(of: bytes[...])
    for cut in 0...bytes.count {
      let head = Self.checksum(of: bytes[..<cut])
      let check = Self.checksum(of: bytes[cut...], startingFrom: head)
      #expect(check == whole, "cut after \(cut) bytes")
    }
  }

  @Test("every length up to four steps agrees with the division done bit by bit")
  func matchesLongDivision() {
    let bytes = (0..<64).map { UInt8(truncatingIfNeeded: $0 * 89 + 201) }
    var remainder: UInt16 = 0xFFFF
    for length in 0...bytes.count {
      #expect(Self.checksum(of: bytes[..<length]) == remainder, "\(length) bytes")
      guard length < bytes.count else { break }
      remainder ^= UInt16(bytes[length]) << 8
      for _ in 0..<8 {
        remainder = remainder & 0x8000 == 0 ? remainder << 1 : remainder << 1 ^ 0x1021
      }
    }
  }

  private static func checksum(of bytes: ArraySlice<UInt8>, startingFrom seed: UInt16 = 0xFFFF) -> UInt16 {
    CRC16.checksum(of: unsafe bytes.span.bytes, startingFrom: seed)
  }
}
