import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("Who has lost a frame")
struct LossAttributionTests {
  /// A pass of one AOS channel over a ledger whose drops the test sets.
  private struct Pass {
    var ledger = LossLedger(quietAfterSeconds: 60)
    var recorder: PassRecorder
    var count: UInt64 = 0

    init(_ settings: PassSettings = PassSettings()) {
      recorder = PassRecorder(link: "dss1", settings: settings)
      let identity = VirtualChannelIdentity(spacecraftID: SpacecraftID(100), virtualChannelID: VirtualChannelID(1))
      observe(.masterChannelAdded(index: 0, SpacecraftID(100)))
      observe(.virtualChannelAdded(index: 0, identity))
      tick(0)
      frame(0.1)
    }

    mutating func observe(_ event: LinkEvent) {
      ledger.fold(event)
      recorder.observe(event, ledger)
    }

    mutating func frame(_ seconds: Double, missing: Int = 0) {
      let expected = count
      count += UInt64(missing)
      let time = ReceptionTime(nanosecondsSince1970: Int64(seconds * 1e9))
      observe(.frameReceived(byteCount: 100, time))
      observe(
        .frameAccepted(
          FrameObservation(
            virtualChannel: 0, masterChannel: 0, count: count, expectedCount: expected,
            continuity: missing > 0 ? .gap(missing: missing, atMost: missing) : .inSequence, masterContinuity: nil,
            isIdle: false, time: time, countBitCount: 24)))
      count += 1
    }

    mutating func late(_ seconds: Double, _ late: UInt64) {
      let time = ReceptionTime(nanosecondsSince1970: Int64(seconds * 1e9))
      observe(.frameReceived(byteCount: 100, time))
      observe(
        .frameAccepted(
          FrameObservation(
            virtualChannel: 0, masterChannel: 0, count: late, expectedCount: count,
            continuity: .late(fillsGap: true), masterContinuity: nil, isIdle: false, time: time, countBitCount: 24)))
    }

    mutating func tick(_ seconds: Double, foreign: Int = 0) {
      recorder.tick(at: ReceptionTime(nanosecondsSince1970: Int64(seconds * 1e9)), ledger, foreignDrops: foreign)
    }

    var causes: [Int] {
      let causes = recorder.current(ledger)?.causes ?? LossCauses()
      return [causes.spaceLink, causes.host, causes.unknown]
    }
  }

  @Test("a gap at a time when this host dropped nothing was lost on the space link")
  func blamesTheSpaceLink() {
    var pass = Pass()
    pass.frame(0.5, missing: 3)
    pass.tick(1)
    #expect(pass.causes == [3, 0, 0])
  }

  @Test("the kernel dropped two datagrams while three frames went missing: two are on this host")
  func blamesTheKernel() {
    var pass = Pass()
    pass.frame(0.5, missing: 3)
    pass.ledger.datagrams.kernelDropped += 2
    pass.tick(1)
    #expect(pass.causes == [1, 2, 0])
  }

  @Test("the drop may be known before the gap is")
  func waitsForTheGap() {
    var pass = Pass()
    pass.ledger.datagrams.kernelDropped += 2
    pass.tick(1)
    #expect(pass.causes == [0, 0, 0])
    pass.frame(1.5, missing: 2)
    #expect(pass.causes == [0, 2, 0])
  }

  @Test("datagrams turned away for their rate were lost by this host")
  func blamesTheRateLimit() {
    var pass = Pass()
    pass.frame(0.5, missing: 3)
    pass.ledger.datagrams.rejected[.rateLimited] += 3
    pass.tick(1)
    #expect(pass.causes == [0, 3, 0])
  }

  @Test("drops do not explain a gap that lay before them, or one that came after a frame behind them")
  func comparesTimes() {
    var pass = Pass()
    pass.frame(0.5, missing: 3)
    pass.tick(1)
    pass.ledger.datagrams.kernelDropped += 5
    pass.tick(2)
    #expect(pass.causes == [3, 0, 0])
    pass.frame(2.5)
    pass.frame(3, missing: 1)
    // The first frame behind the drops showed that none of this channel was among them.
    #expect(pass.causes == [4, 0, 0])
  }

  @Test("nobody knows whose datagrams a shared socket dropped")
  func doubtsSharedSockets() {
    var pass = Pass()
    pass.frame(0.5, missing: 3)
    pass.tick(1, foreign: 2)
    #expect(pass.causes == [1, 0, 2])
  }

  @Test("nobody knows what was in the dropped piece of a stream")
  func doubtsStreams() {
    var settings = PassSettings()
    settings.framesPerDatagram = nil
    var pass = Pass(settings)
    pass.frame(0.5, missing: 3)
    pass.ledger.datagrams.kernelDropped += 1
    pass.tick(1)
    #expect(pass.causes == [0, 0, 3])
  }

  @Test("a datagram may carry several frames")
  func countsFramesOfADatagram() {
    var settings = PassSettings()
    settings.framesPerDatagram = 4
    var pass = Pass(settings)
    pass.frame(0.5, missing: 9)
    pass.ledger.datagrams.kernelDropped += 2
    pass.tick(1)
    #expect(pass.causes == [1, 8, 0])
  }

  @Test("a frame that comes late is taken back, the space link's losses first, and ranges stay exact")
  func takesBack() throws {
    var pass = Pass()
    // 1 to 5 are missing, 6 comes.
    pass.frame(0.5, missing: 5)
    pass.ledger.datagrams.kernelDropped += 2
    pass.tick(1)
    pass.late(1.1, 3)
    #expect(pass.causes == [2, 2, 0])
    let report = try #require(pass.recorder.current(pass.ledger))
    #expect(GapList(report).frames.map { [$0.first, $0.last] } == [[1, 2], [4, 5]])
    pass.late(1.2, 1)
    pass.late(1.3, 5)
    pass.late(1.4, 2)
    #expect(pass.causes == [0, 1, 0])
    let rest = try #require(pass.recorder.current(pass.ledger))
    #expect(GapList(rest).frames.map { [$0.first, $0.last] } == [[4, 4]] && GapList(rest).isComplete)
  }

  @Test("whatever comes, every missing frame has one cause, and the ranges have all of them", arguments: UInt64(1)...60)
  func addsUp(seed: UInt64) throws {
    var state = seed
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var pass = Pass()
    var (time, foreign) = (0.2, 0)
    for _ in 0..<2000 {
      time += 0.01
      switch below(8) {
      case 0: pass.frame(time, missing: below(6))
      case 1 where pass.count > 40: pass.late(time, pass.count - 2 - UInt64(below(30)))
      case 2: pass.ledger.datagrams.kernelDropped += below(4)
      case 3: foreign += below(2)
      case 4: pass.tick(time, foreign: foreign)
      default: pass.frame(time)
      }
      let report = try #require(pass.recorder.current(pass.ledger))
      #expect(report.causes.total == report.missing && report.missing >= 0, "seed \(seed)")
      #expect(report.causes.host >= 0 && report.causes.unknown >= 0 && report.causes.spaceLink >= 0, "seed \(seed)")
      let gaps = GapList(report).frames
      #expect(gaps.reduce(0) { $0 + $1.missing } == report.missing, "seed \(seed)")
      #expect(gaps.allSatisfy { $0.spaceLinkLosses >= 0 && $0.hostLosses >= 0 && $0.unknownLosses >= 0 })
    }
  }
}
