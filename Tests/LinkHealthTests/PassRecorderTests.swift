import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("What a report counts")
struct PassRecorderTests {
  /// A channel of TM frames with a ledger and a recorder behind it.
  private struct Sink: LinkSink {
    var ledger = LossLedger(quietAfterSeconds: 60)
    var recorder = PassRecorder(link: "dss1", settings: PassSettings())

    mutating func observe(_ event: LinkEvent) {
      ledger.fold(event)
      recorder.observe(event, ledger)
    }
    mutating func take(packet: RawSpan, _ observation: PacketObservation) {}
    mutating func take(frame: RawSpan) {}
  }

  private struct Link: ~Copyable {
    var channel: PhysicalChannel
    var sink = Sink()

    init(ocf: Bool = false) {
      var parameters = Bench.parameters(.tm, ocf ? 24 : 20)
      parameters.hasOperationalControlField = ocf
      channel = PhysicalChannel(parameters: parameters)
    }

    mutating func receive(_ frame: [UInt8], at seconds: Double) {
      let time = ReceptionTime(nanosecondsSince1970: Int64(seconds * 1e9))
      channel.receive(unsafe frame.span.bytes, at: time, into: &sink)
    }

    mutating func reports() -> [PassReport] {
      channel.finish(into: &sink)
      sink.recorder.finish(sink.ledger)
      return sink.recorder.takeNews().compactMap { if case .lost(let report) = $0 { report } else { nil } }
    }
  }

  private static func frame(_ count: Int, flags: UInt8? = nil) -> [UInt8] {
    let word: [UInt8] = flags.map { [0x01, 0x00, $0, 0x00] } ?? []
    return FrameMaker.tm(master: count, count: count, zone: [UInt8](repeating: 0x55, count: 12), controlWord: word)
  }

  @Test("what comes before the first and behind the last good frame is of no pass")
  func leavesNoiseOut() throws {
    var link = Link()
    var noise = Self.frame(0)
    noise[8] ^= 1
    for second in [1.0, 2.0] { link.receive(noise, at: second) }
    link.receive(Self.frame(0), at: 10)
    link.receive(noise, at: 11)
    link.receive(Self.frame(1), at: 12)
    for second in [13.0, 14.0, 15.0] { link.receive(noise, at: second) }
    let reports = link.reports()
    #expect(reports.count == 1)
    let report = try #require(reports.first)
    #expect([report.counts.frames, report.acceptedFrames, report.counts.rejections.total] == [3, 2, 1])
    #expect(report.start?.nanosecondsSince1970 == 10_000_000_000)
    #expect(report.end?.nanosecondsSince1970 == 12_000_000_000)
    #expect(report.completeness == 1)
  }

  @Test("a gap has the counts that were sent, over the end of the counter too, and the times around it")
  func namesRanges() throws {
    var link = Link()
    for (count, second) in [(250, 1.0), (251, 2.0), (3, 3.0), (4, 4.0), (6, 5.0)] {
      link.receive(Self.frame(count), at: second)
    }
    let report = try #require(link.reports().first)
    // 252, 253, 254, 255, 0, 1 and 2; then 5.
    let gaps = GapList(report).frames
    #expect(gaps.map { [$0.first, $0.last] } == [[252, 2], [5, 5]] && gaps.map(\.missing) == [7, 1])
    #expect(gaps.map { $0.after?.nanosecondsSince1970 } == [2_000_000_000, 4_000_000_000])
    #expect(gaps.map { $0.before?.nanosecondsSince1970 } == [3_000_000_000, 5_000_000_000])
    #expect(report.worstMinutes.map(\.missing) == [8])
  }

