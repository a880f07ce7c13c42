import MissionDatabase
import Testing

@Suite("Alarms for conditions and for times, OMG XTCE 1.2 ContextAlarmType")
struct ContextAlarmTests {
  /// Modes NOMINAL, SAFE, MAINTENANCE and CHARGE; a voltage that has other limits in two of them and none in a third.
  static func station(violations: Int = 1) -> MonitoredStation {
    var station = MonitoredStation()
    station.add("MODE", .enumerated([]), labels: ["NOMINAL", "SAFE", "MAINTENANCE", "CHARGE"])
    func rule(_ low: Double, _ high: Double, _ level: AlarmLevel) -> AlarmRule {
      AlarmRule(tests: [.outside(.from(low, to: high), level)], minimumViolations: violations)
    }
    let contexts = [
      ContextAlarm(criterion: station.has("MODE", "SAFE"), rule: rule(20, 34, .critical)),
      ContextAlarm(criterion: station.has("MODE", "MAINTENANCE"), rule: AlarmRule(isDisabled: true)),
      ContextAlarm(criterion: station.has("MODE", "MAINTENANCE"), rule: rule(0, 1, .severe)),
      ContextAlarm(criterion: station.has("MODE", "CHARGE"), rule: AlarmRule(minimumConformance: 2)),
    ]
    station.add("BUSV", alarms: AlarmRules(contexts: contexts, standard: rule(26, 34, .warning)))
    return station
  }

