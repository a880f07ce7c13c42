package import CCSDSLink
import CCSDSWire
package import LinkHealth
package import Publish

/// Turns what a link finds into events for people, few of them whatever the wire does.
///
/// It runs on the link's queue and goes by the time of the frames, so that a replay writes what the live run wrote.
/// Rejections are counted here and told about once a second at most; the aggregator makes fewer lines still of them.
package final class EventJournal {
  /// The gaps of a second that become events; the rest is in the counts.
  private static let gapsPerSecond = 50
  private static let second: Int64 = 1_000_000_000

  private struct Window {
    var count: UInt64 = 0
    var first: Int64 = 0
    var last: Int64 = 0
    var toldAt: Int64?
  }

  private let link: String
  private let emit: (EventRecord) -> Void
  private var aggregator = EventAggregator()
  private var frameRejections = Array(repeating: Window(), count: FrameRejection.allCases.count)
  private var packetRejections = Array(repeating: Window(), count: ZoneDiscard.allCases.count)
  private var gapSecond: Int64?
  private var gapCount = 0
  private(set) var now: Int64 = 0
  /// The file and the number of the unit in it, during a replay.
  var position: EventRecord.CapturePosition?

  /// - Parameter emit: Takes every event that is to be written. Called on the link's queue.
  package init(link: String, emit: @escaping (EventRecord) -> Void) {
    self.link = link
    self.emit = emit
  }

  package func observe(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    switch event {
    case .frameReceived(_, let time):
      if let time { now = max(now, time.nanosecondsSince1970) }
    case .frameRejected(let reason): note(reason)
    case .frameAccepted(let frame): noteGap(frame, ledger)
    case .packetCompleted(let packet): noteGap(packet, ledger)
    case .packetAbandoned(_, let reason) where reason != .gap: note(reason)
    case .serviceData(_, .abandoned(let reason)) where reason != .gap: note(reason)
    case .zoneDiscarded(_, _, let reason) where reason == .version || reason == .length: note(reason)
    case .coding, .masterChannelAdded, .virtualChannelAdded, .applicationProcessAdded, .frameUnlisted, .zoneReceived,
      .zoneDiscarded, .packetAbandoned, .serviceData, .operationalControlField:
      break
    }
  }

  /// An event of the link itself, such as `up` or `quiet`.
  package func report(_ type: EventType, _ severity: EventSeverity, members: (inout JSONWriter) -> Void) {
    emit(EventRecord(type, severity: severity, time: now, link: link, members: members))
  }

  /// Takes note that time has passed without anything happening.
  ///
  /// - Parameter time: By the host's clock. When that was set back, the journal goes back with it.
  package func tick(at time: Int64) {
    if time < now - Self.second { goBack() }
    now = max(now, time)
    tell(all: false)
    for record in aggregator.tick(at: now) { emit(record) }
  }

  private func goBack() {
    now = 0
    gapSecond = nil
    for reason in FrameRejection.allCases { frameRejections[reason.rawValue].toldAt = nil }
    for reason in ZoneDiscard.allCases { packetRejections[reason.rawValue].toldAt = nil }
  }

  /// Tells everything that is still counted.
  package func finish() {
    tell(all: true)
    for record in aggregator.flush() { emit(record) }
  }

  // MARK: Rejections

  private func note(_ reason: FrameRejection) {
    note(&frameRejections[reason.rawValue])
    if isDue(frameRejections[reason.rawValue]) { tell(reason) }
  }

  private func note(_ reason: ZoneDiscard) {
    note(&packetRejections[reason.rawValue])
    if isDue(packetRejections[reason.rawValue]) { tell(reason) }
  }

  private func note(_ window: inout Window) {
    if window.count == 0 { window.first = now }
    window.count += 1
    window.last = now
  }

  private func isDue(_ window: Window) -> Bool {
    window.count > 0 && (window.toldAt.map { now - $0 >= Self.second } ?? true)
  }

  private func tell(all: Bool) {
    for reason in FrameRejection.allCases {
      let window = frameRejections[reason.rawValue]
      if all ? window.count > 0 : isDue(window) { tell(reason) }
    }
    for reason in ZoneDiscard.allCases {
      let window = packetRejections[reason.rawValue]
      if all ? window.count > 0 : isDue(window) { tell(reason) }
    }
  }

  private func tell(_ reason: FrameRejection) {
    submit(.frameReject, reason.name, &frameRejections[reason.rawValue])
  }

  private func tell(_ reason: ZoneDiscard) {
    submit(.packetReject, reason.name, &packetRejections[reason.rawValue])
  }

  private func submit(_ type: EventType, _ reason: String, _ window: inout Window) {
    var record = EventRecord(type, severity: .warning, time: window.last, link: link)
    record.capture = position
    for line in aggregator.submit(record, reason: reason, count: window.count, first: window.first, at: now) {
      emit(line)
    }
    window.count = 0
    window.toldAt = now
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
    }
  }

  private func noteGap(
    _ type: EventType, _ identity: VirtualChannelIdentity, _ applicationProcess: ApplicationProcessID?,
    _ members: (inout JSONWriter) -> Void
  ) {
    if gapSecond.map({ now - $0 >= Self.second }) ?? true {
      gapSecond = now
      gapCount = 0
    }
    gapCount += 1
    // Building an event that will not be written is not worth its while.
    guard gapCount <= Self.gapsPerSecond else { return }
    var record = EventRecord(type, severity: .notice, time: now, link: link, members: members)
    record.scid = Int(identity.spacecraftID.rawValue)
    record.vcid = Int(identity.virtualChannelID.rawValue)
    record.apid = applicationProcess.map { Int($0.rawValue) }
    record.capture = position
    if let admitted = aggregator.admit(record, at: now) { emit(admitted) }
  }
}
