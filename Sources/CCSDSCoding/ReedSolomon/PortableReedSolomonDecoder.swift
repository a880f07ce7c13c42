import CCSDSWire

/// The decoder in plain Swift: four codewords at a time are divided by the generator, the dirty ones decoded alone.
struct PortableReedSolomonDecoder: ~Copyable {
  private let code: ReedSolomonCode
  private let parityCount: Int
  private var remainder: [UInt8]
  private var syndromes: [UInt8]
  private var locator: [UInt8]
  private var previousLocator: [UInt8]
  private var savedLocator: [UInt8]
  private var evaluator: [UInt8]
  /// Symbol and error, for each error found.
  private var errors: [(symbol: Int, value: UInt8)]

  init(_ parameters: ReedSolomonParameters) {
    code = ReedSolomonCode(parameters)
    parityCount = parameters.capability.paritySymbolCount
    let zeros = [UInt8](repeating: 0, count: parityCount + 1)
    remainder = zeros
    syndromes = zeros
    locator = zeros
    previousLocator = zeros
    savedLocator = zeros
    evaluator = zeros
    errors = []
    errors.reserveCapacity(parityCount)
  }

  /// The range has been checked.
  mutating func decode(
    _ slab: inout MutableRawSpan, stride: Int, range: Range<Int>, corrections: inout [CodewordCorrections]
  ) {
    let depth = code.parameters.interleavingDepth
    let parityOffset = code.parameters.codeblockByteCount - code.parameters.parityByteCount
    for index in range { corrections[index] = CodewordCorrections(count: depth) }
    for first in Swift.stride(from: range.lowerBound * depth, to: range.upperBound * depth, by: 4) {
      let count = min(4, range.upperBound * depth - first)
      // Lanes too many repeat the last codeword.
      let offsets = InlineArray<4, Int> { lane in
        let codeword = first + min(lane, count - 1)
        return codeword / depth * stride + codeword % depth
      }
      let parities = code.parities(in: slab.bytes, at: offsets)
      for lane in 0..<count
      where isDirty(parities[lane], in: slab.bytes, at: offsets[lane] + parityOffset) {
        let codeword = first + lane
        corrections[codeword / depth][codeword % depth] = correct(&slab, at: offsets[lane])
      }
    }
  }

  /// Subtracts the received parity, from `offset` on, from the computed one. What is left is the remainder.
  private mutating func isDirty(_ parity: Remainder, in bytes: RawSpan, at offset: Int) -> Bool {
    var sum: UInt8 = 0
    for index in 0..<parityCount {
      let symbol = parity[index] ^ bytes.byte(at: offset + index * code.parameters.interleavingDepth)
      remainder[index] = code.basis.fromChannel[Int(symbol)]
      sum |= symbol
    }
    return sum != 0
  }

  /// Corrects the codeword whose remainder was found; gives the number of errors, or nothing where there are too many.
  private mutating func correct(_ slab: inout MutableRawSpan, at offset: Int) -> Int? {
    computeSyndromes()
    guard let errorCount = findLocator() else { return nil }
    computeEvaluator(errorCount)
    guard findErrors(errorCount) else { return nil }
    for error in errors {
      let place = (error.symbol - code.parameters.virtualFillSymbolCount) * code.parameters.interleavingDepth
      let received = slab.bytes.byte(at: offset + place)
      let corrected = received ^ code.basis.toChannel[Int(error.value)]
      slab.storeBytes(of: corrected, toByteOffset: offset + place, as: UInt8.self)
    }
    return errorCount
  }

  /// The remainder at each root of the generator.
  private mutating func computeSyndromes() {
    for index in 0..<parityCount {
      let root = code.beta(code.firstRoot + index)
      var value: UInt8 = 0
      for symbol in 0..<parityCount { value = code.field.product(value, root) ^ remainder[symbol] }
      syndromes[index] = value
    }
  }

  /// The shortest recursion that the syndromes satisfy (Berlekamp–Massey), if it has at most E terms.
  private mutating func findLocator() -> Int? {
    for index in 0...parityCount {
      locator[index] = index == 0 ? 1 : 0
      previousLocator[index] = locator[index]
    }
    var length = 0
    var distance = 1
    var previousDiscrepancy: UInt8 = 1
    for step in 0..<parityCount {
      var discrepancy = syndromes[step]
      for index in 0..<length {
        discrepancy ^= code.field.product(locator[index + 1], syndromes[step - 1 - index])
      }
      guard discrepancy != 0 else {
        distance += 1
        continue
      }
      let isLonger = 2 * length <= step
      if isLonger {
        for index in 0...parityCount { savedLocator[index] = locator[index] }
      }
      let factor = code.field.quotient(discrepancy, previousDiscrepancy)
      for index in 0...parityCount - distance {
        locator[index + distance] ^= code.field.product(factor, previousLocator[index])
      }
      guard isLonger else {
        distance += 1
        continue
      }
      length = step + 1 - length
      guard length <= code.parameters.capability.rawValue else { return nil }
      swap(&previousLocator, &savedLocator)
      previousDiscrepancy = discrepancy
      distance = 1
    }
    return length
  }

  /// Ω = SΛ modulo x^2E; its degree is below the number of errors.
  private mutating func computeEvaluator(_ errorCount: Int) {
    for power in 0..<errorCount {
      var sum: UInt8 = 0
      for index in 0...power { sum ^= code.field.product(locator[index], syndromes[power - index]) }
      evaluator[power] = sum
    }
  }

  /// Tries all symbols that were sent (Chien), and finds by how much they are wrong (Forney).
  ///
  /// - Returns: Whether the locator has as many roots among them as it must.
  private mutating func findErrors(_ errorCount: Int) -> Bool {
    errors.removeAll(keepingCapacity: true)
    for symbol in code.parameters.virtualFillSymbolCount..<ReedSolomonParameters.codewordSymbolCount {
      // Symbol s is the coefficient of x^(254 - s): its place is X = β^(254 - s), and X^-1 = β^(s + 1).
      let exponent = ReedSolomonCode.primitiveStep * (symbol + 1) % GaloisField256.order
      var (even, odd): (UInt8, UInt8) = (0, 0)
      for power in 0...errorCount {
        let term = code.field.product(locator[power], code.field.power(exponent * power))
        if power & 1 == 0 { even ^= term } else { odd ^= term }
      }
      guard even == odd else { continue }
      var numerator: UInt8 = 0
      for power in 0..<errorCount {
        numerator ^= code.field.product(evaluator[power], code.field.power(exponent * power))
      }
      // The odd part is X^-1 Λ'(X^-1), and zero only where the root is double: then there are too few of them.
      guard odd != 0 else { return false }
      let scale = code.field.power(exponent * code.firstRoot)
      errors.append((symbol, code.field.product(scale, code.field.quotient(numerator, odd))))
    }
    return errors.count == errorCount
  }
}
