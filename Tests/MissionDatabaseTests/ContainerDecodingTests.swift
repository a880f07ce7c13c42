import MissionDatabase
import Testing

@Suite("Containers")
struct ContainerDecodingTests {
  // MARK: Inheritance

  /// A header of a type and a subtype, and packets for some of them.
  private func service(_ adjust: (inout DatabaseMaker, [ContainerIndex]) -> Void = { _, _ in }) throws -> DecodePlan {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8, 8])
    let root = maker.container("Root", [entry(values[0]), entry(values[1])], isAbstract: true)
    let first = maker.container(
      "First", [entry(values[2])], base: root, .all([raw(values[0], .isEqual, 1), raw(values[1], .isEqual, 1)]))
    let second = maker.container(
      "Second", [entry(values[3])], isAbstract: true, base: root, raw(values[0], .isEqual, 2))
    let third = maker.container("Third", [entry(values[2])], base: second, raw(values[3], .isEqual, 9))
    adjust(&maker, [root, first, second, third])
    return try DecodePlan(maker.database)
  }

  @Test("an extension goes on where what it extends ended")
  func extends() throws {
    var decoder = PacketDecoder(try service())
    let found = decoder.decoded([1, 1, 7])
    #expect(found.names == ["A", "B", "C"])
    #expect(found["C"] == .integer(7))
    #expect(found.samples[2].bits == 16..<24)
    #expect(found.outcome.completeness == .whole)
    #expect(found.outcome.container == 1)
    #expect(found.outcome.describedBitCount == 24)
    #expect(found.outcome.endSlot == -1)
  }

  @Test("extensions of extensions")
  func extendsTwice() throws {
    var decoder = PacketDecoder(try service())
    let found = decoder.decoded([2, 0, 9, 5])
    #expect(found.names == ["A", "B", "D", "C"])
    #expect(found["C"] == .integer(5))
    #expect(found.outcome.container == 3)
  }

  @Test("a packet for which only abstract containers are is not identified; what they say is decoded")
  func unidentified() throws {
    var decoder = PacketDecoder(try service())
    let unknown = decoder.decoded([7, 7, 7])
    #expect(unknown.outcome.completeness == .unidentified)
    #expect(unknown.outcome.container == 0)
    #expect(unknown.names == ["A", "B"])
    let halfWay = decoder.decoded([2, 0, 8, 5])
    #expect(halfWay.outcome.completeness == .unidentified)
    #expect(halfWay.outcome.container == 2)
    #expect(halfWay.names == ["A", "B", "D"])
  }

  @Test("all extensions that fit are decoded, and that is said")
  func ambiguous() throws {
    let plan = try service { maker, containers in
      let extra = maker.parameter("E", maker.database.parameters[0].type)
      _ = maker.container("Other", [entry(extra)], base: containers[0], raw(ParameterIndex(0), .isLess, 2))
    }
    var decoder = PacketDecoder(plan)
    let found = decoder.decoded([1, 1, 7])
    #expect(found.names == ["A", "B", "C", "E"])
    #expect(found.samples[3].bits == 16..<24)
    #expect(found.outcome.isAmbiguous)
    #expect(found.outcome.container == 1)
    #expect(!decoder.decoded([2, 1, 7]).outcome.isAmbiguous)
  }

  @Test("an extension without a criterion is always for the packet")
  func unconditional() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8])
    let root = maker.container("Root", [entry(values[0])], isAbstract: true)
    _ = maker.container("Always", [entry(values[1])], base: root)
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([1, 2]).names == ["A", "B"])
  }

  // MARK: Places

  /// The bits of three values of eight bits in a packet of eight bytes, the second of them at a location.
  private func bits(_ location: Entry.Location, third: Entry.Location = .behindPrevious(.fixed(0))) throws -> [Range<
    Int
  >] {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    _ = maker.container("Packet", [entry(values[0]), entry(values[1], location), entry(values[2], third)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    return decoder.decoded([16, 1, 2, 3, 4, 5, 6, 7]).samples.map(\.bits)
  }

  @Test("behind the entry before, also with a gap, and into it")
  func behindPrevious() throws {
    #expect(try bits(.behindPrevious(.fixed(0))) == [0..<8, 8..<16, 16..<24])
    #expect(try bits(.behindPrevious(.fixed(5))) == [0..<8, 13..<21, 21..<29])
    #expect(try bits(.behindPrevious(.fixed(-4))) == [0..<8, 4..<12, 12..<20])
    #expect(try bits(.behindPrevious(value(ParameterIndex(0)))) == [0..<8, 24..<32, 32..<40])
  }

  @Test("from the start")
  func fromStart() throws {
    #expect(try bits(.fromStart(.fixed(40))) == [0..<8, 40..<48, 48..<56])
    #expect(try bits(.fromStart(.fixed(0)), third: .fromStart(.fixed(3))) == [0..<8, 0..<8, 3..<11])
    #expect(try bits(.fromStart(value(ParameterIndex(0), plus: 1))) == [0..<8, 17..<25, 25..<33])
  }

  @Test("before the end of the packet")
  func beforeEnd() throws {
    #expect(try bits(.beforeEnd(.fixed(16))) == [0..<8, 48..<56, 56..<64])
    #expect(try bits(.beforeEnd(value(ParameterIndex(0)))) == [0..<8, 48..<56, 56..<64])
  }

  @Test("before the entry behind it")
  func beforeNext() throws {
    #expect(try bits(.beforeNext(.fixed(8)), third: .fromStart(.fixed(40))) == [0..<8, 32..<40, 40..<48])
    #expect(try bits(.beforeNext(.fixed(8)), third: .beforeEnd(.fixed(8))) == [0..<8, 48..<56, 56..<64])
    #expect(throws: DatabaseErrors.self) { try bits(.beforeNext(.fixed(8))) }
    #expect(throws: DatabaseErrors.self) { try bits(.fromStart(.fixed(0)), third: .beforeNext(.fixed(8))) }
  }

  @Test("a place before the packet is refused where it is written down, and said where the packet says it")
  func beforePacket() throws {
    #expect(throws: DatabaseErrors.self) { try bits(.fromStart(.fixed(-1))) }
    #expect(throws: DatabaseErrors.self) { try bits(.behindPrevious(.fixed(-9))) }
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8])
    let back = IntegerValue.dynamic(ParameterReference(values[0]), slope: -1, intercept: 0, usesCalibrated: false)
    _ = maker.container("Packet", [entry(values[0]), entry(values[1], .behindPrevious(back))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([8, 1]).samples.map(\.bits) == [0..<8, 0..<8])
    let found = decoder.decoded([9, 1])
    #expect(found.outcome.completeness == .impossibleSize)
    #expect(found.end == "B")
    #expect(found.names == ["A"])
  }

  // MARK: Conditions

  @Test("an entry that is not there takes no room")
  func conditions() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    _ = maker.container(
      "Packet",
      [
        entry(values[0]), entry(values[1], .behindPrevious(.fixed(8)), if: raw(values[0], .isEqual, 1)),
        entry(values[2]),
      ])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([1, 0, 2, 3]).samples.map(\.bits) == [0..<8, 16..<24, 24..<32])
    #expect(decoder.decoded([0, 3]).samples.map(\.bits) == [0..<8, 8..<16])
  }

  @Test("an extension begins behind what is not there")
  func conditionBeforeExtension() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    let root = maker.container(
      "Root", [entry(values[0]), entry(values[1], if: raw(values[0], .isGreater, 4))], isAbstract: true)
    _ = maker.container("Packet", [entry(values[2])], base: root)
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([5, 6, 7])["C"] == .integer(7))
    #expect(decoder.decoded([4, 6, 7])["C"] == .integer(6))
  }

  // MARK: Containers in containers

  @Test("places from the start of a container within another one are from its own start")
  func included() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8, 8])
    let inner = maker.container("Inner", [entry(values[1]), entry(values[2], .fromStart(.fixed(16)))])
    _ = maker.container("Packet", [entry(values[0]), entry(.container(inner)), entry(values[3])])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0, 1, 2, 3, 4]).samples.map(\.bits) == [0..<8, 8..<16, 24..<32, 32..<40])
  }

  @Test("the same behind what is of no constant size, and with such in it")
  func includedBehindDynamic() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8, 8])
    let octets = maker.binary(octets(values[0]))
    let blobs = ["FIRST", "SECOND"].map { maker.parameter($0, octets) }
    let inner = maker.container(
      "Inner", [entry(values[1]), entry(blobs[1]), entry(values[2], .fromStart(.fixed(16)))])
    _ = maker.container(
      "Packet", [entry(values[0]), entry(blobs[0]), entry(.container(inner)), entry(values[3])])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([1, 0xF1, 2, 0xF2, 4, 5])
    // A 0..<8, FIRST 8..<16; Inner begins at 16: B, SECOND at 24, C at its bit 16, which is 32; then D.
    #expect(found.names == ["A", "FIRST", "B", "SECOND", "C", "D"])
    #expect(found.samples.map(\.bits) == [0..<8, 8..<16, 16..<24, 24..<32, 32..<40, 40..<48])
  }

  @Test("extensions of a container within another one are decoded there; the packet is none of them")
  func includedExtensions() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8, 8])
    let inner = maker.container("Inner", [entry(values[1])], isAbstract: true)
    _ = maker.container("Long", [entry(values[2])], base: inner, raw(values[1], .isEqual, 1))
    _ = maker.container("Packet", [entry(values[0]), entry(.container(inner)), entry(values[3])])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let long = decoder.decoded([9, 1, 2, 3])
    #expect(long.names == ["A", "B", "C", "D"])
    #expect(long["D"] == .integer(3))
    #expect(long.outcome.container == 2 && long.outcome.completeness == .whole)
    let short = decoder.decoded([9, 0, 2, 3])
    #expect(short.names == ["A", "B", "D"])
    #expect(short["D"] == .integer(2))
    #expect(short.outcome.completeness == .whole)
  }

  @Test("a container within another one brings what it extends with it")
  func includedBase() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    let base = maker.container("Base", [entry(values[1])])
    let inner = maker.container("Inner", [entry(values[2])], base: base)
    _ = maker.container("Packet", [entry(values[0]), entry(.container(inner))])
    var decoder = PacketDecoder(try DecodePlan(maker.database, root: "/SAT/Packet"))
    #expect(decoder.decoded([1, 2, 3]).names == ["A", "B", "C"])
  }

  @Test("containers that hold each other without end are refused")
  func endless() {
    var maker = DatabaseMaker()
    let inner = maker.container("Inner", [])
    maker.database.containers[inner.value].entries = [entry(.container(inner))]
    _ = maker.container("Packet", [entry(.container(inner))])
    #expect(throws: DatabaseErrors.self) { try DecodePlan(maker.database) }
  }

  // MARK: Repetition

  @Test("an entry comes several times, with gaps between, and none behind")
  func repeats() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    _ = maker.container(
      "Packet",
      [
        entry(values[0]), entry(values[1], times: Repetition(count: .fixed(3), offset: .fixed(4))), entry(values[2]),
      ])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([UInt8](repeating: 1, count: 8))
    #expect(found.samples.map(\.bits) == [0..<8, 8..<16, 20..<28, 32..<40, 40..<48])
    #expect(found.samples.map(\.occurrence) == [0, 0, 1, 2, 0])
  }

  @Test("how often, a packet may say; never leaves no room behind", arguments: 0...4)
  func repeatsAsSaid(count: UInt8) throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    _ = maker.container(
      "Packet",
      [
        entry(values[0]),
        entry(values[1], .behindPrevious(.fixed(8)), times: Repetition(count: value(values[0]))), entry(values[2]),
      ])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([count, 99] + (0..<count).map { 10 + $0 } + [77])
    #expect(found.all("B") == (0..<Int64(count)).map { .integer(10 + $0) })
    #expect(found["C"] == .integer(count == 0 ? 99 : 77))
  }

  @Test("containers come several times too, each of the size that it says", arguments: [[], [2], [1, 0, 3]])
  func repeatsContainers(sizes: [UInt8]) throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    let octets = maker.binary(octets(values[1]))
    let blob = maker.parameter("BLOB", octets)
    let inner = maker.container("Inner", [entry(values[1]), entry(blob)])
    _ = maker.container(
      "Packet",
      [
        entry(values[0]),
        entry(.container(inner), times: Repetition(count: value(values[0]), offset: .fixed(8))), entry(values[2]),
      ])
    var packet = [UInt8(sizes.count)]
    var expected: [Value] = []
    for (index, size) in sizes.enumerated() {
      if index > 0 { packet.append(0xEE) }
      let octets = (0..<size).map { UInt8(index * 16) + $0 }
      packet += [size] + octets
      expected.append(.octets(octets))
    }
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded(packet + [0x77])
    #expect(found.all("BLOB") == expected)
    #expect(found.samples.filter { $0.name == "BLOB" }.map(\.occurrence) == Array(0..<sizes.count))
    #expect(found["C"] == .integer(0x77))
    #expect(found.outcome.completeness == .whole)
  }

  // MARK: Indirection

  @Test("a parameter that another one names, by number and by label")
  func indirect() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let word = maker.unsigned(16)
    let short = maker.parameter("SHORT", byte, aliases: ["ID:17", "NAME:TINY"])
    let long = maker.parameter("LONG", word, aliases: ["ID:18", "NAME:BIG"])
    let selectorType = maker.enumerated(8, [("TINY", 0...0), ("BIG", 1...1), ("NOTHING", 2...2)])
    let selectors = [maker.parameter("NUMBER", byte), maker.parameter("LABEL", selectorType)]
    _ = [short, long]
    _ = maker.container(
      "Packet",
      [
        entry(selectors[0]), entry(.indirect(ParameterReference(selectors[0]), aliasNamespace: "ID")),
        entry(selectors[1]), entry(.indirect(ParameterReference(selectors[1]), aliasNamespace: "NAME")),
      ])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([18, 1, 2, 0, 3])
    #expect(found.names == ["NUMBER", "LONG", "LABEL", "SHORT"])
    #expect(found["LONG"] == .integer(0x0102) && found["SHORT"] == .integer(3))
    #expect(decoder.decoded([17, 3, 1, 1, 2]).names == ["NUMBER", "SHORT", "LABEL", "LONG"])
    let unknown = decoder.decoded([99, 3, 1, 1, 2])
    #expect(unknown.names == ["NUMBER"])
    #expect(unknown.outcome.completeness == .impossibleSize)
  }

  @Test("a parameter that a text names")
  func indirectByText() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    for name in ["ABC", "ABD", "XYZ"] { _ = maker.parameter(name, byte) }
    let nameType = maker.string(.fixed(24), .whole)
    let name = maker.parameter("NAME", nameType)
    _ = maker.container("Packet", [entry(name), entry(.indirect(ParameterReference(name), aliasNamespace: nil))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded(Array("ABD".utf8) + [5])["ABD"] == .integer(5))
    #expect(decoder.decoded(Array("XYZ".utf8) + [6])["XYZ"] == .integer(6))
    #expect(decoder.decoded(Array("ABC".utf8) + [7])["ABC"] == .integer(7))
    #expect(decoder.decoded(Array("ABX".utf8) + [7]).outcome.completeness == .impossibleSize)
  }
}
