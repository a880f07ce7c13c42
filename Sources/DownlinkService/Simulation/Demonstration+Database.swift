import CCSDSWire
import MissionDatabase
import StationConfiguration

/// What the packets of the demonstration mean, as a mission writes it down.
extension Demonstration {
  /// Writes the database of the orbiter beside the logs, and has it read as that of any mission.
  static func addDatabase(
    to configuration: inout StationConfiguration, in directory: String
  ) throws(ServiceError) -> MissionLibrary {
    let path = directory + "/orbiter.xml"
    let file = try OutputFile(path: path)
    file.append(line: database)
    try file.finish()
    var mission = MissionConfiguration(files: [path])
    mission.spacecraftID = SpacecraftID(0x2A)
    configuration.links[0].mission = mission
    var problems: [ConfigurationProblem] = []
    let missions = MissionLibrary(configuration, &problems)
    guard missions[configuration.links[0].name] != nil else {
      throw .configuration(ConfigurationErrors(problems: problems))
    }
    return missions
  }

  /// The database of the orbiter; see `Housekeeping` for what it sends.
  package static let database = """
    <?xml version="1.0" encoding="UTF-8"?>
    <SpaceSystem name="Orbiter" xmlns="http://www.omg.org/spec/XTCE/20180204">
     <TelemetryMetaData>
      <ParameterTypeSet>
    \(integer("u3", 3))\(integer("u1", 1))\(integer("u7", 7))\(integer("u11", 11))\(integer("u2", 2))
    \(integer("u14", 14))\(integer("u16", 16))
       <IntegerParameterType name="seconds" signed="false"><UnitSet><Unit>s</Unit></UnitSet>
        <IntegerDataEncoding sizeInBits="32"/></IntegerParameterType>
       <BooleanParameterType name="switch" zeroStringValue="OFF" oneStringValue="ON">
        <IntegerDataEncoding sizeInBits="1"/></BooleanParameterType>
       <EnumeratedParameterType name="mode"><IntegerDataEncoding sizeInBits="8"/><EnumerationList>
        <Enumeration value="0" label="NOMINAL"/><Enumeration value="1" label="SCIENCE"/>
        <Enumeration value="2" label="DOWNLINK"/><Enumeration value="3" label="SAFE"/></EnumerationList>
        <DefaultAlarm><EnumerationAlarmList>
         <EnumerationAlarm enumerationLabel="SAFE" alarmLevel="watch"/></EnumerationAlarmList></DefaultAlarm>
       </EnumeratedParameterType>
    \(number("volts", "V", scale: "0.01", isSigned: false, warning: 24...33, critical: 22...34))
    \(number("amperes", "A", scale: "0.001", isSigned: true))
    \(number("degrees", "°C", scale: "0.1", isSigned: true, warning: -20...55, critical: -30...65))
    \(number("bars", "bar", scale: "0.01", isSigned: false, warning: 14...20, critical: 12...22))
      </ParameterTypeSet>
      <ParameterSet>
    \(parameters(header + fields))
      </ParameterSet>
      <ContainerSet>
       <SequenceContainer name="Packet" abstract="true"><EntryList>
    \(entries(header))
       </EntryList></SequenceContainer>
       <SequenceContainer name="Housekeeping"><EntryList>
    \(entries(fields))
       </EntryList><BaseContainer containerRef="Packet"><RestrictionCriteria>
         <Comparison parameterRef="APID" value="10" useCalibratedValue="false"/></RestrictionCriteria></BaseContainer>
       </SequenceContainer>
      </ContainerSet>
     </TelemetryMetaData>
    </SpaceSystem>
    """

  private static let header = [
    ("VERSION", "u3"), ("TYPE", "u1"), ("SECONDARY_HEADER", "u1"), ("APID", "u11"), ("GROUPING", "u2"),
    ("COUNT", "u14"), ("LENGTH", "u16"),
  ]

  private static let fields = [
    ("MODE", "mode"), ("HEATER", "switch"), ("SPARE_1", "u7"), ("BATTERY_VOLTAGE", "volts"),
    ("BATTERY_CURRENT", "amperes"), ("PANEL_TEMPERATURE", "degrees"), ("TANK_PRESSURE", "bars"), ("COMMANDS", "u16"),
    ("UPTIME", "seconds"),
  ]

  private static func parameters(_ list: [(name: String, type: String)]) -> String {
    list.map { "   <Parameter name=\"\($0.name)\" parameterTypeRef=\"\($0.type)\"/>" }.joined(separator: "\n")
  }

  private static func entries(_ list: [(name: String, type: String)]) -> String {
    list.map { "    <ParameterRefEntry parameterRef=\"\($0.name)\"/>" }.joined(separator: "\n")
  }

  private static func integer(_ name: String, _ bitCount: Int) -> String {
    "   <IntegerParameterType name=\"\(name)\" signed=\"false\"><IntegerDataEncoding sizeInBits=\"\(bitCount)\"/>"
      + "</IntegerParameterType>"
  }

  /// A number of 16 bits with a unit, and with limits that three values one after the other violate.
  private static func number(
    _ name: String, _ unit: String, scale: String, isSigned: Bool, warning: ClosedRange<Int>? = nil,
    critical: ClosedRange<Int>? = nil
  ) -> String {
    let ranges = [("WarningRange", warning), ("CriticalRange", critical)].compactMap { element, range in
      range.map { "<\(element) minInclusive=\"\($0.lowerBound)\" maxInclusive=\"\($0.upperBound)\"/>" }
    }
    let alarm =
      ranges.isEmpty
      ? ""
      : "<DefaultAlarm minViolations=\"3\"><StaticAlarmRanges>\(ranges.joined())</StaticAlarmRanges></DefaultAlarm>"
    return "   <FloatParameterType name=\"\(name)\"><UnitSet><Unit>\(unit)</Unit></UnitSet>\n"
      + "    <IntegerDataEncoding sizeInBits=\"16\" encoding=\"\(isSigned ? "twosComplement" : "unsigned")\">"
      + "<DefaultCalibrator><PolynomialCalibrator>\n     <Term exponent=\"1\" coefficient=\"\(scale)\"/>"
      + "</PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>\n    \(alarm)</FloatParameterType>"
  }
}
