import MissionDatabase
import Testing

@Suite("The text of a mission database")
struct DatabaseTreeTests {
  @Test("containers stand under those that they extend, entries in columns with where they lie")
  func showsContainers() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + XTCEText.unsigned("u11", 11) + """
          <FloatParameterType name="volts"><UnitSet><Unit>V</Unit></UnitSet><IntegerDataEncoding sizeInBits="12"
          encoding="twosComplement"><DefaultCalibrator><PolynomialCalibrator><Term exponent="0" coefficient="-1.5"/>
          <Term exponent="1" coefficient="0.01"/></PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>
          </FloatParameterType>
          <BinaryParameterType name="blob"><BinaryDataEncoding><SizeInBits><DynamicValue>
          <ParameterInstanceRef parameterRef="N"/><LinearAdjustment slope="8"/></DynamicValue></SizeInBits>
          </BinaryDataEncoding></BinaryParameterType>
          """,
        parameters: [("APID", "u11"), ("N", "u8"), ("BUSV", "volts"), ("DATA", "blob"), ("END", "u8"), ("ELSE", "u8")]
          .map { XTCEText.parameter($0, $1) }.joined(),
        containers: "<SequenceContainer name=\"Header\" abstract=\"true\"><EntryList>"
          + XTCEText.entry(
            "APID",
            "<LocationInContainerInBits referenceLocation=\"containerStart\"><FixedValue>5</FixedValue>"
              + "</LocationInContainerInBits>")
          + "</EntryList></SequenceContainer>"
          + XTCEText.container(
            "HK",
            XTCEText.entry("N") + XTCEText.entry("BUSV")
              + XTCEText.entry(
                "DATA",
                "<IncludeCondition><Comparison parameterRef=\"N\" value=\"0\""
                  + " comparisonOperator=\"!=\"/></IncludeCondition>")
              + XTCEText.entry("END"),
            "<BaseContainer containerRef=\"Header\"><RestrictionCriteria>"
              + "<Comparison parameterRef=\"APID\" value=\"7\"/>"
              + "</RestrictionCriteria></BaseContainer>")))
    #expect(
      database.tree == """
        SAT: 1 space system, 4 types, 6 parameters, 2 containers

        /SAT/Header  (abstract; 16 bits)
          APID     5   11  integer  unsigned
          HK  when APID == 7  (of varying size)
            N     16    8  integer  unsigned
            BUSV  24   12  float    two's complement   V  -1.5 + 0.01 x
            DATA  36  var  bytes    bytes, 8 × N bits     if N != 0
            END         8  integer  unsigned

        parameters that lie in no container:
        /SAT
          ELSE          8  integer  unsigned

        """)
  }

  @Test("a database without containers says so, and shows its parameters by space system")
  func showsParameters() throws {
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8) + "<StringParameterType name=\"text\"/>",
        parameters: "<Parameter name=\"a\" parameterTypeRef=\"u8\" shortDescription=\"First.\"><AliasSet>"
          + "<Alias nameSpace=\"ID\" alias=\"1\"/></AliasSet></Parameter>" + XTCEText.parameter("b", "text")))
    #expect(
      database.tree == """
        SAT: 1 space system, 2 types, 2 parameters, no containers

        no containers: nothing here says where a value lies in a packet; its parameters are:
        /SAT
          a  8  integer  unsigned  ID:1; First.
          b     text

        """)
  }
}
