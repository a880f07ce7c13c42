import MissionDatabase
import Testing

@Suite("Criteria, three-valued")
struct CriterionTests {
  private let unknown = ParameterIndex(3)

  /// Whether an entry is there under a criterion on A, B (signed) and MODE; D is in no packet.
  private func holds(_ criterion: (DatabaseMaker) -> Criterion, _ bytes: [UInt8] = [5, 0xFE, 1]) throws -> Bool {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let signed = maker.signed(8)
    let mode = maker.enumerated(8, [("OFF", 0...0), ("SAFE", 1...1), ("NOMINAL", 2...5)])
    let values = [
      maker.parameter("A", byte), maker.parameter("B", signed), maker.parameter("MODE", mode),
      maker.parameter("D", byte),
    ]
    let flag = maker.parameter("FLAG", byte)
    _ = maker.container(
      "Packet", [entry(values[0]), entry(values[1]), entry(values[2]), entry(flag, if: criterion(maker))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    return decoder.decoded(bytes + [9])["FLAG"] == .integer(9)
  }

  private let yes = raw(ParameterIndex(0), .isEqual, 5)
  private let no = raw(ParameterIndex(0), .isEqual, 6)
  private var undecided: Criterion { raw(unknown, .isEqual, 0) }

  @Test(
    "every relation between integers",
    arguments: [
      (Comparison.Relation.isEqual, [false, true, false]), (.isNotEqual, [true, false, true]),
      (.isLess, [false, false, true]), (.isLessOrEqual, [false, true, true]), (.isGreater, [true, false, false]),
      (.isGreaterOrEqual, [true, true, false]),
    ])
  func relations(relation: Comparison.Relation, expected: [Bool]) throws {
    // A is 5, against 4, 5 and 6; B is −2, against −3, −2 and −1.
    for (index, expected) in expected.enumerated() {
      #expect(try holds { _ in raw(ParameterIndex(0), relation, Int64(4 + index)) } == expected)
      #expect(try holds { _ in raw(ParameterIndex(1), relation, Int64(-3 + index)) } == expected)
    }
  }

  @Test("of what is not known nothing holds, nor does its opposite")
  func unknownValues() throws {
    #expect(try !holds { _ in undecided })
    #expect(try !holds { _ in raw(unknown, .isNotEqual, 0) })
  }

  @Test("all of several: one that does not hold decides, and one that is not known else")
  func all() throws {
    #expect(try holds { _ in .all([yes, yes]) })
    #expect(try holds { _ in .all([]) })
    #expect(try !holds { _ in .all([yes, no]) })
    #expect(try !holds { _ in .all([yes, undecided]) })
  }

  @Test("any of several: one that holds decides")
  func any() throws {
    #expect(try holds { _ in .any([no, undecided, yes]) })
    #expect(try !holds { _ in .any([no, undecided]) })
    #expect(try !holds { _ in .any([no, no]) })
    #expect(try !holds { _ in .any([]) })
  }

  @Test("exactly one of two; not where one is not known")
  func exclusive() throws {
    #expect(try holds { _ in .exclusive(yes, no) })
    #expect(try holds { _ in .exclusive(no, yes) })
    #expect(try !holds { _ in .exclusive(yes, yes) })
    #expect(try !holds { _ in .exclusive(no, no) })
    #expect(try !holds { _ in .exclusive(yes, undecided) })
    // What cannot be known is not made true by being put beside something that holds.
    #expect(try !holds { _ in .exclusive(.exclusive(undecided, no), no) })
  }

  @Test("labels are compared as texts; a number without a label differs from each of them")
  func labels() throws {
    let mode = ParameterIndex(2)
    #expect(try holds { _ in text(mode, .isEqual, "SAFE") })
    #expect(try !holds { _ in text(mode, .isNotEqual, "SAFE") })
    #expect(try holds { _ in text(mode, .isLess, "Z") })
    #expect(try holds({ _ in text(mode, .isEqual, "NOMINAL") }, [5, 0, 4]))
    #expect(try !holds { _ in text(mode, .isEqual, "NEVER") })
    #expect(try holds({ _ in text(mode, .isNotEqual, "SAFE") }, [5, 0, 77]))
    #expect(try !holds({ _ in text(mode, .isEqual, "SAFE") }, [5, 0, 77]))
    #expect(try !holds({ _ in text(mode, .isLess, "SAFE") }, [5, 0, 77]))
    #expect(try holds { _ in raw(mode, .isEqual, 1) })
  }

  @Test("two parameters against each other, also of different signs")
  func parameters() throws {
    func against(_ relation: Comparison.Relation) -> Criterion {
      .comparison(
        Comparison(
          ParameterReference(ParameterIndex(0)), usesCalibrated: true, relation,
          .parameter(ParameterReference(ParameterIndex(1)), usesCalibrated: true)))
    }
    // 5 and −2; 5 and 5; 5 and 127.
    #expect(try holds { _ in against(.isGreater) })
    #expect(try holds({ _ in against(.isEqual) }, [5, 5, 0]))
    #expect(try holds({ _ in against(.isLess) }, [5, 127, 0]))
    #expect(try !holds({ _ in against(.isLess) }, [5, 0xFF, 0]))
  }

  @Test("a number against one with a fraction, and one beyond all signed numbers")
  func numbers() throws {
    let parameter = ParameterReference(ParameterIndex(0))
    #expect(try holds { _ in .comparison(Comparison(parameter, usesCalibrated: true, .isLess, .float(5.5))) })
    #expect(try !holds { _ in .comparison(Comparison(parameter, usesCalibrated: true, .isEqual, .float(5.5))) })
    #expect(try holds { _ in .comparison(Comparison(parameter, usesCalibrated: true, .isLess, .unsigned(.max))) })
    let below = ParameterReference(ParameterIndex(1))
    #expect(try holds { _ in .comparison(Comparison(below, usesCalibrated: true, .isLess, .unsigned(.max))) })
  }

  @Test("a text against a number is refused when the plan is made")
  func refusesText() {
    #expect(throws: DatabaseErrors.self) { try holds { _ in text(ParameterIndex(0), .isEqual, "FIVE") } }
  }

  @Test("texts and octets")
  func texts() throws {
    var maker = DatabaseMaker()
    let stringType = maker.string(.fixed(32), .terminator([0]))
    let binaryType = maker.binary(.fixed(16))
    let byte = maker.unsigned(8)
    let name = maker.parameter("NAME", stringType)
    let blob = maker.parameter("BLOB", binaryType)
    let criteria: [(String, Criterion)] = [
      ("EQUAL", text(name, .isEqual, "abc")), ("LESS", text(name, .isLess, "abd")),
      ("LONGER", text(name, .isGreater, "ab")), ("OTHER", text(name, .isNotEqual, "abcd")),
      (
        "OCTETS",
        .comparison(Comparison(ParameterReference(blob), usesCalibrated: false, .isEqual, .octets([0xDE, 0xAD])))
      ),
      (
        "BOTH",
        .comparison(
          Comparison(
            ParameterReference(name), usesCalibrated: false, .isEqual,
            .parameter(ParameterReference(blob), usesCalibrated: false)))
      ),
    ]
    let flags = criteria.map { maker.parameter($0.0, byte) }
    _ = maker.container(
      "Packet", [entry(name), entry(blob)] + zip(flags, criteria).map { entry($0, .fromStart(.fixed(0)), if: $1.1) })
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(
      decoder.decoded(hex("61626300dead")).names.dropFirst(2) == ["EQUAL", "LESS", "LONGER", "OTHER", "OCTETS"])
    #expect(decoder.decoded(hex("616263640000")).names.dropFirst(2) == ["LESS", "LONGER"])
    #expect(decoder.decoded(hex("616200006162")).names.dropFirst(2) == ["LESS", "OTHER", "BOTH"])
  }
}
