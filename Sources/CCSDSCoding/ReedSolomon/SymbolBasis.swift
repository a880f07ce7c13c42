/// From the basis that symbols have on the channel to the one that is calculated in, and back.
///
/// Both maps are linear: the image of a symbol is the sum of one row for each of its ones.
///
/// Standard: CCSDS 131.0-B-5 §4.4.2.
struct SymbolBasis: Sendable {
  /// The conventional symbol for each one on the channel.
  let fromChannel: [UInt8]
  /// The symbol on the channel for each conventional one.
  let toChannel: [UInt8]

  init(_ basis: ReedSolomonParameters.Basis) {
    let symbols = UInt8.min...UInt8.max
    switch basis {
    case .conventional:
      fromChannel = Array(symbols)
      toChannel = Array(symbols)
    case .dual:
      fromChannel = symbols.map { Self.image(of: $0, rows: Self.dualToConventional) }
      toChannel = symbols.map { Self.image(of: $0, rows: Self.conventionalToDual) }
    }
  }

  private static func image(of symbol: UInt8, rows: [UInt8]) -> UInt8 {
    rows.indices.reduce(0) { symbol & 0x80 >> UInt8($1) == 0 ? $0 : $0 ^ rows[$1] }
  }

  /// One row for each bit of the symbol, the most significant first.
  private static let dualToConventional: [UInt8] = [0xC5, 0x42, 0x2E, 0xFD, 0xF0, 0x79, 0xAC, 0xCC]
  private static let conventionalToDual: [UInt8] = [0x8D, 0xEF, 0xEC, 0x86, 0xFA, 0x99, 0xAF, 0x7B]
}
