import MissionDatabase
import Testing

@Suite("Calibrators, ranges and times of an XTCE database")
struct CalibratorReadingTests {
  private static func database(_ calibrators: String) -> String {
    XTCEText.database(
      types: XTCEText.unsigned("u8", 8)
        + "<FloatParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"12\">\(calibrators)</IntegerDataEncoding>"
        + "</FloatParameterType>",
      parameters: XTCEText.parameter("n", "u8") + XTCEText.parameter("p", "t"))
  }

  private func calibration(_ text: String) throws -> Calibration {
    let database = try XTCEText.load(Self.database(text))
    return try #require(database.type(of: "/SAT/p")).calibration
  }

  @Test("the terms of a polynomial stand in any order, and their exponents may be written with a point")
  func readsPolynomials() throws {
    let calibration = try calibration(
      "<DefaultCalibrator><PolynomialCalibrator><Term exponent=\"2.0\" coefficient=\"1e-3\"/>"
        + "<Term exponent=\"0\" coefficient=\"-4\"/></PolynomialCalibrator></DefaultCalibrator>")
    #expect(
      calibration.standard
        == .polynomial([
          PolynomialTerm(exponent: 2, coefficient: 0.001), PolynomialTerm(exponent: 0, coefficient: -4),
        ]))
    #expect(calibration.contexts == [])
  }

  @Test("a spline is of order 1 and does not extrapolate unless it says so; its points are put in order")
  func readsSplines() throws {
    let points = "<SplinePoint raw=\"5\" calibrated=\"1\"/><SplinePoint raw=\"-1\" calibrated=\"2\" order=\"0\"/>"
    let sorted = [SplinePoint(raw: -1, calibrated: 2, order: 0), SplinePoint(raw: 5, calibrated: 1)]
    #expect(
      try calibration("<DefaultCalibrator><SplineCalibrator>\(points)</SplineCalibrator></DefaultCalibrator>").standard
        == .spline(sorted, order: 1, extrapolates: false))
    #expect(
      try calibration(
        "<DefaultCalibrator><SplineCalibrator order=\"0\" extrapolate=\"true\">\(points)</SplineCalibrator>"
          + "</DefaultCalibrator>"
      ).standard == .spline(sorted, order: 0, extrapolates: true))
  }

  @Test("a math operation leaves one number")
  func readsMathOperations() throws {
    let calibration = try calibration(
      """
      <DefaultCalibrator><MathOperationCalibrator><ThisParameterOperand/><ValueOperand>2.5</ValueOperand>
      <Operator>*</Operator><ParameterInstanceRefOperand parameterRef="n" useCalibratedValue="false"/>
      <Operator>dup</Operator><Operator>drop</Operator><Operator>swap</Operator><Operator>-</Operator>
      <Operator>abs</Operator></MathOperationCalibrator></DefaultCalibrator>
      """)
    #expect(
      calibration.standard
        == .mathOperation([
          .thisParameter, .value(2.5), .operation(.times),
          .parameter(ParameterReference(ParameterIndex(0)), usesCalibrated: false), .operation(.duplicate),
          .operation(.drop), .operation(.swap), .operation(.minus), .operation(.absolute),
        ]))
  }

  @Test("contexts come in their order, each with its condition")
  func readsContexts() throws {
    let context = { (value: Int) in
      "<ContextCalibrator><ContextMatch><Comparison parameterRef=\"n\" value=\"\(value)\"/></ContextMatch><Calibrator>"
        + "<PolynomialCalibrator><Term exponent=\"0\" coefficient=\"\(value)\"/></PolynomialCalibrator></Calibrator>"
        + "</ContextCalibrator>"
    }
    let calibration = try calibration("<ContextCalibratorList>\(context(2))\(context(1))</ContextCalibratorList>")
    #expect(calibration.standard == nil)
    #expect(
      calibration.contexts.map(\.calibrator)
        == [2, 1].map { .polynomial([PolynomialTerm(exponent: 0, coefficient: $0)]) })
  }

  @Test(
    "what leaves no number, or more than one meaning, is refused",
    arguments: [
      ("<PolynomialCalibrator/>", "0 terms"),
      ("<PolynomialCalibrator><Term exponent=\"-1\" coefficient=\"1\"/></PolynomialCalibrator>", "`exponent`"),
      ("<PolynomialCalibrator><Term exponent=\"65\" coefficient=\"1\"/></PolynomialCalibrator>", "0 to 64"),
      ("<PolynomialCalibrator><Term exponent=\"1\" coefficient=\"INF\"/></PolynomialCalibrator>", "not a number"),
      ("<PolynomialCalibrator><Term exponent=\"1\" coefficient=\"1e999\"/></PolynomialCalibrator>", "not a number"),
      ("<SplineCalibrator/>", "0 points"),
      ("<SplineCalibrator order=\"2\"><SplinePoint raw=\"1\" calibrated=\"1\"/></SplineCalibrator>", "`order` is 2"),
      (
        "<SplineCalibrator><SplinePoint raw=\"1\" calibrated=\"1\"/><SplinePoint raw=\"1.0\" calibrated=\"2\"/>"
          + "</SplineCalibrator>", "raw 1.0"
      ),
      ("<MathOperationCalibrator/>", "leaves 0 numbers"),
      (
        "<MathOperationCalibrator><ValueOperand>3</ValueOperand><Operator>+</Operator></MathOperationCalibrator>",
        "takes 2 numbers, and the steps before it leave 1"
      ),
      (
        "<MathOperationCalibrator><ValueOperand>3</ValueOperand><ThisParameterOperand/></MathOperationCalibrator>",
        "leaves 2 numbers"
      ),
      ("<MathOperationCalibrator><ThisParameterOperand/><Operator>foo</Operator></MathOperationCalibrator>", "\"foo\""),
      (
        "<MathOperationCalibrator>\(String(repeating: "<ThisParameterOperand/>", count: 33))"
          + "\(String(repeating: "<Operator>+</Operator>", count: 32))</MathOperationCalibrator>",
        "more than 32 numbers"
      ),
      ("<JavaCalibrator/>", "no such calibrator"),
      ("", "no calibrator"),
    ])
  func refuses(text: String, reason: String) throws {
    let problems = XTCEText.problems(Self.database("<DefaultCalibrator>\(text)</DefaultCalibrator>"))
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(reason))
  }

  @Test(
    "valid ranges apply to calibrated values unless they say otherwise, in any of the spellings",
    arguments: [
      (
        "", "<ValidRange minInclusive=\"1\" maxExclusive=\"2.5\"/>",
        ValueRange(minimum: 1, maximum: 2.5, includesMaximum: false), true
      ),
      (
        "", "<ValidRange minExclusive=\"1\" validRangeAppliesToCalibrated=\"false\"/>",
        ValueRange(minimum: 1, includesMinimum: false), false
      ),
      ("", "<ValidRange maxInclusive=\"0x10\" rangeAppliesToCalibrated=\"false\"/>", ValueRange(maximum: 16), false),
      ("validRangeAppliesToCalibrated=\"false\"", "<ValidRange maxInclusive=\"9\"/>", ValueRange(maximum: 9), false),
      // As it is for parameters, and not for the types of their data.
      ("", "<ValidRangeSet><ValidRange maxInclusive=\"9\"/></ValidRangeSet>", ValueRange(maximum: 9), true),
      (
        "", "<ValidRangeSet validRangeAppliesToCalibrated=\"false\"><ValidRange maxInclusive=\"9\"/></ValidRangeSet>",
        ValueRange(maximum: 9), false
      ),
    ])
  func readsValidRanges(attributes: String, text: String, range: ValueRange, appliesToCalibrated: Bool) throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: "<FloatParameterType name=\"t\" \(attributes)><FloatDataEncoding/>\(text)</FloatParameterType>",
        parameters: XTCEText.parameter("p", "t")))
    #expect(
      database.type(of: "/SAT/p")?.validRange == ValidRange(range: range, appliesToCalibrated: appliesToCalibrated))
  }

  @Test("several ranges of valid values are refused; what has none in XTCE has none, and it is told")
  func refusesOtherValidRanges() throws {
    let database = { (type: String, encoding: String, range: String) in
      XTCEText.database(
        types: "<\(type) name=\"t\">\(encoding)\(range)</\(type)>", parameters: XTCEText.parameter("p", "t"))
    }
    let range = "<ValidRange maxInclusive=\"9\"/>"
    let problems = XTCEText.problems(
      database("FloatParameterType", "<FloatDataEncoding/>", "<ValidRangeSet>\(range)\(range)</ValidRangeSet>"))
    #expect(problems.map { $0.contains("more than one range of valid values") } == [true])
    let time = try XTCEText.load(
      database("AbsoluteTimeParameterType", "<Encoding><IntegerDataEncoding/></Encoding>", range))
    #expect(time.type(of: "/SAT/p")?.validRange == nil)
    #expect(time.notices.map { $0.message.hasSuffix("it is passed over") } == [true])
  }

  /// Seconds since 1958 of TAI: days · 86 400 and the seconds that TAI was ahead of UTC.
  @Test(
    "a time begins at its epoch; UNIX time leaves leap seconds out",
    arguments: [
      ("TAI", 0, 0, true),
      // 15 340 days and 43 200 s of terrestrial time, which is 32.184 s ahead of TAI.
      ("J2000", 1_325_419_167, 816_000_000, true),
      // 8040 days, 19 s.
      ("GPS", 694_656_019, 0, true),
      // 4383 days, 10 s, which was agreed on for all of the time before 1972.
      ("UNIX", 378_691_210, 0, false), ("1970-01-01", 378_691_210, 0, false),
      ("1970-01-01T00:00:00Z", 378_691_210, 0, false),
      // 18 993 days, 34 s.
      ("2010-01-01", 1_640_995_234, 0, true),
      // 14 976 days, 43 200.5 s and 32 s.
      ("1999-01-02T12:00:00.5", 1_293_969_632, 500_000_000, true),
    ] as [(String, Int64, Int, Bool)])
  func readsEpochs(epoch: String, seconds: Int64, nanoseconds: Int, isUniform: Bool) throws {
    let kind = try time(
      "<Encoding><IntegerDataEncoding/></Encoding><ReferenceTime><Epoch>\(epoch)</Epoch></ReferenceTime>")
    let origin = AbsoluteTimeScale.Origin.epoch(seconds: seconds, nanoseconds: nanoseconds, isUniform: isUniform)
    #expect(kind == .absoluteTime(AbsoluteTimeScale(scale: 1, offset: 0, origin: origin)))
  }

  @Test("times count in seconds, whatever unit is written")
  func readsScales() throws {
    #expect(
      try time("<Encoding scale=\"0.5\" offset=\"2\" units=\"days\"><IntegerDataEncoding/></Encoding>")
        == .absoluteTime(AbsoluteTimeScale(scale: 43_200, offset: 172_800, origin: .unknown)))
    #expect(
      try time("<Encoding scale=\"1000\" units=\"picoSeconds\"><IntegerDataEncoding/></Encoding>", "Relative")
        == .relativeTime(scale: 1e-9, offset: 0))
    #expect(
      try time(
        "<Encoding><IntegerDataEncoding/></Encoding><ReferenceTime><OffsetFrom parameterRef=\"p\"/></ReferenceTime>")
        == .absoluteTime(
          AbsoluteTimeScale(scale: 1, offset: 0, origin: .offset(from: ParameterReference(ParameterIndex(0))))))
  }

  @Test(
    "times that are no numbers, or of no certain length, are refused",
    arguments: [
      ("<Encoding units=\"months\"><IntegerDataEncoding/></Encoding>", "different lengths"),
      ("<Encoding units=\"weeks\"><IntegerDataEncoding/></Encoding>", "\"weeks\""),
      ("<Encoding><IntegerDataEncoding/></Encoding><ReferenceTime><Epoch>soon</Epoch></ReferenceTime>", "\"soon\""),
      (
        "<Encoding><IntegerDataEncoding/></Encoding><ReferenceTime><Epoch>2000-02-30</Epoch></ReferenceTime>",
        "not an epoch"
      ),
      (
        "<Encoding><StringDataEncoding><SizeInBits><Fixed><FixedValue>80</FixedValue></Fixed></SizeInBits>"
          + "</StringDataEncoding></Encoding>", "only as a number"
      ),
    ])
  func refusesTimes(text: String, reason: String) throws {
    let problems = XTCEText.problems(Self.time(text, "Absolute"))
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(reason))
  }

  private func time(_ text: String, _ word: String = "Absolute") throws -> EngineeringKind? {
    try XTCEText.load(Self.time(text, word)).type(of: "/SAT/p")?.kind
  }

  private static func time(_ text: String, _ word: String) -> String {
    XTCEText.database(
      types: "<\(word)TimeParameterType name=\"t\">\(text)</\(word)TimeParameterType>",
      parameters: XTCEText.parameter("p", "t"))
  }
}
