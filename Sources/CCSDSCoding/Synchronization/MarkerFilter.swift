import CCSDSWire

/// Passes over the places where no marker can begin, eight at a step.
///
/// Of a marker that begins in one byte, at whichever bit, the two bytes behind hold sixteen bits (of a short marker,
/// fewer). A table says for each value of these two bytes at which bits a marker may begin:
///
///     |byte i: begins at bit s|byte i + 1, byte i + 2: bits 8 - s … 23 - s of the marker|
struct MarkerFilter {
  private let markerByteCount: Int
  /// By value of two bytes: bit s, from the lowest, where a marker that begins at bit s of the byte before fits.
  private let shiftsByWord: [UInt8]

  init(_ marker: SyncMarker, tolerance: Int) {
    markerByteCount = marker.byteCount
    var shiftsByWord = [UInt8](repeating: 0, count: 1 << 16)
    for shift in 0..<8 {
      var bits: UInt16 = 0
      var mask: UInt16 = 0
      for place in 0..<16 where 8 - shift + place < marker.byteCount * 8 {
        let index = 8 - shift + place
        bits |= UInt16(marker.bytes[index / 8] >> UInt8(7 - index % 8) & 1) << UInt16(15 - place)
        mask |= 1 << UInt16(15 - place)
      }
      for word in 0...UInt16.max {
        let errorCount = ((word ^ bits) & mask).nonzeroBitCount
        if min(errorCount, mask.nonzeroBitCount - errorCount) <= tolerance {
          shiftsByWord[Int(word)] |= 1 << UInt8(shift)
        }
      }
    }
    self.shiftsByWord = shiftsByWord
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
    var hidden = UInt8(truncatingIfNeeded: 0xFF << (position & 7))
    for index in 0..<count {
      let shifts = shiftsByWord[Int(bytes.uint16(at: index + 1))] & hidden
      hidden = 0xFF
      guard shifts != 0 else { continue }
      let place = firstBit + index * 8 + shifts.trailingZeroBitCount
      guard place < limit else { break }
      return place
    }
    position = min(firstBit + count * 8, limit)
    return nil
  }
}
