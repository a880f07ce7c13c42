import MissionDatabase
import TestSupport
import Testing

@Suite("Packets that are shorter or longer than described")
struct PacketLengthTests {
  /// Values of sizes that are no multiples of a byte, and where each ends.
  private let sizes = [3, 1, 12, 16, 7, 1, 32, 64, 5, 11]

  private func maker(_ sizes: [Int]) -> DatabaseMaker {
    var maker = DatabaseMaker()
    let values = maker.integers(sizes)
    _ = maker.container("Packet", values.map { entry($0) })
    return maker
  }

  @Test("at every length the values that are whole are there, and the first that is not is named")
  func everyLength() throws {
    let plan = try DecodePlan(maker(sizes).database)
    var decoder = PacketDecoder(plan)
    var random = SeededGenerator(seed: 5)
    let bytes = random.bytes(27)
    // 152 bits are 19 bytes.
    let whole = decoder.decoded(Array(bytes.prefix(19)))
    #expect(whole.outcome.completeness == .whole && whole.outcome.describedBitCount == 152)
    for byteCount in 0...27 {
      let found = decoder.decoded(Array(bytes.prefix(byteCount)))
      let firstMissing = sizes.indices.first { sizes[...$0].reduce(0, +) > 8 * byteCount } ?? sizes.count
      #expect(found.samples.count == firstMissing)
      #expect(found.samples.map(\.engineering) == whole.samples.prefix(firstMissing).map(\.engineering))
      #expect(found.outcome.completeness == (byteCount < 19 ? .short : .whole))
      #expect(found.end == (byteCount < 19 ? String(UnicodeScalar(UInt8(65 + firstMissing))) : nil))
      #expect(found.outcome.describedBitCount == UInt32(sizes.prefix(firstMissing).reduce(0, +)))
    }
  }

  @Test("an empty packet is short at its first value")
  func empty() throws {
    var decoder = PacketDecoder(try DecodePlan(maker([8]).database))
    let found = decoder.decoded([])
    #expect(found.outcome.completeness == .short && found.end == "A" && found.samples.isEmpty)
    #expect(found.outcome.container == 0)
  }

  @Test("a packet that ends within an extension is short there, and of its container")
  func shortExtension() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 16])
    let root = maker.container("Root", [entry(values[0])], isAbstract: true)
    _ = maker.container("Packet", [entry(values[1]), entry(values[2])], base: root, raw(values[0], .isEqual, 1))
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([1, 2, 3])
    #expect(found.outcome.completeness == .short && found.end == "C" && found.names == ["A", "B"])
    #expect(found.outcome.container == 1)
  }

  @Test("what lies beyond what is described is neither a value nor a fault")
  func longer() throws {
    var decoder = PacketDecoder(try DecodePlan(maker([8, 8]).database))
    let found = decoder.decoded([1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(found.outcome.completeness == .whole && found.outcome.describedBitCount == 16)
  }

  @Test("a place behind the end of the packet is short at what should lie there")
  func beyondEnd() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8])
    _ = maker.container("Packet", [entry(values[0]), entry(values[1], .fromStart(value(values[0])))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    for place in 0...255 {
      let found = decoder.decoded([UInt8(place), 1, 2, 3])
      #expect(found.outcome.completeness == (place <= 24 ? .whole : .short))
      #expect(found.end == (place <= 24 ? nil : "B"))
    }
  }

  @Test("before the end of a packet that is shorter than that, there is nothing")
  func beforeBeginning() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8])
    _ = maker.container("Packet", [entry(values[0], .beforeEnd(.fixed(32)))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([1, 2, 3]).outcome.completeness == .impossibleSize)
    #expect(decoder.decoded([1, 2, 3, 4])["A"] == .integer(1))
  }

  @Test("a packet of more values than fit says so")
  func tooManyValues() throws {
    var decoder = PacketDecoder(try DecodePlan(maker([8, 8, 8]).database), sampleCapacity: 2)
    let found = decoder.decoded([1, 2, 3])
    #expect(found.outcome.completeness == .tooManyValues && found.end == "C" && found.names == ["A", "B"])
  }

  @Test("a loop that decodes nothing ends")
  func emptyLoop() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([32, 8])
    let inner = maker.container("Inner", [entry(values[1], if: raw(values[0], .isEqual, 0))])
    _ = maker.container(
      "Packet", [entry(values[0]), entry(.container(inner), times: Repetition(count: value(values[0])))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([0xFF, 0xFF, 0xFF, 0xFF, 1])
    #expect(found.outcome.completeness == .tooManyValues && found.end == "B")
    #expect(decoder.decoded([0, 0, 0, 9, 1]).outcome.completeness == .whole)
  }
}
