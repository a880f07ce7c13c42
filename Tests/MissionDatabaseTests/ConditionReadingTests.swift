import MissionDatabase
import Testing

@Suite("Conditions of an XTCE database")
struct ConditionReadingTests {
  private static let types =
    XTCEText.unsigned("u8", 8) + """
      <FloatParameterType name="f"><IntegerDataEncoding/></FloatParameterType>
      <EnumeratedParameterType name="e"><IntegerDataEncoding/><EnumerationList><Enumeration value="0" label="OFF"/>
      <Enumeration value="1" label="ON"/></EnumerationList></EnumeratedParameterType>
      <BooleanParameterType name="b" oneStringValue="YES" zeroStringValue="NO"><IntegerDataEncoding/>
      </BooleanParameterType>
      <StringParameterType name="s"><StringDataEncoding><SizeInBits><Fixed><FixedValue>8</FixedValue></Fixed>
      </SizeInBits></StringDataEncoding></StringParameterType>
      <BinaryParameterType name="x"><BinaryDataEncoding><SizeInBits><FixedValue>16</FixedValue></SizeInBits>
      </BinaryDataEncoding></BinaryParameterType>
      <AbsoluteTimeParameterType name="t"><Encoding><IntegerDataEncoding/></Encoding></AbsoluteTimeParameterType>
      """
  private static let names = ["u8", "f", "e", "b", "s", "x", "t"]

  private func criterion(_ text: String) throws(DatabaseErrors) -> Criterion? {
    let database = try XTCEText.load(Self.database(text))
    return database.container("/SAT/D")?.base?.criterion
  }

  private static func database(_ text: String) -> String {
    XTCEText.database(
      types: types, parameters: names.map { XTCEText.parameter($0.uppercased(), $0) }.joined(),
      containers: XTCEText.container("C", "")
        + XTCEText.container(
          "D", "",
          "<BaseContainer containerRef=\"C\"><RestrictionCriteria>\(text)</RestrictionCriteria></BaseContainer>"))
  }

  /// The place of a parameter among `names`.
  private func reference(_ index: Int) -> ParameterReference { ParameterReference(ParameterIndex(index)) }

  @Test(
    "a value is compared with one of its own type",
    arguments: [
      ("parameterRef=\"U8\" value=\"17\"", 0, true, .isEqual, .integer(17)),
      ("parameterRef=\"U8\" value=\" -3 \"", 0, true, .isEqual, .integer(-3)),
      ("parameterRef=\"U8\" value=\"0x7FF\"", 0, true, .isEqual, .integer(2047)),
      ("parameterRef=\"U8\" value=\"0o17\"", 0, true, .isEqual, .integer(15)),
      ("parameterRef=\"U8\" value=\"0b101\"", 0, true, .isEqual, .integer(5)),
      ("parameterRef=\"U8\" value=\"18446744073709551615\"", 0, true, .isEqual, .unsigned(.max)),
      ("parameterRef=\"U8\" value=\"2.5\" comparisonOperator=\"&gt;=\"", 0, true, .isGreaterOrEqual, .float(2.5)),
      ("parameterRef=\"U8\" value=\"2.0\" instance=\"0\"", 0, true, .isEqual, .integer(2)),
      ("parameterRef=\"F\" value=\"2\" comparisonOperator=\"!=\"", 1, true, .isNotEqual, .float(2)),
      ("parameterRef=\"F\" value=\"2\" useCalibratedValue=\"false\"", 1, false, .isEqual, .integer(2)),
      ("parameterRef=\"E\" value=\"ON\"", 2, true, .isEqual, .text("ON")),
      ("parameterRef=\"E\" value=\"1\" useCalibratedValue=\"false\"", 2, false, .isEqual, .integer(1)),
      ("parameterRef=\"B\" value=\"YES\"", 3, true, .isEqual, .text("YES")),
      ("parameterRef=\"B\" value=\"true\"", 3, true, .isEqual, .text("YES")),
      ("parameterRef=\"B\" value=\"0\"", 3, true, .isEqual, .text("NO")),
      ("parameterRef=\"S\" value=\"a b\"", 4, true, .isEqual, .text("a b")),
      ("parameterRef=\"X\" value=\"BEef\"", 5, true, .isEqual, .octets([0xBE, 0xEF])),
      ("parameterRef=\"T\" value=\"5\" useCalibratedValue=\"0\"", 6, false, .isEqual, .integer(5)),
    ] as [(String, Int, Bool, Comparison.Relation, Comparison.Operand)])
  func readsComparisons(
    attributes: String, parameter: Int, usesCalibrated: Bool, relation: Comparison.Relation,
    operand: Comparison.Operand
  ) throws {
    let expected = Comparison(reference(parameter), usesCalibrated: usesCalibrated, relation, operand)
    #expect(try criterion("<Comparison \(attributes)/>") == .comparison(expected))
  }

