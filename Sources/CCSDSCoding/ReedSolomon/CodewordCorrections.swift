/// What the decoder found in each codeword of one codeblock: up to eight counts, without a heap.
package struct CodewordCorrections: Sendable, Equatable {
  private static let uncorrectable: UInt64 = 0xFF

  /// How many codewords there are: the interleaving depth, or none without a Reed–Solomon code.
  package let count: Int
  private var packed: UInt64 = 0

  /// Codewords without an error.
  package init(count: Int) {
    precondition((0...8).contains(count), "a codeblock has at most eight codewords")
    self.count = count
  }

  /// - Parameter packed: A byte for each codeword, from the lowest on: 0…16, or 0xFF where it is uncorrectable.
  init(count: Int, packed: UInt64) {
    self.init(count: count)
    self.packed = packed
  }

  /// How many symbols of a codeword were corrected, 0…16; nothing where it had more errors than that.
  package subscript(codeword: Int) -> Int? {
    get {
      let value = packed >> UInt64(8 * codeword) & 0xFF
      return value == Self.uncorrectable ? nil : Int(value)
    }
    set {
      let value = newValue.map { UInt64($0) } ?? Self.uncorrectable
      packed = packed & ~(0xFF << UInt64(8 * codeword)) | value << UInt64(8 * codeword)
    }
  }

  /// Whether no codeword had an error.
  package var isClean: Bool { packed == 0 }

  /// Whether every codeword was clean or could be corrected.
  package var isDecoded: Bool { (0..<count).allSatisfy { self[$0] != nil } }

  /// The symbols corrected in the worst codeword that could be corrected.
  package var worstCount: Int { isClean ? 0 : (0..<count).reduce(0) { max($0, self[$1] ?? 0) } }

  /// The symbols corrected in all codewords together.
  package var correctedSymbolCount: Int { isClean ? 0 : (0..<count).reduce(0) { $0 + (self[$1] ?? 0) } }
}
