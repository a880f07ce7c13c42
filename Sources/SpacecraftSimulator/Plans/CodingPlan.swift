/// What a link puts around its frames before they become bits: code, randomizer, sync marker.
package struct CodingPlan: Sendable, Equatable {
  /// The sequence that is added to every unit, anew from its first bit.
  package enum Randomizer: String, Sendable, CaseIterable {
    case none
    case short255
    case long131071
  }

  /// A Reed–Solomon code over GF(256). The virtual fill is what the frame leaves over.
  package struct ReedSolomon: Sendable, Equatable {
    /// What the bits of a symbol mean.
    package enum Basis: String, Sendable, CaseIterable {
      case dual
      case conventional
    }

    /// Symbols of a codeword that can be corrected: 16 or 8.
    package var errors = 16
    /// Codewords that share a codeblock symbol by symbol: 1, 2, 3, 4, 5 or 8.
    package var interleave = 1
    package var basis = Basis.dual

    package init(errors: Int = 16, interleave: Int = 1, basis: Basis = .dual) {
      self.errors = errors
      self.interleave = interleave
      self.basis = basis
    }

    /// The parity bytes of a codeblock.
    package var parityByteCount: Int { 2 * errors * interleave }

    /// The longest frame, the one without virtual fill.
    package var largestFrameByteCount: Int { (255 - 2 * errors) * interleave }
  }

  /// How the units are cut into datagrams, or into the pieces that a connection carries.
  package enum Packaging: Sendable, Equatable {
    /// So many units each; with a marker, and what was put between them.
    case units(Int)
    /// Pieces of a stream, cut anywhere, of these lengths.
    case pieces(ClosedRange<Int>)
  }

  /// What stands before every unit, neither coded nor randomized. Empty: units come without it, one a datagram.
  package var syncMarker: [UInt8] = Self.standardMarker
  package var randomizer = Randomizer.none
  package var reedSolomon: ReedSolomon?
  package var packaging = Packaging.units(1)

  package init() {}

  /// The marker of uncoded and Reed–Solomon coded links.
  package static let standardMarker: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]

  /// Virtual fill for frames of a length, in symbols of each codeword; nothing when it cannot be.
  package func virtualFillSymbolCount(frameByteCount: Int) -> Int? {
    guard let reedSolomon else { return 0 }
    let fill = reedSolomon.largestFrameByteCount - frameByteCount
    return fill >= 0 && fill % reedSolomon.interleave == 0 ? fill / reedSolomon.interleave : nil
  }
}
