import MissionDatabase
import Testing

@Suite("Conditions on last known values, OMG XTCE 1.2 ComparisonType and BooleanExpressionType")
struct ConditionTests {
  /// Whether an alarm on the condition is raised by these values.
  static func holds(
    _ values: [(String, MonitoredStation.Value)], _ make: (MonitoredStation) -> Criterion
  ) throws -> Bool {
    var station = MonitoredStation()
    let text = StringEncoding(characters: .utf8, bitCount: .fixed(24), maximumBitCount: 24, ending: .whole)
    station.add("A")
    station.add("B")
    station.add("I", .integer(isSigned: true, bitCount: 64))
    station.add("E", .enumerated([]), labels: ["OFF", "ON"])
    station.add("S", .string, encoding: .string(text))
    station.add("O", .binary, encoding: .binary(bitCount: .fixed(16)))
    station.add("W", alarms: AlarmRules(standard: AlarmRule(tests: [.condition(make(station), .severe)])))
    var link = try MonitoredLink(station)
    let (bytes, samples) = station.packet(values + [("W", .number(0))])
    link.monitor.take(samples.span, of: unsafe bytes.span.bytes, PacketStamp(), isStored: false)
    return link.level(of: "W") == .severe
  }

  static func compare(
    _ name: String, _ relation: Comparison.Relation, _ operand: Comparison.Operand, usesCalibrated: Bool = true
  ) -> (MonitoredStation) -> Criterion {
    { .comparison(Comparison($0.reference(name), usesCalibrated: usesCalibrated, relation, operand)) }
  }

  @Test(
    "numbers stand to each other as six relations say",
    arguments: [
      (Comparison.Relation.isEqual, [false, true, false]), (.isNotEqual, [true, false, true]),
      (.isLess, [true, false, false]), (.isLessOrEqual, [true, true, false]), (.isGreater, [false, false, true]),
      (.isGreaterOrEqual, [false, true, true]),
    ])
  func comparesNumbers(relation: Comparison.Relation, expected: [Bool]) throws {
    for (value, holds) in zip([4.5, 5, 5.5], expected) {
      #expect(try Self.holds([("A", .number(value))], Self.compare("A", relation, .float(5))) == holds)
      #expect(try Self.holds([("A", .number(value))], Self.compare("A", relation, .integer(5))) == holds)
    }
    // What is no number is unequal, and nothing else (IEEE 754-2019 §5.11).
    #expect(try Self.holds([("A", .number(.nan))], Self.compare("A", relation, .float(5))) == (relation == .isNotEqual))
    #expect(try !Self.holds([], Self.compare("A", relation, .float(5))))
  }

  @Test("integers of 64 bits are compared exactly")
  func comparesLargeIntegers() throws {
    let large = Int64(1) << 60
    #expect(try !Self.holds([("I", .integer(large + 1))], Self.compare("I", .isEqual, .integer(large))))
    #expect(try Self.holds([("I", .unsigned(.max))], Self.compare("I", .isGreater, .integer(.max))))
    #expect(try Self.holds([("I", .integer(-1))], Self.compare("I", .isLess, .unsigned(0))))
    #expect(try !Self.holds([("I", .integer(-1))], Self.compare("I", .isEqual, .unsigned(.max))))
  }

  @Test("labels are compared as texts, or as the numbers that they stand for")
  func comparesLabels() throws {
    #expect(try Self.holds([("E", .label(1))], Self.compare("E", .isEqual, .text("ON"))))
    #expect(try Self.holds([("E", .label(1))], Self.compare("E", .isNotEqual, .text("OFF"))))
    #expect(try Self.holds([("E", .label(0))], Self.compare("E", .isLess, .text("ON"))))
    #expect(try Self.holds([("E", .label(1))], Self.compare("E", .isEqual, .integer(11), usesCalibrated: false)))
    // A number without a label differs from every label, here as in containers.
    #expect(try Self.holds([("E", .unlabelled(3))], Self.compare("E", .isNotEqual, .text("ON"))))
    #expect(try !Self.holds([("E", .unlabelled(3))], Self.compare("E", .isEqual, .text("ON"))))
    #expect(try Self.holds([("E", .unlabelled(3))], Self.compare("E", .isEqual, .integer(3), usesCalibrated: false)))
  }

