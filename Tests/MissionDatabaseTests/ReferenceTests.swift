import MissionDatabase
import Testing

@Suite("Names and what they mean")
struct ReferenceTests {
  /// `/SAT/A/B` refers to a parameter by a name; the same names stand at several levels.
  private func resolved(_ reference: String) throws -> String? {
    let text = """
      <SpaceSystem name="SAT"><TelemetryMetaData><ParameterTypeSet>\(XTCEText.unsigned("u8", 8))
      <AggregateParameterType name="g"><MemberList><Member name="m" typeRef="u8"/><Member name="v" typeRef="a"/>
      </MemberList></AggregateParameterType>
      <ArrayParameterType name="a" arrayTypeRef="u8"><DimensionList><Dimension><StartingIndex><FixedValue>0</FixedValue>
      </StartingIndex><EndingIndex><FixedValue>3</FixedValue></EndingIndex></Dimension></DimensionList>
      </ArrayParameterType></ParameterTypeSet><ParameterSet>
      \(["outer", "both", "G.m"].map { XTCEText.parameter($0, "u8") }.joined())
      \(XTCEText.parameter("G", "g"))\(XTCEText.parameter("R", "a"))</ParameterSet></TelemetryMetaData>
      <SpaceSystem name="A"><TelemetryMetaData><ParameterSet>\(XTCEText.parameter("both", "u8"))</ParameterSet>
      </TelemetryMetaData><SpaceSystem name="B"><TelemetryMetaData><ParameterSet>\(XTCEText.parameter("inner", "u8"))
      </ParameterSet><ContainerSet><SequenceContainer name="C"><EntryList/></SequenceContainer>
      <SequenceContainer name="D"><EntryList/><BaseContainer containerRef="C"><RestrictionCriteria>
      <Comparison parameterRef="\(reference)" value="1"/></RestrictionCriteria></BaseContainer></SequenceContainer>
      </ContainerSet></TelemetryMetaData></SpaceSystem></SpaceSystem></SpaceSystem>
      """
    let database = try XTCEText.load(text)
    let container = try #require(database.container("/SAT/A/B/D"))
    guard case .comparison(let comparison)? = container.base?.criterion else { return nil }
    let steps = comparison.parameter.steps.map { step in
      switch step {
      case .member(let index): ".\(index)"
      case .element(let index): "[\(index)]"
      }
    }
    return database.parameters[comparison.parameter.parameter.value].path + steps.joined()
  }

  @Test(
    "a name is looked up where it stands, then in each space system around it",
    arguments: [
      ("inner", "/SAT/A/B/inner"), ("both", "/SAT/A/both"), ("outer", "/SAT/outer"), ("./inner", "/SAT/A/B/inner"),
      ("../both", "/SAT/A/both"), ("../../both", "/SAT/both"), ("/SAT/both", "/SAT/both"),
      ("B/inner", "/SAT/A/B/inner"),
      ("A/both", "/SAT/A/both"), ("SAT/both", "/SAT/both"), ("/SAT/A/../both", "/SAT/both"),
      ("/SAT//A/both", "/SAT/A/both"),
    ])
  func findsNames(reference: String, path: String) throws {
    #expect(try resolved(reference) == path)
  }

  @Test(
    "members and elements are parts of a parameter; a parameter whose name looks like one comes first",
    arguments: [
      ("G/m", "/SAT/G.0"), ("G.m", "/SAT/G.m"), ("G.v[2]", "/SAT/G.1[2]"), ("G/v[0]", "/SAT/G.1[0]"),
      ("R[3]", "/SAT/R[3]"), ("/SAT/R[3]", "/SAT/R[3]"), ("../../G/m", "/SAT/G.0"),
    ])
  func findsParts(reference: String, path: String) throws {
    #expect(try resolved(reference) == path)
  }

  @Test(
    "a name that nothing has is refused",
    arguments: [
      "nothing", "../inner", "/inner", "G.x", "R[x]", "R[-1]", "R.m", "R[4]", "G.v[4]", "outer[0]", "../../../../both",
      "G/m/m", "",
    ])
  func refusesUnknown(reference: String) {
    #expect(throws: DatabaseErrors.self) { _ = try resolved(reference) }
  }