  @Test("flags of control words are told when they change, and for how long they were set")
  func followsControlWords() throws {
    var link = Link(ocf: true)
    // |no RF|no bit lock|lockout|wait|retransmit|FARM-B 2|reserved|
    let words: [(Double, UInt8)] = [(0, 0xC0), (10, 0xC0), (20, 0x40), (30, 0x06), (40, 0x22), (45, 0x20), (50, 0x00)]
    for (index, (second, flags)) in words.enumerated() { link.receive(Self.frame(index, flags: flags), at: second) }
    let history = try #require(link.reports().first).controlWords
    #expect(history.wordCount == 7)
    #expect(history.changes.map(\.flags) == [[.noRFAvailable, .noBitLock], .noBitLock, [], .lockout, []])
    #expect(history.changes.map { $0.time?.nanosecondsSince1970 } == [0, 20, 30, 40, 50].map { $0 * 1_000_000_000 })
    let lane = try #require(history.lanes.first)
    let end = ReceptionTime(nanosecondsSince1970: 50_000_000_000)
    #expect(
      [.noRFAvailable, .noBitLock, .lockout, .wait].map { history.seconds(of: $0, lane, until: end) } == [
        20, 30, 10, 0,
      ])
  }

  @Test("intervals become longer where a pass is long, and lose nothing")
  func keepsIntervalsBounded() throws {
    var link = Link()
    for second in 0..<3000 { link.receive(Self.frame(second % 256), at: Double(second)) }
    let report = try #require(link.reports().first)
    #expect(report.seconds.intervals.count <= 600 && report.seconds.intervalNanoseconds == 8_000_000_000)
    #expect(report.seconds.intervals.reduce(0) { $0 + $1.frames } == 3000)
    #expect(report.minutes.intervals.map(\.frames) == Array(repeating: 60, count: 50))
  }

  @Test("the pass of another process goes on, with the time that nobody counted")
  func goesOnFromAFile() throws {
    var first = Link()
    for second in 0..<10 { first.receive(Self.frame(second), at: Double(second)) }
    first.receive(Self.frame(12), at: 12)
    let saved = first.sink.recorder.saved(at: ReceptionTime(nanosecondsSince1970: 13_000_000_000))
    var second = Link()
    let isRestored = second.sink.recorder.restore(from: saved, second.sink.ledger)
    #expect(isRestored)
    for time in 20..<25 { second.receive(Self.frame(time), at: Double(time)) }
    let report = try #require(second.reports().first)
    #expect(report.acceptedFrames == 16 && report.missing == 2 && report.start?.nanosecondsSince1970 == 0)
    #expect(
      report.interruptions.map { [$0.from.nanosecondsSince1970, $0.to.nanosecondsSince1970] } == [
        [13_000_000_000, 20_000_000_000]
      ])
    #expect(report.channels.map(\.frames) == [16] && report.id == "dss1-19700101T000000Z")
    #expect(report.seconds.intervals.reduce(0) { $0 + $1.frames } == 16)
  }

  @Test("bytes that are no pass of this link change nothing")
  func refusesOtherBytes() {
    var link = Link()
    link.receive(Self.frame(0), at: 0)
    let saved = link.sink.recorder.saved(at: ReceptionTime(nanosecondsSince1970: 0))
    var other = PassRecorder(link: "other", settings: PassSettings())
    let isTaken = other.restore(from: saved, link.sink.ledger)
    #expect(!isTaken && !other.isHearing)
    for byteCount in 0..<min(400, saved.count) {
      var recorder = PassRecorder(link: "dss1", settings: PassSettings())
      let isTaken = recorder.restore(from: Array(saved.prefix(byteCount)), link.sink.ledger)
      #expect(!isTaken)
    }
    for index in stride(from: 24, to: saved.count, by: 7) {
      var damaged = saved
      damaged[index] ^= 0xFF
      StateArchive.seal(&damaged)
      var recorder = PassRecorder(link: "dss1", settings: PassSettings())
      if recorder.restore(from: damaged, link.sink.ledger) { _ = recorder.current(link.sink.ledger)?.json(.builtIn) }
    }
  }
}
