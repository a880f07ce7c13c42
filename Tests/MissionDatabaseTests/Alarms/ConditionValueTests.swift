import MissionDatabase
import Testing

@Suite("What conditions of alarms look at")
struct ConditionValueTests {
  private func number(_ reference: ParameterReference, _ relation: Comparison.Relation, _ value: Int64) -> Criterion {
    .comparison(Comparison(reference, usesCalibrated: true, relation, .integer(value)))
  }

  @Test(
    "an element of an array is that element, and not the last one",
    arguments: [([1, 0, 0, 0], true), ([0, 0, 0, 1], false), ([0, 1, 1, 1], false)])
  func looksAtElement(values: [Int64], isRaised: Bool) throws {
    var station = MonitoredStation()
    station.add("P", .integer(isSigned: true, bitCount: 8), isElement: true)
    let first = ParameterReference(station.reference("P").parameter, steps: [.element(0)])
    station.add(
      "W", alarms: AlarmRules(standard: AlarmRule(tests: [.condition(number(first, .isEqual, 1), .critical)])))
    var link = try MonitoredLink(station)
    let (bytes, samples) = station.packet(values.map { ("P", .integer($0)) } + [("W", .number(0))])
    link.take(samples, of: bytes, PacketStamp())
    #expect((link.level(of: "W") == .critical) == isRaised)
  }

  @Test("a condition on the value itself is asked of each value of a packet, and the event has the one that violates")
  func looksAtOwnValue() throws {
    var station = MonitoredStation()
    station.add("W")
    station.add(
      "X", .float(bitCount: 64),
      alarms: AlarmRules(
        standard: AlarmRule(tests: [
          .condition(
            .comparison(
              Comparison(
                ParameterReference(ParameterIndex(1)), usesCalibrated: true, .isEqual, .float(1))), .critical)
        ])))
    func events(_ values: [Double]) throws -> [AlarmEvent] {
      var link = try MonitoredLink(station)
      let (bytes, samples) = station.packet(values.map { ("X", .number($0)) })
      link.take(samples, of: bytes, PacketStamp())
      return link.monitor.events
    }
    let first = try events([1, 0])
    #expect(first.map(\.level) == [.critical, .normal])
    #expect(first.first?.sample.engineeringBits == 1.0.bitPattern)
    let last = try events([0, 1])
    #expect(last.map(\.level) == [.critical])
    #expect(last.first?.sample.engineeringBits == 1.0.bitPattern)
  }

  @Test("two texts are compared, and two labels as the texts that they are")
  func comparesParameters() throws {
    var station = MonitoredStation()
    let encoding = StringEncoding(characters: .utf8, bitCount: .fixed(24), maximumBitCount: 24, ending: .whole)
    station.add("S", .string, encoding: .string(encoding))
    station.add("T", .string, encoding: .string(encoding))
    station.add("E", .enumerated([]), labels: ["OFF", "ON"])
    station.add("F", .enumerated([]), labels: ["ON", "OFF"])
    func same(_ left: String, _ right: String) -> Criterion {
      .comparison(
        Comparison(
          station.reference(left), usesCalibrated: true, .isEqual,
          .parameter(station.reference(right), usesCalibrated: true)))
    }
    var texts = station
    texts.add("W", alarms: AlarmRules(standard: AlarmRule(tests: [.condition(same("S", "T"), .severe)])))
    var labels = station
    labels.add("W", alarms: AlarmRules(standard: AlarmRule(tests: [.condition(same("E", "F"), .severe)])))
    func holds(_ station: MonitoredStation, _ values: (String, MonitoredStation.Value)...) throws -> Bool {
      var link = try MonitoredLink(station)
      let (bytes, samples) = station.packet(values + [("W", .number(0))])
      link.take(samples, of: bytes, PacketStamp())
      return link.level(of: "W") == .severe
    }
    #expect(try holds(texts, ("S", .text("abc")), ("T", .text("abc"))))
    #expect(try !holds(texts, ("S", .text("abc")), ("T", .text("abd"))))
    // ON is 1 of the one and 0 of the other.
    #expect(try holds(labels, ("E", .label(1)), ("F", .label(0))))
    #expect(try !holds(labels, ("E", .label(1)), ("F", .label(1))))
    #expect(try !holds(labels, ("E", .unlabelled(5)), ("F", .label(1))))
  }

  @Test("rules are made once for all parameters of a type")
  func sharesRules() throws {
    var maker = DatabaseMaker()
    let key = maker.parameter("KEY", maker.unsigned(16))
    let contexts = (0..<2_000).map {
      ContextAlarm(criterion: raw(key, .isEqual, Int64($0)), rule: AlarmRule(tests: [.inside(.from(1, to: 2), .watch)]))
    }
    let type = maker.unsigned(8) { $0.alarms = AlarmRules(contexts: contexts) }
    let parameters = (0..<5_000).map { maker.parameter("P\($0)", type) }
    _ = maker.container("Packet", [entry(key)] + parameters.map { entry($0) })
    let plan = try DecodePlan(maker.database)
    // Ten million contexts, made for each of them.
    #expect(try AlarmPlan(plan.slots, of: maker.database).monitoredCount == 5_000)
  }

  @Test("rules that many types inherit have a bound")
  func boundsRules() throws {
    var maker = DatabaseMaker()
    let key = maker.parameter("KEY", maker.unsigned(16))
    let contexts = (0..<1_000).map {
      ContextAlarm(criterion: raw(key, .isEqual, Int64($0)), rule: AlarmRule(tests: [.inside(.from(1, to: 2), .watch)]))
    }
    var entries = [entry(key)]
    for index in 0..<300 {
      let type = maker.unsigned(8) { $0.alarms = AlarmRules(contexts: contexts) }
      entries.append(entry(maker.parameter("P\(index)", type)))
    }
    _ = maker.container("Packet", entries)
    let plan = try DecodePlan(maker.database)
    let errors = try #require(throws: DatabaseErrors.self) { _ = try AlarmPlan(plan.slots, of: maker.database) }
    #expect(errors.problems.contains { $0.rendered.contains("more than 524288 parts") })
  }
}
