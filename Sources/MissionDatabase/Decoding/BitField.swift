import CCSDSWire

/// Fields of up to 64 bits that begin at any bit, counted from the most significant bit of the first byte.
extension RawSpan {
  /// All bits there are.
  var bitCount: Int { byteCount * 8 }

  /// The `count` bits from `bit` on, the last of them in the lowest place.
  ///
  /// - Parameter count: 1 to 64. The bits lie within the span: callers have made sure, and what lies outside traps.
  @inline(__always)
  package func bits(at bit: Int, count: Int) -> UInt64 {
    guard byteCount >= 8 else { return bitsOfFew(at: bit, count: count) }
    // Eight bytes that hold the first bit, never beyond the end.
    let first = min(bit &>> 3, byteCount &- 8)
    let lead = bit &- first &<< 3
    let word = uint64(at: first) &<< UInt64(truncatingIfNeeded: lead)
    let excess = UInt64(truncatingIfNeeded: 64 &- count)
    if lead &+ count <= 64 { return word &>> excess }
    return (word | UInt64(byte(at: first &+ 8)) &>> UInt64(truncatingIfNeeded: 8 &- lead)) &>> excess
  }

  /// The same in a span that is shorter than a word.
  @inline(never)
  private func bitsOfFew(at bit: Int, count: Int) -> UInt64 {
    precondition(bit >= 0 && bit + count <= bitCount, "bits beyond a span")
    var word: UInt64 = 0
    for offset in 0..<byteCount { word = word << 8 | UInt64(byte(at: offset)) }
    return word >> UInt64(bitCount - bit - count) & (.max >> UInt64(64 - count))
  }

  /// The eight bits from `bit` on.
  func octet(atBit bit: Int) -> UInt8 {
    bit & 7 == 0 ? byte(at: bit >> 3) : UInt8(truncatingIfNeeded: bits(at: bit, count: 8))
  }
}
