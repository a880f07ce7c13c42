import CCSDSWire

/// Enough of a frame to tell a repetition from another frame with the same count; not for anything else.
///
/// Where a counter moves the error control field says enough, or a word here and there. Where it never has, a repetition
/// would be looked for in every frame, and the whole frame is digested.
struct Fingerprint: Equatable {
  private let value: UInt64
  private let isWhole: Bool

  /// The fingerprint of no frame.
  init() {
    value = 0
    isWhole = false
  }

  init(of frame: RawSpan, _ errorControl: FrameErrorControl, isWhole: Bool) {
    self.isWhole = isWhole
    value =
      switch errorControl {
      case _ where isWhole: Self.digest(frame, stride: 16)
      case .crc16: UInt64(frame.uint16(at: frame.byteCount - 2))
      case .none: Self.digest(frame, stride: Self.sparseStride)
      }
  }

  /// Whether it may be the fingerprint of this frame.
  func fits(_ frame: RawSpan, _ errorControl: FrameErrorControl) -> Bool {
    self == Fingerprint(of: frame, errorControl, isWhole: isWhole)
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
