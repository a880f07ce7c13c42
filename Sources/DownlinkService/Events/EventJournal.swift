package import CCSDSLink
import CCSDSWire
package import LinkHealth
package import Publish

/// Turns what a link finds into events for people, few of them whatever the wire does.
///
/// It runs on the link's queue and goes by the time at which frames and packets were received, so that a replay writes
/// what the live run wrote; where nothing says a time, as in many files, there are no seconds, and no lines are left
/// out for there being too many in one. Rejections are counted here and told about once a second at most; the
/// aggregator makes fewer lines still of them.
package final class EventJournal {
  private static let second: Int64 = 1_000_000_000

  let link: String
  private let emit: (EventRecord) -> Void
  private let suppressed: SuppressedCounts
  private var aggregator = EventAggregator()
  private var frameRejections = UntoldReasons<FrameRejection>(.frameReject)
  private var packetRejections = UntoldReasons<ZoneDiscard>(.packetReject)
  var codeblockRejections = UntoldReasons<CodeblockRejection>(.codeblockReject)
  var news = SynchronizationNews()
  private var gapBudget = LineBudget()
  private var syncBudget = LineBudget()
  var alarmNews = AlarmNews()
  private(set) var now: Int64 = 0
  /// The file and the number of the unit in it, during a replay.
  var position: EventRecord.CapturePosition?

  /// - Parameters:
  ///   - suppressed: Is told how many events were not written.
  ///   - emit: Takes every event that is to be written. Called on the link's queue.
  package init(
    link: String, suppressed: SuppressedCounts = SuppressedCounts(), emit: @escaping (EventRecord) -> Void
  ) {
    self.link = link
    self.suppressed = suppressed
    self.emit = emit
  }

  package func observe(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    switch event {
    case .coding(let event): observe(event)
    case .frameReceived(_, let time): advance(to: time?.nanosecondsSince1970)
    case .frameRejected(let reason): note(reason)
    case .frameAccepted(let frame): noteGap(frame, ledger)
    case .packetCompleted(let packet): noteGap(packet, ledger)
    case .packetRejected(_, _, let reason): note(reason.discard)
    case .clock(let channel, .stepped(let nanoseconds, _)): noteStep(nanoseconds, of: channel, ledger)
    case .packetAbandoned(_, let reason) where reason != .gap: note(reason)
    case .serviceData(_, .abandoned(let reason)) where reason != .gap: note(reason)
    case .zoneDiscarded(_, _, let reason) where reason == .version || reason == .length: note(reason)
    case .fillRecognized, .fillCompared, .masterChannelAdded, .virtualChannelAdded, .applicationProcessAdded,
      .frameUnlisted, .zoneReceived, .zoneDiscarded, .packetAbandoned, .packetGroup, .clock, .serviceData,
      .operationalControlField:
      break
    }
  }

  /// An event of the link itself, such as `up` or `quiet`.
  package func report(_ type: EventType, _ severity: EventSeverity, members: (inout JSONWriter) -> Void) {
    emit(EventRecord(type, severity: severity, time: now, link: link, members: members))
  }

  /// An event of the link itself that may come often: the first of a reason at once, the others counted.
  ///
  /// - Parameter reason: From a closed set; written before the members.
  package func reportOften(_ severity: EventSeverity, reason: String, members: (inout JSONWriter) -> Void) {
    let record = EventRecord(.link, severity: severity, time: now, link: link, members: members)
    for line in aggregator.submit(record, reason: reason, at: now) { emit(line) }
  }

  /// Takes note that time has passed without anything happening.
  ///
  /// - Parameter time: By the host's clock. When that was set back, the journal goes back with it.
  package func tick(at time: Int64) {
    if time < now - Self.second { goBack() }
    now = max(now, time)
    tell(all: false)
    for record in aggregator.tick(at: now) { emit(record) }
    suppressed.add(aggregator.takeSuppressedCounts())
  }

  private func goBack() {
    now = 0
    gapBudget = LineBudget()
    syncBudget = LineBudget()
    alarmNews.goBack()
    frameRejections.goBack()
    packetRejections.goBack()
    codeblockRejections.goBack()
    news.goBack()
  }

  /// Tells everything that is still counted.
  package func finish() {
    tell(all: true)
    for record in aggregator.flush() { emit(record) }
    suppressed.add(aggregator.takeSuppressedCounts())
  }

  /// Moves on to when something was received.
  func advance(to nanosecondsSince1970: Int64?) {
    guard let nanosecondsSince1970, nanosecondsSince1970 > now else { return }
    now = nanosecondsSince1970
    if alarmNews.isDue(at: now) { tellAlarms(all: false) }
  }

  /// Whether something has said what time it is.
  var isTimed: Bool { now > 0 }

  // MARK: Rejections

  private func note(_ reason: FrameRejection) {
    if frameRejections.note(reason, at: now) { tell(reason, &frameRejections) }
  }

  private func note(_ reason: ZoneDiscard) {
    if packetRejections.note(reason, at: now) { tell(reason, &packetRejections) }
  }

  private func tell(all: Bool) {
    tellSynchronization(all: all)
    tellAlarms(all: all)
    for reason in codeblockRejections.due(at: now, all: all) { tell(reason, &codeblockRejections) }
    for reason in frameRejections.due(at: now, all: all) { tell(reason, &frameRejections) }
    for reason in packetRejections.due(at: now, all: all) { tell(reason, &packetRejections) }
  }

  /// Tells how often a reason occurred since it was told last.
  func tell<Reason>(_ reason: Reason, _ untold: inout UntoldReasons<Reason>) {
    let window = untold.take(reason, at: now)
    let record = EventRecord(untold.eventType, severity: .warning, time: window.last, link: link)
    submit(record, reason: reason.name, count: window.count, first: window.first)
  }

  /// Whether there is room for one more transition of the synchronizer; if not, it is counted as suppressed.
  func takeSynchronizationLine() -> Bool {
    guard isTimed, !syncBudget.take(at: now) else { return true }
    noteSuppressed(.frameSync)
    return false
  }

  /// Counts an event that is not told.
  func noteSuppressed(_ type: EventType) { aggregator.noteSuppressed(type) }

  /// Tells of many alike in few lines.
  func submit(_ record: EventRecord, reason: String, count: UInt64, first: Int64) {
    var record = record
    record.capture = position
    for line in aggregator.submit(record, reason: reason, count: count, first: first, at: now) { emit(line) }
  }

  /// Tells of one that is not to be merged with others, within the lines of its type.
  func tellOne(_ record: EventRecord) {
    guard !isTimed || aggregator.admit(record, at: now) != nil else { return }
    emitOne(record, at: position)
  }

  /// Tells of one, whatever was told before.
  func emitOne(_ record: EventRecord, at position: EventRecord.CapturePosition?) {
    var record = record
    record.capture = position
    emit(record)
  }

  // MARK: Gaps

  private func noteGap(_ frame: FrameObservation, _ ledger: borrowing LossLedger) {
    let identity = ledger.virtualChannels[frame.virtualChannel].identity
    switch frame.continuity {
    case .gap(let missing, let atMost):
      noteGap(.frameGap, identity, nil) {
        $0.member("expected", frame.expectedCount)
        $0.member("received", frame.count)
        $0.member("missing", missing)
        if atMost > missing { $0.member("missing_at_most", atMost) }
        $0.member("counter", "vc")
      }
    case .discontinuity:
      noteGap(.frameGap, identity, nil) {
        $0.member("expected", frame.expectedCount)
        $0.member("received", frame.count)
        $0.member("counter", "vc")
        $0.member("discontinuity", true)
      }
    case .first, .inSequence, .duplicate, .late, .frozen, .uncounted: break
    }
  }

  private func noteGap(_ packet: PacketObservation, _ ledger: borrowing LossLedger) {
    guard case .gap(let missing, _) = packet.continuity, let process = packet.applicationProcess else { return }
    let identity = ledger.virtualChannels[packet.virtualChannel].identity
    noteGap(.packetGap, identity, ledger.applicationProcesses[process].applicationProcessID) {
      $0.member("expected", packet.expectedSequenceCount)
      $0.member("received", packet.sequenceCount)
      $0.member("missing", missing)
      $0.object("provenance") { packet.provenance.write(to: &$0) }
    }
  }

  /// Somebody has set the clock on board.
  private func noteStep(_ nanoseconds: Int64, of channel: Int, _ ledger: borrowing LossLedger) {
    noteGap(.clock, ledger.virtualChannels[channel].identity, nil) {
      $0.member("action", "on_board_step")
      $0.member("delta_seconds", Double(nanoseconds) / 1e9)
    }
  }

  private func noteGap(
    _ type: EventType, _ identity: VirtualChannelIdentity, _ applicationProcess: ApplicationProcessID?,
    _ members: (inout JSONWriter) -> Void
  ) {
    // Building an event that will not be written is not worth its while.
    guard !isTimed || gapBudget.take(at: now) else { return noteSuppressed(type) }
    var record = EventRecord(type, severity: .notice, time: now, link: link, members: members)
    record.scid = Int(identity.spacecraftID.rawValue)
    record.vcid = Int(identity.virtualChannelID.rawValue)
    record.apid = applicationProcess.map { Int($0.rawValue) }
    tellOne(record)
  }
}
