import CCSDSLink
import DownlinkService
import StationConfiguration

/// A mission database of one packet, and such packets: what they mean is worked out by hand.
///
///     |primary header 48|TIME 32, GPS seconds|MODE 8|BUSV 16, 0.01 V|LABEL 32, text|CELL 8 x 3|
enum SampleMission {
  static func xtce(lowWarning: Double = 26, extra: String = "") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <SpaceSystem name="SAT" xmlns="http://www.omg.org/spec/XTCE/20180204">
     <TelemetryMetaData>
      <ParameterTypeSet>
       \(integer("u3", 3))
       \(integer("u1", 1))
       \(integer("u11", 11))
       \(integer("u2", 2))
       \(integer("u14", 14))
       \(integer("u16", 16))
       \(integer("cell", 8))
       <ArrayParameterType name="cells" arrayTypeRef="cell"><DimensionList><Dimension>
        <StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex><FixedValue>2</FixedValue></EndingIndex>
       </Dimension></DimensionList></ArrayParameterType>
       <AbsoluteTimeParameterType name="gps"><Encoding units="seconds"><IntegerDataEncoding sizeInBits="32"/></Encoding>
        <ReferenceTime><Epoch>GPS</Epoch></ReferenceTime></AbsoluteTimeParameterType>
       <EnumeratedParameterType name="mode"><UnitSet/><IntegerDataEncoding sizeInBits="8"/><EnumerationList>
        <Enumeration value="0" label="NOMINAL"/><Enumeration value="1" label="SAFE"/></EnumerationList>
        <DefaultAlarm><EnumerationAlarmList>
         <EnumerationAlarm enumerationLabel="SAFE" alarmLevel="distress"/></EnumerationAlarmList></DefaultAlarm>
       </EnumeratedParameterType>
       <FloatParameterType name="volts"><UnitSet><Unit>V</Unit></UnitSet>
        <IntegerDataEncoding sizeInBits="16"><DefaultCalibrator><PolynomialCalibrator>
         <Term exponent="1" coefficient="0.01"/></PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>
        <DefaultAlarm minViolations="2"><StaticAlarmRanges>
         <WarningRange minInclusive="\(lowWarning)" maxInclusive="34"/>
         <CriticalRange minInclusive="20" maxInclusive="36"/>
        </StaticAlarmRanges></DefaultAlarm></FloatParameterType>
       <StringParameterType name="text"><StringDataEncoding><SizeInBits><Fixed><FixedValue>32</FixedValue></Fixed>
        </SizeInBits></StringDataEncoding></StringParameterType>
      </ParameterTypeSet>
      <ParameterSet>
       <Parameter name="VERSION" parameterTypeRef="u3"/><Parameter name="TYPE" parameterTypeRef="u1"/>
       <Parameter name="SHF" parameterTypeRef="u1"/><Parameter name="APID" parameterTypeRef="u11"/>
       <Parameter name="FLAGS" parameterTypeRef="u2"/><Parameter name="COUNT" parameterTypeRef="u14"/>
       <Parameter name="LENGTH" parameterTypeRef="u16"/><Parameter name="TIME" parameterTypeRef="gps"/>
       <Parameter name="MODE" parameterTypeRef="mode"/><Parameter name="BUSV" parameterTypeRef="volts"/>
       <Parameter name="LABEL" parameterTypeRef="text"/><Parameter name="CELLS" parameterTypeRef="cells"/>\(extra)
      </ParameterSet>
      <ContainerSet>
       <SequenceContainer name="Packet" abstract="true"><EntryList>
        <ParameterRefEntry parameterRef="VERSION"/><ParameterRefEntry parameterRef="TYPE"/>
        <ParameterRefEntry parameterRef="SHF"/><ParameterRefEntry parameterRef="APID"/>
        <ParameterRefEntry parameterRef="FLAGS"/><ParameterRefEntry parameterRef="COUNT"/>
        <ParameterRefEntry parameterRef="LENGTH"/></EntryList></SequenceContainer>
       <SequenceContainer name="HK"><EntryList>
        <ParameterRefEntry parameterRef="TIME"/><ParameterRefEntry parameterRef="MODE"/>
        <ParameterRefEntry parameterRef="BUSV"/><ParameterRefEntry parameterRef="LABEL"/>
        <ParameterRefEntry parameterRef="CELLS"/></EntryList>
        <BaseContainer containerRef="Packet"><RestrictionCriteria>
         <Comparison parameterRef="APID" value="5" useCalibratedValue="false"/></RestrictionCriteria></BaseContainer>
       </SequenceContainer>
      </ContainerSet>
     </TelemetryMetaData>
    </SpaceSystem>
    """
  }

  private static func integer(_ name: String, _ bitCount: Int) -> String {
    "<IntegerParameterType name=\"\(name)\" signed=\"false\"><UnitSet/>"
      + "<IntegerDataEncoding sizeInBits=\"\(bitCount)\"/></IntegerParameterType>"
  }

  /// A packet of application process 5. Second 0 of its clock is 1980-01-06T00:00:00 UTC.
  static func packet(
    _ count: Int, second: UInt32, volts raw: UInt16, mode: UInt8 = 0, label: String = "abcd",
    cells: [UInt8] = [1, 2, 3],
    process: UInt8 = 5
  ) -> [UInt8] {
    var data: [UInt8] = (0..<4).map { UInt8(truncatingIfNeeded: second >> UInt32(24 - 8 * $0)) }
    data += [mode, UInt8(raw >> 8), UInt8(raw & 0xFF)] + Array(label.utf8.prefix(4)) + cells
    return [0x08, process, 0xC0 | UInt8(count >> 8 & 0x3F), UInt8(count & 0xFF), 0, UInt8(data.count - 1)] + data
  }

  /// A link of packets that has the database in a folder.
  static func link(in folder: TemporaryFolder, _ text: String = xtce()) throws -> (LinkConfiguration, LoadedMission) {
    var link = LinkConfiguration(name: "sat", parameters: .packets(.init()))
    let mission = MissionConfiguration(files: [try folder.write(Array(text.utf8), to: "sat.xml")])
    link.mission = mission
    return (link, try LoadedMission(mission))
  }
}
