/// The field of the code: polynomials over GF(2) modulo x^8 + x^7 + x^2 + x + 1, a byte each, the highest power first.
///
/// α = x generates it. Addition is exclusive or.
///
/// Standard: CCSDS 131.0-B-5 §4.3.3.
struct GaloisField256: Sendable {
  /// The nonzero elements, and after how many powers of α they come again.
  static let order = 255

  /// The powers of α, twice over: the sum of two logarithms needs no reduction.
  let powers: [UInt8]
  /// The logarithm of each element to the base α; that of zero is not to be used.
  let logarithms: [UInt8]

  init() {
    var powers: [UInt8] = []
    var logarithms = [UInt8](repeating: 0, count: 256)
    var element: UInt16 = 1
    for exponent in 0..<Self.order {
      powers.append(UInt8(element))
      logarithms[Int(element)] = UInt8(exponent)
      element <<= 1
      if element & 0x100 != 0 { element ^= Self.polynomial }
    }
    self.powers = powers + powers
    self.logarithms = logarithms
  }

  /// α to the power of `exponent`, from 0 on.
  func power(_ exponent: Int) -> UInt8 { powers[exponent % Self.order] }

  func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
    guard left != 0, right != 0 else { return 0 }
    return powers[Int(logarithms[Int(left)]) + Int(logarithms[Int(right)])]
  }

  /// The quotient. `right` must not be zero.
  func quotient(_ left: UInt8, _ right: UInt8) -> UInt8 {
    guard left != 0 else { return 0 }
    return powers[Int(logarithms[Int(left)]) + Self.order - Int(logarithms[Int(right)])]
  }

  private static let polynomial: UInt16 = 0x187
}