  @Test("lists, and expressions of them, however deep")
  func readsExpressions() throws {
    let one = { (value: Int64) in
      Criterion.comparison(Comparison(self.reference(0), usesCalibrated: true, .isEqual, .integer(value)))
    }
    let condition = { (value: Int) in
      "<Condition><ParameterInstanceRef parameterRef=\"U8\"/><ComparisonOperator>==</ComparisonOperator>"
        + "<Value>\(value)</Value></Condition>"
    }
    #expect(
      try criterion(
        "<ComparisonList><Comparison parameterRef=\"U8\" value=\"1\"/><Comparison parameterRef=\"U8\" value=\"2\"/>"
          + "</ComparisonList>") == .all([one(1), one(2)]))
    #expect(
      try criterion(
        "<BooleanExpression><ANDedConditions>\(condition(1))<ORedConditions>\(condition(2))\(condition(3))"
          + "</ORedConditions></ANDedConditions></BooleanExpression>") == .all([one(1), .any([one(2), one(3)])]))
    #expect(
      try criterion(
        "<BooleanExpression><XORedConditions>\(condition(1))\(condition(2))</XORedConditions></BooleanExpression>")
        == .exclusive(one(1), one(2)))
    #expect(try criterion("<BooleanExpression>\(condition(4))</BooleanExpression>") == one(4))
  }

  @Test("two parameters are compared with each other")
  func readsPairs() throws {
    let text = """
      <BooleanExpression><Condition><ParameterInstanceRef parameterRef="U8" useCalibratedValue="false"/>
      <ComparisonOperator>&lt;</ComparisonOperator><ParameterInstanceRef parameterRef="F"/></Condition>
      </BooleanExpression>
      """
    let expected = Comparison(
      reference(0), usesCalibrated: false, .isLess, .parameter(reference(1), usesCalibrated: true))
    #expect(try criterion(text) == .comparison(expected))
  }

  @Test(
    "what can never hold, or is not known here, is refused with its reason",
    arguments: [
      ("<Comparison parameterRef=\"E\" value=\"BROKEN\"/>", "not a label"),
      ("<Comparison parameterRef=\"E\" value=\"on\"/>", "is \"ON\" meant?"),
      ("<Comparison parameterRef=\"E\" value=\"1\"/>", "useCalibratedValue=\"false\""),
      ("<Comparison parameterRef=\"E\" value=\"ON\" comparisonOperator=\"&lt;\"/>", "equal or not"),
      ("<Comparison parameterRef=\"U8\" value=\"abc\"/>", "not a number"),
      ("<Comparison parameterRef=\"U8\" value=\"1\" comparisonOperator=\"=\"/>", "no comparison \"=\""),
      ("<Comparison parameterRef=\"U8\" value=\"1\" instance=\"-1\"/>", "instance -1"),
      ("<Comparison parameterRef=\"U8\"/>", "no `value`"),
      ("<Comparison value=\"1\"/>", "no `parameterRef`"),
      ("<Comparison parameterRef=\"X\" value=\"abc\"/>", "hexadecimal"),
      ("<Comparison parameterRef=\"T\" value=\"2000-01-01T00:00:00Z\"/>", "raw value only"),
      ("<Comparison parameterRef=\"U8\" value=\"1\" useCalibratedValue=\"maybe\"/>", "neither true nor false"),
      ("<CustomAlgorithm name=\"a\"/>", "not executed"),
      ("<NextContainer containerRef=\"C\"/>", "packet that follows"),
      ("<BooleanExpression/>", "empty"),
      ("<ComparisonList/>", "empty"),
      ("", "no <Comparison>"),
      (
        "<Comparison parameterRef=\"U8\" value=\"1\"/><Comparison parameterRef=\"F\" value=\"2\"/>",
        "there is a <Comparison> already"
      ),
      (
        "<ComparisonList><Comparison parameterRef=\"U8\" value=\"1\"/></ComparisonList><BooleanExpression/>",
        "there is a <ComparisonList> already"
      ),
      (
        "<BooleanExpression><Comparison parameterRef=\"U8\" value=\"1\"/>"
          + "<Comparison parameterRef=\"F\" value=\"2\"/></BooleanExpression>", "an expression is one condition"
      ),
      (
        "<BooleanExpression><XORedConditions><Comparison parameterRef=\"U8\" value=\"1\"/></XORedConditions>"
          + "</BooleanExpression>", "an exclusive one has two"
      ),
    ])
  func refuses(text: String, reason: String) throws {
    let problems = XTCEText.problems(Self.database(text))
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(reason))
  }
}
