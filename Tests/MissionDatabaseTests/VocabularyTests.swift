import MissionDatabase
import Testing

@Suite("Words that XTCE does not have")
struct VocabularyTests {
  private func problems(_ text: String, isLenient: Bool = false) throws -> [String] {
    let text = XTCEText.database(types: text, parameters: XTCEText.parameter("p", "t"))
    do throws(DatabaseErrors) {
      return try XTCEText.load(text).notices.map(\.rendered)
    } catch { return error.problems.map(\.rendered) }
  }

  @Test(
    "one that is nearly right is refused: it would be passed over, and bits would move",
    arguments: [
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBit=\"16\"/></IntegerParameterType>",
        "`sizeInBits`"
      ),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeinbits=\"16\"/></IntegerParameterType>",
        "`sizeInBits`"
      ),
      ("<IntegerParameterType name=\"t\"><IntegerDataEncodng/></IntegerParameterType>", "`IntegerDataEncoding`"),
      ("<IntegerParameterType name=\"t\" basetype=\"u\"/>", "`baseType`"),
    ])
  func refusesNearlyRight(text: String, hint: String) throws {
    let problems = try problems(text)
    #expect(problems.count == 1)
    #expect(try #require(problems.first).hasSuffix("hint: is \(hint) meant?\n"))
  }

  @Test(
    "one that is like no other is passed over, and told",
    arguments: [
      "<IntegerParameterType name=\"t\" vendor=\"x\"><IntegerDataEncoding/></IntegerParameterType>",
      "<IntegerParameterType name=\"t\"><Colour/><IntegerDataEncoding/></IntegerParameterType>",
    ])
  func warnsOfOthers(text: String) throws {
    let problems = try problems(text)
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(": warning: "))
  }

  @Test(
    "a set whose name is nearly right is refused: all that is in it would be lost",
    arguments: [
      ("<TelemetryMetaData><Containerset/></TelemetryMetaData>", "`ContainerSet`"),
      ("<TelemetryMetaData><ParameterTypset/></TelemetryMetaData>", "`ParameterTypeSet`"),
      ("<TelemetryMetadata/>", "`TelemetryMetaData`"), ("<Spacesystem name=\"x\"/>", "`SpaceSystem`"),
      ("<TelemetryMetaData><ParameterSet><Parametr/></ParameterSet></TelemetryMetaData>", "`Parameter`"),
      (
        "<TelemetryMetaData><ContainerSet><SequenceContainers/></ContainerSet></TelemetryMetaData>",
        "`SequenceContainer`"
      ),
      (
        "<TelemetryMetaData><ParameterTypeSet><IntegerParametertype/></ParameterTypeSet></TelemetryMetaData>",
        "`IntegerParameterType`"
      ),
    ])
  func refusesNearlyRightSets(text: String, hint: String) throws {
    let problems = XTCEText.problems("<SpaceSystem name=\"S\">\(text)</SpaceSystem>")
    #expect(problems.count == 1)
    #expect(try #require(problems.first).hasSuffix("hint: is \(hint) meant?\n"))
  }

  @Test("other sets are told, a row of them once, and a file that should be included is refused")
  func tellsOtherSets() throws {
    let notices = try XTCEText.load(
      "<SpaceSystem name=\"S\"><Extras/><Extras/><TelemetryMetaData><Others/></TelemetryMetaData></SpaceSystem>"
    ).notices
    #expect(
      notices.map(\.message) == [
        "XTCE has no element <Extras> in <SpaceSystem>: it is passed over",
        "XTCE has no element <Others> in <TelemetryMetaData>: it is passed over",
      ])
    let problems = XTCEText.problems("<SpaceSystem name=\"S\"><xi:include href=\"b.xml\"/></SpaceSystem>")
    #expect(problems.map { $0.contains("files are not included by others") } == [true])
  }

  @Test("leniently what else there is stays")
  func keepsTheRest() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u", 8), parameters: XTCEText.parameter("p", "u"), rest: "<TelemetryMetadata/>"),
      isLenient: true)
    #expect(database.parameters.count == 1)
    #expect(database.notices.map(\.severity) == [.error])
  }

  @Test("nothing is said of commands, of other data and of attributes with a prefix")
  func leavesAlone() throws {
    let text = """
      <SpaceSystem name="S" xmlns:v="urn:v" v:x="1" xml:base=""><Header who="me"/><TelemetryMetaData><ParameterSet/>
      <StreamSet><Anything/></StreamSet></TelemetryMetaData><CommandMetaData>
      <MetaCommandSet><Whatever/></MetaCommandSet>
      </CommandMetaData></SpaceSystem>
      """
    #expect(try XTCEText.load(text).notices == [])
  }
}
