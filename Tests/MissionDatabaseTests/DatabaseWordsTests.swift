import MissionDatabase
import Testing

@Suite("Words for what is in a mission database")
struct DatabaseWordsTests {
  @Test("the size of a container is its furthest end, even where its last entry lies further in front")
  func tellsFurthestEnd() throws {
    // 16 and 32 bits, then 8 bits that lie again at bit 4.
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + XTCEText.unsigned("u16", 16) + XTCEText.unsigned("u32", 32),
        parameters: [("A", "u16"), ("B", "u32"), ("C", "u8"), ("D", "u8")].map { XTCEText.parameter($0, $1) }.joined(),
        containers: XTCEText.container(
          "Packet",
          XTCEText.entry("A") + XTCEText.entry("B")
            + XTCEText.entry(
              "C",
              "<LocationInContainerInBits referenceLocation=\"containerStart\"><FixedValue>4</FixedValue>"
                + "</LocationInContainerInBits>"))
          + XTCEText.container("More", XTCEText.entry("D"), "<BaseContainer containerRef=\"Packet\"/>")))
    let sizes = database.treeRows.compactMap { row in
      if case .container(let container) = row { container.bitCount } else { nil }
    }
    // D follows C, at bit 12, which is before the end of B.
    #expect(sizes == [48, 48])
    #expect(database.tree.contains("/SAT/Packet  (48 bits)"))
  }

  @Test("of parameters with the same name, as many space systems are told as it takes")
  func tellsNamesApart() {
    #expect(
      ShortestNames.of(["/S/a/x", "/S/b/x", "/S/c/a/y", "/S/d/a/y", "/S/z", "/z", "/S/b/q"]).map(String.init)
        == ["a/x", "b/x", "c/a/y", "d/a/y", "S/z", "/z", "q"])
    #expect(ShortestNames.of(["/S/a", "/S/a"]).map(String.init) == ["/S/a", "/S/a"])
    #expect(ShortestNames.of(["x", "b/x"]).map(String.init) == ["x", "b/x"])
  }

  @Test("an integer behind a calibrator is said to be rounded, and a parameter has its description")
  func tellsRounding() throws {
    let calibrated = """
      <IntegerDataEncoding sizeInBits="16"><DefaultCalibrator><PolynomialCalibrator><Term exponent="1" \
      coefficient="0.5"/></PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>
      """
    let database = try XTCEText.load(
      XTCEText.database(
        types: "<IntegerParameterType name=\"whole\">\(calibrated)</IntegerParameterType>"
          + "<FloatParameterType name=\"real\">\(calibrated)</FloatParameterType>",
        parameters: "<Parameter name=\"A\" parameterTypeRef=\"whole\" shortDescription=\"The phase.\"/>"
          + XTCEText.parameter("B", "real"),
        containers: XTCEText.container("Packet", XTCEText.entry("A") + XTCEText.entry("B"))))
    let lines = database.tree.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasSuffix("0.5 x, rounded to an integer; The phase.") })
    #expect(lines.contains { $0.hasSuffix("unsigned  0.5 x") })
  }

  /// A calibrator that is a math operation, as it is told.
  private func formula(_ steps: [String]) throws -> String {
    let operands = steps.map { step in
      if step == "x" { return "<ThisParameterOperand/>" }
      return Double(step) == nil ? "<Operator>\(step)</Operator>" : "<ValueOperand>\(step)</ValueOperand>"
    }
    let database = try XTCEText.load(
      XTCEText.database(
        types: """
          <FloatParameterType name="t"><IntegerDataEncoding sizeInBits="8"><DefaultCalibrator><MathOperationCalibrator>\
          \(operands.joined())</MathOperationCalibrator></DefaultCalibrator></IntegerDataEncoding></FloatParameterType>
          """,
        parameters: XTCEText.parameter("A", "t"), containers: XTCEText.container("Packet", XTCEText.entry("A"))))
    let line = database.tree.split(separator: "\n").last { $0.contains("unsigned") } ?? ""
    return line.components(behind: "unsigned  ")
  }

  @Test(
    "math operations are written as formulas, with the parentheses that they need",
    arguments: [
      ("0.5 x * 1.25 +", "0.5 * x + 1.25"), ("x 2 + 3 *", "(x + 2) * 3"), ("10 x 2 - -", "10 - (x - 2)"),
      ("x 2 3 * /", "x / (2 * 3)"), ("x dup *", "x * x"), ("2 x swap -", "x - 2"), ("x ln", "ln(x)"),
      ("x 2 + 1/x", "1 / (x + 2)"), ("x 2 ^ 1 +", "x ^ 2 + 1"), ("1 x atan2", "atan2(x, 1)"), ("x 3 min", "min(x, 3)"),
    ])
  func tellsFormulas(steps: String, formula: String) throws {
    #expect(try self.formula(steps.split(separator: " ").map(String.init)) == formula)
  }

  @Test("a formula that would not end is told step by step")
  func tellsLongFormulas() throws {
    let steps = ["x"] + (0..<10).flatMap { _ in ["dup", "*"] }
    #expect(try formula(steps) == "by a stack: \(steps.joined(separator: " "))")
  }
}

