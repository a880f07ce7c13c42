import MissionDatabase
import Testing

@Suite("Alarms on labels, texts, changes and conditions, OMG XTCE 1.2")
struct DiscreteAlarmTests {
  static func link(_ tests: [AlarmRule.Test], _ kind: EngineeringKind, labels: [String] = []) throws -> MonitoredLink {
    var station = MonitoredStation()
    let text = StringEncoding(characters: .utf8, bitCount: .fixed(800), maximumBitCount: 800, ending: .whole)
    station.add(
      "X", kind, labels: labels, encoding: kind == .string ? .string(text) : nil,
      alarms: AlarmRules(standard: AlarmRule(tests: tests)))
    return try MonitoredLink(station)
  }

  @Test("a label has its level, others the default, and so has a number without a label")
  func judgesLabels() throws {
    let tests: [AlarmRule.Test] = [.label("OFF", .watch), .label("FAILED", .critical), .otherLabel(.warning)]
    var link = try Self.link(tests, .enumerated([]), labels: ["ON", "OFF", "FAILED"])
    #expect(link.receive(("X", .label(1))).map(\.level) == [.watch])
    #expect(link.receive(("X", .label(2))).map(\.level) == [.critical])
    #expect(link.receive(("X", .label(0))).map(\.level) == [.warning])
    #expect(link.receive(("X", .label(1))).map(\.level) == [.watch])
    #expect(link.receive(("X", .unlabelled(77))).map(\.level) == [.warning])
  }

  @Test("without a default other labels are good, and so is a number without a label")
  func judgesLabelsWithoutDefault() throws {
    var link = try Self.link([.label("FAILED", .critical)], .enumerated([]), labels: ["ON", "FAILED"])
    #expect(link.receive(("X", .unlabelled(77))).isEmpty)
    let raised = link.receive(("X", .label(1)))
    #expect(raised.map(\.level) == [.critical] && raised.map(\.sample.rawBits) == [11])
    #expect(link.receive(("X", .label(0))).map(\.level) == [.normal])
  }

  @Test("a truth value has labels too")
  func judgesBooleans() throws {
    var link = try Self.link(
      [.label("Open", .warning)], .boolean(one: "Open", zero: "Closed"), labels: ["Closed", "Open"])
    #expect(link.receive(("X", .boolean(false))).isEmpty)
    #expect(link.receive(("X", .boolean(true))).map(\.level) == [.warning])
  }

  @Test("a text is as bad as the worst pattern that it is as, or as the default")
  func judgesTexts() throws {
    let tests: [AlarmRule.Test] = [
      .pattern("OK|READY", .normal), .pattern("E.*", .warning), .pattern("E9[0-9]{2}", .severe), .otherText(.watch),
    ]
    var link = try Self.link(tests, .string)
    #expect(link.receive(("X", .text("OK"))).isEmpty)
    #expect(link.receive(("X", .text("OKAY"))).map(\.level) == [.watch])
    #expect(link.receive(("X", .text("E1"))).map(\.level) == [.warning])
    let severe = link.receive(("X", .text("E912")))
    #expect(severe.map(\.level) == [.severe] && severe.map(\.octets) == [Array("E912".utf8)])
    #expect(link.receive(("X", .text("READY"))).map(\.level) == [.normal])
  }

  @Test("a pattern that cannot be used is refused when the database is read, where it stands and why")
  func refusesPattern() {
    #expect {
      try Self.link([.pattern(#"(a)\1"#, .warning)], .string)
    } throws: { error in
      let problems = (error as? DatabaseErrors)?.problems ?? []
      return problems.count == 1 && problems[0].place == MonitoredStation.place
        && problems[0].rendered.contains("what a group has matched is not remembered")
    }
  }

  @Test("the change from one value to the next; of the first nothing is known")
  func judgesChangePerSample() throws {
    let change = ChangeRange(range: .from(-5, to: 5), isPerSecond: false, isPercentage: false)
    var link = try Self.link([.change(change, .warning)], .float(bitCount: 64))
    #expect(
      link.levels(of: "X", [100, 105, 110.5, 110, 104.5, 104.5]) == [
        "-", "-", "normal>warning", "warning>normal", "normal>warning", "warning>normal",
      ])
  }

  @Test("a change counts without its sign: from 100 to 0 is as far as from 0 to 100")
  func judgesFallsAsRises() throws {
    let change = ChangeRange(range: .from(nil, to: 5), isPerSecond: false, isPercentage: false)
    var link = try Self.link([.change(change, .warning)], .float(bitCount: 64))
    #expect(
      link.levels(of: "X", [100, 0, 0, 100, 95]) == [
        "-", "normal>warning", "warning>normal", "normal>warning", "warning>normal",
      ])
  }

