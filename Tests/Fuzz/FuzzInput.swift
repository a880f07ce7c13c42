/// Reads what a fuzzer made up as small decisions and pieces of any length, so that lengths are its choice too.
struct FuzzInput: ~Escapable {
  private var rest: RawSpan

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { rest = bytes }

  /// Whether nothing is left.
  var isAtEnd: Bool { rest.byteCount == 0 }

  /// All that is left.
  var remainder: RawSpan {
    @_lifetime(copy self) get { rest }
  }

  /// The next byte, or zero at the end.
  @_lifetime(self: copy self)
  mutating func byte() -> UInt8 {
    guard rest.byteCount > 0 else { return 0 }
    let byte = unsafe rest.unsafeLoad(as: UInt8.self)
    rest = rest.extracting(droppingFirst: 1)
    return byte
  }

  /// The next piece: two bytes of length, then as many bytes as that says and as there are.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func piece() -> RawSpan {
    let length = Int(byte()) << 8 | Int(byte())
    let piece = rest.extracting(first: length)
    rest = rest.extracting(droppingFirst: piece.byteCount)
    return piece
  }
}

/// Reads every byte, so that the sanitizer sees each of them.
func touch(_ bytes: RawSpan) {
  var sum: UInt8 = 0
  for offset in 0..<bytes.byteCount { unsafe sum &+= bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
  blackHole(sum)
}

/// Keeps the optimizer from leaving out what nobody uses.
@inline(never)
func blackHole<each Value>(_ values: repeat each Value) {}
