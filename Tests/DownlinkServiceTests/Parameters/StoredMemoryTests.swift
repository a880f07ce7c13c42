import CCSDSLink
import CCSDSWire
import DownlinkService
import Publish
import StationConfiguration
import TestSupport
import Testing

/// What decides whether a packet is stored, and what stored packets leave behind.
@Suite("Live and stored packets of a replay")
struct StoredMemoryTests {
  /// Two kinds of packets: MODE comes in one, and decides how V of the other is calibrated.
  ///
  ///     |primary header 48|T 32, seconds of 1958|CLOCK 64, the same|MODE 16 or V 16|
  private static func xtce(firstTime: String = "T") -> String {
    let seconds = { (bitCount: Int) in
      "<Encoding units=\"seconds\"><IntegerDataEncoding sizeInBits=\"\(bitCount)\"/></Encoding><ReferenceTime>"
        + "<Epoch>TAI</Epoch></ReferenceTime>"
    }
    let t = firstTime == "T" ? "<AbsoluteTimeParameterType name=\"t\">\(seconds(32))</AbsoluteTimeParameterType>" : ""
    let integer = { (name: String, bitCount: Int) in
      "<IntegerParameterType name=\"\(name)\" signed=\"false\"><IntegerDataEncoding sizeInBits=\"\(bitCount)\"/>"
        + "</IntegerParameterType>"
    }
    let container = { (name: String, last: String, identifier: Int) in
      "<SequenceContainer name=\"\(name)\"><EntryList><ParameterRefEntry parameterRef=\"\(last)\"/></EntryList>"
        + "<BaseContainer containerRef=\"P\"><RestrictionCriteria><Comparison parameterRef=\"ID\""
        + " value=\"\(identifier)\"/></RestrictionCriteria></BaseContainer></SequenceContainer>"
    }
    return """
      <SpaceSystem name="S" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData><ParameterTypeSet>
       \(integer("u16", 16))\(integer("u32", 32))\(integer("raw", 64))\(t)
       <AbsoluteTimeParameterType name="clock">\(seconds(64))</AbsoluteTimeParameterType>
       <FloatParameterType name="v"><IntegerDataEncoding sizeInBits="16"><DefaultCalibrator><PolynomialCalibrator>
         <Term coefficient="1" exponent="1"/></PolynomialCalibrator></DefaultCalibrator><ContextCalibratorList>
         <ContextCalibrator><ContextMatch><Comparison parameterRef="MODE" value="1"/></ContextMatch><Calibrator>
         <PolynomialCalibrator><Term coefficient="10" exponent="1"/></PolynomialCalibrator></Calibrator>
         </ContextCalibrator></ContextCalibratorList></IntegerDataEncoding><DefaultAlarm><StaticAlarmRanges>
         <SevereRange minInclusive="0" maxInclusive="100"/></StaticAlarmRanges></DefaultAlarm></FloatParameterType>
      </ParameterTypeSet><ParameterSet>
       <Parameter name="ID" parameterTypeRef="u16"/><Parameter name="SEQUENCE" parameterTypeRef="u16"/>
       <Parameter name="LENGTH" parameterTypeRef="u16"/>
       <Parameter name="T" parameterTypeRef="\(firstTime == "T" ? "t" : "u32")"/>
       <Parameter name="CLOCK" parameterTypeRef="\(firstTime == "none" ? "raw" : "clock")"/>
       <Parameter name="LATER" parameterTypeRef="\(firstTime == "none" ? "raw" : "clock")"/>
       <Parameter name="MODE" parameterTypeRef="u16"/><Parameter name="V" parameterTypeRef="v"/>
      </ParameterSet><ContainerSet>
       <SequenceContainer name="P" abstract="true"><EntryList>
        <ParameterRefEntry parameterRef="ID"/><ParameterRefEntry parameterRef="SEQUENCE"/>
        <ParameterRefEntry parameterRef="LENGTH"/><ParameterRefEntry parameterRef="T"/>
        <ParameterRefEntry parameterRef="CLOCK"/><ParameterRefEntry parameterRef="LATER"/></EntryList>
       </SequenceContainer>\(container("Modes", "MODE", 0x0801))\(container("Volts", "V", 0x0802))
      </ContainerSet></TelemetryMetaData></SpaceSystem>
      """
  }

