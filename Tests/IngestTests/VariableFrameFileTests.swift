import Ingest
import Testing

@Suite("Frames that say their own length, one behind the other")
struct VariableFrameFileTests {
  /// Frames of these tests: a mark, two bytes of length, and as many bytes as that in all.
  private static func frame(_ byteCount: Int) -> [UInt8] {
    [0xC0, UInt8(byteCount >> 8), UInt8(byteCount & 0xFF)] + [UInt8](repeating: 0xAB, count: byteCount - 3)
  }

  private static func read(
    _ bytes: [UInt8], longest: Int = 500, bufferByteCount: Int = 64
  ) throws -> [(byteCount: Int, isFrame: Bool)] {
    var units: [(Int, Bool)] = []
    var whole: [UInt8] = []
    var reader = VariableFrameFileReader(
      try pipe(feeding: bytes, bufferByteCount: bufferByteCount), longestFrameByteCount: longest, headerByteCount: 3
    ) { header in
      let start = [UInt8](copying: header)
      if start[0] != 0xC0 { return .notAFrame }
      return start.count < 3 ? .cutOff : .frame(byteCount: Int(start[1]) << 8 | Int(start[2]))
    }
    while try reader.next({
      units.append(($0.byteCount, $1))
      whole += [UInt8](copying: $0)
    }) {}
    #expect(whole == bytes)
    #expect(try !reader.next { _, _ in Issue.record("lent after the end") })
    return units
  }

  @Test("each frame is lent by itself, at any buffer size", arguments: [16, 64, 1000])
  func lendsFrames(bufferByteCount: Int) throws {
    let lengths = [3, 4, 500, 17, 3, 250]
    let units = try Self.read(lengths.flatMap(Self.frame), bufferByteCount: bufferByteCount)
    #expect(units.map(\.byteCount) == lengths)
    #expect(units.map(\.isFrame) == lengths.map { _ in true })
  }

  @Test("a frame that the file ends in is lent, and said to be none", arguments: 1..<17)
  func lendsCutOffFrame(byteCount: Int) throws {
    let units = try Self.read(Self.frame(20) + Self.frame(17).prefix(byteCount))
    #expect(units.map(\.byteCount) == [20, byteCount])
    #expect(units.map(\.isFrame) == [true, false])
  }

  @Test("behind something that is no frame come parts of the longest frame, whatever they look like")
  func lendsRestInParts() throws {
    let rest: [UInt8] = [0x12] + (0..<70).flatMap { (_: Int) -> [UInt8] in Self.frame(15) }
    let units = try Self.read(Self.frame(20) + rest)
    #expect(units.map(\.byteCount) == [20, 500, 500, 51])
    #expect(units.map(\.isFrame) == [true, false, false, false])
  }

  @Test("a length of nothing, or more than any frame has, is none", arguments: [0, 501, 65_535])
  func refusesLength(length: Int) throws {
    let units = try Self.read([0xC0, UInt8(length >> 8), UInt8(length & 0xFF), 1, 2, 3])
    #expect(units.map(\.byteCount) == [6])
    #expect(units.map(\.isFrame) == [false])
  }

  @Test("an empty file has no frames")
  func readsNothing() throws {
    #expect(try Self.read([]).isEmpty)
  }
}
