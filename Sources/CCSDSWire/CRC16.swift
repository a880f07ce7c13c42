/// The cyclic redundancy check of the frame error control field, sixteen bytes at a step.
///
/// Polynomial x^16 + x^12 + x^5 + 1, preset to all ones, most significant bit first, nothing inverted at the end.
/// Over a whole frame, its error control field included, it is zero when the frame is intact.
///
/// Standard: CCSDS 132.0-B-3 §4.1.6.
package enum CRC16 {
  /// The check of `bytes`, as the field that follows them carries it.
  ///
  /// - Parameter seed: All ones, or the check of the bytes that came before these.
  package static func checksum(of bytes: RawSpan, startingFrom seed: UInt16 = 0xFFFF) -> UInt16 {
    let table = remainders.values.span
    var check = seed
    var offset = 0
    while bytes.byteCount - offset >= bytesPerStep {
      let first = bytes.uint64(at: offset) ^ UInt64(check) << 48
      let second = bytes.uint64(at: offset + 8)
      let late = remainder(of: second, followedBy: 0, in: table, addedTo: 0)
      check = remainder(of: first, followedBy: 8, in: table, addedTo: late)
      offset += bytesPerStep
    }
    while offset < bytes.byteCount {
      check = check << 8 ^ table[Int(UInt8(truncatingIfNeeded: check >> 8) ^ bytes.byte(at: offset))]
      offset += 1
    }
    return check
  }

  private static let bytesPerStep = 16

  private static let remainders = RemainderTable()

  /// The remainder of a word that `place` bytes follow in its step, and another added to it.
  ///
  /// The last byte comes first: the first two wait for the step before, so the sum ends with them (a fifth faster).
  @inline(__always)
  private static func remainder(
    of word: UInt64, followedBy place: Int, in table: Span<UInt16>, addedTo other: UInt16
  ) -> UInt16 {
    var sum = other ^ table[place * 256 + Int(word & 0xFF)]
    sum ^= table[(place + 1) * 256 + Int(word >> 8 & 0xFF)]
    sum ^= table[(place + 2) * 256 + Int(word >> 16 & 0xFF)]
    sum ^= table[(place + 3) * 256 + Int(word >> 24 & 0xFF)]
    sum ^= table[(place + 4) * 256 + Int(word >> 32 & 0xFF)]
    sum ^= table[(place + 5) * 256 + Int(word >> 40 & 0xFF)]
    sum ^= table[(place + 6) * 256 + Int(word >> 48 & 0xFF)]
    return sum ^ table[(place + 7) * 256 + Int(word >> 56)]
  }
}

/// The remainder of each byte value at each place of a step: 256 for the last byte, 256 for the one before it, …
///
/// The division is linear, so the bytes of a step are looked up independently of each other and added.
/// Not copyable, or each use of the one instance would first copy its 8 KiB.
private struct RemainderTable: ~Copyable {
  let values: InlineArray<4096, UInt16>

  init() {
    var values = InlineArray<4096, UInt16>(repeating: 0)
    for byte in 0..<256 {
      values[byte] = Self.divided(UInt16(byte) << 8)
      for place in 1..<16 {
        values[place * 256 + byte] = Self.divided(values[(place - 1) * 256 + byte])
      }
    }
    self.values = values
  }

  /// The remainder after one more byte of zeros, bit by bit.
  private static func divided(_ remainder: UInt16) -> UInt16 {
    var remainder = remainder
    for _ in 0..<8 {
      remainder = remainder << 1 ^ (remainder & 0x8000 == 0 ? 0 : 0x1021)
    }
    return remainder
  }
}