  @Test("an element that an array never has is refused in the condition of a calibrator too, wherever the array stands")
  func refusesElementsInTypes() {
    let dimension = { (last: Int) in
      "<Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex>"
        + "<FixedValue>\(last)</FixedValue>"
        + "</EndingIndex></Dimension>"
    }
    let problems = { (reference: String) in
      XTCEText.problems(
        XTCEText.database(
          types: "<FloatParameterType name=\"c\"><IntegerDataEncoding><ContextCalibratorList><ContextCalibrator>"
            + "<ContextMatch><Comparison parameterRef=\"\(reference)\" value=\"1\"/></ContextMatch><Calibrator>"
            + "<PolynomialCalibrator><Term exponent=\"0\" coefficient=\"1\"/></PolynomialCalibrator></Calibrator>"
            + "</ContextCalibrator></ContextCalibratorList></IntegerDataEncoding></FloatParameterType>"
            + XTCEText.unsigned("u8", 8)
            + "<ArrayParameterType name=\"r\" arrayTypeRef=\"u8\"><DimensionList>\(dimension(1))\(dimension(2))"
            + "</DimensionList></ArrayParameterType>",
          parameters: XTCEText.parameter("C", "c") + XTCEText.parameter("R", "r")))
    }
    #expect(problems("R[1][2]") == [])
    #expect(problems("R[2][2]").map { $0.contains("no element [2]: the array has 2") } == [true])
    #expect(problems("R[1][3]").map { $0.contains("no element [3]: the array has 3") } == [true])
  }

  @Test("of an aggregate with many members each is found by its name, and another is not", arguments: [16, 17, 40])
  func findsMemberOfMany(count: Int) throws {
    func database(_ member: String) -> String {
      let members = (0..<count).map { "<Member name=\"m\($0)\" typeRef=\"u8\"/>" }.joined()
      let condition =
        "<IncludeCondition><Comparison parameterRef=\"G.\(member)\" value=\"1\"/></IncludeCondition>"
      return XTCEText.database(
        types: XTCEText.unsigned("u8", 8)
          + "<AggregateParameterType name=\"g\"><MemberList>\(members)</MemberList></AggregateParameterType>",
        parameters: XTCEText.parameter("G", "g") + XTCEText.parameter("P", "u8"),
        containers: XTCEText.container("C", XTCEText.entry("G") + XTCEText.entry("P", condition)))
    }
    for member in [0, count - 1] {
      let found = try XTCEText.load(database("m\(member)")).containers[0].entries[1].condition
      guard case .comparison(let comparison) = found else {
        Issue.record("\(String(describing: found))")
        return
      }
      #expect(comparison.parameter.steps == [.member(member)])
    }
    #expect(XTCEText.problems(database("m\(count)")).first?.contains("there is no parameter `G.m\(count)`") == true)
  }

  @Test("parameters with parts have no value to compare", arguments: ["G", "R", "G.v"])
  func refusesWholes(reference: String) {
    #expect(throws: DatabaseErrors.self) { _ = try resolved(reference) }
  }

  @Test("a file for each outermost space system: each names what is in the other")
  func joinsFiles() throws {
    let types = """
      <SpaceSystem name="dt"><TelemetryMetaData><ParameterTypeSet>\(XTCEText.unsigned("u8", 8))</ParameterTypeSet>
      </TelemetryMetaData></SpaceSystem>
      """
    let parameters = """
      <SpaceSystem name="SAT"><TelemetryMetaData><ParameterSet><Parameter name="p" parameterTypeRef="/dt/u8"/>
      </ParameterSet></TelemetryMetaData></SpaceSystem>
      """
    let database = try MissionDatabase.load([("sat.xml", Array(parameters.utf8)), ("dt.xml", Array(types.utf8))])
    #expect(database.name == "SAT")
    #expect(database.spaceSystems.map(\.path) == ["/SAT", "/dt"])
    #expect(database.type(of: "/SAT/p")?.path == "/dt/u8")
    #expect(
      XTCEText.problems(parameters) == [
        """
        test.xml:1:58: error: <Parameter>: there is no type `/dt/u8`
        hint: give the file of space system `/dt` too

        """
      ])
  }

  @Test("a parameter of another space system may have its name here too")
  func borrowsParameters() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8), parameters: "<ParameterRef parameterRef=\"Sub/p\"/>",
        containers: XTCEText.container("C", XTCEText.entry("p")),
        rest:
          "<SpaceSystem name=\"Sub\"><TelemetryMetaData><ParameterSet>\(XTCEText.parameter("p", "u8"))</ParameterSet>"
          + "</TelemetryMetaData></SpaceSystem>"))
    #expect(database.parameters.map(\.path) == ["/SAT/Sub/p"])
    #expect(database.container("/SAT/C")?.entries.map(\.content) == [.parameter(ParameterIndex(0))])
  }

  @Test("aliases are kept with their namespaces, descriptions in one line")
  func readsDescriptions() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8),
        parameters: """
          <Parameter name="a" parameterTypeRef="u8" shortDescription="Short."><LongDescription>Long.</LongDescription>
          <AliasSet><Alias nameSpace="ID" alias="100345"/><Alias nameSpace="FSW" alias="bus.v"/></AliasSet></Parameter>
          <Parameter name="b" parameterTypeRef="u8"><LongDescription>
            Over two
            lines.</LongDescription></Parameter>
          """))
    #expect(database.parameters.map(\.summary) == ["Short.", "Over two lines."])
    #expect(database.parameters.map(\.aliases) == [["ID:100345", "FSW:bus.v"], []])
    #expect(database.parameters.map(\.name) == ["a", "b"])
  }
}
