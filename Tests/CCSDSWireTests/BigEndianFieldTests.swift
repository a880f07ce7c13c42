import CCSDSWire
import Testing

@Suite("Fields of a header, most significant byte first")
struct BigEndianFieldTests {
  @Test("each width reads at every offset, aligned or not")
  func readsEveryWidth() {
    let bytes = hex("0102030405060708090a0b0c")
    let span = unsafe bytes.span.bytes
    for offset in 0...4 {
      let first = UInt64(offset) + 1
      #expect(span.byte(at: offset) == UInt8(first))
      #expect(span.uint16(at: offset) == UInt16(first << 8 | first + 1))
      #expect(span.uint24(at: offset) == UInt32(first << 16 | (first + 1) << 8 | first + 2))
      #expect(span.uint32(at: offset) == UInt32(first << 24 | (first + 1) << 16 | (first + 2) << 8 | first + 3))
      #expect(span.uint64(at: offset) >> 32 == UInt64(span.uint32(at: offset)))
      #expect(span.uint64(at: offset) & 0xFFFF_FFFF == UInt64(span.uint32(at: offset + 4)))
    }
    #expect(span.uint64(at: 0) == 0x0102_0304_0506_0708)
  }

  @Test("the rest from an offset may be all of it or nothing")
  func extractsRest() {
    let bytes = hex("010203")
    let span = unsafe bytes.span.bytes
    #expect(copy(span.from(0)) == [1, 2, 3])
    #expect(copy(span.from(2)) == [3])
    #expect(copy(span.from(3)).isEmpty)
  }
}
