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
