import CCSDSWire

/// A Reed–Solomon code, ready to divide by: its field, its generator, the basis of its symbols.
///
/// The roots of the generator are β^b … β^(b + 2E - 1), with β = α^11 and b = 128 - E.
///
/// Standard: CCSDS 131.0-B-5 §4.3.
struct ReedSolomonCode: Sendable {
  /// The exponent of α in β.
  static let primitiveStep = 11

  let parameters: ReedSolomonParameters
  let field = GaloisField256()
  let basis: SymbolBasis
  /// By symbol: its product with the generator, without the leading coefficient. All in the basis of the channel, which
  /// is as good as any for a division, because the maps between bases are linear.
  private let multiples: [Remainder]

  init(_ parameters: ReedSolomonParameters) {
    Self.check(parameters)
    self.parameters = parameters
    basis = SymbolBasis(parameters.basis)
    let generator = Self.makeGenerator(field, parameters.capability)
    multiples = (UInt8.min...UInt8.max).map { [field, basis] symbol in
      let factor = basis.fromChannel[Int(symbol)]
      return Remainder(generator.dropFirst().map { basis.toChannel[Int(field.product($0, factor))] })
    }
  }

  /// Traps unless there is such a code.
  static func check(_ parameters: ReedSolomonParameters) {
    precondition(
      ReedSolomonParameters.interleavingDepths.contains(parameters.interleavingDepth),
      "an interleaving depth of the standard")
    precondition(
      (0...254 - parameters.capability.paritySymbolCount).contains(parameters.virtualFillSymbolCount),
      "a codeword has at least one symbol besides its fill and its parity")
  }

  /// j of the first root β^j of the generator.
  var firstRoot: Int { 128 - parameters.capability.rawValue }

  /// β to the power of `exponent`, from 0 on.
  func beta(_ exponent: Int) -> UInt8 { field.power(Self.primitiveStep * (exponent % GaloisField256.order)) }

  /// The remainders of the information symbols of four codewords, that is their parity.
  ///
  /// - Parameter offsets: Where in `bytes` the codewords begin. Their symbols are as far apart as the code is deep.
  func parities(in bytes: RawSpan, at offsets: InlineArray<4, Int>) -> InlineArray<4, Remainder> {
    var (first, second, third, fourth) = (Remainder(), Remainder(), Remainder(), Remainder())
    let depth = parameters.interleavingDepth
    let end = (parameters.sentSymbolCount - parameters.capability.paritySymbolCount) * depth
    for place in stride(from: 0, to: end, by: depth) {
      first = first.advanced(by: bytes.byte(at: offsets[0] + place), multiples)
      second = second.advanced(by: bytes.byte(at: offsets[1] + place), multiples)
      third = third.advanced(by: bytes.byte(at: offsets[2] + place), multiples)
      fourth = fourth.advanced(by: bytes.byte(at: offsets[3] + place), multiples)
    }
    return [first, second, third, fourth]
  }

  /// The product of all (x - β^j), the highest power first.
  private static func makeGenerator(
    _ field: GaloisField256, _ capability: ReedSolomonParameters.Capability
  ) -> [UInt8] {
    var generator: [UInt8] = [1]
    for root in 128 - capability.rawValue..<128 + capability.rawValue {
      let factor = field.power(primitiveStep * root)
      generator.append(0)
      for index in stride(from: generator.count - 1, to: 0, by: -1) {
        generator[index] ^= field.product(generator[index - 1], factor)
      }
    }
    return generator
  }
}

/// Up to 32 symbols in four words, the highest power first, from the most significant byte of the first word on.
struct Remainder: Sendable, Equatable {
  private var words = SIMD4<UInt64>()

  init() {}

  fileprivate init(_ symbols: [UInt8]) {
    for (index, symbol) in symbols.enumerated() { words[index / 8] |= UInt64(symbol) << UInt64(56 - 8 * (index % 8)) }
  }

  subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(56 - 8 * (index % 8))) }

  /// One symbol further in the division.
  @inline(__always)
  fileprivate func advanced(by symbol: UInt8, _ multiples: [Remainder]) -> Remainder {
    let feedback = UInt8(truncatingIfNeeded: words.x >> 56) ^ symbol
    let carries = SIMD4(words.y, words.z, words.w, 0) &>> 56
    var next = Remainder()
    next.words = (words &<< 8 | carries) ^ multiples[Int(feedback)].words
    return next
  }
}
