import CCSDSWire

/// Takes a unit out of a bit stream: brings its first bit to the beginning of a byte, undoes its inversion, and takes
/// the randomizing sequence away, in one pass over its bytes.
struct Whitening {
  /// Eight bytes beyond the end, so that every word of the unit has a counterpart.
  private let sequence: [UInt8]
  private let byteCount: Int

  init(_ sequence: Randomizer.Sequence, byteCount: Int) {
    self.sequence = Randomizer.bytes(of: sequence, count: byteCount + 8)
    self.byteCount = byteCount
  }

  /// Writes the unit that begins at `bitOffset` of `window` to the beginning of `unit`. The window holds it whole.
  func copy(_ window: RawSpan, bitOffset: Int, isInverted: Bool, to unit: UnsafeMutableRawBufferPointer) {
    let shift = UInt64(bitOffset & 7)
    let inversion: UInt64 = isInverted ? .max : 0
    let source = window.extracting(bitOffset >> 3..<(bitOffset + 8 * byteCount + 7) >> 3)
    precondition(unit.count >= byteCount)
    unsafe sequence.withUnsafeBytes { sequence in
      unsafe source.withUnsafeBytes { source in
        if shift == 0 {
          unsafe copyAligned(source, sequence, inversion, unit)
        } else {
          unsafe copyShifted(source, sequence, inversion, shift, unit)
        }
      }
    }
  }

  /// Whether all bytes are the same, looked at in the first few.
  func isConstant(_ unit: RawSpan) -> Bool {
    (1..<min(Self.sampleByteCount, byteCount)).allSatisfy { unit.byte(at: $0) == unit.byte(at: 0) }
  }

  /// Whether all bytes were the same when they were received, looked at in the first few.
  func isConstantBeforeRandomizing(_ unit: RawSpan) -> Bool {
    let first = unit.byte(at: 0) ^ sequence[0]
    return (1..<min(Self.sampleByteCount, byteCount)).allSatisfy { unit.byte(at: $0) ^ sequence[$0] == first }
  }

  private static let sampleByteCount = 64

  private func copyAligned(
    _ source: UnsafeRawBufferPointer, _ sequence: UnsafeRawBufferPointer, _ inversion: UInt64,
    _ unit: UnsafeMutableRawBufferPointer
  ) {
    let mask = SIMD4<UInt64>(repeating: inversion)
    var offset = 0
    while offset + 32 <= byteCount {
      let bits = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
      let added = unsafe sequence.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
      unsafe unit.storeBytes(of: bits ^ added ^ mask, toByteOffset: offset, as: SIMD4<UInt64>.self)
      offset += 32
    }
    while offset < byteCount {
      unsafe unit[offset] = source[offset] ^ sequence[offset] ^ UInt8(truncatingIfNeeded: inversion)
      offset += 1
    }
  }

  private func copyShifted(
    _ source: UnsafeRawBufferPointer, _ sequence: UnsafeRawBufferPointer, _ inversion: UInt64, _ shift: UInt64,
    _ unit: UnsafeMutableRawBufferPointer
  ) {
    var offset = 0
    while offset + 8 < byteCount {
      let word = unsafe UInt64(bigEndian: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let next = unsafe UInt64(source[offset + 8])
      let added = unsafe UInt64(bigEndian: sequence.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let bits = word << shift | next >> (8 - shift)
      unsafe unit.storeBytes(of: (bits ^ added ^ inversion).bigEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < byteCount {
      let bits = unsafe source[offset] << UInt8(shift) | source[offset + 1] >> UInt8(8 - shift)
      unsafe unit[offset] = bits ^ sequence[offset] ^ UInt8(truncatingIfNeeded: inversion)
      offset += 1
    }
  }
}
