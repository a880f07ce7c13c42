import CCSDSWire

/// The beginning of what came in while nothing decoded, with the borders that its sender drew.
package struct InputSample: Sendable, Equatable {
  /// The most bytes that are kept.
  package static let capacity = 128 << 10
  /// The most borders that are kept.
  package static let borderCapacity = 4096

  /// The bytes, as they came.
  package private(set) var bytes: [UInt8] = []
  /// Where a unit of the sender ended, such as a datagram; empty where bytes come as a stream.
  package private(set) var unitEnds: [Int] = []

  package init() {}

  /// Whether there is no room for more.
  package var isComplete: Bool { bytes.count == Self.capacity || unitEnds.count == Self.borderCapacity }

  /// Takes the next bytes, as far as there is room.
  package mutating func note(_ bytes: RawSpan, endsUnit: Bool) {
    guard !isComplete, bytes.byteCount > 0 else { return }
    let count = min(bytes.byteCount, Self.capacity - self.bytes.count)
    unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe self.bytes.append(contentsOf: $0) }
    if endsUnit, count == bytes.byteCount { unitEnds.append(self.bytes.count) }
  }

  /// Gives the bytes up.
  package mutating func removeAll() {
    bytes = []
    unitEnds = []
  }
}

extension InputSample {
  var bitCount: Int { 8 * bytes.count }

  /// The one value that all bytes have, if they do.
  var constant: UInt8? {
    guard let first = bytes.first, bytes.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// Whole bytes from any bit on; they are there.
  func bytes(fromBit offset: Int, count: Int, isInverted: Bool) -> [UInt8] {
    let first = offset >> 3
    let shift = UInt16(offset & 7)
    let inversion: UInt8 = isInverted ? 0xFF : 0
    return (first..<first + count).map { index in
      let next = index + 1 < bytes.count ? UInt16(bytes[index + 1]) : 0
      return UInt8(truncatingIfNeeded: (UInt16(bytes[index]) << 8 | next) >> (8 - shift)) ^ inversion
    }
  }
}
