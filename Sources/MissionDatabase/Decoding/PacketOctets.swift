import CCSDSWire

extension RawSpan {
  /// The eight bits from `bit` on; what lies behind the end reads as zeros.
  @inline(__always)
  func paddedOctet(atBit bit: Int) -> UInt8 {
    let index = bit >> 3
    let shift = bit & 7
    guard index < byteCount else { return 0 }
    guard shift != 0 else { return byte(at: index) }
    let next = index + 1 < byteCount ? byte(at: index + 1) : 0
    return byte(at: index) << UInt8(shift) | next >> UInt8(8 - shift)
  }
}
