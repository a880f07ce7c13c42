import MissionDatabase
import Testing

@Suite("Containers of an XTCE database")
struct ContainerReadingTests {
  private static let types =
    XTCEText.unsigned("u8", 8) + """
      <ArrayParameterType name="a" arrayTypeRef="u8"><DimensionList><Dimension>
      <StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex><FixedValue>3</FixedValue></EndingIndex>
      </Dimension></DimensionList></ArrayParameterType>
      <ArrayParameterType name="old" arrayTypeRef="u8" numberOfDimensions="1"/><IntegerParameterType name="local"/>
      """
  private static let parameters = [("p", "u8"), ("n", "u8"), ("r", "a"), ("q", "old"), ("l", "local")].map {
    XTCEText.parameter($0, $1)
  }.joined()

  private static func database(_ entries: String, _ rest: String = "") -> String {
    XTCEText.database(
      types: types, parameters: parameters,
      containers: XTCEText.container("C", entries, rest)
        + XTCEText.container("Inner", XTCEText.entry("n")))
  }

  private func entries(_ text: String) throws -> [Entry] {
    try #require(try XTCEText.load(Self.database(text)).container("/SAT/C")).entries
  }

  private let n = ParameterReference(ParameterIndex(1))

  @Test(
    "an entry begins behind the one before it, or where it says",
    arguments: [
      ("", .behindPrevious(.fixed(0))),
      (
        "<LocationInContainerInBits><FixedValue>-8</FixedValue></LocationInContainerInBits>",
        .behindPrevious(.fixed(-8))
      ),
      (
        "<LocationInContainerInBits referenceLocation=\"containerStart\"><FixedValue>96</FixedValue>"
          + "</LocationInContainerInBits>", .fromStart(.fixed(96))
      ),
      (
        "<LocationInContainerInBits referenceLocation=\"containerEnd\"><FixedValue>16</FixedValue>"
          + "</LocationInContainerInBits>", .beforeEnd(.fixed(16))
      ),
      (
        "<LocationInContainerInBits referenceLocation=\"nextEntry\"><FixedValue>4</FixedValue>"
          + "</LocationInContainerInBits>", .beforeNext(.fixed(4))
      ),
      (
        "<LocationInContainerInBits referenceLocation=\"previousEntry\"><DynamicValue>"
          + "<ParameterInstanceRef parameterRef=\"n\"/><LinearAdjustment slope=\"8\"/></DynamicValue>"
          + "</LocationInContainerInBits>",
        .behindPrevious(
          .dynamic(ParameterReference(ParameterIndex(1)), slope: 8, intercept: 0, usesCalibrated: true))
      ),
    ] as [(String, Entry.Location)])
  func readsLocations(text: String, location: Entry.Location) throws {
    let entries = try entries(XTCEText.entry("p", text))
    #expect(entries.map(\.location) == [location])
    #expect(entries.map(\.content) == [.parameter(ParameterIndex(0))])
  }

