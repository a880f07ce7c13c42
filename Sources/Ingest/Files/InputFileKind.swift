/// What a file is, told by its first bytes and never by its name.
package enum InputFileKind: Equatable, Sendable {
  /// A pcap or pcapng capture.
  case capture
  /// Something compressed, which is not read: no frame begins in this way, but for one in millions.
  case compressed
  /// Frames, packets, or nothing at all.
  case other

  /// How many bytes of the beginning it takes to tell.
  static let prefixByteCount = 12

  /// - Parameter prefix: The first bytes of the file, fewer than `prefixByteCount` only when it has no more.
  package init(detecting prefix: RawSpan) {
    if Self.isPcap(prefix) || Self.isPcapNG(prefix) {
      self = .capture
    } else if Self.isCompressed(prefix) {
      self = .compressed
    } else {
      self = .other
    }
  }

  /// A magic number in either byte order, then the major version 2: an AOS frame might have the former by chance.
  private static func isPcap(_ prefix: RawSpan) -> Bool {
    guard prefix.byteCount >= 4 else { return false }
    let isBigEndian: Bool
    switch prefix.bigEndian32(at: 0) {
    case 0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34: isBigEndian = true
    case 0xd4c3_b2a1, 0x4d3c_b2a1, 0x34cd_b2a1: isBigEndian = false
    default: return false
    }
    guard prefix.byteCount >= 6 else { return true }
    return prefix.bigEndian16(at: 4) == (isBigEndian ? 0x0002 : 0x0200)
  }

  /// A Section Header Block and its byte-order magic.
  private static func isPcapNG(_ prefix: RawSpan) -> Bool {
    guard prefix.byteCount >= 4, prefix.bigEndian32(at: 0) == 0x0a0d_0d0a else { return false }
    guard prefix.byteCount >= 12 else { return true }
    let magic = prefix.bigEndian32(at: 8)
    return magic == 0x1a2b_3c4d || magic == 0x4d3c_2b1a
  }

  private static func isCompressed(_ prefix: RawSpan) -> Bool {
    guard prefix.byteCount >= 10 else { return false }
    switch prefix.bigEndian32(at: 0) {
    case 0x1f8b_0800...0x1f8b_081f:  // gzip: deflate, no reserved flag
      let isKnownEffort = [0, 2, 4].contains(prefix.byte(at: 8))
      return isKnownEffort && (prefix.byte(at: 9) <= 13 || prefix.byte(at: 9) == 255)
    case 0x28b5_2ffd: return true  // zstd
    case 0xfd37_7a58: return prefix.bigEndian16(at: 4) == 0x5a00  // xz
    case 0x425a_6831...0x425a_6839: return prefix.bigEndian32(at: 4) == 0x3141_5926  // bzip2
    default: return false
    }
  }
}
