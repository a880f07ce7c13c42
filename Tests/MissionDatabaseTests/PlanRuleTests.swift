import MissionDatabase
import Testing

@Suite("Rules of entries, types and criteria")
struct PlanRuleTests {
  @Test("labels of two enumerations are compared as texts, their raw values as numbers")
  func comparesLabels() throws {
    func holds(_ relation: Comparison.Relation, usesCalibrated: Bool, _ bytes: [UInt8]) throws -> Bool {
      var maker = DatabaseMaker()
      let one = maker.parameter("E1", maker.enumerated(8, [("OFF", 0...0), ("ON", 1...1)]))
      let two = maker.parameter("E2", maker.enumerated(8, [("ON", 0...0), ("OFF", 1...1)]))
      let flag = maker.parameter("FLAG", maker.unsigned(8))
      let criterion = Criterion.comparison(
        Comparison(
          ParameterReference(one), usesCalibrated: usesCalibrated, relation,
          .parameter(ParameterReference(two), usesCalibrated: usesCalibrated)))
      _ = maker.container("Packet", [entry(one), entry(two), entry(flag, if: criterion)])
      var decoder = PacketDecoder(try DecodePlan(maker.database))
      return decoder.decoded(bytes + [9])["FLAG"] != nil
    }
    #expect(try holds(.isEqual, usesCalibrated: true, [1, 0]))
    #expect(try !holds(.isEqual, usesCalibrated: true, [1, 1]))
    #expect(try holds(.isNotEqual, usesCalibrated: true, [1, 1]))
    #expect(try !holds(.isEqual, usesCalibrated: false, [1, 0]))
    #expect(try holds(.isEqual, usesCalibrated: false, [1, 1]))
    // 7 has no label, and differs from every one.
    #expect(try holds(.isNotEqual, usesCalibrated: true, [7, 1]))
    #expect(try !holds(.isEqual, usesCalibrated: true, [7, 7]))
    #expect(throws: DatabaseErrors.self) { try holds(.isLess, usesCalibrated: true, [1, 0]) }
  }

  @Test("an entry that does not come moves nothing, wherever it would have been")
  func entryThatDoesNotCome() throws {
    for location in [Entry.Location.beforeEnd(.fixed(8)), .behindPrevious(value(ParameterIndex(1)))] {
      var maker = DatabaseMaker()
      let parameters = maker.integers([8, 8, 8, 8])
      _ = maker.container(
        "Packet",
        [
          entry(parameters[0]), entry(parameters[1], .fromStart(.fixed(8))),
          entry(parameters[2], location, times: Repetition(count: value(parameters[0]))), entry(parameters[3]),
        ])
      var decoder = PacketDecoder(try DecodePlan(maker.database))
      // None of C: D is behind B.
      #expect(decoder.decoded([0, 8, 3, 4]).names == ["A", "B", "D"])
      #expect(decoder.decoded([0, 8, 3, 4])["D"] == .integer(3))
    }
  }

  @Test("what is below zero is out of the range of an unsigned type, with a calibrator or without")
  func unsignedTypes() throws {
    var maker = DatabaseMaker()
    let encoding = DataEncoding.integer(IntegerEncoding(bitCount: 8, representation: .twosComplement))
    let plain = maker.parameter("A", maker.type(.integer(isSigned: false, bitCount: 8), encoding))
    let identity = maker.parameter(
      "B",
      maker.type(.integer(isSigned: false, bitCount: 8), encoding) {
        $0.calibration.standard = .polynomial([PolynomialTerm(exponent: 1, coefficient: 1)])
      })
    _ = maker.container("Packet", [entry(plain), entry(identity)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([0xFE, 0xFE])
    #expect(found.samples.map(\.engineering) == [.integer(-2), .integer(-2)])
    #expect(found.samples.map(\.validity) == [.outOfRange, .outOfRange])
    #expect(decoder.decoded([0x7F, 0x7F]).samples.map(\.validity) == [.valid, .valid])
  }

  @Test(
    "the packet gives a text whole characters, and no more than it has at most",
    arguments: [(16, true), (8, true), (0, true), (24, false), (13, false)])
  func textSizes(bitCount: UInt8, isPossible: Bool) throws {
    var maker = DatabaseMaker()
    let size = maker.parameter("N", maker.unsigned(8))
    let text = maker.parameter("S", maker.string(value(size), maximum: 16, .whole))
    _ = maker.container("Packet", [entry(size), entry(text)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([bitCount] + Array("abcde".utf8))
    #expect(found.outcome.completeness == (isPossible ? .whole : .impossibleSize))
    #expect(found["S"] == (isPossible ? .text(String("ab".prefix(Int(bitCount) / 8))) : nil))
  }

  @Test("octets that are compared with a text are refused for what they are")
  func refusesTextOfOctets() throws {
    var maker = DatabaseMaker()
    let type = maker.type(.string, .binary(bitCount: .fixed(16)))
    let octets = maker.parameter("S", type)
    _ = maker.container("Packet", [entry(octets, if: text(octets, .isEqual, "ab"))])
    let errors = try #require(throws: DatabaseErrors.self) { _ = try DecodePlan(maker.database) }
    #expect(errors.problems.first?.message.contains("is octets without a character set") == true)
  }
}
