extension BitAndByteOrder {
  /// The bits of a number, in the lowest places of a word, put from the order they were sent in into the usual one.
  func applied(to word: UInt64, bitCount: Int) -> UInt64 {
    var word = word
    if let octets, octets.count * 8 == bitCount {
      var ordered: UInt64 = 0
      for (index, significance) in octets.enumerated() {
        let octet = word >> UInt64(bitCount - 8 * (index + 1)) & 0xFF
        ordered |= octet << (UInt64(significance) * 8)
      }
      word = ordered
    }
    return isLeastSignificantBitFirst ? Self.reversed(word, bitCount) : word
  }

  private static func reversed(_ word: UInt64, _ bitCount: Int) -> UInt64 {
    var rest = word
    var reversed: UInt64 = 0
    for _ in 0..<bitCount {
      reversed = reversed << 1 | rest & 1
      rest >>= 1
    }
    return reversed
  }
}
