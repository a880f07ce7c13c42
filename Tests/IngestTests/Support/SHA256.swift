import Glibc

/// SHA-256 as FIPS 180-4 §6.2 has it, to compare payloads with what other tools extracted.
struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private static let constants: [UInt32] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79,
    83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199,
    211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311,
  ].map(cubeRootFraction)

  static func hex(_ message: [UInt8]) -> String {
    var hash = SHA256()
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    padded += [UInt8].number(UInt64(message.count * 8), byteCount: 8, bigEndian: true)
    for offset in stride(from: 0, to: padded.count, by: 64) { hash.add(padded[offset..<(offset + 64)]) }
    return hash.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func add(_ block: ArraySlice<UInt8>) {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { offset in
      block[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<64 {
      let (a, b) = (words[index - 15], words[index - 2])
      let small0 = Self.rotate(a, 7) ^ Self.rotate(a, 18) ^ a >> 3
      let small1 = Self.rotate(b, 17) ^ Self.rotate(b, 19) ^ b >> 10
      words.append(words[index - 16] &+ small0 &+ words[index - 7] &+ small1)
    }
    var s = state
    for index in 0..<64 {
      let big1 = Self.rotate(s[4], 6) ^ Self.rotate(s[4], 11) ^ Self.rotate(s[4], 25)
      let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
      let first = s[7] &+ big1 &+ choice &+ Self.constants[index] &+ words[index]
      let big0 = Self.rotate(s[0], 2) ^ Self.rotate(s[0], 13) ^ Self.rotate(s[0], 22)
      let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
      s = [first &+ big0 &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
    }
    for index in 0..<8 { state[index] = state[index] &+ s[index] }
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

  /// The first 32 bits of the fraction of the cube root of a prime.
  private static func cubeRootFraction(_ prime: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(cbrt(Double(prime)) * 4_294_967_296))
  }
}
