import CCSDSCoding
import CCSDSLink
import DownlinkService
import LinkHealth
import Publish
import Testing

@Suite("Events of synchronization and coding")
struct SynchronizationEventTests {
  private static let second: Int64 = 1_000_000_000
  private static let start: Int64 = 1000 * second

  /// The events of what a link found, the rest at its end included: seconds since the start, type and body.
  private static func events(_ found: [CodingEvent]) -> [String] {
    var records: [EventRecord] = []
    let journal = EventJournal(link: "dss1") { records.append($0) }
    let ledger = LossLedger(quietAfterSeconds: 60)
    for event in found { journal.observe(.coding(event), ledger) }
    journal.finish()
    return records.map { "\(($0.time - start) / second) \($0.eventType.rawValue) \($0.body)" }
  }

  private static func unit(at seconds: Double, isCorrectable: Bool = true) -> CodingEvent {
    var corrections = CodewordCorrections(count: 1)
    if !isCorrectable { corrections[0] = nil }
    return .codeblock(
      CodeblockObservation(corrections: corrections, receivedAt: start + Int64(seconds * Double(second))))
  }

  @Test("lock is told with the time of its first unit, and the bytes skipped before it; its loss with that of the last")
  func tellsTransitions() {
    #expect(
      Self.events([
        .bytesSkipped(20), .lock(.acquired(isInverted: true, bitOffset: 163)), Self.unit(at: 1), Self.unit(at: 2),
        .lock(.lost), .bytesSkipped(5), .bytesSkipped(6), .lock(.acquired(isInverted: false, bitOffset: 0)),
        Self.unit(at: 3),
      ]) == [
        #"1 frame_sync {"action":"acquired","bit_offset":163,"inverted":true,"skipped_bytes":20}"#,
        #"2 frame_sync {"action":"lost","skipped_bytes":0}"#,
        #"3 frame_sync {"action":"acquired","bit_offset":0,"inverted":false,"skipped_bytes":11}"#,
      ])
  }

  @Test("bytes skipped while units go on are told after a second, and then every ten")
  func tellsSkippedBytes() {
    let found = (0..<300).flatMap { [CodingEvent.bytesSkipped(3), Self.unit(at: Double($0) / 10)] }
    let lines = Self.events([Self.unit(at: 0)] + found)
    #expect(
      lines.first?.hasPrefix(
        #"0 frame_sync {"reason":"skipped_bytes","count":33,"first":"1970-01-01T00:16:40.000000Z","#) == true)
    #expect(lines.count <= 4)
    #expect(lines.allSatisfy { $0.hasSuffix(#""action":"skipped"}"#) })
    #expect(lines.reduce(0) { $0 + Self.count($1) } == 900)
  }

  private static func count(_ line: String) -> Int {
    let digits = line.split(separator: #""count":"#).dropFirst().first?.prefix { $0.isNumber } ?? ""
    return Int(digits) ?? 0
  }

  @Test("units that give no frame are told by reason: the first at once, then in summaries")
  func tellsRejections() {
    let found = (0..<100).flatMap {
      [Self.unit(at: Double($0) / 10, isCorrectable: false), CodingEvent.codeblockRefused(byteCount: 7)]
    }
    let lines = Self.events(found)
    #expect(
      lines.prefix(2) == [
        #"0 codeblock_reject {"reason":"uncorrectable","count":1,"first":"1970-01-01T00:16:40.000000Z","#
          + #""last":"1970-01-01T00:16:40.000000Z"}"#,
        #"0 codeblock_reject {"reason":"length","count":1,"first":"1970-01-01T00:16:40.000000Z","#
          + #""last":"1970-01-01T00:16:40.000000Z"}"#,
      ])
    #expect(lines.count == 4)
    #expect(lines.reduce(0) { $0 + Self.count($1) } == 200)
  }

  @Test("a stream that is found and lost all the time writes no more than fifty lines a second")
  func boundsTransitions() {
    var records: [EventRecord] = []
    let journal = EventJournal(link: "dss1") { records.append($0) }
    let ledger = LossLedger(quietAfterSeconds: 60)
    let seconds = 20
    for index in 0..<seconds * 10_000 {
      for event in [
        .bytesSkipped(3), .lock(.acquired(isInverted: false, bitOffset: index)),
        Self.unit(at: Double(index) / 10_000, isCorrectable: false), .lock(.lost),
      ] as [CodingEvent] {
        journal.observe(.coding(event), ledger)
      }
    }
    journal.finish()
    let sync = records.filter { $0.eventType == .frameSync }
    #expect(sync.count <= 50 * seconds + 1)
    #expect(sync.count > 40 * seconds)
    #expect(records.filter { $0.eventType == .codeblockReject }.count <= 4)
    // Summaries have the time of the last thing they sum up; transitions stand in the order of the stream.
    let transitions = sync.filter { !$0.body.contains("skipped\"}") }.map(\.time)
    #expect(transitions == transitions.sorted())
    #expect(transitions.count > 40 * seconds)
  }

  @Test("noise without any time is told once, with all its bytes")
  func tellsNoise() {
    #expect(
      Self.events((0..<1000).map { _ in .bytesSkipped(1000) }).map { String($0.dropFirst(6)) } == [
        #"frame_sync {"reason":"skipped_bytes","count":1000000,"first":"1970-01-01T00:00:00.000000Z","#
          + #""last":"1970-01-01T00:00:00.000000Z","action":"skipped"}"#
      ])
  }

  @Test("noise all night is a line every ten seconds, by the clock of the host")
  func ticksThroughNoise() {
    var records: [EventRecord] = []
    let journal = EventJournal(link: "dss1") { records.append($0) }
    let ledger = LossLedger(quietAfterSeconds: 60)
    for index in 0..<600 {
      for _ in 0..<100 { journal.observe(.coding(.bytesSkipped(1)), ledger) }
      journal.tick(at: Self.start + Int64(index) * Self.second)
    }
    journal.finish()
    #expect(records.count <= 62)
    #expect(records.map { Self.count($0.body) }.reduce(0, +) == 60_000)
  }
}
