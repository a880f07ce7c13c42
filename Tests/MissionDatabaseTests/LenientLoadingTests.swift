import MissionDatabase
import Testing

@Suite("Databases that are read as far as they are good")
struct LenientLoadingTests {
  private static let text = XTCEText.database(
    types: XTCEText.unsigned("good", 8)
      + "<FloatParameterType name=\"bad\"><FloatDataEncoding encoding=\"DEC\"/></FloatParameterType>"
      + "<FloatParameterType name=\"derived\" baseType=\"bad\"/>"
      + "<AggregateParameterType name=\"both\"><MemberList><Member name=\"x\" typeRef=\"good\"/>"
      + "<Member name=\"y\" typeRef=\"derived\"/></MemberList></AggregateParameterType>"
      + "<FloatParameterType name=\"context\"><IntegerDataEncoding><ContextCalibratorList><ContextCalibrator>"
      + "<ContextMatch><Comparison parameterRef=\"B\" value=\"1\"/></ContextMatch><Calibrator><PolynomialCalibrator>"
      + "<Term exponent=\"0\" coefficient=\"1\"/></PolynomialCalibrator></Calibrator></ContextCalibrator>"
      + "</ContextCalibratorList></IntegerDataEncoding></FloatParameterType>" + XTCEText.unsigned("last", 16),
    parameters: [("A", "good"), ("B", "bad"), ("D", "both"), ("E", "context"), ("F", "last")].map {
      XTCEText.parameter($0, $1)
    }.joined(),
    containers: XTCEText.container("Header", XTCEText.entry("A"))
      + XTCEText.container(
        "Good", XTCEText.entry("F"),
        "<BaseContainer containerRef=\"Header\"><RestrictionCriteria>"
          + "<Comparison parameterRef=\"A\" value=\"1\"/></RestrictionCriteria></BaseContainer>")
      + XTCEText.container("Direct", XTCEText.entry("B"))
      + XTCEText.container("ByMember", XTCEText.entry("D"))
      + XTCEText.container("ByContext", XTCEText.entry("E"))
      + XTCEText.container(
        "ByCondition", XTCEText.entry("A"),
        "<BaseContainer containerRef=\"Header\"><RestrictionCriteria>"
          + "<Comparison parameterRef=\"B\" value=\"1\"/></RestrictionCriteria></BaseContainer>")
      + XTCEText.container("Child", XTCEText.entry("F"), "<BaseContainer containerRef=\"ByCondition\"/>")
      + XTCEText.container("Including", "<ContainerRefEntry containerRef=\"Direct\"/>"))

  @Test("strictly there is one error, at what is wrong")
  func refuses() {
    #expect(XTCEText.problems(Self.text).count == 1)
    #expect(XTCEText.problems(Self.text).first?.contains("numbers of DEC are not supported") == true)
  }

  @Test("leniently all that needs it is left out, and all else is as if it had never been there")
  func leavesOut() throws {
    let database = try XTCEText.load(Self.text, isLenient: true)
    #expect(database.types.map(\.path) == ["/SAT/good", "/SAT/last"])
    #expect(database.parameters.map(\.path) == ["/SAT/A", "/SAT/F"])
    #expect(database.containers.map(\.path) == ["/SAT/Header", "/SAT/Good"])
    // Places are those among what is left.
    #expect(database.parameters.map(\.type) == [TypeIndex(0), TypeIndex(1)])
    #expect(database.containers[1].entries.map(\.content) == [.parameter(ParameterIndex(1))])
    #expect(database.containers[1].base?.container == ContainerIndex(0))
  }

  @Test("what is left out is told, with what it needs")
  func tells() throws {
    let notices = try XTCEText.load(Self.text, isLenient: true).notices
    #expect(notices.filter { $0.severity == .error }.map(\.element) == ["FloatDataEncoding"])
    #expect(
      notices.filter { $0.severity == .warning }.map(\.message) == [
        "container `/SAT/Direct` is left out: it needs type `/SAT/bad`",
        "container `/SAT/ByMember` is left out: it needs type `/SAT/bad`",
        "container `/SAT/ByContext` is left out: it needs type `/SAT/bad`",
        "container `/SAT/ByCondition` is left out: it needs type `/SAT/bad`",
        "container `/SAT/Child` is left out: it needs type `/SAT/bad`",
        "container `/SAT/Including` is left out: it needs type `/SAT/bad`",
      ])
  }

  @Test("of two things with one name neither is taken")
  func leavesOutDuplicates() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u", 8),
        parameters: XTCEText.parameter("p", "u") + XTCEText.parameter("p", "u") + XTCEText.parameter("q", "u"),
        containers: XTCEText.container("c", XTCEText.entry("p")) + XTCEText.container("d", XTCEText.entry("q"))),
      isLenient: true)
    #expect(database.parameters.map(\.path) == ["/SAT/q"])
    #expect(database.containers.map(\.path) == ["/SAT/d"])
  }

  @Test("what is in a circle is left out")
  func leavesOutCircles() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        containers: XTCEText.container("a", "", "<BaseContainer containerRef=\"b\"/>")
          + XTCEText.container("b", "", "<BaseContainer containerRef=\"a\"/>") + XTCEText.container("c", "")
          + XTCEText.container("d", "", "<BaseContainer containerRef=\"a\"/>")),
      isLenient: true)
    #expect(database.containers.map(\.path) == ["/SAT/c"])
  }

  @Test("a pattern that cannot be used leaves out what needs it, and no more")
  func leavesOutPatterns() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u", 8)
          + "<StringParameterType name=\"s\"><StringDataEncoding><SizeInBits><Fixed><FixedValue>8</FixedValue></Fixed>"
          + "</SizeInBits></StringDataEncoding><DefaultAlarm><StringAlarmList><StringAlarm alarmLevel=\"watch\""
          + " matchPattern=\"(a)\\1\"/></StringAlarmList></DefaultAlarm></StringParameterType>",
        parameters: XTCEText.parameter("p", "u") + XTCEText.parameter("q", "s"),
        containers: XTCEText.container("c", XTCEText.entry("p")) + XTCEText.container("d", XTCEText.entry("q"))),
      isLenient: true)
    #expect(database.containers.map(\.path) == ["/SAT/c"])
  }

  @Test("what is no XML is refused leniently too")
  func refusesIllFormed() {
    #expect(throws: DatabaseErrors.self) { _ = try XTCEText.load("<SpaceSystem", isLenient: true) }
    #expect(throws: DatabaseErrors.self) { _ = try XTCEText.load("<html/>", isLenient: true) }
  }
}
