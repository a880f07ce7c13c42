import MissionDatabase
import Testing

/// Expected levels are worked out by hand from the rules of XTCE; nothing here is output of the code.
@Suite("Alarms on ranges, OMG XTCE 1.2 NumericAlarmType")
struct RangeAlarmTests {
  /// The example of a bus voltage: good from 26 to 34, critical below 24 and above 36.
  static func station(_ tests: [AlarmRule.Test], violations: Int = 1, conformance: Int = 1) -> MonitoredStation {
    var station = MonitoredStation()
    station.add(
      "BUSV",
      alarms: AlarmRules(
        standard: AlarmRule(tests: tests, minimumViolations: violations, minimumConformance: conformance)))
    return station
  }

  static let busVoltage: [AlarmRule.Test] = [
    .outside(.from(26, to: 34), .warning), .outside(.from(24, to: 36), .critical),
  ]

  @Test(
    "the most severe range that a value lies outside of says how bad it is; the ends are good",
    arguments: [
      (26, AlarmLevel.normal), (34, .normal), (30, .normal), (25.99, .warning), (34.01, .warning), (24, .warning),
      (36, .warning), (23.99, .critical), (36.01, .critical), (-.infinity, .critical), (.infinity, .critical),
    ])
  func judgesOutside(value: Double, level: AlarmLevel) throws {
    var link = try MonitoredLink(Self.station(Self.busVoltage))
    let events = link.receive(("BUSV", .number(value)))
    #expect(events.map(\.level) == (level == .normal ? [] : [level]))
    #expect(link.level(of: "BUSV") == level)
  }

  @Test("of five levels the worst counts, in whatever order they are written")
  func judgesFiveLevels() throws {
    let tests: [AlarmRule.Test] = [
      .outside(.from(-3, to: 3), .distress), .outside(.from(-5, to: 5), .severe), .outside(.from(-1, to: 1), .watch),
      .outside(.from(-4, to: 4), .critical), .outside(.from(-2, to: 2), .warning),
    ]
    var link = try MonitoredLink(Self.station(tests))
    #expect(
      link.levels(of: "BUSV", [0, 1.5, -2.5, 3.5, -4.5, 5.5, 0]) == [
        "-", "normal>watch", "watch>warning", "warning>distress", "distress>critical", "critical>severe",
        "severe>normal",
      ])
  }

  @Test("a range of the form inside is bad where the value lies in it, an end that does not belong to it is not")
  func judgesInside() throws {
    let resonance = ValueRange(minimum: 100, includesMinimum: true, maximum: 120, includesMaximum: false)
    var link = try MonitoredLink(Self.station([.inside(resonance, .distress)]))
    #expect(
      link.levels(of: "BUSV", [99.9, 100, 119.9, 120]) == ["-", "normal>distress", "-", "distress>normal"])
  }

  @Test("an end that is not in a range is bad, the number next to it is not")
  func judgesExclusiveEnds() throws {
    let open = ValueRange(minimum: 12.35, includesMinimum: false, maximum: 13.8, includesMaximum: false)
    var link = try MonitoredLink(Self.station([.outside(open, .warning)]))
    #expect(
      link.levels(of: "BUSV", [(12.35).nextUp, 12.35, (13.8).nextDown, 13.8]) == [
        "-", "normal>warning", "warning>normal", "normal>warning",
      ])
  }

  @Test("a range without an end on one side is good on that side")
  func judgesHalfRanges() throws {
    var link = try MonitoredLink(Self.station([.outside(ValueRange(minimum: 5), .severe)]))
    #expect(link.levels(of: "BUSV", [.infinity, 4.9]) == ["-", "normal>severe"])
  }

  @Test("of overlapping ranges of both forms the worst counts")
  func judgesMultiRanges() throws {
    let tests: [AlarmRule.Test] = [
      .inside(.from(10, to: 20), .watch), .inside(.from(15, to: 16), .critical), .outside(.from(0, to: 18), .warning),
    ]
    var link = try MonitoredLink(Self.station(tests))
    #expect(
      link.levels(of: "BUSV", [12, 15.5, 19, 5]) == [
        "normal>watch", "watch>critical", "critical>warning", "warning>normal",
      ])
  }

  @Test("integers are compared as the numbers that they are, signed or not")
  func judgesIntegers() throws {
    var station = MonitoredStation()
    let rule = AlarmRules(standard: AlarmRule(tests: [.outside(.from(-10, to: 1e18), .warning)]))
    station.add("I", .integer(isSigned: true, bitCount: 64), alarms: rule)
    var link = try MonitoredLink(station)
    #expect(link.receive(("I", .integer(-10))).isEmpty)
    #expect(link.receive(("I", .integer(-11))).map(\.level) == [.warning])
    #expect(link.receive(("I", .unsigned(7))).map(\.level) == [.normal])
    #expect(link.receive(("I", .unsigned(.max))).map(\.level) == [.warning])
  }

  @Test("what is no number, is outside of its valid range or has no engineering value neither raises nor clears")
  func passesOverInvalid() throws {
    var link = try MonitoredLink(Self.station(Self.busVoltage, violations: 2, conformance: 2))
    let invalid: [MonitoredStation.Value] = [
      .number(.nan), .invalid(0, .outOfRange), .invalid(0, .notCalibrated), .invalid(30, .outOfRange),
    ]
    for value in invalid + invalid { #expect(link.receive(("BUSV", value)).isEmpty) }
    #expect(link.receive(("BUSV", .number(10))).isEmpty)
    for value in invalid { #expect(link.receive(("BUSV", value)).isEmpty) }
    #expect(link.receive(("BUSV", .number(10))).map(\.level) == [.critical])
    for value in invalid { #expect(link.receive(("BUSV", value)).isEmpty) }
    #expect(link.level(of: "BUSV") == .critical)
    #expect(link.receive(("BUSV", .number(30))).isEmpty)
    for value in invalid { #expect(link.receive(("BUSV", value)).isEmpty) }
    #expect(link.receive(("BUSV", .number(30))).map(\.level) == [.normal])
  }
}
