import MissionDatabase
import Testing

@Suite("Aggregates and arrays")
struct ArrayDecodingTests {
  private func dimension(_ last: IntegerValue, from first: Int = 0) -> ArrayDimension {
    ArrayDimension(startingIndex: .fixed(first), endingIndex: last)
  }

  @Test("the members of an aggregate, one behind the other, also within each other")
  func aggregates() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let nibble = maker.unsigned(4)
    let inner = maker.type(
      .aggregate([AggregateMember(name: "high", type: nibble), AggregateMember(name: "low", type: nibble)]), nil)
    let outer = maker.type(
      .aggregate([AggregateMember(name: "x", type: byte), AggregateMember(name: "part", type: inner)]), nil)
    let state = maker.parameter("STATE", outer)
    _ = maker.container("Packet", [entry(state)])
    let plan = try DecodePlan(maker.database)
    var decoder = PacketDecoder(plan)
    let found = decoder.decoded([7, 0xAB])
    #expect(found.names == ["STATE.x", "STATE.part.high", "STATE.part.low"])
    #expect(found.samples.map(\.engineering) == [.integer(7), .integer(10), .integer(11)])
    #expect(plan.slots[2].reference.steps == [.member(1), .member(1)])
    #expect(plan.slots[2].type == nibble)
  }

  @Test("an array of a constant size", arguments: [1, 4, 33, 1000])
  func constant(count: Int) throws {
    var maker = DatabaseMaker()
    let element = maker.unsigned(12)
    let type = maker.type(.array(element: element, dimensions: [dimension(.fixed(count - 1))]), nil)
    let byte = maker.unsigned(8)
    let values = maker.parameter("VALUES", type)
    let after = maker.parameter("AFTER", byte)
    _ = maker.container("Packet", [entry(values), entry(after)])
    var bits = (0..<count).flatMap { value in (0..<12).map { (value * 7) >> (11 - $0) & 1 } }
    bits += (0..<8).map { 0x5A >> (7 - $0) & 1 }
    let packet = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].enumerated().reduce(UInt8(0)) {
        $0 | UInt8($1.element) << UInt8(7 - $1.offset)
      }
    }
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded(packet)
    #expect(found.all("VALUES[]") == (0..<count).map { .integer(Int64($0 * 7 & 0xFFF)) })
    #expect(found.samples.dropLast().map(\.occurrence) == Array(0..<count))
    #expect(found["AFTER"] == .integer(0x5A))
    #expect(found.outcome.completeness == .whole && found.outcome.describedBitCount == UInt32(12 * count + 8))
  }

  @Test("an array whose last index the packet says", arguments: 0...3)
  func dynamic(count: Int) throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let size = maker.parameter("SIZE", byte)
    let type = maker.type(.array(element: byte, dimensions: [dimension(value(size, plus: -1))]), nil)
    let values = maker.parameter("VALUES", type)
    let after = maker.parameter("AFTER", byte)
    _ = maker.container("Packet", [entry(size), entry(values, .behindPrevious(.fixed(8))), entry(after)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([UInt8(count), 0xEE] + (0..<UInt8(count)).map { $0 + 1 } + [0x77])
    #expect(found.all("VALUES[]") == (0..<Int64(count)).map { .integer($0 + 1) })
    #expect(found["AFTER"] == .integer(0x77))
  }

  @Test("two dimensions, and indices that do not begin at zero")
  func twoDimensions() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let type = maker.type(
      .array(element: byte, dimensions: [dimension(.fixed(1)), dimension(.fixed(4), from: 2)]), nil)
    let values = maker.parameter("VALUES", type)
    let other = maker.parameter("OTHER", byte)
    _ = maker.container(
      "Packet",
      [
        entry(values),
        entry(
          other,
          if: .comparison(
            Comparison(
              ParameterReference(values, steps: [.element(1), .element(0)]), usesCalibrated: true, .isEqual,
              .integer(4)))),
      ])
    let plan = try DecodePlan(maker.database)
    var decoder = PacketDecoder(plan)
    // Two rows of three: the first element of the second row is the fourth value.
    #expect(decoder.decoded([1, 2, 3, 4, 5, 6, 9]).names.last == "OTHER")
    #expect(decoder.decoded([4, 2, 3, 1, 5, 6, 9]).names.last == "VALUES[][]")
    #expect(plan.slots[0].name == "/SAT/VALUES[][]")
  }

  @Test("elements whose size the packet says, each for itself, and the sizes of all of them")
  func dynamicElements() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let text = maker.string(nil, maximum: 800, .leadingSize(bitCount: 8))
    let element = maker.type(
      .aggregate([AggregateMember(name: "name", type: text), AggregateMember(name: "value", type: byte)]), nil)
    let count = maker.parameter("COUNT", byte)
    let type = maker.type(.array(element: element, dimensions: [dimension(value(count))]), nil)
    let list = maker.parameter("LIST", type)
    _ = maker.container("Packet", [entry(count), entry(list)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([1, 2, 0x61, 0x62, 7, 1, 0x63, 8])
    #expect(found.names == ["COUNT", "LIST[].name", "LIST[].value", "LIST[].name", "LIST[].value"])
    #expect(found.all("LIST[].name") == [.text("ab"), .text("c")])
    #expect(found.all("LIST[].value") == [.integer(7), .integer(8)])
  }

  @Test("an entry may say the dimensions of its array")
  func entryDimensions() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let type = maker.type(.array(element: byte, dimensions: [dimension(.fixed(9))]), nil)
    let values = maker.parameter("VALUES", type)
    _ = maker.container("Packet", [entry(.array(values, dimensions: [dimension(.fixed(1))]))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([1, 2, 3, 4]).all("VALUES[]") == [.integer(1), .integer(2)])
  }

  @Test(
    "arrays that are too large are cut where the packet ends, or where no more fits",
    arguments: [
      (UInt8(3), 2), (255, 2),
    ])
  func tooLarge(last: UInt8, present: Int) throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let size = maker.parameter("SIZE", byte)
    let type = maker.type(.array(element: byte, dimensions: [dimension(value(size))]), nil)
    let values = maker.parameter("VALUES", type)
    _ = maker.container("Packet", [entry(size), entry(values)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([last, 1, 2])
    #expect(found.outcome.completeness == .short && found.end == "VALUES[]")
    #expect(found.all("VALUES[]").count == present)
    var small = PacketDecoder(try DecodePlan(maker.database), sampleCapacity: 2)
    let crowded = small.decoded([3, 1, 2, 3, 4])
    #expect(crowded.outcome.completeness == .tooManyValues && crowded.end == "VALUES[]")
    #expect(crowded.samples.count == 2)
  }

  @Test("an array whose last index lies before its first is impossible by more than one")
  func negativeSize() throws {
    var maker = DatabaseMaker()
    let signed = maker.signed(8)
    let last = maker.parameter("LAST", signed)
    let type = maker.type(.array(element: signed, dimensions: [dimension(value(last))]), nil)
    let values = maker.parameter("VALUES", type)
    _ = maker.container("Packet", [entry(last), entry(values)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0xFF]).outcome.completeness == .whole)
    #expect(decoder.decoded([0xFE]).outcome.completeness == .impossibleSize)
  }

  @Test("an element of an array with an inner dimension that the packet says cannot be named")
  func refusesInnerDimension() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let size = maker.parameter("SIZE", byte)
    let type = maker.type(
      .array(element: byte, dimensions: [dimension(.fixed(1)), dimension(value(size))]), nil)
    let values = maker.parameter("VALUES", type)
    let condition = Criterion.comparison(
      Comparison(
        ParameterReference(values, steps: [.element(1), .element(0)]), usesCalibrated: true, .isEqual, .integer(4)))
    _ = maker.container("Packet", [entry(size), entry(values), entry(size, if: condition)])
    #expect(throws: DatabaseErrors.self) { try DecodePlan(maker.database) }
  }
}
