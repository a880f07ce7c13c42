/// Rows of constant symbols that are multiplied and summed up many symbols at a time, in words.
///
/// Multiplication is linear over GF(2): the product of a row with a factor is the sum of its products with the powers
/// of α that the bits of the factor stand for, and those are tables.
struct SymbolRows: Sendable {
  private static let symbolsPerWord = 32

  /// How many words one row of symbols has.
  let wordCount: Int
  /// By row, bit of the factor and word.
  private var multiples: [SIMD4<UInt64>]

  /// - Parameter symbol: What stands in a row and a column.
  init(rowCount: Int, columnCount: Int, symbol: (_ row: Int, _ column: Int) -> UInt8, _ field: GaloisField256) {
    wordCount = (columnCount + Self.symbolsPerWord - 1) / Self.symbolsPerWord
    multiples = [SIMD4<UInt64>](repeating: .zero, count: rowCount * 8 * wordCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let value = symbol(row, column)
        for bit in 0..<8 {
          let word = (row * 8 + bit) * wordCount + column / Self.symbolsPerWord
          let shift = UInt64(8 * (column % 8))
          multiples[word][column % Self.symbolsPerWord / 8] |= UInt64(field.product(value, 1 << UInt8(bit))) << shift
        }
      }
    }
  }

  /// Adds the product of a row with a factor to `sums`.
  func add(row: Int, times factor: UInt8, to sums: inout [SIMD4<UInt64>]) {
    var bits = factor
    while bits != 0 {
      let first = (row * 8 + bits.trailingZeroBitCount) * wordCount
      for word in 0..<wordCount { sums[word] ^= multiples[first + word] }
      bits &= bits - 1
    }
  }
}

extension SIMD4<UInt64> {
  /// The symbol in a column of the first 32.
  func symbol(at column: Int) -> UInt8 { UInt8(truncatingIfNeeded: self[column / 8] >> UInt64(8 * (column % 8))) }
}
