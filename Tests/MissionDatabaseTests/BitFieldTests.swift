import MissionDatabase
import TestSupport
import Testing

@Suite("Fields of bits")
struct BitFieldTests {
  @Test("every size at every place of packets of every length up to 20 bytes", arguments: 1...20)
  func reads(byteCount: Int) {
    var random = SeededGenerator(seed: UInt64(byteCount))
    let bytes = random.bytes(byteCount)
    let span = unsafe bytes.span.bytes
    for bit in 0..<8 * byteCount {
      var expected: UInt64 = 0
      for count in 1...min(64, 8 * byteCount - bit) {
        let last = bit + count - 1
        expected = expected << 1 | UInt64(bytes[last / 8] >> UInt8(7 - last % 8) & 1)
        #expect(span.bits(at: bit, count: count) == expected)
      }
    }
  }
}
