import MissionDatabase
import Testing

@Suite("Whose alarms are whose")
struct SlotNameTests {
  /// Which slots of the decode plan of a database have alarms; what is told of them.
  private static func monitored(_ text: String, limits: String? = nil) throws -> (slots: [String], notices: [String]) {
    let database = try XTCEText.load(text)
    let slots = try DecodePlan(database).slots
    let sets = try limits.map { [LimitSet(validFrom: 0, try XTCEText.load($0))] } ?? []
    let plan = try AlarmPlan(slots, of: database, sets: sets)
    return (slots.indices.filter(plan.isMonitored).map { slots[$0].name }, plan.notices.map(\.message))
  }

  private static let watched =
    "<IntegerParameterType name=\"w\" signed=\"false\"><IntegerDataEncoding sizeInBits=\"8\"/><DefaultAlarm>"
    + "<StaticAlarmRanges><WarningRange maxInclusive=\"5\"/></StaticAlarmRanges></DefaultAlarm></IntegerParameterType>"

  private static func aggregate(_ name: String, _ members: String...) -> String {
    let list = members.map { "<Member name=\"\($0)\" typeRef=\"\($0 == "x" ? "w" : "u8")\"/>" }.joined()
    return "<AggregateParameterType name=\"\(name)\"><MemberList>\(list)</MemberList></AggregateParameterType>"
  }

  private static func dimension(_ last: Int) -> String {
    "<Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex><FixedValue>\(last)</FixedValue>"
      + "</EndingIndex></Dimension>"
  }

  @Test("names with dots and brackets in them have their alarms", arguments: ["A.B", "A[1]", "A.x[", "AB"])
  func findsNamesWithSeparators(name: String) throws {
    let found = try Self.monitored(
      XTCEText.database(
        types: Self.watched, parameters: XTCEText.parameter(name, "w"),
        containers: XTCEText.container("Packet", XTCEText.entry(name))))
    #expect(found.slots == ["/SAT/\(name)"])
  }

  @Test("so have those in space systems with dots in their names")
  func findsSystemsWithSeparators() throws {
    let found = try Self.monitored(
      XTCEText.database(
        types: Self.watched, parameters: XTCEText.parameter("A", "w"),
        containers: XTCEText.container("Packet", XTCEText.entry("A"))
      ).replacing("name=\"SAT\"", with: "name=\"SAT.1[b]\""))
    #expect(found.slots == ["/SAT.1[b]/A"])
  }

  @Test("a parameter `P.x` is not member x of parameter P, though both are written so")
  func tellsDotsApart() throws {
    // The member has an alarm, the parameter of that name has none: one of the two slots is watched.
    let found = try Self.monitored(
      XTCEText.database(
        types: Self.watched + XTCEText.unsigned("u8", 8) + Self.aggregate("a", "x", "y"),
        parameters: XTCEText.parameter("P", "a") + XTCEText.parameter("P.x", "u8"),
        containers: XTCEText.container("Packet", XTCEText.entry("P.x") + XTCEText.entry("P"))))
    #expect(found.slots == ["/SAT/P.x"])
  }

  @Test("the elements of arrays have alarms, whatever the dimensions", arguments: 1...3)
  func findsElements(dimensionCount: Int) throws {
    let dimensions = (1...dimensionCount).map(Self.dimension).joined()
    let found = try Self.monitored(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + Self.watched + Self.aggregate("a", "x", "y")
          + "<ArrayParameterType name=\"r\" arrayTypeRef=\"w\"><DimensionList>\(dimensions)</DimensionList>"
          + "</ArrayParameterType><ArrayParameterType name=\"s\" arrayTypeRef=\"a\"><DimensionList>\(dimensions)"
          + "</DimensionList></ArrayParameterType>",
        parameters: XTCEText.parameter("R", "r") + XTCEText.parameter("S", "s"),
        containers: XTCEText.container("Packet", XTCEText.entry("R") + XTCEText.entry("S"))))
    let brackets = String(repeating: "[]", count: dimensionCount)
    #expect(found.slots == ["/SAT/R\(brackets)", "/SAT/S\(brackets).x"])
  }

  @Test("members are found by their names, where another set of limits has them in another order")
  func findsMembersByName() throws {
    let database = { (members: [String], isWatched: Bool) in
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + (isWatched ? Self.watched : XTCEText.unsigned("w", 8))
          + (members == ["x", "y"] ? Self.aggregate("a", "x", "y") : Self.aggregate("a", "y", "x")),
        parameters: XTCEText.parameter("P", "a"), containers: XTCEText.container("Packet", XTCEText.entry("P")))
    }
    let found = try Self.monitored(database(["x", "y"], false), limits: database(["y", "x"], true))
    #expect(found.slots == ["/SAT/P.x"])
  }

  @Test("conditions find names with dots and elements of two dimensions")
  func findsInConditions() throws {
    let alarm =
      "<IntegerParameterType name=\"c\" signed=\"false\"><IntegerDataEncoding sizeInBits=\"8\"/><DefaultAlarm>"
      + "<AlarmConditions><WarningAlarm><ComparisonList><Comparison parameterRef=\"A.B\" value=\"1\"/>"
      + "<Comparison parameterRef=\"R[1][0]\" value=\"1\"/></ComparisonList></WarningAlarm></AlarmConditions>"
      + "</DefaultAlarm></IntegerParameterType>"
    let found = try Self.monitored(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + alarm
          + "<ArrayParameterType name=\"r\" arrayTypeRef=\"u8\"><DimensionList>\(Self.dimension(1))\(Self.dimension(2))"
          + "</DimensionList></ArrayParameterType>",
        parameters: XTCEText.parameter("A.B", "u8") + XTCEText.parameter("R", "r") + XTCEText.parameter("C", "c"),
        containers: XTCEText.container(
          "Packet", XTCEText.entry("A.B") + XTCEText.entry("R") + XTCEText.entry("C"))))
    #expect(found.slots == ["/SAT/C"])
    // Nothing that no packet has.
    #expect(found.notices.isEmpty)
  }
}
