import CCSDSWire

/// The part of a bit stream that is at hand. Positions are bits, counted from the start of the stream.
struct BitWindow: ~Escapable {
  private let bytes: RawSpan
  private let startByte: Int
  /// Whether nothing comes after it.
  let isLast: Bool

  /// - Parameter startByte: Where in the stream its first byte is.
  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, startByte: Int, isLast: Bool = false) {
    self.bytes = bytes
    self.startByte = startByte
    self.isLast = isLast
  }

  /// The position after its last bit.
  var end: Int { (startByte + bytes.byteCount) * 8 }

  /// The 32 bits at `position`, which must be in the window; zeros follow its end.
  func bits32(at position: Int) -> UInt32 {
    let offset = position >> 3 - startByte
    var word: UInt64 = 0
    if offset + 8 <= bytes.byteCount {
      word = bytes.uint64(at: offset)
    } else {
      for index in 0..<min(5, bytes.byteCount - offset) {
        word |= UInt64(bytes.byte(at: offset + index)) << UInt64(56 - 8 * index)
      }
    }
    return UInt32(truncatingIfNeeded: (word << UInt64(position & 7)) >> 32)
  }

  /// The bytes that hold the bits from `start` to before `end`, both in the window; the first bit is in the first byte.
  @_lifetime(copy self)
  func bytes(from start: Int, to end: Int) -> RawSpan {
    bytes.extracting(start >> 3 - startByte..<(end + 7) >> 3 - startByte)
  }

  /// The bytes from the one that holds the bit at `position` on.
  @_lifetime(copy self)
  func bytes(from position: Int) -> RawSpan {
    bytes.from(position >> 3 - startByte)
  }
}
