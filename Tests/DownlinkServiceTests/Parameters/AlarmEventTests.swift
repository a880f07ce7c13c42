import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import MissionDatabase
import Publish
import StationConfiguration
import TestSupport
import Testing

/// How many lines alarms get, and which times they have.
@Suite("Events of alarms")
struct AlarmEventTests {
  /// Takes what a link without an event log would leave out.
  private final class Taps: LinkTaps {
    let journal: EventJournal

    init(_ suppressed: SuppressedCounts, _ emit: @escaping (EventRecord) -> Void) {
      journal = EventJournal(link: "sat", suppressed: suppressed, emit: emit)
    }

    func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) { journal.observe(event, ledger) }
    func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
    func received(at time: ReceptionTime?) {
      if let time { journal.tick(at: time.nanosecondsSince1970) }
    }
    func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {}
    func take(frame: RawSpan) {}
    func take(uncorrectable codeblock: RawSpan) {}
    func take(values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent]) {
      journal.observe(alarms, of: about)
    }
  }

  /// An event of a parameter: the milliseconds since the beginning, the level, and how many are left out before it.
  private struct Line: Equatable {
    let name: String
    let milliseconds: Int64
    let level: String
    let previous: String
    var untoldCount = 0
  }

  private static let start: Int64 = 1_795_219_200_000_000_000

  /// A second of the clock on board passes in a second; a packet comes each four milliseconds, if anybody knows.
  ///
  /// - Returns: What was told, and how much was not.
  private func run(
    _ count: Int, isTimed: Bool = true, packet: (Int) -> (volts: UInt16, mode: UInt8)
  ) throws -> (lines: [Line], suppressedCount: UInt64) {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder)
    let suppressed = SuppressedCounts()
    var records: [EventRecord] = []
    let taps = Taps(suppressed) { records.append($0) }
    var pipeline = LinkPipeline(name: "sat", parameters: link.parameters, taps: taps, mission: mission)
    for index in 0..<count {
      let value = packet(index)
      let bytes = SampleMission.packet(
        index, second: UInt32(1000 + index / 250), volts: value.volts, mode: value.mode)
      let time = ReceptionTime(nanosecondsSince1970: Self.start + Int64(index) * 4_000_000)
      pipeline.receive(
        unsafe bytes.span.bytes, UnitDescription(time: isTimed ? time : nil, originalByteCount: bytes.count))
    }
    pipeline.finish()
    taps.journal.finish()
    var times = records.map(\.time)
    times.removeAll { $0 == 0 }
    #expect(times == times.sorted())
    let lines = try records.filter { $0.eventType == .parameter }.map { record in
      let body = try JSONReader.read(Array(record.body.utf8))
      func word(_ name: String) -> String { if case .string(let word)? = body[name] { word } else { "" } }
      var line = Line(
        name: word("name"), milliseconds: (record.time - Self.start) / 1_000_000, level: word("limit_level"),
        previous: word("previous_level"))
      if case .integer(let count)? = body["untold_changes"] { line.untoldCount = Int(count) }
      return line
    }
    return (lines, suppressed.byType[.parameter] ?? 0)
  }

  @Test("a parameter that flaps hides nothing of another that is worse, and in the end it is told how it stands")
  func sharesLines() throws {
    // MODE is SAFE in every second packet, 749 changes in three seconds. BUSV is 19 V from the packet 375 on: its
    // second violation, in the packet 376, raises it.
    let found = try run(750) { (volts: $0 < 375 ? 3000 : 1900, mode: UInt8($0 % 2)) }
    #expect(
      found.lines.filter { $0.name == "BUSV" } == [
        Line(name: "BUSV", milliseconds: 1504, level: "critical", previous: "normal")
      ])
    let flapping = found.lines.filter { $0.name == "MODE" }
    // The first second begins with packet 1. One change is new, three are not; the others wait, and the last of them,
    // of packet 250, is told in the next second: 5 to 249 are left out.
    func second(from first: Int64) -> [Line] {
      (0..<4).map { step in
        Line(
          name: "MODE", milliseconds: (first + step) * 4, level: step % 2 == 0 ? "distress" : "normal",
          previous: step % 2 == 0 ? "normal" : "distress")
      }
    }
    func rest(at packet: Int64, _ level: String, _ count: Int) -> Line {
      Line(name: "MODE", milliseconds: packet * 4, level: level, previous: "normal", untoldCount: count)
    }
    #expect(
      flapping == second(from: 1) + [rest(at: 251, "normal", 245)] + second(from: 251)
        + [rest(at: 501, "normal", 245)] + second(from: 501) + [rest(at: 749, "distress", 244)])
    #expect(found.suppressedCount == 245 + 245 + 244)
  }

  @Test("the time of an event is when its packet was received, to the nanosecond, though no frame says it")
  func takesTimeOfPacket() throws {
    let found = try run(1000) { (volts: 3000, mode: $0 == 333 ? 1 : 0) }
    #expect(found.lines.map(\.milliseconds) == [1332, 1336])
    #expect(found.lines.map(\.level) == ["distress", "normal"])
  }

  @Test("where nothing says a time there are no seconds, and every change is told")
  func tellsAllWithoutTimes() throws {
    let found = try run(750, isTimed: false) { (volts: 3000, mode: UInt8($0 % 2)) }
    #expect(found.lines.count == 749 && found.lines.allSatisfy { $0.untoldCount == 0 })
    #expect(found.suppressedCount == 0)
  }
}
