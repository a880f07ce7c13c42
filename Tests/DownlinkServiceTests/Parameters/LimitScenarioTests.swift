import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import Publish
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

/// From the received bits to the event, each rule with packets that were made for it.
@Suite("Limits of a replay, OMG XTCE 1.2 AlarmType and ContextAlarmType")
struct LimitScenarioTests {
  /// What an event of a parameter says: its value, its level, and whether it is of stored data or suspect.
  private struct Alarm: Equatable, CustomStringConvertible {
    var value: Double
    var level: String
    var isStored = false
    var isSuspect = false

    var description: String { "\(value) \(level)\(isStored ? " stored" : "")\(isSuspect ? " suspect" : "")" }
  }

  /// Replays bytes, and gives what was told of the voltage and the lines of all packets.
  private func replay(
    _ bytes: [UInt8], in folder: TemporaryFolder, _ link: LinkConfiguration
  ) throws -> (alarms: [Alarm], lines: [JSONValue]) {
    var options = Replay.Options(files: [try folder.write(bytes, to: "input")])
    options.parametersTo = folder.path("parameters")
    options.eventsTo = folder.path("events")
    _ = try Replay(link: link, mission: LoadedMission(try #require(link.mission)), options: options).run()
    func lines(_ name: String) throws -> [JSONValue] {
      try folder.bytes(of: name).split(separator: UInt8(ascii: "\n")).map { try JSONReader.read(Array($0)) }
    }
    let alarms = try lines("events").compactMap { event -> Alarm? in
      guard let parameter = event["parameter"], parameter["name"] == .string("BUSV") else { return nil }
      guard case .number(let value)? = parameter["value"], case .string(let level)? = parameter["limit_level"] else {
        return nil
      }
      return Alarm(
        value: value, level: level, isStored: parameter["stored"] == .bool(true),
        isSuspect: parameter["suspect"] == .bool(true))
    }
    return (alarms, try lines("parameters"))
  }

  private func link(
    _ parameters: LinkParameters, in folder: TemporaryFolder, _ text: String
  ) throws -> LinkConfiguration {
    var link = LinkConfiguration(name: "sat", parameters: parameters)
    link.mission = MissionConfiguration(files: [try folder.write(Array(text.utf8), to: "sat.xml")])
    return link
  }

  // MARK: Persistence

  @Test("two violations in a row raise it, two good values in a row clear it; one of either does nothing")
  func persistence() throws {
    let folder = try TemporaryFolder()
    let volts: [UInt16] = [2500, 3000, 2500, 2510, 3000, 2500, 3000, 3010, 2500]
    let packets = volts.enumerated().map { SampleMission.packet($0, second: UInt32(100 + $0), volts: $1) }
    let found = try replay(
      packets.flatMap(\.self), in: folder, link(.packets(.init()), in: folder, SampleMission.xtce()))
    #expect(found.alarms == [Alarm(value: 25.1, level: "warning"), Alarm(value: 30.1, level: "normal")])
  }

  // MARK: Conditions

  @Test("the first context that holds is all that counts: other limits in SAFE, and these at once")
  func conditions() throws {
    let folder = try TemporaryFolder()
    let context = """
      </DefaultAlarm><ContextAlarmList><ContextAlarm><StaticAlarmRanges>
       <CriticalRange minInclusive="20" maxInclusive="34"/></StaticAlarmRanges>
       <ContextMatch><Comparison parameterRef="MODE" value="SAFE"/></ContextMatch></ContextAlarm></ContextAlarmList>
      </FloatParameterType>
      """
    let text = SampleMission.xtce().replacing("</DefaultAlarm></FloatParameterType>", with: context)
    // NOMINAL: below 26 twice. SAFE: 25 is good, 19 is not. NOMINAL again: 19 is below its critical 20 as well.
    let values: [(volts: UInt16, mode: UInt8)] = [(2500, 0), (2500, 0), (2500, 1), (1900, 1), (1910, 0), (2500, 0)]
    let packets = values.enumerated().map {
      SampleMission.packet($0, second: UInt32(100 + $0), volts: $1.volts, mode: $1.mode)
    }
    let found = try replay(packets.flatMap(\.self), in: folder, link(.packets(.init()), in: folder, text))
    #expect(
      found.alarms.prefix(3) == [
        Alarm(value: 25, level: "warning"), Alarm(value: 25, level: "normal"), Alarm(value: 19, level: "critical"),
      ])
    // It is raised already, so that the other limits change its severity at once: critical still, then warning.
    #expect(found.alarms.dropFirst(3) == [Alarm(value: 25, level: "warning")])
  }

  // MARK: Sets by the time of the packet, live and stored

  @Test(
    "the limits are those of when the packet was made: also of stored data, which come later and raise nothing live")
  func setsByPacketTime() throws {
    let folder = try TemporaryFolder()
    var link = try link(.packets(.init()), in: folder, SampleMission.xtce())
    let eclipse = try folder.write(Array(SampleMission.xtce(lowWarning: 22).utf8), to: "eclipse.xml")
    // Second 20,000 of GPS: 1980-01-06T00:00:00 is second 694,656,019 of TAI since 1958.
    let start = try #require(TAIInstant(seconds: 694_656_019 + 20_000))
    link.mission?.limitSets = [LimitSetConfiguration(validFrom: start, files: [eclipse])]
    let values: [(second: UInt32, volts: UInt16)] = [
      // Before it 25 V are too low; from that second on they are good.
      (19_998, 2500), (19_999, 2500), (20_000, 2500), (20_001, 2500),
      // Stored before that: too low then, and told of as stored.
      (10_000, 2500), (10_001, 2520), (20_002, 2500),
    ]
    let packets = values.enumerated().map { SampleMission.packet($0, second: $1.second, volts: $1.volts) }
    let found = try replay(packets.flatMap(\.self), in: folder, link)
    #expect(
      found.alarms == [
        Alarm(value: 25, level: "warning"), Alarm(value: 25, level: "normal"),
        Alarm(value: 25.2, level: "warning", isStored: true),
      ])
    #expect(found.lines.map { $0["stored"] == .bool(true) } == [false, false, false, false, true, true, false])
  }

