/// The 16-bit checksum that packets may end in instead of a cyclic redundancy check: two sums modulo 255.
///
/// Standard: ECSS-E-ST-70-41C annex B.
package enum ISOChecksum {
  /// The checksum of `bytes`, as the two bytes behind them carry it. Neither of the two is ever zero.
  package static func checksum(of bytes: RawSpan) -> UInt16 {
    var sum: UInt64 = 0
    var sumOfSums: UInt64 = 0
    var offset = 0
    while offset < bytes.byteCount {
      // So many bytes at most add up to less than 2^48.
      let end = min(bytes.byteCount, offset + bytesPerStep)
      while offset < end {
        sum += UInt64(bytes.byte(at: offset))
        sumOfSums += sum
        offset += 1
      }
      sum %= modulus
      sumOfSums %= modulus
    }
    let first = (2 * modulus - sum - sumOfSums) % modulus
    return UInt16(first == 0 ? 0xFF : first) << 8 | UInt16(sumOfSums == 0 ? 0xFF : sumOfSums)
  }

  private static let modulus: UInt64 = 255
  private static let bytesPerStep = 1 << 16
}
