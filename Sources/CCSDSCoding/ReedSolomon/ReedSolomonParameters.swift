/// The managed parameters of a Reed–Solomon code over GF(256): (255, 223) or (255, 239), interleaved and shortened.
///
/// Standard: CCSDS 131.0-B-5 §4.
package struct ReedSolomonParameters: Sendable, Equatable {
  /// The interleaving depths of the standard.
  package static let interleavingDepths = [1, 2, 3, 4, 5, 8]
  /// The symbols of a codeword, fill included.
  package static let codewordSymbolCount = 255

  /// How many symbols of a codeword can be corrected, E.
  package enum Capability: Int, Sendable, CaseIterable {
    case eight = 8
    case sixteen = 16

    /// The parity symbols of a codeword, 2E.
    package var paritySymbolCount: Int { 2 * rawValue }
  }

  /// What the bits of a symbol mean.
  package enum Basis: String, Sendable, CaseIterable {
    /// As the standard has it (Berlekamp).
    case dual
    /// Powers of α, as many small satellites have it.
    case conventional
  }

  /// How many symbols of a codeword can be corrected.
  package var capability = Capability.sixteen
  /// How many codewords share a codeblock symbol by symbol, I: one of `interleavingDepths`.
  package var interleavingDepth = 1
  /// What the bits of a symbol mean.
  package var basis = Basis.dual
  /// Symbols before each codeword that are zero and never sent, Q/I.
  package var virtualFillSymbolCount = 0

  package init() {}

  /// The bytes of virtual fill of a codeblock, Q.
  package var virtualFillByteCount: Int { virtualFillSymbolCount * interleavingDepth }

  /// The parity bytes of a codeblock.
  package var parityByteCount: Int { capability.paritySymbolCount * interleavingDepth }

  /// The longest frame that a codeblock can hold, the one without virtual fill.
  package var largestFrameByteCount: Int {
    (Self.codewordSymbolCount - capability.paritySymbolCount) * interleavingDepth
  }

  /// The symbols of a codeword that are sent.
  package var sentSymbolCount: Int { Self.codewordSymbolCount - virtualFillSymbolCount }

  /// The bytes of a codeblock as it is sent.
  package var codeblockByteCount: Int { sentSymbolCount * interleavingDepth }
}