  // MARK: Several spacecraft

  @Test("on a link of any spacecraft the database is that of the first one heard: another clears no alarm of it")
  func tellsSpacecraftApart() throws {
    let folder = try TemporaryFolder()
    let parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 223)
    // 42 is in alarm all the time, which two violations in a row prove; 43 never is.
    let frames = (0..<8).flatMap { number -> [UInt8] in
      let packet = SampleMission.packet(
        number / 2, second: UInt32(100 + number), volts: number.isMultiple(of: 2) ? 2500 : 3000)
      return frame(packet, number / 2, spacecraft: 42 + UInt8(number % 2))
    }
    let found = try replay(frames, in: folder, link(.frames(parameters), in: folder, SampleMission.xtce()))
    #expect(found.alarms == [Alarm(value: 25, level: "warning")])
    #expect(found.lines.map { $0["scid"] } == Array(repeating: .integer(42), count: 4))
  }

  // MARK: Suspect

  @Test("violations count that come by frames barely corrected, and what they raise is suspect: 13 symbols of 16 are")
  func marksSuspect() throws {
    let folder = try TemporaryFolder()
    var coding = ChannelCoding(frameByteCount: 223)
    coding.syncMarker = .standard
    coding.reedSolomon = ReedSolomonParameters()
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 223)
    parameters.coding = coding
    parameters.spacecraftIDs = [SpacecraftID(42)]
    let values: [(volts: UInt16, damage: Int)] = [
      (2500, 0), (2510, 12), (3000, 0), (3010, 0), (2500, 13), (2520, 0), (3000, 0), (3020, 16),
    ]
    let units = values.enumerated().flatMap { number, value in
      unit(SampleMission.packet(number, second: UInt32(100 + number), volts: value.volts), number, value.damage)
    }
    let found = try replay(units, in: folder, link(.frames(parameters), in: folder, SampleMission.xtce()))
    #expect(found.lines.map { $0["suspect"] == .bool(true) } == values.map { $0.damage > 12 })
    #expect(
      found.alarms == [
        Alarm(value: 25.1, level: "warning"), Alarm(value: 30.1, level: "normal"),
        Alarm(value: 25.2, level: "warning", isSuspect: true), Alarm(value: 30.2, level: "normal", isSuspect: true),
      ])
  }

  /// A TM frame of spacecraft 42 with a packet and an idle packet behind it, coded, with so many symbols wrong.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.2, see `TelemetryFrame`; the status says that a packet begins at byte 0.
  private func unit(_ packet: [UInt8], _ number: Int, _ damage: Int) -> [UInt8] {
    var plan = CodingPlan()
    plan.reedSolomon = CodingPlan.ReedSolomon()
    var unit = UnitEncoder(plan, frameByteCount: 223).unit(of: frame(packet, number, spacecraft: 42))
    for symbol in 0..<damage { unit[4 + 15 * symbol] ^= 0xA5 }
    return unit
  }

  /// The same before it is coded.
  private func frame(_ packet: [UInt8], _ number: Int, spacecraft: UInt8) -> [UInt8] {
    let header: [UInt8] = [spacecraft >> 4, spacecraft << 4 & 0xF0, UInt8(number), UInt8(number), 0x18, 0]
    let rest = 223 - header.count - packet.count
    let idle: [UInt8] =
      [0x07, 0xFF, 0xC0, UInt8(number), 0, UInt8(rest - 7)] + [UInt8](repeating: 0x55, count: rest - 6)
    return header + packet + idle
  }
}
