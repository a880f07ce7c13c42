/// A received AOS frame header, taken as a polynomial, at the four roots of the code's generator: α^6 … α^9.
///
/// With errors of value e at place X = α^i, counted from the last nibble, and Y = e X^6: s_j is the sum of the Y X^j.
struct FrameHeaderSyndrome {
  private let first, second, third, fourth: GaloisField16

  /// - Parameter remainder: The received word modulo the generator; it has the same values at the roots.
  init(of remainder: UInt16) {
    func value(atPower exponent: Int) -> GaloisField16 {
      let point = GaloisField16(power: exponent)
      var value = GaloisField16(UInt8(remainder >> 12))
      value = value * point + GaloisField16(UInt8(remainder >> 8 & 0xF))
      value = value * point + GaloisField16(UInt8(remainder >> 4 & 0xF))
      return value * point + GaloisField16(UInt8(remainder & 0xF))
    }
    first = value(atPower: 6)
    second = value(atPower: 7)
    third = value(atPower: 8)
    fourth = value(atPower: 9)
  }

  /// The only one or two damaged nibbles that explain a syndrome that is not all zero; nil when none do.
  ///
  /// The code is one of 15 nibbles, shortened by five that are zero and never sent. An error among those five proves
  /// that more than two are damaged.
  var errorPattern: FrameHeaderErrorPattern? {
    // Y1 Y2 (X1 + X2)^2 of two errors; zero with one.
    let determinant = second * second + first * third
    return determinant == .zero ? singleError : doubleError(determinant)
  }

  /// One error: each value is the one before it times X.
  private var singleError: FrameHeaderErrorPattern? {
    guard first != .zero, second != .zero else { return nil }
    let place = second / first
    guard fourth == third * place, place.logarithm < FrameHeaderErrorPattern.length else { return nil }
    var pattern = FrameHeaderErrorPattern()
    pattern.add(scaledValue: first, place: place)
    return pattern
  }

  /// Two errors: their places are the two roots of X^2 + sum X + product.
  private func doubleError(_ determinant: GaloisField16) -> FrameHeaderErrorPattern? {
    let sum = (second * third + first * fourth) / determinant
    let product = (third * third + second * fourth) / determinant
    for exponent in 0..<FrameHeaderErrorPattern.length {
      let place = GaloisField16(power: exponent)
      let other = place + sum
      guard place * other == product else { continue }
      guard other != .zero, other != place, other.logarithm < FrameHeaderErrorPattern.length else { return nil }
      let otherValue = (second + first * place) / sum
      var pattern = FrameHeaderErrorPattern()
      pattern.add(scaledValue: first + otherValue, place: place)
      pattern.add(scaledValue: otherValue, place: other)
      return pattern
    }
    return nil
  }
}

/// Damaged nibbles at their places in the codeword, the last nibble in the lowest bits.
struct FrameHeaderErrorPattern {
  /// The nibbles of the shortened code.
  static let length = 10

  private(set) var nibbles: UInt64 = 0
  private(set) var symbolCount = 0

  /// Adds the error with Y = `scaledValue` at X = `place`.
  fileprivate mutating func add(scaledValue: GaloisField16, place: GaloisField16) {
    let index = place.logarithm
    let value = scaledValue / GaloisField16(power: 6 * index)
    nibbles ^= UInt64(value.rawValue) << UInt64(index * 4)
    symbolCount += 1
  }
}