  /// A packet of application process 1, with a MODE, or 2, with V.
  private static func packet(
    _ process: UInt8, _ second: UInt32, _ value: UInt16, clock: UInt64? = nil, later: UInt64? = nil
  ) -> [UInt8] {
    func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
      (0..<number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
    let data =
      bytes(second) + bytes(clock ?? UInt64(second)) + bytes(later ?? UInt64(second)) + bytes(value)
    return [0x08, process, 0xC0, 0, 0, UInt8(data.count - 1)] + data
  }

  /// Replays packets, and gives V of each that has it, with whether it is stored, and the alarms.
  private func replay(_ packets: [[UInt8]], _ text: String, _ parameters: PacketParameters) throws -> (
    volts: [String], alarms: [String]
  ) {
    let folder = try TemporaryFolder()
    var stream = PacketStreamParameters()
    stream.packets = parameters
    var link = LinkConfiguration(name: "sat", parameters: .packets(stream))
    let mission = MissionConfiguration(files: [try folder.write(Array(text.utf8), to: "sat.xml")])
    link.mission = mission
    var options = Replay.Options(files: [try folder.write(packets.flatMap(\.self), to: "packets")])
    options.parametersTo = folder.path("parameters")
    options.eventsTo = folder.path("events")
    _ = try Replay(link: link, mission: LoadedMission(mission), options: options).run()
    func lines(_ name: String) throws -> [JSONValue] {
      try folder.bytes(of: name).split(separator: UInt8(ascii: "\n")).map { try JSONReader.read(Array($0)) }
    }
    func words(_ object: JSONValue, _ value: JSONValue?, _ level: String) -> String? {
      let isStored = object["stored"] == .bool(true)
      switch value {
      case .number(let number): return "\(Int(number))\(level)\(isStored ? " stored" : "")"
      case .integer(let number): return "\(number)\(level)\(isStored ? " stored" : "")"
      default: return nil
      }
    }
    let volts = try lines("parameters").compactMap { words($0, $0["eng"]?["V"], "") }
    let alarms = try lines("events").compactMap { event -> String? in
      guard let alarm = event["parameter"], case .string(let level)? = alarm["limit_level"],
        case .string(let severity)? = event["severity"]
      else { return nil }
      return words(alarm, alarm["value"], " \(level) \(severity)")
    }
    return (volts, alarms)
  }

  /// Times in the secondary header, seconds since 1958, believed from second 100 on.
  private static func headerTimes() -> PacketParameters {
    var parameters = PacketParameters()
    parameters.timeCode = UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 0).map { .implicit(.unsegmented($0)) }
    parameters.earliestTime = TAIInstant(seconds: 100)
    return parameters
  }

  // MARK: Memory

  @Test(
    "what a stored packet says of a mode changes no live value, and the other way round, by whichever clock it is told",
    arguments: [true, false])
  func keepsMemoriesApart(isHeaderTime: Bool) throws {
    let packets = [
      Self.packet(1, 1000, 0), Self.packet(2, 1000, 50),
      // Stored: the mode was 1 then.
      Self.packet(1, 200, 1),
      // Live: 50 and good. Stored: ten times as much, and told of as such. Then live again.
      Self.packet(2, 1001, 50), Self.packet(2, 201, 50), Self.packet(2, 1002, 51),
      // The mode of now is 1, that of then 0.
      Self.packet(1, 1003, 1), Self.packet(1, 202, 0), Self.packet(2, 203, 52), Self.packet(2, 1004, 5),
    ]
    let found = try replay(
      packets, Self.xtce(firstTime: isHeaderTime ? "none" : "T"),
      isHeaderTime ? Self.headerTimes() : PacketParameters())
    #expect(found.volts == ["50", "50", "500 stored", "51", "52 stored", "50"])
    #expect(found.alarms == ["500 severe info stored", "52 normal info stored"])
  }

  // MARK: Times that are not believed

  @Test("a packet whose time is not believed is live, and its alarms count: another time in it is not looked for")
  func doubtsTimeOfHeader() throws {
    // The clock on board was reset: second 5 of 1958 lies outside of the mission.
    let packets = [Self.packet(2, 1000, 50), Self.packet(2, 5, 900)]
    let found = try replay(packets, Self.xtce(), Self.headerTimes())
    #expect(found.volts == ["50", "900"])
    #expect(found.alarms == ["900 severe error"])
  }

  @Test("the first time of a packet that is no time leaves it without one: a later one is a time of something else")
  func takesFirstTimeOnly() throws {
    let text = Self.xtce(firstTime: "CLOCK")
    let packets = [
      Self.packet(2, 0, 50, clock: 1000), Self.packet(2, 0, 900, clock: .max, later: 5),
      Self.packet(2, 0, 50, clock: 1001), Self.packet(2, 0, 900, clock: 5, later: 2000),
    ]
    let found = try replay(packets, text, PacketParameters())
    #expect(found.volts == ["50", "900", "50", "900 stored"])
    #expect(found.alarms == ["900 severe error", "50 normal notice", "900 severe info stored"])
  }
}
