import CCSDSWire

/// The decoder in plain Swift: four codewords at a time are divided by the generator, the dirty ones decoded alone.
struct PortableReedSolomonDecoder: ~Copyable {
  private let code: ReedSolomonCode
  private let parityCount: Int
  /// What each symbol of the remainder adds to the syndromes.
  private let syndromeTerms: SymbolRows
  /// The powers of X^-1 by the symbol that X is the place of.
  private let placePowers: SymbolRows

  private var remainder: [UInt8]
  private var syndromes: [UInt8]
  private var locator: [UInt8]
  private var previousLocator: [UInt8]
  private var savedLocator: [UInt8]
  private var syndromeSum: [SIMD4<UInt64>]
  /// The even and the odd part of the locator, and the evaluator, at X^-1 for each place X.
  private var evenValues: [SIMD4<UInt64>]
  private var oddValues: [SIMD4<UInt64>]
  private var evaluatorValues: [SIMD4<UInt64>]

  init(_ parameters: ReedSolomonParameters) {
    let code = ReedSolomonCode(parameters)
    let parityCount = parameters.capability.paritySymbolCount
    syndromeTerms = SymbolRows(
      rowCount: parityCount, columnCount: parityCount,
      symbol: { symbol, root in code.beta((code.firstRoot + root) * (parityCount - 1 - symbol)) }, code.field)
    placePowers = SymbolRows(
      rowCount: parameters.capability.rawValue + 1, columnCount: 256,
      // Symbol s is the coefficient of x^(254 - s): its place is X = β^(254 - s), and X^-1 = β^(s + 1).
      symbol: { power, symbol in code.beta(power * (symbol + 1)) }, code.field)
    // Each array is a new one: copies would share their bytes until the first write.
    remainder = [UInt8](repeating: 0, count: parityCount)
    syndromes = [UInt8](repeating: 0, count: parityCount)
    locator = [UInt8](repeating: 0, count: parityCount)
    previousLocator = [UInt8](repeating: 0, count: parityCount)
    savedLocator = [UInt8](repeating: 0, count: parityCount)
    syndromeSum = [SIMD4<UInt64>](repeating: .zero, count: syndromeTerms.wordCount)
    evenValues = [SIMD4<UInt64>](repeating: .zero, count: placePowers.wordCount)
    oddValues = [SIMD4<UInt64>](repeating: .zero, count: placePowers.wordCount)
    evaluatorValues = [SIMD4<UInt64>](repeating: .zero, count: placePowers.wordCount)
    self.code = code
    self.parityCount = parityCount
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
      for lane in 0..<count where isDirty(parities[lane], in: slab.bytes, at: offsets[lane] + parityOffset) {
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
    evaluatePlaces(errorCount)
    // A locator with fewer roots than its degree among the symbols that were sent is none.
    guard rootCount == errorCount else { return nil }
    correctRoots(&slab, at: offset)
    return errorCount
  }

  /// The remainder at each root of the generator.
  private mutating func computeSyndromes() {
    syndromeSum[0] = .zero
    for symbol in 0..<parityCount { syndromeTerms.add(row: symbol, times: remainder[symbol], to: &syndromeSum) }
    for root in 0..<parityCount { syndromes[root] = syndromeSum[0].symbol(at: root) }
  }

  /// The shortest recursion that the syndromes satisfy (Berlekamp–Massey), if it has at most E terms.
  private mutating func findLocator() -> Int? {
    let capability = code.parameters.capability.rawValue
    for index in 0...capability {
      locator[index] = index == 0 ? 1 : 0
      previousLocator[index] = locator[index]
    }
    var length = 0
    var distance = 1
    var previousDiscrepancy: UInt8 = 1
    for step in 0..<parityCount {
      var discrepancy: UInt8 = 0
      for index in 0...length { discrepancy ^= code.field.product(locator[index], syndromes[step - index]) }
      guard discrepancy != 0 else {
        distance += 1
        continue
      }
      let isLonger = 2 * length <= step
      if isLonger {
        length = step + 1 - length
        guard length <= capability else { return nil }
        for index in 0...capability { savedLocator[index] = locator[index] }
      }
      let factor = code.field.quotient(discrepancy, previousDiscrepancy)
      for index in 0..<max(0, capability + 1 - distance) {
        locator[index + distance] ^= code.field.product(factor, previousLocator[index])
      }
      distance += 1
      guard isLonger else { continue }
      swap(&previousLocator, &savedLocator)
      previousDiscrepancy = discrepancy
      distance = 1
    }
    return length
  }

  /// Evaluates the locator Λ and the evaluator Ω = SΛ modulo x^2E, whose degree is below the number of errors, at all
  /// places.
  private mutating func evaluatePlaces(_ errorCount: Int) {
    for word in 0..<placePowers.wordCount {
      evenValues[word] = .zero
      oddValues[word] = .zero
      evaluatorValues[word] = .zero
    }
    for power in 0...errorCount {
      if power & 1 == 0 {
        placePowers.add(row: power, times: locator[power], to: &evenValues)
      } else {
        placePowers.add(row: power, times: locator[power], to: &oddValues)
      }
      guard power < errorCount else { continue }
      var coefficient: UInt8 = 0
      for index in 0...power { coefficient ^= code.field.product(locator[index], syndromes[power - index]) }
      placePowers.add(row: power, times: coefficient, to: &evaluatorValues)
    }
  }

  /// The roots of the locator among eight symbols that were sent, as the top bit of each of their bytes.
  private func roots(amongEight index: Int) -> UInt64 {
    let values = evenValues[index / 4][index % 4] ^ oddValues[index / 4][index % 4]
    let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let zeros = ~(((values & low7) &+ low7) | values | low7)
    let fill = code.parameters.virtualFillSymbolCount - 8 * index
    let sent: UInt64 = fill <= 0 ? .max : fill < 8 ? .max << UInt64(8 * fill) : 0
    // There is no symbol 255.
    return zeros & sent & (index == 31 ? .max >> 8 : .max)
  }

  private var rootCount: Int { (0..<32).reduce(0) { $0 + roots(amongEight: $1).nonzeroBitCount } }

  /// With b the first root of the generator, a symbol is wrong by X^(1 - b) Ω(X^-1) / Λ'(X^-1) (Forney), and the odd
  /// part of the locator is X^-1 Λ'(X^-1).
  private func correctRoots(_ slab: inout MutableRawSpan, at offset: Int) {
    for index in 0..<32 {
      var roots = roots(amongEight: index)
      while roots != 0 {
        let symbol = 8 * index + roots.trailingZeroBitCount / 8
        roots &= roots - 1
        let quotient = code.field.quotient(
          evaluatorValues[symbol / 32].symbol(at: symbol % 32), oddValues[symbol / 32].symbol(at: symbol % 32))
        let error = code.field.product(quotient, code.beta(code.firstRoot * (symbol + 1)))
        let place = (symbol - code.parameters.virtualFillSymbolCount) * code.parameters.interleavingDepth
        let received = slab.bytes.byte(at: offset + place)
        slab.storeBytes(
          of: received ^ code.basis.toChannel[Int(error)], toByteOffset: offset + place, as: UInt8.self)
      }
    }
  }
}
