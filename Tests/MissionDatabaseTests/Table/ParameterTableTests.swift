import AllocationCounter
import MissionDatabase
import Testing

@Suite("The table of last values")
struct ParameterTableTests {
  static func station() -> MonitoredStation {
    var station = MonitoredStation()
    station.add("A")
    station.add("B")
    let text = StringEncoding(characters: .utf8, bitCount: nil, maximumBitCount: 4000, ending: .terminator([0]))
    station.add("S", .string, encoding: .string(text))
    station.add("O", .binary, encoding: .binary(bitCount: .fixed(32)))
    return station
  }

  @Test("it has the last value of each, how many there were and of which packet")
  func keepsLast() throws {
    var link = try MonitoredLink(Self.station())
    link.receive(("A", .number(1)), ("B", .number(2)))
    let stamp = PacketStamp(onBoardTime: 5_000_000_000, receptionTime: 7, isSuspect: true)
    link.receive(("A", .number(3)), ("A", .number(4)), stamp: stamp)
    let entries = link.monitor.live.entries
    #expect(entries.map(\.count) == [3, 1, 0, 0])
    #expect(Double(bitPattern: entries[0].sample.engineeringBits) == 4)
    #expect(entries[0].sample.occurrence == 1)
    #expect(entries[0].stamp == stamp)
    #expect(Double(bitPattern: entries[1].sample.engineeringBits) == 2)
    #expect(entries[1].stamp.onBoardTime == 1_000_000_000)
  }

  @Test("of texts and octets the first are kept, whatever bit they begin at")
  func keepsOctets() throws {
    var link = try MonitoredLink(Self.station())
    let long = String(repeating: "x", count: 500)
    link.receive(("S", .text(long)), ("O", .octets([1, 2, 3, 4])))
    #expect(Array(link.monitor.live.octets(of: 2)) == Array(repeating: UInt8(ascii: "x"), count: 256))
    #expect(Array(link.monitor.live.octets(of: 3)) == [1, 2, 3, 4])
    link.receive(("S", .text("")), ("O", .octets([9])))
    #expect(link.monitor.live.octets(of: 2).isEmpty)
    #expect(Array(link.monitor.live.octets(of: 3)) == [9])
    var sample = ParameterSample(slot: 3, bitOffset: 3, bitCount: 13)
    sample.rawForm = .octets
    let bytes: [UInt8] = [0b0001_0110, 0b1101_0011, 0xFF]
    let samples = [sample]
    var table = ParameterTable(link.station.slots, of: link.station.database)
    table.update(samples.span, of: unsafe bytes.span.bytes, PacketStamp())
    // 10110 11010011 11…: thirteen bits, filled up with zeros.
    #expect(Array(table.octets(of: 3)) == [0b1011_0110, 0b1001_1000])
    // A sample that is not of this packet reads nothing behind its end.
    table.update(samples.span, of: unsafe [UInt8]().span.bytes, PacketStamp())
    #expect(table.octets(of: 3).isEmpty)
  }

  @Test("all texts together have a bound: where it is too little, each has less")
  func boundsOctets() {
    let station = Self.station()
    var bounds = ParameterTable.Bounds()
    bounds.octetCount = 130
    var table = ParameterTable(station.slots, of: station.database, bounds: bounds)
    let (bytes, samples) = station.packet([
      ("S", .text(String(repeating: "y", count: 300))), ("O", .octets([1, 2, 3, 4])),
    ])
    table.update(samples.span, of: unsafe bytes.span.bytes, PacketStamp())
    #expect(table.octets(of: 2).count == 128)
    #expect(Array(table.octets(of: 3)) == [1, 2])
  }

  @Test("what is told of it is what has changed since the last time, each once")
  func tellsChanges() throws {
    var link = try MonitoredLink(Self.station())
    var view = LastValues(slotCount: link.station.slots.count)
    link.receive(("A", .number(1)), ("S", .text("one")))
    link.receive(("A", .number(2)))
    var changes = link.monitor.takeChanges()
    #expect(changes.entries.map(\.sample.slot) == [0, 2])
    view.apply(changes)
    #expect(view.entries[0].count == 2)
    #expect(view.octets(of: 2) == Array("one".utf8))
    #expect(link.monitor.takeChanges().entries.isEmpty)
    link.receive(("O", .octets([7])), ("S", .text("two")))
    changes = link.monitor.takeChanges()
    #expect(changes.entries.map(\.sample.slot) == [3, 2])
    view.apply(changes)
    #expect(view.octets(of: 2) == Array("two".utf8))
    #expect(view.octets(of: 3) == [7])
    #expect(view.entries.map(\.count) == [2, 0, 2, 1])
  }

  @Test("an alarm that is raised or cleared is a change")
  func tellsLevels() throws {
    var link = try MonitoredLink(RangeAlarmTests.station(RangeAlarmTests.busVoltage))
    link.receive(("BUSV", .number(20)))
    #expect(link.monitor.takeChanges().entries.map(\.level) == [.critical])
  }
}

extension ParameterTableTests {
  @Test("packets in which no alarm changes take no memory", .enabled(if: allocation_counter_is_counting()))
  func takesNoMemory() throws {
    var station = MonitoredStation()
    station.add("MODE", .enumerated([]), labels: ["NOMINAL", "SAFE"])
    let text = StringEncoding(characters: .utf8, bitCount: nil, maximumBitCount: 400, ending: .terminator([0]))
    let tests: [AlarmRule.Test] =
      RangeAlarmTests.busVoltage + [
        .condition(station.has("MODE", "SAFE"), .severe),
        .change(ChangeRange(range: .from(-50, to: 50), isPerSecond: true, isPercentage: false), .watch),
      ]
    let context = ContextAlarm(criterion: station.has("MODE", "SAFE"), rule: AlarmRule(isDisabled: true))
    station.add("V", alarms: AlarmRules(contexts: [context], standard: AlarmRule(tests: tests)))
    station.add("CELLS", isElement: true, alarms: AlarmRules(standard: AlarmRule(tests: RangeAlarmTests.busVoltage)))
    station.add(
      "S", .string, encoding: .string(text),
      alarms: AlarmRules(standard: AlarmRule(tests: [.pattern("ab*", .normal), .otherText(.watch)])))
    var link = try MonitoredLink(station)
    let (bytes, samples) = station.packet([
      ("MODE", .label(0)), ("V", .number(30)), ("CELLS", .number(30)), ("CELLS", .number(31)), ("S", .text("abbb")),
    ])
    func feed(_ seconds: ClosedRange<Int64>) {
      for second in seconds {
        let stamp = PacketStamp(onBoardTime: second * 1_000_000_000)
        link.take(samples, of: bytes, stamp)
        let old = PacketStamp(onBoardTime: second, isMarkedStored: true)
        link.take(samples, of: bytes, old)
      }
    }
    feed(1...10)
    let before = allocation_counter_count()
    feed(11...1000)
    #expect(allocation_counter_count() - before == 0)
    #expect(link.livePacketCount == 1000 && link.storedPacketCount == 1000)
    #expect(link.monitor.events.isEmpty)
  }
}
