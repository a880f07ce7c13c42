/// Bits one after the other, packed into bytes, and taken out as whole bytes.
struct BitStream: Sendable {
  /// The whole bytes not yet taken.
  private(set) var bytes: [UInt8] = []
  /// The bits behind them that make no byte yet, in the highest places.
  private var remainder: UInt8 = 0
  private var remainderBitCount = 0
  /// All bits ever appended.
  private(set) var bitCount = 0

  /// Appends whole bytes, wherever the last bit ended.
  mutating func append(_ added: [UInt8]) {
    bitCount += 8 * added.count
    guard remainderBitCount > 0 else {
      bytes.append(contentsOf: added)
      return
    }
    let shift = UInt8(remainderBitCount)
    for byte in added {
      bytes.append(remainder | byte >> shift)
      remainder = byte << (8 - shift)
    }
  }

  /// Appends some bits of an array, counted from the first bit of its first byte.
  mutating func append(_ source: [UInt8], bits range: Range<Int>) {
    var position = range.lowerBound
    while position < range.upperBound {
      append(bit: source[position / 8] >> UInt8(7 - position % 8) & 1 == 1)
      position += 1
    }
  }

  /// Appends one bit.
  mutating func append(bit: Bool) {
    if bit { remainder |= 0x80 >> UInt8(remainderBitCount) }
    remainderBitCount += 1
    bitCount += 1
    guard remainderBitCount == 8 else { return }
    bytes.append(remainder)
    remainder = 0
    remainderBitCount = 0
  }

  /// Fills the last byte up with zeros.
  mutating func pad() {
    while remainderBitCount > 0 { append(bit: false) }
  }

  /// Moves the first bytes over `piece`, whose storage is reused.
  mutating func take(_ count: Int, into piece: inout [UInt8]) {
    piece.removeAll(keepingCapacity: true)
    if count == bytes.count {
      swap(&piece, &bytes)
    } else {
      piece.append(contentsOf: bytes[..<count])
      bytes.removeFirst(count)
    }
  }
}
