/// Fields of a header, most significant byte first, and the parts of a unit: the only unsafe loads of the core.
///
/// Every load is checked against the bounds of its span and traps beyond them. Views validate once, so that no
/// accessor of theirs can get there.
extension RawSpan {
  /// The byte at `offset`.
  @inlinable
  package func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The two bytes at `offset`.
  @inlinable
  package func uint16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The three bytes at `offset`, in the low bits.
  @inlinable
  package func uint24(at offset: Int) -> UInt32 {
    UInt32(byte(at: offset)) << 16 | UInt32(uint16(at: offset + 1))
  }

  /// The four bytes at `offset`.
  @inlinable
  package func uint32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The eight bytes at `offset`.
  @inlinable
  package func uint64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The value at `offset` in the order of this machine: for bytes that never leave it.
  @inlinable
  @inline(__always)
  func native<Value: BitwiseCopyable>(at offset: Int) -> Value {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
  }

  /// The part of the unit from `offset` on.
  @inlinable
  @_lifetime(copy self)
  package func from(_ offset: Int) -> RawSpan {
    extracting(offset..<byteCount)
  }
}
