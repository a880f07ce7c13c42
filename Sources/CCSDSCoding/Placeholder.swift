package import CCSDSWire
package enum FrameErrorCheck {
  package static func isIntact(_ b: RawSpan) -> Bool {
    var c: UInt16 = 0xFFFF
    for i in 0..<b.byteCount { c ^= UInt16(b.byte(at: i)) << 8; for _ in 0..<8 { c = c & 0x8000 != 0 ? c << 1 ^ 0x1021 : c << 1 } }
    return c == 0
  }
}
package enum AOSFrameHeaderErrorControl {
  package enum Outcome { case intact, corrected(symbolCount: Int, AOSProtectedFields), uncorrectable }
  package static func check(_ b: RawSpan) -> Outcome { .intact }
}
