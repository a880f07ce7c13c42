/// The pseudo-random sequences that are added to each unit so that it has enough bit transitions.
///
/// Each begins anew with every unit, and adding it twice takes it away.
///
/// Standard: CCSDS 131.0-B-5 §10.
package enum Randomizer {
  /// Which sequence.
  package enum Sequence: String, Sendable, CaseIterable {
    /// Nothing is added.
    case none
    /// x^8 + x^7 + x^5 + x^3 + 1, which repeats after 255 bits: the only one until issue 4.
    case short255
    /// x^17 + x^14 + 1, which repeats after 131,071 bits.
    case long131071
  }

  /// The first bytes of a sequence.
  package static func bytes(of sequence: Sequence, count: Int) -> [UInt8] {
    switch sequence {
    case .none: return [UInt8](repeating: 0, count: count)
    case .short255:
      // s[n+8] = s[n] + s[n+3] + s[n+5] + s[n+7], all ones at first; s[n] is the highest of the eight bits.
      return generate(count, seed: 0xFF, bitCount: 8) { $0 >> 7 ^ $0 >> 4 ^ $0 >> 2 ^ $0 }
    case .long131071:
      // s[n+17] = s[n] + s[n+14]; the first 17 bits are 00011100011100011.
      return generate(count, seed: 0b0_0011_1000_1110_0011, bitCount: 17) { $0 >> 16 ^ $0 >> 2 }
    }
  }

  /// The bits of a linear recurrence, whose register holds the next bit to be sent in its highest place.
  private static func generate(
    _ count: Int, seed: UInt32, bitCount: UInt32, feedback: (UInt32) -> UInt32
  ) -> [UInt8] {
    var register = seed
    return (0..<count).map { _ in
      var byte: UInt8 = 0
      for _ in 0..<8 {
        byte = byte << 1 | UInt8(register >> (bitCount - 1) & 1)
        register = (register << 1 | feedback(register) & 1) & (1 << bitCount - 1)
      }
      return byte
    }
  }
}