  @Test("a value that is none is not one that another has changed from")
  func passesOverInvalidBefore() throws {
    let change = ChangeRange(range: .from(-5, to: 5), isPerSecond: false, isPercentage: false)
    var link = try Self.link([.change(change, .warning)], .float(bitCount: 64))
    #expect(link.levels(of: "X", [100, .nan, 104, .nan, 111]) == ["-", "-", "-", "-", "normal>warning"])
  }

  @Test("the change in hundredths of the value before it")
  func judgesPercentage() throws {
    let change = ChangeRange(range: .from(-10, to: 10), isPerSecond: false, isPercentage: true)
    var link = try Self.link([.change(change, .critical)], .float(bitCount: 64))
    // +10 %, +11 %, 0 %; then of -200 a change by -30 is -15 %.
    #expect(link.levels(of: "X", [100, 110, 122.1, 122.1]) == ["-", "-", "normal>critical", "critical>normal"])
    #expect(link.levels(of: "X", [-200, -200, -230]) == ["normal>critical", "critical>normal", "normal>critical"])
    // From zero, no change is none, and any other is beyond all hundredths.
    #expect(link.levels(of: "X", [0, 0, 0.001]) == ["-", "critical>normal", "normal>critical"])
  }

  @Test("the change within a second by the times of the packets, not by when they came")
  func judgesChangePerSecond() throws {
    let change = ChangeRange(range: .from(-2, to: 2), isPerSecond: true, isPercentage: false)
    var link = try Self.link([.change(change, .distress)], .float(bitCount: 64))
    #expect(link.receive(("X", .number(0)), at: 1000).isEmpty)
    // 20 in 10 s.
    #expect(link.receive(("X", .number(20)), at: 1010).isEmpty)
    // 5 in 2 s.
    #expect(link.receive(("X", .number(25)), at: 1012).map(\.level) == [.distress])
    // -1 in half a second.
    #expect(link.receive(("X", .number(24)), at: 1012.5).map(\.level) == [.normal])
    // No time has passed: how fast it changes is not known.
    #expect(link.receive(("X", .number(90)), at: 1012.5).isEmpty)
  }

  @Test("how fast a value changes is not known from one end of time to the other: nobody is alarmed, and nothing traps")
  func survivesAnyTimes() throws {
    let change = ChangeRange(range: .from(-2, to: 2), isPerSecond: true, isPercentage: false)
    var link = try Self.link([.change(change, .distress)], .float(bitCount: 64))
    let times: [Int64] = [.min, 0, .max, .min, -1, .max, .min + 1, .max]
    // 1e300 in 292 years is too fast, from 0 to .max and from .min to -1; what is longer, or backwards, is not known.
    let levels: [Int: AlarmLevel] = [2: .distress, 3: .normal, 4: .distress, 5: .normal]
    for (index, time) in times.enumerated() {
      let events = link.receive(
        ("X", .number(index.isMultiple(of: 2) ? 0 : 1e300)),
        stamp: PacketStamp(onBoardTime: time, isMarkedStored: true))
      #expect(events.first?.level == levels[index], "packet \(index)")
    }
  }

  @Test("of conditions the worst that holds counts, together with the other tests")
  func judgesConditions() throws {
    var station = MonitoredStation()
    station.add("MODE", .enumerated([]), labels: ["NOMINAL", "SAFE"])
    station.add("HEATER", .boolean(one: "On", zero: "Off"), labels: ["Off", "On"])
    let isSafe = station.has("MODE", "SAFE")
    let isHeated = station.has("HEATER", "On")
    station.add(
      "TEMP",
      alarms: AlarmRules(
        standard: AlarmRule(tests: [
          .condition(isSafe, .warning), .condition(.all([isSafe, isHeated]), .critical),
          .outside(.from(-10, to: 50), .distress),
        ])))
    var link = try MonitoredLink(station)
    #expect(link.receive(("TEMP", .number(20))).isEmpty)
    #expect(link.receive(("MODE", .label(1)), ("TEMP", .number(20))).map(\.level) == [.warning])
    #expect(link.receive(("TEMP", .number(60))).map(\.level) == [.distress])
    #expect(link.receive(("TEMP", .number(20)), ("HEATER", .boolean(true))).map(\.level) == [.critical])
    #expect(link.receive(("MODE", .label(0)), ("TEMP", .number(20))).map(\.level) == [.normal])
  }
}
