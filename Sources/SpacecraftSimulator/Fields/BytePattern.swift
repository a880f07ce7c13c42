/// A ring of bytes that fills payloads and idle fields: any length from any position.
struct BytePattern: Sendable {
  private let bytes: [UInt8]

  /// The positions that differ; one further is position 0 again.
  var count: Int { bytes.count }

  /// Random bytes, for payloads.
  static let payload: BytePattern = {
    var random = SeededRandom(seed: 0x5EED)
    return BytePattern(bytes: (0..<8192).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }()

  /// The fill of frames with only idle data: s[n] = s[n−1] ^ s[n−2] ^ s[n−22] ^ s[n−32] from 32 ones.
  ///
  /// The true sequence is longer than its ring here; see `start`.
  static let onlyIdleData: BytePattern = {
    var cells: UInt32 = 0xFFFF_FFFF
    var bytes: [UInt8] = []
    for _ in 0..<8191 {
      bytes.append(UInt8(truncatingIfNeeded: cells >> 24))
      for _ in 0..<8 {
        let bit = (cells ^ cells >> 1 ^ cells >> 21 ^ cells >> 31) & 1
        cells = cells << 1 | bit
      }
    }
    return BytePattern(bytes: bytes)
  }()

  /// Where a stretch of so many bytes begins: so that the ends of the ring do not meet within it, if it is short.
  func start(of byteCount: Int, at position: Int) -> Int {
    byteCount <= count && byteCount > count - position ? 0 : position
  }

  /// Writes the pattern from `position` over `range` of `frame`, and returns the position behind what was written.
  func copy(to frame: inout [UInt8], range: Range<Int>, from position: Int) -> Int {
    var source = position
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(range.upperBound - offset, bytes.count - source)
      frame.replaceSubrange(offset..<offset + count, with: bytes[source..<source + count])
      offset += count
      source += count
      if source == bytes.count { source = 0 }
    }
    return source
  }
}

extension [UInt8] {
  mutating func store(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
