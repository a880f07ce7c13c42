import CCSDSWire
import Testing

@Suite("CRC-32, by three polynomials")
struct CRC32Tests {
  /// One of them as the books define it, bit by bit.
  private struct Division {
    let polynomial: UInt32
    let isReflected: Bool
    let preset: UInt32

    func checksum(of bytes: [UInt8]) -> UInt32 {
      var register = preset
      for byte in bytes {
        for bit in 0..<8 {
          let input = isReflected ? byte >> UInt8(bit) & 1 : byte >> UInt8(7 - bit) & 1
          let feedback = UInt8(register >> 31) ^ input
          register = register << 1 ^ (feedback == 0 ? 0 : polynomial)
        }
      }
      guard isReflected else { return register }
      var reversed: UInt32 = 0
      for bit: UInt32 in 0..<32 { reversed |= (register >> bit & 1) << (31 - bit) }
      return reversed ^ preset
    }
  }

  @Test("every length up to eight steps agrees with the division done bit by bit")
  func matchesLongDivision() {
    let divisions = [
      Division(polynomial: 0x00A0_0805, isReflected: false, preset: 0),
      Division(polynomial: 0x1EDC_6F41, isReflected: true, preset: .max),
      Division(polynomial: 0x04C1_1DB7, isReflected: true, preset: .max),
    ]
    let bytes = (0..<64).map { UInt8(truncatingIfNeeded: $0 * 89 + 201) }
    for length in 0...bytes.count {
      let part = Array(bytes.prefix(length))
      let ours = [
        CRC32.proximity1.checksum(of: unsafe part.span.bytes), CRC32.castagnoli.checksum(of: unsafe part.span.bytes),
        CRC32.ethernet.checksum(of: unsafe part.span.bytes),
      ]
      #expect(ours == divisions.map { $0.checksum(of: part) }, "\(length) bytes")
    }
  }

  /// The check values of the standard's own nine digits.
  @Test("the published values come out")
  func matchesPublishedValues() {
    let digits = Array("123456789".utf8)
    #expect(CRC32.proximity1.checksum(of: unsafe digits.span.bytes) == 0x5169_3C0C)
    #expect(CRC32.castagnoli.checksum(of: unsafe digits.span.bytes) == 0xE306_9283)
    #expect(CRC32.ethernet.checksum(of: unsafe digits.span.bytes) == 0xCBF4_3926)
  }

  @Test("behind its own check that of Proximity-1 is zero; zeros before a frame go unseen")
  func vanishesBehindItself() {
    let frame = Array("123456789".utf8) + [0x51, 0x69, 0x3C, 0x0C]
    #expect(CRC32.proximity1.checksum(of: unsafe frame.span.bytes) == 0)
    let late = [0, 0, 0] + frame
    #expect(CRC32.proximity1.checksum(of: unsafe late.span.bytes) == 0)
    for bit in 0..<frame.count * 8 {
      var damaged = frame
      damaged[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      #expect(CRC32.proximity1.checksum(of: unsafe damaged.span.bytes) != 0)
    }
  }
}