  @Test("an entry may come under a condition, and several times")
  func readsConditionsAndRepetitions() throws {
    let entries = try entries(
      XTCEText.entry("p", "<IncludeCondition><Comparison parameterRef=\"n\" value=\"1\"/></IncludeCondition>")
        + "<ContainerRefEntry containerRef=\"Inner\"><RepeatEntry><Count><DynamicValue>"
        + "<ParameterInstanceRef parameterRef=\"n\"/></DynamicValue></Count><Offset><FixedValue>8</FixedValue></Offset>"
        + "</RepeatEntry></ContainerRefEntry>"
        + XTCEText.entry("p", "<RepeatEntry><Count><FixedValue>3</FixedValue></Count></RepeatEntry>"))
    #expect(entries[0].condition == .comparison(Comparison(n, usesCalibrated: true, .isEqual, .integer(1))))
    #expect(entries[1].content == .container(ContainerIndex(1)))
    #expect(
      entries[1].repetition
        == Repetition(count: .dynamic(n, slope: 1, intercept: 0, usesCalibrated: true), offset: .fixed(8)))
    #expect(entries[2].repetition == Repetition(count: .fixed(3)))
  }

  @Test("an array may be a part of itself, as XTCE 1.1 wants it; another entry names its parameter by a value")
  func readsOtherEntries() throws {
    let dimensions =
      "<DimensionList><Dimension><StartingIndex><FixedValue>1</FixedValue></StartingIndex>"
      + "<EndingIndex><FixedValue>2</FixedValue></EndingIndex></Dimension></DimensionList>"
    let entries = try entries(
      "<ArrayParameterRefEntry parameterRef=\"r\">\(dimensions)</ArrayParameterRefEntry>"
        + "<ArrayParameterRefEntry parameterRef=\"q\">\(dimensions)</ArrayParameterRefEntry>"
        + "<ArrayParameterRefEntry parameterRef=\"r\"/>"
        + "<IndirectParameterRefEntry aliasNameSpace=\"ID\"><ParameterInstance parameterRef=\"n\"/>"
        + "</IndirectParameterRefEntry>")
    let part = [ArrayDimension(startingIndex: .fixed(1), endingIndex: .fixed(2))]
    #expect(
      entries.map(\.content) == [
        .array(ParameterIndex(2), dimensions: part), .array(ParameterIndex(3), dimensions: part),
        .parameter(ParameterIndex(2)), .indirect(n, aliasNamespace: "ID"),
      ])
  }

  @Test("a container extends another under a condition or always, and may be no packet by itself")
  func readsInheritance() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: Self.types, parameters: Self.parameters,
        containers: XTCEText.container(
          "B", "",
          "<BaseContainer containerRef=\"A\"><RestrictionCriteria><Comparison parameterRef=\"n\" value=\"2\"/>"
            + "</RestrictionCriteria></BaseContainer>")
          + XTCEText.container("D", "", "<BaseContainer containerRef=\"B\"/>")
          + "<SequenceContainer name=\"A\" abstract=\"true\" shortDescription=\"Header\"><EntryList/>"
          + "</SequenceContainer>"
      ))
    #expect(database.containers.map(\.path) == ["/SAT/B", "/SAT/D", "/SAT/A"])
    #expect(database.containers.map(\.isAbstract) == [false, false, true])
    #expect(database.containers.map { $0.base?.container.value } == [2, 0, nil])
    #expect(database.containers[2].summary == "Header")
    #expect(
      database.containers[0].base?.criterion
        == .comparison(Comparison(n, usesCalibrated: true, .isEqual, .integer(2))))
    #expect(database.containers[1].base?.criterion == nil)
  }

  @Test(
    "what would move bits without anyone knowing where is refused",
    arguments: [
      ("<ParameterSegmentRefEntry parameterRef=\"p\" sizeInBits=\"4\"/>", "segments"),
      ("<ContainerSegmentRefEntry containerRef=\"Inner\" sizeInBits=\"4\"/>", "segments"),
      ("<StreamSegmentEntry streamRef=\"s\" sizeInBits=\"4\"/>", "segments"),
      ("<MysteryEntry parameterRef=\"p\"/>", "no such entry"),
      ("<ParameterRefEntry parameterRef=\"nothing\"/>", "no parameter `nothing`"),
      ("<ParameterRefEntry/>", "no `parameterRef`"),
      ("<ContainerRefEntry containerRef=\"nothing\"/>", "no container `nothing`"),
      ("<ParameterRefEntry parameterRef=\"r[0]\"/>", "a part of a parameter"),
      ("<ParameterRefEntry parameterRef=\"l\"/>", "has no encoding"),
      ("<ParameterRefEntry parameterRef=\"q\"/>", "how many elements"),
      ("<ArrayParameterRefEntry parameterRef=\"p\"><DimensionList/></ArrayParameterRefEntry>", "not a whole array"),
      ("<ArrayParameterRefEntry parameterRef=\"r\"><DimensionList/></ArrayParameterRefEntry>", "0 dimensions"),
      ("<IndirectParameterRefEntry/>", "no <ParameterInstance>"),
      (
        XTCEText.entry(
          "p",
          "<LocationInContainerInBits referenceLocation=\"middle\"><FixedValue>0</FixedValue>"
            + "</LocationInContainerInBits>"), "\"middle\""
      ),
      (
        XTCEText.entry(
          "p",
          "<LocationInContainerInBits referenceLocation=\"containerStart\"><FixedValue>-1</FixedValue>"
            + "</LocationInContainerInBits>"), "is -1"
      ),
      (
        XTCEText.entry("p", "<LocationInContainerInBits><FixedValue>99999999</FixedValue></LocationInContainerInBits>"),
        "99999999"
      ),
      (XTCEText.entry("p", "<RepeatEntry><Count><FixedValue>-1</FixedValue></Count></RepeatEntry>"), "is -1"),
      (XTCEText.entry("p", "<RepeatEntry/>"), "no <Count>"),
      (
        XTCEText.entry(
          "p",
          "<RepeatEntry><Count><FixedValue>2</FixedValue></Count><Offset offsetSizeInBits=\"8\">"
            + "<FixedValue>1</FixedValue></Offset></RepeatEntry>"), "offsetSizeInBits"
      ),
    ])
  func refuses(entry: String, reason: String) throws {
    let problems = XTCEText.problems(Self.database(entry))
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(reason))
  }

  @Test("a size of the whole container is refused, for it would move what follows")
  func refusesSizes() {
    let problems = XTCEText.problems(
      Self.database("", "<BinaryEncoding><SizeInBits><FixedValue>64</FixedValue></SizeInBits></BinaryEncoding>"))
    #expect(problems.first?.contains("<BinaryEncoding>") == true)
  }
}
