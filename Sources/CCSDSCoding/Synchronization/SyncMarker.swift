/// An attached sync marker: the bit pattern that says where a unit begins.
///
/// Standard: CCSDS 131.0-B-5 §9.3.
package struct SyncMarker: Sendable, Equatable {
  /// Whole bytes only, at least two: less is found everywhere in random data.
  package static let byteCounts = 2...32

  /// Uncoded, convolutional, Reed–Solomon and concatenated channels, and the LDPC code of rate 7/8.
  package static let standard = SyncMarker(validated: [0x1A, 0xCF, 0xFC, 0x1D])
  /// The turbo code of rate 1/2, and the LDPC codes of rates 1/2, 2/3 and 4/5.
  package static let turboHalf = SyncMarker(validated: [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0])
  /// The turbo code of rate 1/3.
  package static let turboThird = SyncMarker(
    validated: [0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C])
  /// The turbo code of rate 1/4: that of rate 1/2, and its complement.
  package static let turboQuarter = SyncMarker(validated: turboHalf.bytes + turboHalf.bytes.map(~))
  /// The turbo code of rate 1/6: that of rate 1/3, and its complement.
  package static let turboSixth = SyncMarker(validated: turboThird.bytes + turboThird.bytes.map(~))

  /// The bits, the first in the highest bit of the first byte.
  package let bytes: [UInt8]

  /// - Returns: Nothing where there are too few bytes or too many.
  package init?(bytes: [UInt8]) {
    guard Self.byteCounts.contains(bytes.count) else { return nil }
    self.init(validated: bytes)
  }

  private init(validated bytes: [UInt8]) { self.bytes = bytes }

  /// Its length in bytes, 2…32.
  package var byteCount: Int { bytes.count }

  /// Its bytes as configurations and reports spell them, such as `1ACFFC1D`.
  package var hexadecimal: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }
}