  @Test("the context is that of the packet itself, wherever in it the condition stands")
  func usesOwnPacket() throws {
    var link = try MonitoredLink(Self.station())
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(25))).map(\.level) == [.warning])
    #expect(link.receive(("BUSV", .number(25)), ("MODE", .label(1))).map(\.level) == [.normal])
    #expect(link.receive(("MODE", .label(1)), ("BUSV", .number(19))).map(\.level) == [.critical])
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(19))).map(\.level) == [.warning])
  }

  @Test("what the packet does not have is as it was last; before the first of it no context holds")
  func usesLastKnown() throws {
    var link = try MonitoredLink(Self.station())
    #expect(link.receive(("BUSV", .number(25))).map(\.level) == [.warning])
    #expect(link.receive(("MODE", .label(1))).isEmpty)
    #expect(link.receive(("BUSV", .number(25))).map(\.level) == [.normal])
  }

  @Test("a condition on a number without a label does not hold")
  func passesOverUnknown() throws {
    var link = try MonitoredLink(Self.station())
    link.receive(("MODE", .label(1)))
    link.receive(("MODE", .unlabelled(9)))
    #expect(link.receive(("BUSV", .number(25))).map(\.level) == [.warning])
  }

  @Test("the first context that holds is all that counts, even where it says that nothing is an alarm")
  func firstContextWins() throws {
    var link = try MonitoredLink(Self.station())
    #expect(link.receive(("BUSV", .number(10))).map(\.level) == [.warning])
    #expect(link.receive(("MODE", .label(2)), ("BUSV", .number(10))).map(\.level) == [.normal])
    #expect(link.receive(("BUSV", .number(5000))).isEmpty)
  }

  @Test("the limits that are told of a value are those that were in force for it")
  func tellsLimits() throws {
    var link = try MonitoredLink(Self.station())
    #expect(link.limits(of: "BUSV").isEmpty, "nothing has come")
    link.receive(("BUSV", .number(25)))
    #expect(link.limits(of: "BUSV") == ["out 26.0 34.0 warning"])
    link.receive(("MODE", .label(1)), ("BUSV", .number(25)))
    #expect(link.limits(of: "BUSV") == ["out 20.0 34.0 critical"])
    // Another mode is in force with the next value.
    link.receive(("MODE", .label(2)))
    #expect(link.limits(of: "BUSV") == ["out 20.0 34.0 critical"])
    link.receive(("BUSV", .number(25)))
    #expect(link.limits(of: "BUSV").isEmpty, "there are none in MAINTENANCE")
    link.receive(("MODE", .label(0)), ("BUSV", .number(30)))
    #expect(link.limits(of: "BUSV") == ["out 26.0 34.0 warning"])
    #expect(link.limits(of: "MODE").isEmpty)
  }

  @Test("a context without a test finds every value good, and clears an alarm as it says")
  func contextWithoutTest() throws {
    var link = try MonitoredLink(Self.station())
    #expect(link.receive(("BUSV", .number(10))).map(\.level) == [.warning])
    #expect(link.receive(("MODE", .label(3)), ("BUSV", .number(10))).isEmpty)
    #expect(link.receive(("BUSV", .number(10))).map(\.level) == [.normal])
  }

  @Test("a change of context neither forgets violations nor makes new ones")
  func countsAcrossContexts() throws {
    var link = try MonitoredLink(Self.station(violations: 3))
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(19))).isEmpty)
    #expect(link.receive(("MODE", .label(1)), ("BUSV", .number(19))).isEmpty)
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(19))).map(\.level) == [.warning])
    // Good in the other context: then it takes three again.
    #expect(link.receive(("MODE", .label(1)), ("BUSV", .number(25))).map(\.level) == [.normal])
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(25))).isEmpty)
    #expect(link.receive(("MODE", .label(1)), ("BUSV", .number(25))).isEmpty)
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(25))).isEmpty)
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(25))).isEmpty)
    #expect(link.receive(("MODE", .label(0)), ("BUSV", .number(25))).map(\.level) == [.warning])
  }

  @Test("of sets of limits that in force when the packet was made counts, in whatever order packets come")
  func usesSetOfPacketTime() throws {
    var station = MonitoredStation()
    func rules(_ high: Double) -> AlarmRules {
      AlarmRules(standard: AlarmRule(tests: [.outside(.from(nil, to: high), .warning)]))
    }
    station.add("T", alarms: rules(10))
    station.add("U")
    let sets = [
      LimitSet(validFrom: 2_000_000_000_000, station.with("T", alarms: nil)),
      LimitSet(validFrom: 1_000_000_000_000, station.with("T", alarms: rules(20))),
    ]
    // Every packet is live here: only the limits are in question.
    var settings = LiveHorizon.Settings()
    settings.tolerance = .max
    var link = try MonitoredLink(station, sets: sets, horizon: settings)
    #expect(link.receive(("T", .number(15)), at: 999.999).map(\.level) == [.warning])
    #expect(link.receive(("T", .number(15)), at: 1000).map(\.level) == [.normal])
    #expect(link.receive(("T", .number(25)), at: 1999.999).map(\.level) == [.warning])
    #expect(link.receive(("T", .number(15)), at: 500).isEmpty)
    #expect(link.receive(("T", .number(1e9)), at: 2000).map(\.level) == [.normal])
    #expect(link.receive(("T", .number(15)), at: 1500).isEmpty)
    #expect(link.receive(("T", .number(15)), at: 900).map(\.level) == [.warning])
  }

  @Test("a limit set whose parameters all have other paths is refused, and says which; it would remove every limit")
  func refusesForeignSets() throws {
    var station = MonitoredStation()
    let rules = AlarmRules(standard: AlarmRule(tests: [.outside(.from(nil, to: 10), .warning)]))
    station.add("T", alarms: rules)
    var foreign = station.database
    foreign.parameters[0].path = "/SAT_eclipse/T"
    foreign.parameters[0].place = DatabasePlace(file: "eclipse.xml", line: 7, column: 3)
    let error = try #require(throws: DatabaseErrors.self) {
      try AlarmPlan(station.slots, of: station.database, sets: [LimitSet(validFrom: 1000, foreign)])
    }
    #expect(error.problems.map(\.severity) == [.error] && error.problems.map(\.place.line) == [7])
    #expect(error.problems.first?.message.contains("/SAT_eclipse/T") == true)
    #expect(error.problems.first?.hint?.contains("/SAT/T") == true)
  }

  @Test("an alarm of a limit set for what the mission database has not is told of where it stands")
  func noticesStraySetAlarms() throws {
    var station = MonitoredStation()
    let rules = AlarmRules(standard: AlarmRule(tests: [.outside(.from(nil, to: 10), .warning)]))
    for name in ["T", "U", "HIDDEN"] { station.add(name, alarms: rules) }
    var set = station.database
    set.parameters[1].path = "/SAT/UU"
    set.parameters[1].place = DatabasePlace(file: "eclipse.xml", line: 8, column: 5)
    // What no packet has in the mission database either is nothing to tell of.
    let slots = station.slots.filter { $0.name != "/SAT/HIDDEN" }
    let plan = try AlarmPlan(slots, of: station.database, sets: [LimitSet(validFrom: 1000, set)])
    #expect(plan.notices.map(\.severity) == [.warning])
    #expect(plan.notices.map(\.place) == [DatabasePlace(file: "eclipse.xml", line: 8, column: 5)])
    #expect(plan.notices.first?.message.contains("/SAT/UU") == true)
  }

  @Test("a packet that does not say when it was made is judged by when it came")
  func usesReceptionTime() throws {
    var station = MonitoredStation()
    station.add("T", alarms: AlarmRules(standard: AlarmRule(tests: [.outside(.from(nil, to: 10), .warning)])))
    let sets = [LimitSet(validFrom: 1000, station.with("T", alarms: nil))]
    let plan = try AlarmPlan(station.slots, of: station.database, sets: sets)
    var monitor = ParameterMonitor(station.slots, of: station.database, plan)
    let (bytes, samples) = station.packet([("T", .number(15))])
    monitor.take(samples.span, of: unsafe bytes.span.bytes, PacketStamp(receptionTime: 999), isStored: false)
    #expect(monitor.events.map(\.level) == [.warning])
    monitor.take(samples.span, of: unsafe bytes.span.bytes, PacketStamp(receptionTime: 1000), isStored: false)
    #expect(monitor.events.map(\.level) == [.normal])
  }

  @Test("a condition on a parameter that no packet has is told of when the database is read, and never holds")
  func noticesUnknownParameter() throws {
    var station = MonitoredStation()
    station.add("GROUND")
    let criterion = Criterion.comparison(
      Comparison(station.reference("GROUND"), usesCalibrated: true, .isEqual, .integer(0)))
    station.add("T", alarms: AlarmRules(standard: AlarmRule(tests: [.condition(criterion, .severe)])))
    let slots = station.slots.filter { $0.name != "/SAT/GROUND" }
    let plan = try AlarmPlan(slots, of: station.database)
    #expect(plan.notices.map(\.severity) == [.warning])
    #expect(plan.notices.first?.message.contains("/SAT/GROUND") == true)
  }
}
