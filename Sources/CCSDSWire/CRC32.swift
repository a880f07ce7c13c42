/// A cyclic redundancy check of 32 bits, eight bytes at a step: one of the three that space links and products use.
///
/// The register is kept with its first byte lowest whichever bit comes first on the line, so that one loop serves all:
/// a check that takes the most significant bit first only has its table and its register turned round.
package struct CRC32: ~Copyable, Sendable {
  /// USLP frames of products made before issue 3 of the standard: preset to zero, so zeros before a frame go unseen.
  ///
  /// Polynomial x^32 + x^23 + x^21 + x^11 + x^2 + 1, most significant bit first, nothing inverted at the end.
  package static let proximity1 = CRC32(polynomial: 0x00A0_0805, isReflected: false, preset: 0)
  /// The one that Castagnoli found, also known as CRC-32C.
  package static let castagnoli = CRC32(polynomial: 0x1EDC_6F41, isReflected: true, preset: .max)
  /// The one of Ethernet.
  package static let ethernet = CRC32(polynomial: 0x04C1_1DB7, isReflected: true, preset: .max)

  private static let bytesPerStep = 8

  /// The remainder of each byte value at each place of a step: 256 for the last byte, 256 for the one before it, …
  private let remainders: InlineArray<2048, UInt32>
  private let isReflected: Bool
  /// What the register begins with; a reflected check also ends with it added.
  private let preset: UInt32

  /// The check of `bytes`, as a field that follows them carries it.
  package func checksum(of bytes: RawSpan) -> UInt32 {
    let table = remainders.span
    var check = preset
    var offset = 0
    while bytes.byteCount - offset >= Self.bytesPerStep {
      let word = bytes.uint64(at: offset).byteSwapped ^ UInt64(check)
      check = table[7 * 256 + Int(word & 0xFF)] ^ table[6 * 256 + Int(word >> 8 & 0xFF)]
      check ^= table[5 * 256 + Int(word >> 16 & 0xFF)] ^ table[4 * 256 + Int(word >> 24 & 0xFF)]
      check ^= table[3 * 256 + Int(word >> 32 & 0xFF)] ^ table[2 * 256 + Int(word >> 40 & 0xFF)]
      check ^= table[256 + Int(word >> 48 & 0xFF)] ^ table[Int(word >> 56)]
      offset += Self.bytesPerStep
    }
    while offset < bytes.byteCount {
      check = check >> 8 ^ table[Int(UInt8(truncatingIfNeeded: check) ^ bytes.byte(at: offset))]
      offset += 1
    }
    return isReflected ? check ^ preset : check.byteSwapped
  }

  private init(polynomial: UInt32, isReflected: Bool, preset: UInt32) {
    self.isReflected = isReflected
    self.preset = preset
    var remainders = InlineArray<2048, UInt32>(repeating: 0)
    for byte in 0..<256 {
      remainders[byte] = Self.divided(UInt8(byte), polynomial, isReflected)
    }
    for index in 256..<2048 {
      let before = remainders[index - 256]
      remainders[index] = before >> 8 ^ remainders[Int(before & 0xFF)]
    }
    self.remainders = remainders
  }

  /// The remainder of one byte, bit by bit.
  private static func divided(_ byte: UInt8, _ polynomial: UInt32, _ isReflected: Bool) -> UInt32 {
    guard isReflected else {
      var remainder = UInt32(byte) << 24
      for _ in 0..<8 { remainder = remainder << 1 ^ (remainder >> 31 == 0 ? 0 : polynomial) }
      return remainder.byteSwapped
    }
    let reversed = UInt32(bitReversed: polynomial)
    var remainder = UInt32(byte)
    for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : reversed) }
    return remainder
  }
}

extension UInt32 {
  /// The bits of `value` in the other order.
  fileprivate init(bitReversed value: UInt32) {
    self = (0..<32).reduce(0) { $0 | (value >> UInt32($1) & 1) << UInt32(31 - $1) }
  }
}
