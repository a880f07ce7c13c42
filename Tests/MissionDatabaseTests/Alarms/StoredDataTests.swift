import MissionDatabase
import TestSupport
import Testing

@Suite("Live and stored data, and values that may be wrong")
struct StoredDataTests {
  static func link(violations: Int = 1, horizon: LiveHorizon.Settings = .init()) throws -> MonitoredLink {
    try MonitoredLink(RangeAlarmTests.station(RangeAlarmTests.busVoltage, violations: violations), horizon: horizon)
  }

  static func stamp(
    _ second: Int64, received: Int64? = nil, isStored: Bool = false, isSuspect: Bool = false, source: UInt32 = 0
  ) -> PacketStamp {
    PacketStamp(
      onBoardTime: second * 1_000_000_000, receptionTime: received.map { $0 * 1_000_000_000 },
      isMarkedStored: isStored, isSuspect: isSuspect, source: source)
  }

  @Test("a packet that is older than the newest of its process updates the table of stored data, and no live alarm")
  func keepsOldDataApart() throws {
    var link = try Self.link()
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(10_000)).isEmpty)
    let events = link.receive(("BUSV", .number(20)), stamp: Self.stamp(4000))
    #expect(events.map(\.isStored) == [true] && events.map(\.level) == [.critical])
    #expect(link.level(of: "BUSV") == .normal)
    #expect(link.monitor.live.entries[0].count == 1)
    #expect(Double(bitPattern: link.monitor.live.entries[0].sample.engineeringBits) == 30)
    #expect(link.monitor.stored?.entries[0].count == 1)
    #expect(link.monitor.stored?.entries[0].level == .critical)
    #expect(link.livePacketCount == 1 && link.storedPacketCount == 1)
  }

  @Test("a packet that is marked as stored is, however new it is")
  func obeysMark() throws {
    var link = try Self.link()
    #expect(link.receive(("BUSV", .number(20)), stamp: Self.stamp(10, isStored: true)).map(\.isStored) == [true])
    // The marked one was no measure of what is new.
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(5)).isEmpty)
    #expect(link.livePacketCount == 1)
  }

  @Test("live and stored values are counted apart: neither raises nor clears an alarm of the other")
  func countsApart() throws {
    var link = try Self.link(violations: 2)
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(1000)).isEmpty)
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(100)).isEmpty)
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(101)).isEmpty)
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(1001)).map(\.isStored) == [false])
    #expect(link.level(of: "BUSV") == .warning)
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(102)).isEmpty)
    #expect(link.level(of: "BUSV") == .warning)
  }

  @Test("the same time again, and a second less, are live; each process has a newest time of its own")
  func tellsProcessesApart() throws {
    var link = try Self.link()
    for (second, source) in [(1000, 1), (1000, 1), (999, 1), (10, 2), (9, 2), (10, 2049)] as [(Int64, UInt32)] {
      link.receive(("BUSV", .number(30)), stamp: Self.stamp(second, source: source))
    }
    #expect(link.storedPacketCount == 0)
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(998, source: 1))
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(8, source: 2))
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(8, source: 2049))
    #expect(link.storedPacketCount == 3)
  }

  @Test("when nothing newer comes for two minutes, the clock on board was set back, and what comes is live")
  func noticesClockSetBack() throws {
    var link = try Self.link()
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(1_000_000, received: 0))
    #expect(link.receive(("BUSV", .number(20)), stamp: Self.stamp(5, received: 5)).map(\.isStored) == [true])
    #expect(link.receive(("BUSV", .number(20)), stamp: Self.stamp(120, received: 120)).isEmpty)
    #expect(link.receive(("BUSV", .number(20)), stamp: Self.stamp(121, received: 121)).map(\.isStored) == [false])
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(122, received: 122)).map(\.level) == [.normal])
  }

  @Test("one packet from the far future does not make all others old")
  func doubtsFarFuture() throws {
    var link = try Self.link()
    for (second, received) in [(0, 0), (10, 10), (4_000_000, 11), (12, 12), (13, 13)] as [(Int64, Int64)] {
      link.receive(("BUSV", .number(30)), stamp: Self.stamp(second, received: received))
    }
    #expect(link.storedPacketCount == 0)
    // Two that agree are believed.
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(4_000_000, received: 14))
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(4_000_001, received: 15))
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(16, received: 16))
    #expect(link.storedPacketCount == 1)
  }

  @Test("a packet that does not say when it was made is live")
  func takesTimelessAsLive() throws {
    let station = RangeAlarmTests.station(RangeAlarmTests.busVoltage)
    var link = try MonitoredLink(station)
    let (bytes, samples) = station.packet([("BUSV", .number(20))])
    for reception in [nil, 5, 4] as [Int64?] {
      link.take(samples, of: bytes, PacketStamp(receptionTime: reception))
    }
    #expect(link.livePacketCount == 3)
  }

  @Test("no row of times makes the judgement trap", arguments: 0..<20)
  func survivesAnyTimes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var horizon = LiveHorizon()
    let extremes: [Int64?] = [nil, .min, .min + 1, -1, 0, 1, .max - 1, .max]
    for _ in 0..<1000 {
      let stamp = PacketStamp(
        onBoardTime: extremes.randomElement(using: &generator) ?? nil,
        receptionTime: extremes.randomElement(using: &generator) ?? nil,
        source: .random(in: 0...UInt32.max, using: &generator))
      _ = horizon.isStored(stamp)
    }
  }

  // MARK: Suspect

  @Test("a violation in a packet whose frames were damaged is marked, as is its value in the table")
  func marksSuspect() throws {
    var link = try Self.link()
    #expect(link.receive(("BUSV", .number(20)), stamp: Self.stamp(1, isSuspect: true)).map(\.isSuspect) == [true])
    #expect(link.monitor.live.entries[0].stamp.isSuspect)
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(2)).map(\.isSuspect) == [false])
    #expect(!link.monitor.live.entries[0].stamp.isSuspect)
    #expect(link.receive(("BUSV", .number(30)), stamp: Self.stamp(3, isSuspect: true)).map(\.isSuspect) == [true])
  }

  @Test("an alarm that would not be raised without a suspect violation is suspect")
  func marksAlarmOfSuspectViolations() throws {
    var link = try Self.link(violations: 3)
    link.receive(("BUSV", .number(25)), stamp: Self.stamp(1))
    link.receive(("BUSV", .number(25)), stamp: Self.stamp(2, isSuspect: true))
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(3)).map(\.isSuspect) == [true])
    link.receive(("BUSV", .number(30)), stamp: Self.stamp(4))
    for second in 5...6 { link.receive(("BUSV", .number(25)), stamp: Self.stamp(Int64(second))) }
    #expect(link.receive(("BUSV", .number(25)), stamp: Self.stamp(7)).map(\.isSuspect) == [false])
  }
}
