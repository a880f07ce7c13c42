import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("Packets without frames, CCSDS 133.0-B-2 and 133.1-B-3")
struct PacketStreamTests {
  private struct Bench: ~Copyable {
    var stream: PacketStream
    var recorder = Recorder()

    init(maximum: Int = 65_542) {
      var parameters = PacketStreamParameters()
      parameters.maximumPacketByteCount = maximum
      stream = PacketStream(parameters: parameters)
    }

    mutating func receive(_ unit: [UInt8], at seconds: Int64? = nil) {
      let time = seconds.map { ReceptionTime(nanosecondsSince1970: $0 * 1_000_000_000) }
      stream.receive(unsafe unit.span.bytes, at: time, into: &recorder)
    }
  }

  private static func packet(_ count: Int, apid: Int = 5) -> [UInt8] {
    FrameMaker.packet(apid: apid, count: count, data: [1, 2, 3])
  }

  @Test("a unit may hold several packets of both kinds")
  func deliversSeveral() {
    var bench = Bench()
    let packets = [
      Self.packet(0), [0xE0], FrameMaker.encapsulation(protocolID: 2, headerByteCount: 4, data: [9]), Self.packet(1),
    ]
    bench.receive(packets.flatMap { $0 })
    #expect(bench.recorder.packets == packets)
    #expect(bench.recorder.completed.map(\.kind) == [.space, .encapsulation, .encapsulation, .space])
    #expect(bench.recorder.completed.map(\.isIdle) == [false, true, false, false])
    #expect(bench.recorder.completed.last?.continuity == .inSequence)
    #expect(bench.recorder.unaccountedByteCount(pending: bench.stream.pendingByteCount) == 0)
  }

  @Test("every truncated tail is given up with its unit, and the next unit starts anew", arguments: 1..<9)
  func givesUpTail(kept: Int) {
    var bench = Bench()
    bench.receive(Self.packet(0) + Self.packet(1)[..<kept])
    #expect(bench.stream.pendingByteCount == 0)
    #expect(bench.recorder.discarded == [.length: kept])
    #expect(bench.recorder.abandoned == [.length])
    bench.receive(Self.packet(2))
    #expect(bench.recorder.packets == [Self.packet(0), Self.packet(2)])
    #expect(bench.recorder.completed.last?.continuity == .gap(missing: 1, atMost: 1))
  }

  @Test("garbage ends its unit and nothing else", arguments: [0x20, 0x40, 0xC0, 0xE4])
  func survivesGarbage(first: UInt8) {
    var bench = Bench()
    bench.receive(Self.packet(0) + [first, 1, 2, 3])
    bench.receive([first])
    bench.receive([])
    bench.receive(Self.packet(1))
    #expect(bench.recorder.packets.count == 2)
    #expect(bench.recorder.discarded.values.reduce(0, +) == 5)
    #expect(bench.recorder.unaccountedByteCount(pending: 0) == 0)
  }

  @Test("a packet longer than is believed is discarded with the rest of its unit")
  func refusesLongPacket() {
    var bench = Bench(maximum: 8)
    bench.receive([0xE0] + Self.packet(0))
    #expect(bench.recorder.packets == [[0xE0]])
    #expect(bench.recorder.discarded == [.length: 9])
  }

  @Test("packets of a silence are not missing")
  func startsNewPass() {
    var bench = Bench()
    bench.receive(Self.packet(1), at: 0)
    bench.receive(Self.packet(3), at: 60)
    bench.receive(Self.packet(500), at: 121)
    #expect(bench.recorder.completed.map(\.continuity) == [.first, .gap(missing: 1, atMost: 1), .first])
  }

  @Test("random units trap nothing and balance", arguments: 1...3 as ClosedRange<UInt64>)
  func survivesRandomUnits(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    var bench = Bench()
    for _ in 0..<5000 {
      var unit = generator.bytes(Int.random(in: 0...60, using: &generator))
      if Bool.random(using: &generator), !unit.isEmpty { unit[0] = Bool.random(using: &generator) ? 0x00 : 0xE1 }
      bench.receive(unit)
    }
    #expect(bench.recorder.unaccountedByteCount(pending: bench.stream.pendingByteCount) == 0)
    #expect(bench.stream.pendingByteCount == 0)
  }
}

@Suite("Reception time in RFC 3339")
struct ReceptionTimeTests {
  @Test(
    "known instants read as the calendar has them",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"),
      (1, "1970-01-01T00:00:00.000000Z"),
      (999_999_999, "1970-01-01T00:00:00.999999Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
      (-1_000_000_000, "1969-12-31T23:59:59.000000Z"),
      // 11016 days after 1970-01-01: 30 years of 365 days, 7 leap days, January's 31 and February's 28.
      (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
      (951_868_800_000_000_000, "2000-03-01T00:00:00.000000Z"),
      (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000000Z"),
      // 2100 is no leap year: 47540 days to its 28th of February, and one more to the first of March.
      (4_107_456_000_000_000_000, "2100-02-28T00:00:00.000000Z"),
      (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),
      (1_000_000_000_123_456_789, "2001-09-09T01:46:40.123456Z"),
      // The ends of 64 bits.
      (Int64.max, "2262-04-11T23:47:16.854775Z"),
      (Int64.min, "1677-09-21T00:12:43.145224Z"),
    ] as [(Int64, String)])
  func writesInstants(nanoseconds: Int64, expected: String) {
    #expect(ReceptionTime(nanosecondsSince1970: nanoseconds).rfc3339 == expected)
  }

  @Test("a difference is in seconds, negative backwards, and zero where 64 bits do not hold it")
  func subtracts() {
    let early = ReceptionTime(nanosecondsSince1970: 1_500_000_000)
    let late = ReceptionTime(nanosecondsSince1970: 4_000_000_000)
    #expect(late.seconds(since: early) == 2.5)
    #expect(early.seconds(since: late) == -2.5)
    let first = ReceptionTime(nanosecondsSince1970: .min)
    #expect(late.seconds(since: first) == 0)
    #expect(early < late)
  }
}
