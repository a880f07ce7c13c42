import CCSDSCoding
package import CCSDSLink
import CCSDSWire

/// What a link has to tell of its passes.
package enum PassNews: Sendable {
  /// A pass has begun.
  case acquired(PassReport)
  /// It is over.
  case lost(PassReport)
  /// One that was announced was not heard.
  case silent(PassReport)
}

/// Follows the passes of a link: a fold over its events, beside the ledger.
///
/// It allocates for what is new, a pass, a channel, a range of losses, and not for a frame or packet. It holds no
/// clock: time comes with the frames, and in a live run with `tick`.
package struct PassRecorder: Sendable {
  package let link: String
  package internal(set) var settings: PassSettings
  var detector: PassDetector
  /// The pass under way, or nothing of interest.
  var report: PassReport
  /// What was counted since the last good frame: it belongs to the pass only when another one follows.
  var tail = PassCounts()
  /// Whether nothing but frames and clean codeblocks are in it.
  var isTailPlain = true
  /// By the indices of the ledger: the row of a channel or process in the report; negative for none.
  var channelRows: [Int] = []
  var processRows: [Int] = []
  /// What the ledger had counted of datagrams when that was looked at last.
  var datagramMark = PassDatagrams()
  /// When the drops of this host were looked at last.
  var dropsSeenAt: ReceptionTime?
  var foreignDropCount = 0
  /// The earliest and the latest time that came with anything.
  var firstTime: ReceptionTime?
  var lastTime: ReceptionTime?
  /// From when on somebody listens; absent in a replay, which goes by its first time.
  var listensSince: ReceptionTime?
  /// When an earlier process had said last how the pass is, until something is heard again.
  var interruptedAt: ReceptionTime?
  private var reviewedAt = Int64.min
  private var untimedCount = 0
  private var news: [PassNews] = []

  package init(link: String, settings: PassSettings) {
    self.link = link
    self.settings = settings
    detector = PassDetector(settings)
    report = PassReport(link: link)
  }

  /// Takes what the link has found, after the ledger has.
  package mutating func observe(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    switch event {
    case .frameReceived(_, let time):
      tail.frames += 1
      if let time { notice(time) }
    case .frameAccepted(let frame): note(frame, ledger)
    case .packetCompleted(let packet): note(packet, ledger)
    case .coding(.codeblock(let codeblock)): note(codeblock)
    case .frameRejected(let reason):
      isTailPlain = false
      tail.rejections[reason] += 1
    case .frameUnlisted:
      isTailPlain = false
      tail.unlisted += 1
    case .packetRejected: report.counts.rejectedPackets += 1
    case .operationalControlField(.linkControlWord(let word), let master):
      report.controlWords.note(word, of: ledger.masterChannels[master].spacecraftID, at: report.end)
    case .coding, .operationalControlField, .zoneReceived, .zoneDiscarded, .packetAbandoned, .packetGroup, .clock,
      .serviceData, .fillRecognized, .fillCompared, .masterChannelAdded, .virtualChannelAdded,
      .applicationProcessAdded:
      break
    }
  }

  /// A parameter has left its limits.
  package mutating func note(_ violation: PassViolations.Violation) {
    if detector.current != nil { report.violations.note(violation) }
  }

  /// The pass under way as it stands; nothing between passes.
  package func current(_ ledger: borrowing LossLedger) -> PassReport? {
    guard detector.current != nil else { return nil }
    return completed(ledger)
  }

  /// The announced pass that should be heard now and is not.
  package func missed(at now: ReceptionTime) -> ScheduledPass? { detector.missed(at: now) }

  /// Whether a pass is under way.
  package var isHearing: Bool { detector.current != nil }

  /// What has happened since the last time.
  package mutating func takeNews() -> [PassNews] {
    guard !news.isEmpty else { return [] }
    defer { news = [] }
    return news
  }

  /// Whether there is anything to tell.
  package var hasNews: Bool { !news.isEmpty }

  // MARK: Time

  /// Takes note of how late it is where nothing need come; call it about once a second.
  ///
  /// - Parameter foreignDrops: Datagrams that the kernel has dropped in all at a socket that several links share, where
  ///   nobody knows whose they were.
  package mutating func tick(at now: ReceptionTime, _ ledger: borrowing LossLedger, foreignDrops: Int = 0) {
    if listensSince == nil { listensSince = now }
    noteDrops(at: now, ledger, foreignDrops)
    if detector.pass(to: now) { close(.silence, ledger) }
    review(until: now)
  }

  /// There is nothing more to come: the end of a replay.
  package mutating func finish(_ ledger: borrowing LossLedger) {
    if detector.finish() { close(.input, ledger) }
    let silent: [ScheduledPass]
    if let lastTime {
      silent = detector.takeSilent(until: lastTime, since: earliest, isFinal: true)
    } else {
      silent = detector.takeAllSilent()
    }
    for announced in silent { tell(silent: announced) }
  }

  /// From when on somebody has listened.
  private var earliest: ReceptionTime? {
    guard let listensSince, let firstTime else { return listensSince ?? firstTime }
    return min(listensSince, firstTime)
  }

  private mutating func notice(_ time: ReceptionTime) {
    if firstTime == nil { firstTime = time }
    guard time.nanosecondsSince1970 > (lastTime?.nanosecondsSince1970 ?? .min) else { return }
    lastTime = time
    guard !settings.schedule.isEmpty, time.nanosecondsSince1970 >= reviewedAt else { return }
    review(until: time)
  }

  /// Looks for announced passes that were not heard.
  private mutating func review(until now: ReceptionTime) {
    guard !settings.schedule.isEmpty else { return }
    reviewedAt = now.advanced(bySeconds: 1).nanosecondsSince1970
    for announced in detector.takeSilent(until: now, since: earliest) { tell(silent: announced) }
  }

  private mutating func tell(silent announced: ScheduledPass) {
    news.append(.silent(.silent(announced, link: link, listenedFrom: listensSince == nil ? nil : earliest)))
  }

  // MARK: Passes

  /// Goes by the time of a good frame, or of a packet where there are no frames.
  mutating func hear(at time: ReceptionTime?, from spacecraft: SpacecraftID, _ ledger: borrowing LossLedger) {
    let wasAnnounced = detector.announced != nil
    let step = detector.hear(at: time, from: spacecraft)
    if let ending = step.ends { close(ending, ledger) }
    if step.begins { begin(at: time, ledger, isContinuation: step.ends == .duration) }
    if let interruptedAt { noteInterruption(from: interruptedAt, to: time, isOver: step.begins) }
    if let time { report.end = max(time, report.end ?? time) }
    if step.begins || wasAnnounced != (detector.announced != nil) { report.announced = detector.announced }
    if step.begins { news.append(.acquired(report)) }
  }

  /// The pass goes on after a restart, unless it has ended meanwhile.
  private mutating func noteInterruption(from: ReceptionTime, to time: ReceptionTime?, isOver: Bool) {
    interruptedAt = nil
    guard !isOver, let time else { return }
    guard report.interruptions.count < PassReport.interruptionCapacity else {
      report.omittedInterruptions += 1
      return
    }
    report.interruptions.append(PassInterruption(from: from, to: max(from, time)))
  }

  private mutating func begin(at time: ReceptionTime?, _ ledger: borrowing LossLedger, isContinuation: Bool) {
    report = PassReport(link: link)
    report.gaps.reserve()
    report.start = time
    report.isContinuation = isContinuation
    if time == nil { untimedCount += 1 }
    report.id = PassReport.id(link: link, at: time, number: untimedCount)
    for index in channelRows.indices { channelRows[index] = -1 }
    for index in processRows.indices { processRows[index] = -1 }
    datagramMark = PassDatagrams(ledger)
    // What came before the first good frame is of no pass, but for the frame itself and its codeblock.
    let (frames, codeblocks, symbols) = (tail.frames, tail.codeblocks, tail.correctedSymbols)
    tail = PassCounts()
    tail.frames = min(1, frames)
    tail.codeblocks = min(1, codeblocks)
    tail.correctedSymbols = symbols
    isTailPlain = symbols == 0
  }

  private mutating func close(_ ending: PassDetector.End, _ ledger: borrowing LossLedger) {
    report.datagrams.add(PassDatagrams(ledger), since: datagramMark)
    datagramMark = PassDatagrams(ledger)
    var finished = completed(ledger)
    finished.datagrams = report.datagrams
    finished.ending = ending
    news.append(.lost(finished))
    report = PassReport(link: link)
  }

  /// The report of the pass with what stands in the ledger.
  private func completed(_ ledger: borrowing LossLedger) -> PassReport {
    var report = report
    report.datagrams.add(PassDatagrams(ledger), since: datagramMark)
    report.seconds.settle(counted)
    report.minutes.settle(counted)
    for index in channelRows.indices where channelRows[index] >= 0 {
      let key = report.channels[channelRows[index]].key
      guard let clock = report.clocks.firstIndex(where: { $0.key == key }) else { continue }
      let estimate = ledger.virtualChannels[index].clock.estimate
      report.clocks[clock].estimate = estimate
      report.clocks[clock].steps = max(0, estimate.stepCount - report.clocks[clock].stepsBefore)
    }
    report.clocks.removeAll { $0.estimate.quality == .none }
    return report
  }
}
