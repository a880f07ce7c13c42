import MissionDatabase
import Testing

@Suite("Types of parameters, OMG XTCE 1.2")
struct TypeReadingTests {
  private func type(_ text: String, _ rest: String = "") throws -> ParameterType {
    let database = try XTCEText.load(
      XTCEText.database(types: text + rest, parameters: XTCEText.parameter("p", "t")))
    return try #require(database.type(of: "/SAT/p"))
  }

  @Test(
    "integers have the sign and the order that their encoding says, in the spellings of XTCE 1.1 and 1.2",
    arguments: [
      ("", 8, .unsigned, nil),
      ("sizeInBits=\"13\" encoding=\"twosComplement\"", 13, .twosComplement, nil),
      ("sizeInBits=\"16\" encoding=\"twosCompliment\"", 16, .twosComplement, nil),
      ("sizeInBits=\"16\" encoding=\"signed\"", 16, .twosComplement, nil),
      ("sizeInBits=\"12\" encoding=\"signMagnitude\"", 12, .signMagnitude, nil),
      ("sizeInBits=\"12\" encoding=\"onesComplement\"", 12, .onesComplement, nil),
      ("sizeInBits=\"16\" encoding=\"BCD\"", 16, .bcd, nil),
      ("sizeInBits=\"12\" encoding=\"packedBCD\"", 12, .packedBCD, nil),
      ("sizeInBits=\"24\" byteOrder=\"leastSignificantByteFirst\"", 24, .unsigned, [0, 1, 2]),
      ("sizeInBits=\"24\" byteOrder=\"mostSignificantByteFirst\"", 24, .unsigned, nil),
      ("sizeInBits=\"32\" byteOrder=\"1,0,3,2\"", 32, .unsigned, [1, 0, 3, 2]),
      ("sizeInBits=\"32\" byteOrder=\"3,2,1,0\"", 32, .unsigned, nil),
      ("sizeInBits=\"7\" byteOrder=\"leastSignificantByteFirst\"", 7, .unsigned, nil),
    ] as [(String, Int, IntegerEncoding.Representation, [UInt8]?)])
  func readsIntegers(
    attributes: String, bitCount: Int, representation: IntegerEncoding.Representation, octets: [UInt8]?
  ) throws {
    let type = try type("<IntegerParameterType name=\"t\"><IntegerDataEncoding \(attributes)/></IntegerParameterType>")
    let expected = IntegerEncoding(
      bitCount: bitCount, representation: representation, order: BitAndByteOrder(octets: octets))
    #expect(type.encoding == .integer(expected))
    #expect(type.kind == .integer(isSigned: true, bitCount: 32))
  }

  @Test("the list of bytes of XTCE 1.1 says the same as a byte order of 1.2; bits may come in reverse")
  func readsOrders() throws {
    let type = try type(
      """
      <IntegerParameterType name="t"><IntegerDataEncoding sizeInBits="16" bitOrder="leastSignificantBitFirst">
      <ByteOrderList><Byte byteSignificance="0"/><Byte byteSignificance="1"/></ByteOrderList>
      </IntegerDataEncoding></IntegerParameterType>
      """)
    let order = BitAndByteOrder(octets: [0, 1], isLeastSignificantBitFirst: true)
    #expect(type.encoding == .integer(IntegerEncoding(bitCount: 16, representation: .unsigned, order: order)))
  }

  @Test(
    "numbers with a fraction",
    arguments: [
      ("", 32, .ieee754), ("sizeInBits=\"16\" encoding=\"IEEE754\"", 16, .ieee754),
      ("sizeInBits=\"64\" encoding=\"IEEE754_1985\"", 64, .ieee754),
      ("sizeInBits=\"32\" encoding=\"MILSTD_1750A\"", 32, .milStd1750A),
      ("sizeInBits=\"48\" encoding=\"MILSTD_1750A\"", 48, .milStd1750A),
    ] as [(String, Int, FloatEncoding.Representation)])
  func readsFloats(attributes: String, bitCount: Int, representation: FloatEncoding.Representation) throws {
    let type = try type("<FloatParameterType name=\"t\"><FloatDataEncoding \(attributes)/></FloatParameterType>")
    #expect(type.encoding == .float(FloatEncoding(bitCount: bitCount, representation: representation)))
    #expect(type.kind == .float(bitCount: 32))
  }

