import MissionDatabase
import Testing

@Suite("Alarms of an XTCE database")
struct AlarmReadingTests {
  private static func database(_ kind: String, _ text: String) -> String {
    let middle =
      switch kind {
      case "Enumerated":
        "<IntegerDataEncoding/><EnumerationList><Enumeration value=\"0\" label=\"OFF\"/>"
          + "<Enumeration value=\"1\" label=\"ON\"/></EnumerationList>"
      case "String":
        "<StringDataEncoding><SizeInBits><Fixed><FixedValue>8</FixedValue></Fixed></SizeInBits></StringDataEncoding>"
      case "RelativeTime", "AbsoluteTime": "<Encoding><IntegerDataEncoding/></Encoding>"
      default: "<IntegerDataEncoding/>"
      }
    return XTCEText.database(
      types: XTCEText.unsigned("u8", 8) + "<\(kind)ParameterType name=\"t\">\(middle)\(text)</\(kind)ParameterType>",
      parameters: XTCEText.parameter("n", "u8") + XTCEText.parameter("p", "t"))
  }

  private func alarms(_ kind: String, _ text: String) throws -> AlarmRules {
    try #require(try XTCEText.load(Self.database(kind, text)).type(of: "/SAT/p")?.alarms)
  }

  @Test("ranges are those of good values, their inclusive limits with them")
  func readsRanges() throws {
    let alarms = try alarms(
      "Float",
      "<DefaultAlarm minViolations=\"3\"><StaticAlarmRanges><WarningRange minInclusive=\"26\" maxExclusive=\"34\"/>"
        + "<CriticalRange minInclusive=\"24\"/></StaticAlarmRanges></DefaultAlarm>")
    let rule = try #require(alarms.standard)
    #expect(
      rule.tests == [
        .outside(ValueRange(minimum: 26, maximum: 34, includesMaximum: false), .warning),
        .outside(ValueRange(minimum: 24), .critical),
      ])
    // Conformance is as violations where it is not written.
    #expect((rule.minimumViolations, rule.minimumConformance) == (3, 3))
    #expect(!rule.isDisabled)
  }

  @Test("ranges may be those of bad values, and of any number")
  func readsInsideAndMultiple() throws {
    let alarms = try alarms(
      "Integer",
      "<DefaultAlarm minConformance=\"2\"><StaticAlarmRanges rangeForm=\"inside\"><SevereRange minInclusive=\"1\""
        + " maxInclusive=\"2\"/></StaticAlarmRanges><AlarmMultiRanges><Range level=\"watch\" rangeForm=\"inside\""
        + " minInclusive=\"5\"/><Range level=\"distress\" maxInclusive=\"90\"/></AlarmMultiRanges></DefaultAlarm>")
    #expect(
      alarms.standard?.tests == [
        .inside(ValueRange(minimum: 1, maximum: 2), .severe), .inside(ValueRange(minimum: 5), .watch),
        .outside(ValueRange(maximum: 90), .distress),
      ])
    #expect(alarms.standard?.minimumConformance == 2)
  }

  @Test("changes are by the second unless they say otherwise")
  func readsChanges() throws {
    let change = { (attributes: String) in
      try self.alarms(
        "Float",
        "<DefaultAlarm><ChangeAlarmRanges \(attributes)><WarningRange maxInclusive=\"5\"/></ChangeAlarmRanges>"
          + "</DefaultAlarm>"
      ).standard?.tests
    }
    let range = ValueRange(maximum: 5)
    #expect(try change("") == [.change(ChangeRange(range: range, isPerSecond: true, isPercentage: false), .warning)])
    #expect(
      try change("changeType=\"changePerSample\" changeBasis=\"percentageChange\"")
        == [.change(ChangeRange(range: range, isPerSecond: false, isPercentage: true), .warning)])
    // It says nothing else: a change is from one value to the next.
    #expect(
      try change("spanOfInterestInSeconds=\"1\" spanOfInterestInSamples=\"1\"")
        == [.change(ChangeRange(range: range, isPerSecond: true, isPercentage: false), .warning)])
  }

  @Test("a change has no sign: from -5 to 5 is up to 5, and any other range that begins below zero is refused")
  func readsChangesWithoutSign() throws {
    let text = { (range: String) in
      "<DefaultAlarm><ChangeAlarmRanges><WarningRange \(range)/></ChangeAlarmRanges></DefaultAlarm>"
    }
    let test = { (range: ValueRange) in
      [AlarmRule.Test.change(ChangeRange(range: range, isPerSecond: true, isPercentage: false), .warning)]
    }
    let bounds = { (least: String, most: String) in text("min\(least) max\(most)") }
    #expect(
      try alarms("Float", bounds("Inclusive=\"-5\"", "Inclusive=\"5\"")).standard?.tests == test(ValueRange(maximum: 5))
    )
    #expect(
      try alarms("Float", bounds("Inclusive=\"2\"", "Inclusive=\"5\"")).standard?.tests
        == test(ValueRange(minimum: 2, maximum: 5)))
    for refused in [
      bounds("Inclusive=\"-3\"", "Inclusive=\"5\""), bounds("Exclusive=\"-5\"", "Inclusive=\"5\""),
      text("minInclusive=\"-5\""),
    ] {
      let problems = XTCEText.problems(Self.database("Float", refused))
      #expect(problems.count == 1)
      #expect(problems.first?.contains("a change is compared without its sign") == true)
    }
  }

  @Test("labels, texts and conditions have levels, and so has what none of them names")
  func readsOthers() throws {
    #expect(
      try alarms(
        "Enumerated",
        "<DefaultAlarm defaultAlarmLevel=\"watch\"><EnumerationAlarmList><EnumerationAlarm enumerationLabel=\"OFF\""
          + " alarmLevel=\"critical\"/><EnumerationAlarm enumerationValue=\"ON\" alarmLevel=\"normal\"/>"
          + "</EnumerationAlarmList></DefaultAlarm>"
      ).standard?.tests == [.label("OFF", .critical), .label("ON", .normal), .otherLabel(.watch)])
    #expect(
      try alarms(
        "String",
        "<DefaultAlarm defaultAlarmLevel=\"warning\"><StringAlarmList><StringAlarm matchPattern=\"E.*\""
          + " alarmLevel=\"severe\"/></StringAlarmList></DefaultAlarm>"
      ).standard?.tests == [.pattern("E.*", .severe), .otherText(.warning)])
    let n = ParameterReference(ParameterIndex(0))
    #expect(
      try alarms(
        "Integer",
        "<DefaultAlarm><AlarmConditions><DistressAlarm><Comparison parameterRef=\"n\" value=\"1\"/></DistressAlarm>"
          + "</AlarmConditions></DefaultAlarm>"
      ).standard?.tests == [
        .condition(.comparison(Comparison(n, usesCalibrated: true, .isEqual, .integer(1))), .distress)
      ])
  }

  @Test("the ranges of a duration are in seconds, whatever unit is written")
  func readsDurations() throws {
    #expect(
      try alarms(
        "RelativeTime",
        "<DefaultAlarm><StaticAlarmRanges timeUnits=\"days\"><WarningRange maxInclusive=\"2\"/></StaticAlarmRanges>"
          + "</DefaultAlarm>"
      ).standard?.tests == [.outside(ValueRange(maximum: 172_800), .warning)])
  }

  @Test("contexts come in their order; one may switch the alarm off")
  func readsContexts() throws {
    let alarms = try alarms(
      "Integer",
      "<ContextAlarmList><ContextAlarm disabled=\"true\"><ContextMatch><Comparison parameterRef=\"n\" value=\"1\"/>"
        + "</ContextMatch></ContextAlarm><ContextAlarm><StaticAlarmRanges><WatchRange maxInclusive=\"3\"/>"
        + "</StaticAlarmRanges><ContextMatch><Comparison parameterRef=\"n\" value=\"2\"/></ContextMatch></ContextAlarm>"
        + "</ContextAlarmList>")
    #expect(alarms.standard == nil)
    #expect(alarms.contexts.map(\.rule.isDisabled) == [true, false])
    #expect(alarms.contexts.map(\.rule.tests) == [[], [.outside(ValueRange(maximum: 3), .watch)]])
  }

  @Test("an alarm that is an algorithm is told of, and is no reason to refuse the database")
  func warnsOfAlgorithms() throws {
    let database = try XTCEText.load(
      Self.database("Integer", "<DefaultAlarm><CustomAlarm><InputAlgorithm name=\"x\"/></CustomAlarm></DefaultAlarm>"))
    #expect(database.notices.map(\.severity) == [.warning])
    #expect(database.notices.first?.message.contains("never raised") == true)
  }

  @Test(
    "what could never be what was meant is refused",
    arguments: [
      ("Float", "<DefaultAlarm minViolations=\"0\"/>", "`minViolations` is 0"),
      (
        "Float",
        "<DefaultAlarm><StaticAlarmRanges><WarningRange minInclusive=\"3\" maxInclusive=\"2\"/>"
          + "</StaticAlarmRanges></DefaultAlarm>", "greater than its maximum"
      ),
      (
        "Float",
        "<DefaultAlarm><StaticAlarmRanges><WarningRange minInclusive=\"3\" minExclusive=\"2\"/>"
          + "</StaticAlarmRanges></DefaultAlarm>", "an inclusive and an exclusive minimum"
      ),
      ("Float", "<DefaultAlarm><StaticAlarmRanges rangeForm=\"around\"/></DefaultAlarm>", "\"around\""),
      (
        "Float", "<DefaultAlarm><ChangeAlarmRanges spanOfInterestInSamples=\"4\"/></DefaultAlarm>",
        "`spanOfInterestInSamples` is 4"
      ),
      ("Float", "<DefaultAlarm><ChangeAlarmRanges changeType=\"changePerSampel\"/></DefaultAlarm>", "changePerSampel"),
      ("Float", "<DefaultAlarm><ChangeAlarmRanges changeBasis=\"percentChange\"/></DefaultAlarm>", "percentChange"),
      (
        "Float", "<DefaultAlarm><ChangeAlarmRanges spanOfInterestInSeconds=\"10\"/></DefaultAlarm>",
        "`spanOfInterestInSeconds` is 10"
      ),
      ("Enumerated", "<DefaultAlarm><StaticAlarmRanges/></DefaultAlarm>", "labels and not numbers"),
      ("Boolean", "<DefaultAlarm><AlarmMultiRanges/></DefaultAlarm>", "labels and not numbers"),
      ("String", "<DefaultAlarm><StaticAlarmRanges/></DefaultAlarm>", "not numbers"),
      ("AbsoluteTime", "<DefaultAlarm><StaticAlarmRanges/></DefaultAlarm>", "a range of dates is not supported"),
      ("String", "<DefaultAlarm><ChangeAlarmRanges/></DefaultAlarm>", "not numbers"),
      ("Integer", "<DefaultAlarm><StringAlarmList/></DefaultAlarm>", "not texts"),
      ("Integer", "<DefaultAlarm defaultAlarmLevel=\"watch\"/>", "for labels and texts"),
      (
        "Enumerated",
        "<DefaultAlarm><EnumerationAlarmList><EnumerationAlarm enumerationLabel=\"AJAR\""
          + " alarmLevel=\"watch\"/></EnumerationAlarmList></DefaultAlarm>", "\"AJAR\""
      ),
      (
        "Enumerated",
        "<DefaultAlarm><EnumerationAlarmList><EnumerationAlarm enumerationLabel=\"ON\""
          + " alarmLevel=\"awful\"/></EnumerationAlarmList></DefaultAlarm>", "not a level"
      ),
      ("Float", "<ContextAlarmList><ContextAlarm/></ContextAlarmList>", "no <ContextMatch>"),
      (
        "String",
        "<DefaultAlarm><StringAlarmList><StringAlarm matchPattern=\"(?=a)b\" alarmLevel=\"watch\"/></StringAlarmList>"
          + "</DefaultAlarm>", "<StringAlarm>: the pattern \"(?=a)b\" cannot be used"
      ),
    ])
  func refuses(kind: String, text: String, reason: String) throws {
    let problems = XTCEText.problems(Self.database(kind, text))
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(reason))
  }
}
