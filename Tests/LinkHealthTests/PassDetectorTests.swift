import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("Acquisition and loss of signal")
struct PassDetectorTests {
  @Test("a frame in two seconds: silence of as long as the counters hold ends a pass")
  func waitsForSlowLinks() {
    let settings = PassSettings()
    // 32 intervals of 2 s are 64 s: no longer than the 60 s after which counters prove nothing.
    #expect(settings.lossAfterSeconds(frameCount: 301, spanSeconds: 600) == 60)
    var patient = PassSettings()
    patient.quietAfterSeconds = 600
    #expect(patient.lossAfterSeconds(frameCount: 301, spanSeconds: 600) == 64)
  }

  @Test("93,000 frames a second: half a minute ends a pass")
  func endsFastLinks() {
    #expect(PassSettings().lossAfterSeconds(frameCount: 930_001, spanSeconds: 10) == 30)
  }

  @Test("before the eighth frame nothing is known of an interval", arguments: 0..<8)
  func waitsForTheFirstFrames(count: Int) {
    #expect(PassSettings().lossAfterSeconds(frameCount: count, spanSeconds: 0.001) == 60)
  }

  @Test("a pass is expected from its beginning to its end; a plan that has run out says nothing, as none does")
  func expectsPasses() {
    func time(_ seconds: Int64) -> ReceptionTime { ReceptionTime(nanosecondsSince1970: seconds * 1_000_000_000) }
    var settings = PassSettings()
    #expect(settings.isPassExpected(at: time(100)) == nil)
    settings.schedule = [
      ScheduledPass(start: time(100), end: time(200)), ScheduledPass(start: time(300), end: time(400)),
    ]
    for (now, expected) in [
      (99, false), (100, true), (200, true), (201, false), (299, false), (300, true), (400, true), (401, nil),
    ] as [(Int64, Bool?)] {
      #expect(settings.isPassExpected(at: time(now)) == expected, "\(now)")
    }
  }

  @Test("what is configured holds, whatever comes")
  func obeysTheConfiguration() {
    var settings = PassSettings()
    settings.lossAfterSeconds = 5
    #expect(settings.lossAfterSeconds(frameCount: 0, spanSeconds: 0) == 5)
    #expect(settings.lossAfterSeconds(frameCount: 1000, spanSeconds: 100_000) == 5)
  }

  @Test("silence of exactly the time does not end a pass; a nanosecond more does")
  func endsBehindTheBound() {
    var settings = PassSettings()
    settings.lossAfterSeconds = 10
    var track = PassTrack(settings)
    track.hear(0, 10_000_000_000)
    #expect(track.lost.isEmpty)
    track.hear(20_000_000_001)
    #expect(track.lost.map(\.end?.nanosecondsSince1970) == [10_000_000_000])
    #expect(track.acquired == [0, 20_000_000_001])
  }

  @Test("time alone ends a pass at the same place as the next frame would")
  func endsByTime() {
    var track = PassTrack(PassSettings())
    track.hear(0, 1_000_000_000)
    track.tick(61_000_000_000)
    #expect(track.lost.isEmpty)
    track.tick(61_000_000_001)
    #expect(track.lost.map(\.end?.nanosecondsSince1970) == [1_000_000_000])
    #expect(track.lost.map(\.ending) == [.silence])
  }

  @Test("input without times is one pass")
  func hearsWithoutTimes() {
    var track = PassTrack(PassSettings())
    for _ in 0..<3 { track.hear(nil) }
    track.finish()
    #expect(track.lost.count == 1 && track.lost.allSatisfy { $0.start == nil && $0.acceptedFrames == 3 })
  }

  @Test("a reception without an end is reported once a day, and goes on")
  func reportsDaily() {
    var settings = PassSettings()
    settings.longestSeconds = 100
    var track = PassTrack(settings)
    for second in stride(from: Int64(0), through: 150, by: 10) { track.hear(second * 1_000_000_000) }
    track.finish()
    #expect(track.lost.map(\.ending) == [.duration, .input])
    #expect(track.lost.map(\.isContinuation) == [false, true])
    #expect(track.lost.map(\.acceptedFrames) == [11, 5])
  }

  // MARK: What was announced

  private static func announced(_ start: Int64, _ end: Int64, scid: UInt16? = nil) -> ScheduledPass {
    ScheduledPass(
      start: ReceptionTime(nanosecondsSince1970: start * 1_000_000_000),
      end: ReceptionTime(nanosecondsSince1970: end * 1_000_000_000), spacecraftID: scid.map { SpacecraftID($0) })
  }

