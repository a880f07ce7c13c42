/// The digest that lists of leap seconds are sealed with. It proves a list undamaged, not that it is genuine.
///
/// Standard: FIPS 180-4 §6.1.
enum SHA1 {
  /// The digest of a message, its first word first.
  static func digest(of message: [UInt8]) -> [UInt32] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    var padded = message
    padded.append(0x80)
    let fillCount = (bytesPerBlock + 56 - padded.count % bytesPerBlock) % bytesPerBlock
    padded.append(contentsOf: repeatElement(0, count: fillCount))
    let bitCount = UInt64(message.count) * 8
    for place in (0..<8).reversed() { padded.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(8 * place))) }
    for start in stride(from: 0, to: padded.count, by: bytesPerBlock) {
      absorb(padded[start..<start + bytesPerBlock], into: &state)
    }
    return state
  }

  private static func absorb(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 80)
    for (index, byte) in block.enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
    for index in 16..<80 {
      words[index] = rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], by: 1)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for index in 0..<80 {
      let (mixed, constant): (UInt32, UInt32) =
        switch index {
        case ..<20: (b & c | ~b & d, 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      (a, b, c, d, e) = (rotated(a, by: 5) &+ mixed &+ e &+ constant &+ words[index], a, rotated(b, by: 30), c, d)
    }
    for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
  }

  private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

  private static let bytesPerBlock = 64
}
