import MissionDatabase
import Testing

@Suite("When alarms are raised and cleared, OMG XTCE 1.2 AlarmType minViolations and minConformance")
struct AlarmPersistenceTests {
  static func link(violations: Int, conformance: Int = 1) throws -> MonitoredLink {
    try MonitoredLink(
      RangeAlarmTests.station(RangeAlarmTests.busVoltage, violations: violations, conformance: conformance))
  }

  @Test("three of three: only the third violation one after the other raises it")
  func raisesAtThird() throws {
    var link = try Self.link(violations: 3)
    #expect(
      link.levels(of: "BUSV", [25, 25, 30, 25, 25, 25, 25]) == ["-", "-", "-", "-", "-", "normal>warning", "-"])
  }

  @Test("the event has the value that raised it, since when and how many there were")
  func tellsAll() throws {
    var link = try Self.link(violations: 3)
    link.receive(("BUSV", .number(30)), at: 100)
    link.receive(("BUSV", .number(25)), at: 101)
    link.receive(("BUSV", .number(24.5)), at: 102)
    let stamp = PacketStamp(onBoardTime: 103_000_000_000, receptionTime: 999)
    let events = link.receive(("BUSV", .number(23)), stamp: stamp)
    #expect(events.count == 1)
    let event = try #require(events.first)
    #expect(Double(bitPattern: event.sample.engineeringBits) == 23)
    #expect(Double(bitPattern: event.sample.rawBits) == 23)
    // Three are at least a warning, one is critical.
    #expect(event.previousLevel == .normal && event.level == .warning)
    #expect(event.since == 101_000_000_000)
    #expect(event.violationCount == 3)
    #expect(event.stamp == stamp)
    #expect(!event.isSuspect && !event.isStored)
  }

  @Test(
    "a violation counts for its own level and those below it: what is raised is the worst that so many have reached",
    arguments: [
      // Below 26 is warning, below 24 critical. Two of three are critical, all three are at least warning.
      ([23, 23, 25], ["-", "-", "normal>warning"]),
      // One bad sample does not make a critical alarm of a warning; from then on each counts at once.
      ([25, 25, 23], ["-", "-", "normal>warning"]),
      ([25, 25, 23, 23], ["-", "-", "normal>warning", "warning>critical"]),
      ([23, 23, 23], ["-", "-", "normal>critical"]),
      // A good value ends the runs of all levels.
      ([23, 23, 30, 23, 25, 23], ["-", "-", "-", "-", "-", "normal>warning"]),
    ] as [([Double], [String])])
  func countsByLevel(values: [Double], levels: [String]) throws {
    var link = try Self.link(violations: 3)
    #expect(link.levels(of: "BUSV", values) == levels)
  }

  @Test("once it is raised its severity goes up and down at once, and that clears nothing")
  func changesSeverityAtOnce() throws {
    var link = try Self.link(violations: 3, conformance: 3)
    #expect(
      link.levels(of: "BUSV", [25, 25, 25, 23, 25, 23.5]) == [
        "-", "-", "normal>warning", "warning>critical", "critical>warning", "warning>critical",
      ])
  }

  @Test("so many good values one after the other clear it; a violation between them begins the count anew")
  func clearsAfterConformance() throws {
    var link = try Self.link(violations: 1, conformance: 3)
    #expect(
      link.levels(of: "BUSV", [25, 30, 30, 25, 30, 30, 30, 30]) == [
        "normal>warning", "-", "-", "-", "-", "-", "warning>normal", "-",
      ])
  }

  @Test("a value that flaps is raised and cleared with each, unless it has to last")
  func flaps() throws {
    var nervous = try Self.link(violations: 1)
    #expect(
      nervous.levels(of: "BUSV", [25, 30, 25, 30]) == [
        "normal>warning", "warning>normal", "normal>warning", "warning>normal",
      ])
    var calm = try Self.link(violations: 2, conformance: 2)
    #expect(calm.levels(of: "BUSV", Array(repeating: [25, 30], count: 8).flatMap(\.self)).allSatisfy { $0 == "-" })
    #expect(calm.levels(of: "BUSV", [25, 25]) == ["-", "normal>warning"])
    #expect(calm.levels(of: "BUSV", Array(repeating: [30, 25], count: 8).flatMap(\.self)).allSatisfy { $0 == "-" })
  }

  @Test("violations of an alarm are counted until it is cleared, and begin anew with the next")
  func countsViolations() throws {
    var link = try Self.link(violations: 2, conformance: 2)
    for value in [25.0, 25, 30, 25] { link.receive(("BUSV", .number(value))) }
    link.receive(("BUSV", .number(30)))
    let cleared = link.receive(("BUSV", .number(30)))
    #expect(cleared.map(\.violationCount) == [3] && cleared.map(\.since) == [1_000_000_000])
    link.receive(("BUSV", .number(25)))
    let raised = link.receive(("BUSV", .number(25)))
    #expect(raised.map(\.violationCount) == [2] && raised.map(\.since) == [7_000_000_000])
  }

  @Test("the values of one packet, such as of a repeated entry, count one after the other")
  func countsWithinPacket() throws {
    var link = try Self.link(violations: 3)
    let events = link.receive(
      ("BUSV", .number(25)), ("BUSV", .number(25)), ("BUSV", .number(25)), ("BUSV", .number(30)))
    #expect(events.map(\.level) == [.warning, .normal])
  }

  @Test("the elements of an array are as bad as the worst of them, and count as one value for each packet")
  func judgesArrays() throws {
    var station = MonitoredStation()
    station.add(
      "CELLS", isElement: true,
      alarms: AlarmRules(standard: AlarmRule(tests: RangeAlarmTests.busVoltage, minimumViolations: 2)))
    var link = try MonitoredLink(station)
    func cells(_ numbers: [Double]) -> [AlarmEvent] {
      link.receive(
        ("CELLS", .number(numbers[0])), ("CELLS", .number(numbers[1])), ("CELLS", .number(numbers[2])),
        ("CELLS", .number(numbers[3])))
    }
    #expect(cells([25, 25, 25, 25]).isEmpty)
    let raised = cells([30, 25, 20, 30])
    #expect(raised.map(\.level) == [.warning])
    #expect(raised.map(\.sample.occurrence) == [2])
    #expect(cells([30, 20, 25, 30]).map(\.level) == [.critical])
    #expect(cells([30, 30, .nan, 25]).map(\.level) == [.warning])
    #expect(cells([.nan, .nan, .nan, .nan]).isEmpty)
    #expect(cells([30, 30, 30, 30]).map(\.level) == [.normal])
  }
}
