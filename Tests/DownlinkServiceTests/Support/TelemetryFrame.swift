/// TM frames of idle data, made by hand.
///
/// Standard: CCSDS 132.0-B-3 §4.1.2, a header of six bytes:
///
///     |version 2 = 0|spacecraft 10|channel 3|OCF 1 = 0|master channel count 8|virtual channel count 8|status 16|
///
/// The status is 0, 0, 0, segment length 11, first header pointer 0x7FE: only idle data.
struct TelemetryFrame {
  static let byteCount = 64

  let spacecraft: UInt16
  private var count: UInt8 = 0

  init(spacecraft: UInt16) { self.spacecraft = spacecraft }

  /// The next frame of virtual channel 0; both counts go on by one.
  mutating func next() -> [UInt8] {
    defer { count &+= 1 }
    let head: [UInt8] = [UInt8(spacecraft >> 4), UInt8(spacecraft << 4 & 0xF0), count, count, 0x1F, 0xFE]
    return head + [UInt8](repeating: 0x55, count: Self.byteCount - head.count)
  }
}
