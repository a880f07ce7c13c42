import CCSDSWire

/// Enough of a frame to tell a repetition from another frame with the same count, and for nothing else.
///
/// The error control field says enough, or a word here and there where there is none. Only while a counter has never
/// moved, when every frame looks like a repetition, is the whole frame digested.
struct Fingerprint {
  private var few: UInt64
  private var whole: UInt64?

  /// The fingerprint of no frame.
  init() {
    few = 0
    whole = nil
  }

  init(of frame: RawSpan, _ errorControl: FrameErrorControl, isThorough: Bool) {
    few =
      switch errorControl {
      case .crc16: UInt64(frame.uint16(at: frame.byteCount - 2))
      case .crc32: UInt64(frame.uint32(at: frame.byteCount - 4))
      case .none: Self.digest(frame, stride: Self.sparseStride)
      }
    whole = isThorough ? Self.digest(frame, stride: 16) : nil
  }

  /// Whether both may be of the same frame.
  func fits(_ other: Fingerprint) -> Bool {
    guard few == other.few else { return false }
    guard let whole, let otherWhole = other.whole else { return true }
    return whole == otherWhole
  }

  private static let sparseStride = 128

  private static func digest(_ bytes: RawSpan, stride: Int) -> UInt64 {
    var even: UInt64 = 0x9E37_79B9_7F4A_7C15
    var odd: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    var offset = 0
    while offset + 16 <= bytes.byteCount {
      even = (even ^ bytes.uint64(at: offset)) &* 0x9FB2_1C65_1E98_DF25
      odd = (odd ^ bytes.uint64(at: offset + 8)) &* 0xD6E8_FEB8_6659_FD93
      offset += stride
    }
    offset = max(0, bytes.byteCount - 16)
    while offset < bytes.byteCount {
      even = (even ^ UInt64(bytes.byte(at: offset))) &* 0x9FB2_1C65_1E98_DF25
      offset += 1
    }
    return even ^ (odd &* 0x9E37_79B9_7F4A_7C15) ^ (even >> 32)
  }
}

extension Fingerprint {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.item(&few)
    archive.optional(&whole)
  }
}