  @Test(
    "texts are compared character by character; one that begins another comes before it",
    arguments: [
      ("abc", Comparison.Relation.isEqual, true), ("abd", .isEqual, false), ("ab", .isEqual, false),
      ("ab", .isLess, false), ("abcd", .isGreater, false), ("abcd", .isLess, true), ("abb", .isGreater, true),
      ("é", .isNotEqual, true),
    ])
  func comparesTexts(operand: String, relation: Comparison.Relation, holds: Bool) throws {
    #expect(try Self.holds([("S", .text("abc"))], Self.compare("S", relation, .text(operand))) == holds)
  }

  @Test("what is not kept of a long text is not known")
  func knowsOnlyWhatIsKept() throws {
    // Three octets are kept.
    #expect(try !Self.holds([("S", .text("abcd"))], Self.compare("S", .isEqual, .text("abcd"))))
    #expect(try Self.holds([("S", .text("abcd"))], Self.compare("S", .isNotEqual, .text("abc"))))
    #expect(try Self.holds([("S", .text("abcd"))], Self.compare("S", .isLess, .text("abx"))))
  }

  @Test("octets are compared one by one")
  func comparesOctets() throws {
    #expect(try Self.holds([("O", .octets([1, 2]))], Self.compare("O", .isEqual, .octets([1, 2]))))
    #expect(try Self.holds([("O", .octets([1, 2]))], Self.compare("O", .isLess, .octets([1, 3]))))
    #expect(try !Self.holds([("O", .octets([1, 2, 3]))], Self.compare("O", .isGreater, .octets([1, 2]))))
  }

  @Test("a parameter may be compared with another")
  func comparesParameters() throws {
    func criterion(_ station: MonitoredStation) -> Criterion {
      .comparison(
        Comparison(
          station.reference("A"), usesCalibrated: true, .isGreater,
          .parameter(station.reference("B"), usesCalibrated: true)))
    }
    #expect(try Self.holds([("A", .number(2)), ("B", .number(1))], criterion))
    #expect(try !Self.holds([("A", .number(1)), ("B", .number(1))], criterion))
    #expect(try !Self.holds([("A", .number(1))], criterion))
  }

  /// All nine pairs of true, false and unknown: what is neither true nor false does not hold.
  @Test(
    "and, or and either-or with what is not known",
    arguments: [
      (1.0, 1.0, true, true, false), (1, 0, false, true, true), (0, 0, false, false, false),
      (1, nil, false, true, false), (0, nil, false, false, false), (nil, nil, false, false, false),
    ])
  func combines(left: Double?, right: Double?, all: Bool, any: Bool, exclusive: Bool) throws {
    for (first, second) in [(left, right), (right, left)] {
      let values = [("A", first), ("B", second)].compactMap { name, value in
        value.map { (name, MonitoredStation.Value.number($0)) }
      }
      func part(_ station: MonitoredStation, _ name: String) -> Criterion {
        Self.compare(name, .isEqual, .integer(1))(station)
      }
      #expect(try Self.holds(values) { .all([part($0, "A"), part($0, "B")]) } == all)
      #expect(try Self.holds(values) { .any([part($0, "A"), part($0, "B")]) } == any)
      #expect(try Self.holds(values) { .exclusive(part($0, "A"), part($0, "B")) } == exclusive)
    }
  }

  @Test("what is below a condition that is decided already is passed over as a whole")
  func combinesNested() throws {
    let values: [(String, MonitoredStation.Value)] = [("A", .number(1)), ("B", .number(0))]
    func part(_ station: MonitoredStation, _ name: String) -> Criterion {
      Self.compare(name, .isEqual, .integer(1))(station)
    }
    #expect(
      try Self.holds(values) {
        .any([.all([part($0, "B"), .any([part($0, "A"), part($0, "B")])]), .exclusive(part($0, "A"), part($0, "B"))])
      })
    #expect(
      try !Self.holds(values) {
        .all([.any([part($0, "A"), .all([part($0, "A"), part($0, "B")])]), part($0, "B")])
      })
    #expect(try Self.holds(values) { _ in .all([]) })
    #expect(try !Self.holds(values) { _ in .any([]) })
  }
}
