import CCSDSWire

/// The error control of an AOS primary header: Reed–Solomon (10, 6) over GF(16), which corrects two nibbles.
///
/// It covers the version, the identifiers and the signaling field, and not the frame count.
///
///     |identifiers 16 (byte 0)|frame count 24, not covered|signaling 8 (byte 5)|parity 16 (byte 6)| ...
///
/// Field x^4 + x + 1, with α = x; generator (x + α^6)(x + α^7)(x + α^8)(x + α^9) = x^4 + 8x^3 + 2x^2 + 8x + 1.
///
/// Three or more damaged nibbles are refused five times in six; else they look like two others. So a corrected header
/// still has to name a known spacecraft and virtual channel before it is believed.
///
/// Standard: CCSDS 732.0-B-4 §4.1.2.6.
package enum AOSFrameHeaderErrorControl {
  /// What the code says about a received header.
  package enum Outcome: Equatable, Sendable {
    /// A codeword: as it was sent, or damaged into another one.
    case intact
    /// One or two nibbles away from one codeword, which `header` is.
    case corrected(symbolCount: Int, header: ProtectedHeader)
    /// More than two nibbles away from every codeword.
    case uncorrectable
  }

  /// Decodes a received header. Every input has an answer; none traps, none allocates.
  package static func decode(_ received: ProtectedHeader) -> Outcome {
    let remainder = parity(of: received) ^ received.parity
    guard remainder != 0 else { return .intact }
    guard let error = FrameHeaderSyndrome(of: remainder).errorPattern else { return .uncorrectable }
    return .corrected(
      symbolCount: error.symbolCount, header: ProtectedHeader(codeword: received.codeword ^ error.nibbles))
  }

  /// The parity that belongs to the identifiers and the signaling field of `header`.
  package static func parity(of header: ProtectedHeader) -> UInt16 {
    var information = UInt32(header.identifiers) << 16 | UInt32(header.signaling) << 8
    var remainder: UInt16 = 0
    for _ in 0..<6 {
      remainder = remainder << 4 ^ generatorMultiples[Int(information >> 28) ^ Int(remainder >> 12)]
      information <<= 4
    }
    return remainder
  }

  /// The generator without its leading term, times 0, 1, … 15: what each nibble leaves in the division.
  private static let generatorMultiples: InlineArray<16, UInt16> = [
    0x0000, 0x8281, 0x3432, 0xB6B3, 0x6864, 0xEAE5, 0x5C56, 0xDED7,
    0xC3C8, 0x4149, 0xF7FA, 0x757B, 0xABAC, 0x292D, 0x9F9E, 0x1D1F,
  ]
}

extension AOSFrameHeaderErrorControl {
  /// The parts of an AOS primary header that the code protects, and their parity.
  package struct ProtectedHeader: Hashable, Sendable {
    /// Bytes 0 and 1: version, spacecraft identifier and virtual channel identifier.
    package let identifiers: UInt16
    /// Byte 5: the signaling field.
    package let signaling: UInt8
    /// Bytes 6 and 7: the frame header error control field.
    package let parity: UInt16

    /// A header of the given fields, whatever they hold.
    package init(identifiers: UInt16, signaling: UInt8, parity: UInt16) {
      self.identifiers = identifiers
      self.signaling = signaling
      self.parity = parity
    }

    /// The protected header at the start of `frame`; nil when the frame ends within it.
    package init?(frame: RawSpan) {
      guard frame.byteCount >= 8 else { return nil }
      self.init(identifiers: frame.uint16(at: 0), signaling: frame.byte(at: 5), parity: frame.uint16(at: 6))
    }

    /// The ten nibbles in the order of the code, the last of them in the lowest bits.
    fileprivate var codeword: UInt64 {
      UInt64(identifiers) << 24 | UInt64(signaling) << 16 | UInt64(parity)
    }

    fileprivate init(codeword: UInt64) {
      self.init(
        identifiers: UInt16(truncatingIfNeeded: codeword >> 24), signaling: UInt8(truncatingIfNeeded: codeword >> 16),
        parity: UInt16(truncatingIfNeeded: codeword))
    }
  }
}
