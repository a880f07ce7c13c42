import CCSDSWire

/// Passes over the places where no marker can begin, eight at a step.
///
/// Of a marker that begins in one byte, at whichever bit, the two bytes behind hold sixteen bits (of a short marker,
/// fewer). A table says for each value of these two bytes at which bits a marker may begin:
///
///     |byte i: begins at bit s|byte i + 1, byte i + 2: bits 8 - s … 23 - s of the marker|
struct MarkerFilter {
  private let markerByteCount: Int
  private let tolerance: Int
  /// The first 32 bits of the marker, and which of them it has.
  private let firstBits: UInt32
  private let firstMask: UInt32
  /// By value of two bytes: bit s, from the lowest, where a marker that begins at bit s of the byte before fits.
  private let shiftsByWord: [UInt8]

  init(_ marker: SyncMarker, tolerance: Int) {
    markerByteCount = marker.byteCount
    self.tolerance = tolerance
    firstBits = marker.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } << UInt32(max(32 - 8 * marker.byteCount, 0))
    firstMask = .max << UInt32(max(32 - 8 * marker.byteCount, 0))
    var shiftsByWord = [UInt8](repeating: 0, count: 1 << 16)
    var (errorMask, errors) = (UInt16(0), [UInt16]())
    for shift in 0..<8 {
      var bits: UInt16 = 0
      var mask: UInt16 = 0
      for place in 0..<16 where 8 - shift + place < marker.byteCount * 8 {
        let index = 8 - shift + place
        bits |= UInt16(marker.bytes[index / 8] >> UInt8(7 - index % 8) & 1) << UInt16(15 - place)
        mask |= 1 << UInt16(15 - place)
      }
      // All but the shortest markers have one mask.
      if mask != errorMask { (errorMask, errors) = (mask, Self.errors(within: mask, atMost: tolerance)) }
      for error in errors {
        shiftsByWord[Int(bits ^ error)] |= 1 << UInt8(shift)
        shiftsByWord[Int(bits ^ error ^ mask)] |= 1 << UInt8(shift)
      }
    }
    self.shiftsByWord = shiftsByWord
  }

  /// Every value of two bytes with at most `count` ones in the places of `mask`, and anything in the other places: few,
  /// of all that two bytes can be.
  private static func errors(within mask: UInt16, atMost count: Int) -> [UInt16] {
    var errors: [UInt16] = [0]
    for place in 0..<16 {
      let bit: UInt16 = 1 << UInt16(place)
      let isFree = mask & bit == 0
      errors += errors.filter { isFree || ($0 & mask).nonzeroBitCount < count }.map { $0 | bit }
    }
    return errors
  }

  /// The first place from `position` on and before `limit` where a marker may begin. Without one, `position` becomes
  /// the first place that the window is too short for, or the limit.
  func firstPlace(from position: inout Int, before limit: Int, in window: borrowing BitWindow) -> Int? {
    guard position < limit, position < window.end else { return nil }
    let bytes = window.bytes(from: position)
    let firstBit = position & ~7
    // A marker that begins within a byte reaches into the byte behind it.
    let count = min(bytes.byteCount - markerByteCount, (min(limit, window.end) - firstBit + 7) >> 3)
    guard count > 0 else { return nil }
    var index = 0
    var hidden = UInt32(truncatingIfNeeded: ~(0xFF << (position & 7)) & 0xFF)
    while index < count {
      // Of the next four bytes: the places in the first in the lowest eight bits.
      var places = self.places(in: bytes, at: index, to: count) & ~hidden
      hidden = 0
      while places != 0 {
        let bit = index * 8 + places.trailingZeroBitCount
        if beginsMarker(at: bit, of: bytes) {
          guard firstBit + bit < limit else { break }
          return firstBit + bit
        }
        places &= places - 1
      }
      index += 4
    }
    position = min(firstBit + count * 8, limit)
    return nil
  }

  /// Where in the four bytes from `index` on, those before `end`, a marker may begin by the two bytes behind each.
  private func places(in bytes: RawSpan, at index: Int, to end: Int) -> UInt32 {
    if index + 4 <= end, index + 9 <= bytes.byteCount {
      let next = bytes.uint64(at: index + 1)
      return shifts(before: next >> 48) | shifts(before: next >> 40) << 8 | shifts(before: next >> 32) << 16
        | shifts(before: next >> 24) << 24
    }
    var places: UInt32 = 0
    for offset in 0..<min(4, end - index) {
      places |= shifts(before: UInt64(bytes.uint16(at: index + offset + 1))) << UInt32(8 * offset)
    }
    return places
  }

  /// At which bits a marker may begin before the two bytes in the low bits of `word`.
  private func shifts(before word: UInt64) -> UInt32 {
    // The table has a place for each value of sixteen bits.
    unsafe shiftsByWord.withUnsafeBufferPointer { UInt32(unsafe $0[Int(word & 0xFFFF)]) }
  }

  /// Whether the first 32 bits of a marker fit, too; yes where there are not as many to see.
  private func beginsMarker(at bit: Int, of bytes: RawSpan) -> Bool {
    guard bit >> 3 + 8 <= bytes.byteCount else { return true }
    let bits = UInt32(truncatingIfNeeded: (bytes.uint64(at: bit >> 3) << UInt64(bit & 7)) >> 32)
    let errorCount = ((bits ^ firstBits) & firstMask).nonzeroBitCount
    return min(errorCount, firstMask.nonzeroBitCount - errorCount) <= tolerance
  }
}