  @Test("while an announced pass lasts, silence does not end it; after its end it does")
  func keepsAnnouncedPassesTogether() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000)]
    var track = PassTrack(settings)
    for second in [Int64(900), 1100, 1900, 2050] { track.hear(second * 1_000_000_000) }
    track.tick(2111 * 1_000_000_000)
    #expect(track.lost.map(\.acceptedFrames) == [4])
    #expect(track.lost.map { $0.announced != nil } == [true])
  }

  @Test("what is heard too long before an announced pass is a pass of its own, unless it goes on into it")
  func adoptsWhatGoesOn() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000)]
    var track = PassTrack(settings)
    for second in [Int64(500), 900] { track.hear(second * 1_000_000_000) }
    track.finish()
    #expect(track.lost.map { $0.announced != nil } == [false, true])
    var ongoing = PassTrack(settings)
    for second in stride(from: Int64(500), through: 1500, by: 50) { ongoing.hear(second * 1_000_000_000) }
    ongoing.finish()
    #expect(ongoing.lost.map { $0.announced != nil } == [true])
  }

  @Test("the next announced pass begins a report of its own, without a silence between")
  func splitsAnnouncedPasses() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 1500), Self.announced(1500, 2000)]
    var track = PassTrack(settings)
    for second in stride(from: Int64(1000), through: 2000, by: 10) { track.hear(second * 1_000_000_000) }
    track.finish()
    #expect(track.lost.map(\.ending) == [.schedule, .input])
    #expect(track.lost.map(\.acceptedFrames) == [50, 51])
    #expect(track.lost.map { $0.announced?.start.nanosecondsSince1970 } == [1000_000_000_000, 1500_000_000_000])
  }

  @Test("an announced pass of which nothing comes is reported as silent, once")
  func tellsSilence() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000)]
    var track = PassTrack(settings)
    track.tick(990 * 1_000_000_000)
    track.tick(2060 * 1_000_000_000)
    #expect(track.silent.isEmpty)
    track.tick(2061 * 1_000_000_000)
    track.tick(9000 * 1_000_000_000)
    #expect(track.silent.count == 1 && track.silent.allSatisfy { $0.isSilent && $0.listenedFrom == nil })
  }

  @Test("who began to listen after its beginning says so; who did after its end says nothing")
  func saysSinceWhenItListened() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000)]
    var late = PassTrack(settings)
    for second in [Int64(1500), 2100] { late.tick(second * 1_000_000_000) }
    #expect(late.silent.map(\.listenedFrom?.nanosecondsSince1970) == [1500_000_000_000])
    var tooLate = PassTrack(settings)
    for second in [Int64(2001), 2100] { tooLate.tick(second * 1_000_000_000) }
    #expect(tooLate.silent.isEmpty)
  }

  @Test("frames of another spacecraft are not what was announced")
  func expectsASpacecraft() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000, scid: 7)]
    var track = PassTrack(settings)
    for second in stride(from: Int64(1000), through: 2000, by: 10) { track.hear(second * 1_000_000_000) }
    track.tick(2200 * 1_000_000_000)
    #expect(track.silent.count == 1 && track.lost.map { $0.announced != nil } == [false])
  }

  @Test("an input in which nothing is, not even a time, is a silent pass for each that was announced")
  func tellsOfEmptyInput() {
    var settings = PassSettings()
    settings.schedule = [Self.announced(1000, 2000)]
    var track = PassTrack(settings)
    track.finish()
    #expect(track.silent.count == 1)
  }
}

/// A recorder by itself, fed with good frames of spacecraft 100 and with time.
struct PassTrack {
  private var recorder: PassRecorder
  private var ledger = LossLedger(quietAfterSeconds: 60)
  private(set) var acquired: [Int64?] = []
  private(set) var lost: [PassReport] = []
  private(set) var silent: [PassReport] = []

  init(_ settings: PassSettings) {
    recorder = PassRecorder(link: "dss1", settings: settings)
    let identity = VirtualChannelIdentity(spacecraftID: SpacecraftID(100), virtualChannelID: VirtualChannelID(1))
    observe(.masterChannelAdded(index: 0, SpacecraftID(100)))
    observe(.virtualChannelAdded(index: 0, identity))
  }

  mutating func hear(_ nanoseconds: Int64?...) {
    for time in nanoseconds.map({ $0.map { ReceptionTime(nanosecondsSince1970: $0) } }) {
      observe(.frameReceived(byteCount: 100, time))
      observe(
        .frameAccepted(
          FrameObservation(
            virtualChannel: 0, masterChannel: 0, count: 0, expectedCount: 0, continuity: .inSequence,
            masterContinuity: nil, isIdle: false, time: time, countBitCount: 24)))
    }
  }

  mutating func tick(_ nanoseconds: Int64) {
    recorder.tick(at: ReceptionTime(nanosecondsSince1970: nanoseconds), ledger)
    take()
  }

  mutating func finish() {
    recorder.finish(ledger)
    take()
  }

  private mutating func observe(_ event: LinkEvent) {
    ledger.fold(event)
    recorder.observe(event, ledger)
    take()
  }

  private mutating func take() {
    for news in recorder.takeNews() {
      switch news {
      case .acquired(let pass): acquired.append(pass.start?.nanosecondsSince1970)
      case .lost(let pass): lost.append(pass)
      case .silent(let pass): silent.append(pass)
      }
    }
  }
}