  @Test("a label stands for one value or for a range of them")
  func readsEnumerations() throws {
    let type = try type(
      """
      <EnumeratedParameterType name="t"><IntegerDataEncoding/><EnumerationList>
      <Enumeration value="-1" label="OFF"/><Enumeration value="2" maxValue="5" label="ON"/>
      </EnumerationList></EnumeratedParameterType>
      """)
    #expect(
      type.kind
        == .enumerated([EnumeratedRange(label: "OFF", values: -1 ... -1), EnumeratedRange(label: "ON", values: 2...5)]))
  }

  @Test("booleans have the labels True and False, or those that are written")
  func readsBooleans() throws {
    #expect(
      try type("<BooleanParameterType name=\"t\"><IntegerDataEncoding/></BooleanParameterType>").kind
        == .boolean(one: "True", zero: "False"))
    #expect(
      try type(
        "<BooleanParameterType name=\"t\" oneStringValue=\"YES\" zeroStringValue=\"NO\"><IntegerDataEncoding/>"
          + "</BooleanParameterType>"
      ).kind == .boolean(one: "YES", zero: "NO"))
  }

  @Test(
    "texts end with their room, at a terminator, or where a size before them says",
    arguments: [
      ("<SizeInBits><Fixed><FixedValue>48</FixedValue></Fixed></SizeInBits>", .fixed(48), 48, .whole),
      (
        "<SizeInBits><Fixed><FixedValue>48</FixedValue></Fixed><TerminationChar>0A</TerminationChar></SizeInBits>",
        .fixed(48), 48, .terminator([0x0A])
      ),
      (
        "<SizeInBits><Fixed><FixedValue>48</FixedValue></Fixed><TerminationChar/></SizeInBits>",
        .fixed(48), 48, .terminator([0])
      ),
      (
        "<SizeInBits><Fixed><FixedValue>48</FixedValue></Fixed><TerminationChar/><LeadingSize/></SizeInBits>",
        .fixed(48), 48, .leadingSize(bitCount: 16)
      ),
      // Without the element around the number.
      (
        "<SizeInBits><FixedValue>64</FixedValue><TerminationChar>00</TerminationChar></SizeInBits>",
        .fixed(64), 64, .terminator([0])
      ),
      ("<SizeInBits><FixedValue>64</FixedValue></SizeInBits>", .fixed(64), 64, .whole),
      (
        "<Variable maxSizeInBits=\"80\"><DynamicValue><ParameterInstanceRef parameterRef=\"_yamcs_ignore\"/>"
          + "</DynamicValue><TerminationChar>00</TerminationChar></Variable>",
        nil, 80, .terminator([0])
      ),
      (
        "<Variable maxSizeInBits=\"80\"><DynamicValue><ParameterInstanceRef parameterRef=\"n\"/>"
          + "<LinearAdjustment slope=\"8\" intercept=\"16\"/></DynamicValue></Variable>",
        .dynamic(ParameterReference(ParameterIndex(1)), slope: 8, intercept: 16, usesCalibrated: true), 80, .whole
      ),
      (
        "<Variable maxSizeInBits=\"80\"><DynamicValue><ParameterInstanceRef parameterRef=\"n\" "
          + "useCalibratedValue=\"false\"/></DynamicValue><LeadingSize sizeInBitsOfSizeTag=\"8\"/></Variable>",
        .dynamic(ParameterReference(ParameterIndex(1)), slope: 1, intercept: 0, usesCalibrated: false), 80,
        .leadingSize(bitCount: 8)
      ),
      // As XTCE 1.1 writes it.
      ("<SizeInBits><TerminationChar>00</TerminationChar></SizeInBits>", nil, 524_336, .terminator([0])),
      ("<SizeInBits><LeadingSize sizeInBitsOfSizeTag=\"8\"/></SizeInBits>", nil, 524_336, .leadingSize(bitCount: 8)),
    ] as [(String, IntegerValue?, Int, StringEncoding.Ending)])
  func readsTexts(size: String, bitCount: IntegerValue?, maximum: Int, ending: StringEncoding.Ending) throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: "<StringParameterType name=\"t\"><StringDataEncoding encoding=\"US-ASCII\">\(size)</StringDataEncoding>"
          + "</StringParameterType>" + XTCEText.unsigned("u8", 8),
        parameters: XTCEText.parameter("p", "t") + XTCEText.parameter("n", "u8")))
    let type = try #require(database.type(of: "/SAT/p"))
    #expect(type.kind == .string)
    let expected = StringEncoding(
      characters: .usASCII, bitCount: bitCount, maximumBitCount: maximum, ending: ending)
    #expect(type.encoding == .string(expected))
  }

  @Test(
    "what ends a text of UTF-16 is whole characters; the zero that is meant where nothing is written has two bytes",
    arguments: [
      ("<TerminationChar/>", [0, 0]), ("<TerminationChar>000A</TerminationChar>", [0, 10]),
      ("<TerminationChar>000D000A</TerminationChar>", [0, 13, 0, 10]),
      ("<TerminationChar>00</TerminationChar>", nil), ("<TerminationChar>00000A</TerminationChar>", nil),
    ] as [(String, [UInt8]?)])
  func readsWideTerminators(terminator: String, octets: [UInt8]?) throws {
    let text = XTCEText.database(
      types: "<StringParameterType name=\"t\"><StringDataEncoding encoding=\"UTF-16BE\"><SizeInBits>\(terminator)"
        + "</SizeInBits></StringDataEncoding></StringParameterType>", parameters: XTCEText.parameter("p", "t"))
    guard let octets else {
      #expect(XTCEText.problems(text).map { $0.contains("not a character of UTF-16") } == [true])
      return
    }
    let expected = StringEncoding(
      characters: .utf16(isBigEndian: true), bitCount: nil, maximumBitCount: 524_336, ending: .terminator(octets))
    #expect(try XTCEText.load(text).type(of: "/SAT/p")?.encoding == .string(expected))
  }

  @Test("octets have a size that is written down, or that a packet says, or that a condition chooses")
  func readsBinaries() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: """
          <BinaryParameterType name="a"><BinaryDataEncoding><SizeInBits><FixedValue>24</FixedValue></SizeInBits>
          </BinaryDataEncoding></BinaryParameterType>
          <BinaryParameterType name="b"><BinaryDataEncoding><SizeInBits><DiscreteLookupList>
          <DiscreteLookup value="8"><Comparison parameterRef="n" value="0x1F"/></DiscreteLookup>
          <DiscreteLookup value="16"><Comparison parameterRef="n" value="0b11" comparisonOperator="&lt;"/>
          </DiscreteLookup>
          </DiscreteLookupList></SizeInBits></BinaryDataEncoding></BinaryParameterType>
          """ + XTCEText.unsigned("u8", 8),
        parameters: XTCEText.parameter("p", "a") + XTCEText.parameter("q", "b") + XTCEText.parameter("n", "u8")))
    #expect(database.type(of: "/SAT/p")?.encoding == .binary(bitCount: .fixed(24)))
    let n = ParameterReference(try #require(database.index(of: "/SAT/n")))
    let lookups = [
      DiscreteLookup(value: 8, criterion: .comparison(Comparison(n, usesCalibrated: true, .isEqual, .integer(31)))),
      DiscreteLookup(value: 16, criterion: .comparison(Comparison(n, usesCalibrated: true, .isLess, .integer(3)))),
    ]
    #expect(database.type(of: "/SAT/q")?.encoding == .binary(bitCount: .lookup(lookups, defaultValue: nil)))
  }

  @Test("aggregates and arrays are made of types, wherever those stand")
  func readsParts() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: """
          <AggregateParameterType name="g"><MemberList><Member name="x" typeRef="u8"/><Member name="v" typeRef="a"/>
          </MemberList></AggregateParameterType>
          <ArrayParameterType name="a" arrayTypeRef="u8"><DimensionList>
          <Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex>
          <EndingIndex><FixedValue>3</FixedValue></EndingIndex></Dimension>
          <Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex>
          <EndingIndex><DynamicValue><ParameterInstanceRef parameterRef="n"/></DynamicValue></EndingIndex></Dimension>
          </DimensionList></ArrayParameterType>
          """ + XTCEText.unsigned("u8", 8),
        parameters: XTCEText.parameter("p", "g") + XTCEText.parameter("n", "u8")))
    let n = ParameterReference(try #require(database.index(of: "/SAT/n")))
    guard case .aggregate(let members)? = database.type(of: "/SAT/p")?.kind else {
      Issue.record("not an aggregate")
      return
    }
    #expect(members.map(\.name) == ["x", "v"])
    #expect(database.types[members[0].type.value].path == "/SAT/u8")
    let dimensions = [
      ArrayDimension(startingIndex: .fixed(0), endingIndex: .fixed(3)),
      ArrayDimension(
        startingIndex: .fixed(0), endingIndex: .dynamic(n, slope: 1, intercept: 0, usesCalibrated: true)),
    ]
    #expect(database.types[members[1].type.value].kind == .array(element: members[0].type, dimensions: dimensions))
  }

  @Test("a type has all that its base has and it does not say itself, with the names as they mean it there")
  func inherits() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: """
          <IntegerParameterType name="base" signed="false" sizeInBits="16"><UnitSet><Unit>V</Unit></UnitSet>
          <IntegerDataEncoding sizeInBits="12"><ContextCalibratorList><ContextCalibrator><ContextMatch>
          <Comparison parameterRef="n" value="1"/></ContextMatch><Calibrator><PolynomialCalibrator>
          <Term exponent="0" coefficient="7"/></PolynomialCalibrator></Calibrator></ContextCalibrator>
          </ContextCalibratorList></IntegerDataEncoding><ValidRange minInclusive="1" maxInclusive="9"/>
          </IntegerParameterType>
          """ + XTCEText.unsigned("u8", 8),
        parameters: XTCEText.parameter("n", "u8"),
        rest: """
          <SpaceSystem name="Sub"><TelemetryMetaData><ParameterTypeSet>
          <IntegerParameterType name="derived" baseType="base" signed="true"><UnitSet><Unit>A</Unit></UnitSet>
          </IntegerParameterType></ParameterTypeSet><ParameterSet><Parameter name="n" parameterTypeRef="derived"/>
          </ParameterSet></TelemetryMetaData></SpaceSystem>
          """))
    let type = try #require(database.type(of: "/SAT/Sub/n"))
    #expect(type.kind == .integer(isSigned: true, bitCount: 16))
    #expect(type.unit == "A")
    #expect(type.encoding == .integer(IntegerEncoding(bitCount: 12, representation: .unsigned)))
    #expect(type.validRange == ValidRange(range: ValueRange(minimum: 1, maximum: 9), appliesToCalibrated: true))
    // `n` is that beside the base, not that beside the derived type.
    let outer = ParameterReference(try #require(database.index(of: "/SAT/n")))
    #expect(
      type.calibration.contexts == [
        ContextCalibrator(
          criterion: .comparison(Comparison(outer, usesCalibrated: true, .isEqual, .integer(1))),
          calibrator: .polynomial([PolynomialTerm(exponent: 0, coefficient: 7)]))
      ])
  }

  @Test(
    "units are put together as they are displayed",
    arguments: [
      ("<Unit>V</Unit>", "V"), ("<Unit>m</Unit><Unit power=\"-2\">s</Unit>", "m/s^2"), ("", ""),
      ("<Unit power=\"2\">m</Unit>", "m^2"), ("<Unit factor=\"1000\">g</Unit>", "1000 g"),
      ("<Unit form=\"raw\">counts</Unit><Unit>K</Unit>", "K"), ("<Unit power=\"-1\">s</Unit>", "1/s"), ("<Unit/>", ""),
    ])
  func joinsUnits(units: String, text: String) throws {
    let type = try type(
      "<IntegerParameterType name=\"t\"><UnitSet>\(units)</UnitSet><IntegerDataEncoding/></IntegerParameterType>")
    #expect(type.unit == text)
  }

  @Test(
    "what is not supported, or makes no sense, is refused where it stands",
    arguments: [
      ("<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"65\"/></IntegerParameterType>", "1 to 64"),
      ("<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"0\"/></IntegerParameterType>", "1 to 64"),
      ("<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"-8\"/></IntegerParameterType>", "is -8"),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"99999999999999999999\"/>"
          + "</IntegerParameterType>",
        "99999999999999999999"
      ),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"x\"/></IntegerParameterType>", "not a whole"
      ),
      ("<IntegerParameterType name=\"t\"><IntegerDataEncoding encoding=\"gray\"/></IntegerParameterType>", "\"gray\""),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"12\" "
          + "byteOrder=\"leastSignificantByteFirst\"/></IntegerParameterType>", "not whole bytes"
      ),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"16\" byteOrder=\"0,x,1\"/>"
          + "</IntegerParameterType>", "each named once"
      ),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"16\" byteOrder=\"0,0\"/>"
          + "</IntegerParameterType>",
        "order of bytes"
      ),
      (
        "<IntegerParameterType name=\"t\"><IntegerDataEncoding sizeInBits=\"12\" encoding=\"BCD\"/>"
          + "</IntegerParameterType>",
        "digits"
      ),
      ("<FloatParameterType name=\"t\"><FloatDataEncoding sizeInBits=\"80\"/></FloatParameterType>", "80 bits"),
      ("<FloatParameterType name=\"t\"><FloatDataEncoding encoding=\"DEC\"/></FloatParameterType>", "DEC"),
      (
        "<FloatParameterType name=\"t\"><FloatDataEncoding encoding=\"IBM\" sizeInBits=\"64\"/></FloatParameterType>",
        "IBM"
      ),
      ("<StringParameterType name=\"t\"><StringDataEncoding/></StringParameterType>", "neither"),
      (
        "<StringParameterType name=\"t\"><StringDataEncoding encoding=\"UTF-32\"><SizeInBits><Fixed><FixedValue>32"
          + "</FixedValue></Fixed></SizeInBits></StringDataEncoding></StringParameterType>", "UTF-32"
      ),
      (
        "<StringParameterType name=\"t\"><StringDataEncoding><SizeInBits><Fixed><FixedValue>12</FixedValue></Fixed>"
          + "</SizeInBits></StringDataEncoding></StringParameterType>", "whole bytes"
      ),
      ("<BinaryParameterType name=\"t\"><BinaryDataEncoding/></BinaryParameterType>", "SizeInBits"),
      (
        "<BinaryParameterType name=\"t\"><BinaryDataEncoding><SizeInBits><FixedValue>-1</FixedValue></SizeInBits>"
          + "</BinaryDataEncoding></BinaryParameterType>", "-1"
      ),
      (
        "<BinaryParameterType name=\"t\"><BinaryDataEncoding><SizeInBits><FixedValue>8</FixedValue></SizeInBits>"
          + "<FromBinaryTransformAlgorithm name=\"x\"/></BinaryDataEncoding></BinaryParameterType>", "not executed"
      ),
      ("<EnumeratedParameterType name=\"t\"><IntegerDataEncoding/></EnumeratedParameterType>", "EnumerationList"),
      (
        "<EnumeratedParameterType name=\"t\"><IntegerDataEncoding/><EnumerationList>"
          + "<Enumeration label=\"A\" value=\"3\""
          + " maxValue=\"2\"/></EnumerationList></EnumeratedParameterType>", "less than"
      ),
      ("<ComplexParameterType name=\"t\"/>", "no such kind"),
      ("<IntegerParameterType name=\"t\" baseType=\"nowhere\"/>", "no type `nowhere`"),
      ("<ArrayParameterType name=\"t\" arrayTypeRef=\"nowhere\"/>", "no type `nowhere`"),
    ])
  func refuses(text: String, reason: String) throws {
    let problems = XTCEText.problems(XTCEText.database(types: text, parameters: XTCEText.parameter("p", "t")))
    #expect(problems.count == 1)
    let problem = try #require(problems.first)
    #expect(problem.hasPrefix("test.xml:2:"))
    #expect(problem.contains(reason))
  }

  @Test("a type is derived from one of its own kind")
  func refusesOtherKinds() {
    let problems = XTCEText.problems(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + "<FloatParameterType name=\"f\" baseType=\"u8\"/>"))
    #expect(problems.first?.contains("its base type is <IntegerParameterType>") == true)
  }

  @Test(
    "an order of bytes of texts and of bytes is refused where it could move them, and passed over where it cannot",
    arguments: [
      ("StringDataEncoding", "", "<Fixed><FixedValue>32</FixedValue></Fixed>", true),
      ("StringDataEncoding", "encoding=\"UTF-16BE\"", "<Fixed><FixedValue>32</FixedValue></Fixed>", false),
      (
        "StringDataEncoding", "", "<Fixed><FixedValue>32</FixedValue></Fixed><LeadingSize sizeInBitsOfSizeTag=\"16\"/>",
        false
      ),
      ("BinaryDataEncoding", "", "<FixedValue>32</FixedValue>", false),
    ])
  func readsOrderOfTexts(element: String, more: String, size: String, isPassedOver: Bool) throws {
    func database(_ order: String) -> String {
      let kind = element.replacing("DataEncoding", with: "")
      return XTCEText.database(
        types: "<\(kind)ParameterType name=\"t\"><\(element) \(more) byteOrder=\"\(order)\">"
          + "<SizeInBits>\(size)</SizeInBits></\(element)></\(kind)ParameterType>")
    }
    #expect(XTCEText.problems(database("mostSignificantByteFirst")) == [])
    let problems = XTCEText.problems(database("leastSignificantByteFirst"))
    if isPassedOver {
      #expect(problems == [])
      let notices = try XTCEText.load(database("leastSignificantByteFirst")).notices
      #expect(notices.map(\.message) == ["an order of bytes says nothing of these texts: it is passed over"])
    } else {
      #expect(problems.first?.contains("another order of bytes than the most significant one first") == true)
    }
  }
}
