/// An element of GF(16) with the field polynomial x^4 + x + 1: a nibble, and addition without carry.
///
/// α = x = 2 generates the field. Its powers and their logarithms are tables of sixteen nibbles, the lowest first,
/// so that each fits a word and no index can miss.
struct GaloisField16: Equatable {
  /// The coefficients of 1, x, x^2 and x^3 from bit 0 on; the bits above are zero.
  let rawValue: UInt8

  static let zero = GaloisField16(0)

  /// - Parameter rawValue: The element in the low four bits; the others are dropped.
  init(_ rawValue: UInt8) { self.rawValue = rawValue & 0xF }

  /// α to the power of `exponent`, from 0 on.
  init(power exponent: Int) {
    self.init(UInt8(truncatingIfNeeded: Self.powers >> UInt64(exponent % 15 * 4)))
  }

  /// The power of α that the element is, 0…14. The element must not be zero.
  var logarithm: Int {
    Int(Self.logarithms >> UInt64(rawValue * 4) & 0xF)
  }

  static func + (left: GaloisField16, right: GaloisField16) -> GaloisField16 {
    GaloisField16(left.rawValue ^ right.rawValue)
  }

  static func * (left: GaloisField16, right: GaloisField16) -> GaloisField16 {
    guard left != zero, right != zero else { return zero }
    return GaloisField16(power: left.logarithm + right.logarithm)
  }

  /// The quotient. `right` must not be zero.
  static func / (left: GaloisField16, right: GaloisField16) -> GaloisField16 {
    guard left != zero else { return zero }
    return GaloisField16(power: left.logarithm + 15 - right.logarithm)
  }

  /// α^0 = 1, α^1 = 2, 4, 8, 3, 6, 12, 11, 5, 10, 7, 14, 15, 13, α^14 = 9.
  private static let powers: UInt64 = 0x09DF_E7A5_BC63_8421
  /// Of 1, 2, 3, … 15: 0, 1, 4, 2, 8, 5, 10, 3, 14, 9, 7, 6, 13, 11, 12.
  private static let logarithms: UInt64 = 0xCBD6_79E3_A582_4100
}