@Suite("Slips in mission databases")
struct SpellingTests {
  private func integer(_ attributes: String) -> String {
    "<IntegerParameterType name=\"Voltage_Type\"><IntegerDataEncoding sizeInBits=\"16\" \(attributes)/>"
      + "</IntegerParameterType>"
  }

  private func hint(_ types: String, parameters: String = "") -> String {
    XTCEText.problems(XTCEText.database(types: types, parameters: parameters)).joined()
  }

  @Test("what XTCE accepts is told, and what was meant")
  func tellsChoices() {
    #expect(
      hint(integer("byteOrder=\"littleEndian\"")).hasSuffix(
        "`byteOrder` is \"littleEndian\", which is not one of XTCE\nhint: XTCE has `mostSignificantByteFirst`, "
          + "`leastSignificantByteFirst`; is `leastSignificantByteFirst` meant?\n"))
    let float = "<FloatParameterType name=\"f\"><FloatDataEncoding encoding=\"IEEE755\"/></FloatParameterType>"
    #expect(hint(float).contains("hint: XTCE has `IEEE754_1985`, `IEEE754`, `MILSTD_1750A`; is `IEEE754` meant?"))
    #expect(hint(integer("encoding=\"twoscomplement\"")).contains("is `twosComplement` meant?"))
    #expect(!hint(integer("encoding=\"gray\"")).contains("meant?"))
  }

  @Test(
    "a name that is nearly another one is told with that one",
    arguments: ["Voltage_Typ", "Voltage_Tpye", "voltage_type"])
  func tellsNames(name: String) {
    #expect(
      hint(integer(""), parameters: XTCEText.parameter("A", name)).contains(
        "there is no type `\(name)`\nhint: is `/SAT/Voltage_Type` meant?"))
    #expect(!hint(integer(""), parameters: XTCEText.parameter("A", "Current_Type")).contains("meant?"))
  }

  @Test("another namespace than that of XTCE is told with its place, and read")
  func tellsNamespaces() throws {
    let text = "<x:SpaceSystem name=\"SAT\" xmlns:x=\"http://example.com/foo\"/>"
    #expect(
      try XTCEText.load(text).notices.map(\.rendered) == [
        "test.xml:1:1: warning: <SpaceSystem>: the namespace \"http://example.com/foo\" is not that of XTCE: it is "
          + "read as if it were\nhint: XTCE 1.2 has http://www.omg.org/spec/XTCE/20180204, XTCE 1.1 "
          + "http://www.omg.org/space/xtce\n"
      ])
    for good in [
      "<SpaceSystem name=\"SAT\"/>", "<SpaceSystem name=\"SAT\" xmlns=\"http://www.omg.org/spec/XTCE/20250211\"/>",
      "<x:SpaceSystem name=\"SAT\" xmlns=\"urn:v\" xmlns:x=\"http://www.omg.org/space/xtce\"/>",
    ] {
      #expect(try XTCEText.load(good).notices.isEmpty)
    }
  }
}

extension Substring {
  /// What stands behind the last of these words.
  fileprivate func components(behind word: String) -> String {
    guard let range = ranges(of: word).last else { return "" }
    return String(self[range.upperBound...])
  }
}
