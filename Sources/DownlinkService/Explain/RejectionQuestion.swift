import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// What was rejected or discarded, and why? Tells the first ones one by one, and counts all.
struct RejectionQuestion: LinkQuestion {
  private let limit: Int
  private let asJSON: Bool
  private let tell: (String) -> Void
  private let words: RejectionWords
  private(set) var tally = RejectionTally()
  private var shownCount = 0
  private var frames = ChannelFrames()
  /// The frame that was accepted last.
  private var acceptedFrame: FrameObservation?
  /// A packet that had begun was given up: the bytes told of next are its.
  private var isAbandoned = false

  init(
    limit: Int, _ parameters: LinkParameters, _ mission: LoadedMission?, asJSON: Bool, line: @escaping (String) -> Void
  ) {
    self.limit = limit
    self.asJSON = asJSON
    tell = line
    words = RejectionWords(parameters, mission)
  }

  /// All of the capture is looked at.
  var isAnswered: Bool { false }

  private var isShown: Bool { shownCount < limit }

  /// Counts, and tells as long as it is not too much.
  private mutating func note(
    _ stage: Rejection.Stage, _ reason: String, byteCount: Int = 0, _ make: (RejectionWords) -> Rejection
  ) {
    // Of every reason there is one to see, however many there were of others before.
    let isShown = isShown || limit > 0 && !tally.has(stage, reason)
    tally.note(stage, reason, byteCount: byteCount, isShown: isShown)
    guard isShown else { return }
    shownCount += 1
    let rejection = make(words)
    guard !asJSON else { return tell(rejection.json) }
    rejection.lines.forEach(tell)
    tell("")
  }

  mutating func reject(_ reason: DatagramRejection, _ trail: UnitTrail) {
    note(.datagram, reason.name) { $0.datagram(reason, trail) }
  }

  mutating func observe(
    _ event: LinkEvent, about subject: FrameSubject, _ trail: UnitTrail, _ ledger: borrowing LossLedger
  ) {
    switch event {
    case .coding(let event): observe(event, trail)
    case .frameRejected(let reason): note(.frame, reason.name) { $0.frame(reason, subject, trail) }
    case .frameUnlisted: note(.frame, "unlisted") { $0.unlisted(subject, trail) }
    case .packetAbandoned: isAbandoned = true
    case .zoneDiscarded(let channel, let byteCount, let reason):
      let identity = ledger.virtualChannels[channel].identity
      noteDiscard(.zone, byteCount, reason, channel, identity, subject, trail)
    case .serviceData(_, .abandoned): isAbandoned = true
    case .serviceData(let channel, .discarded(let byteCount, let reason)):
      let identity = ledger.virtualChannels[channel].identity
      noteDiscard(.serviceData, byteCount, reason, channel, identity, subject, trail)
    default: break
    }
  }

  private mutating func observe(_ event: CodingEvent, _ trail: UnitTrail) {
    switch event {
    case .bytesSkipped(let byteCount):
      note(.stream, "skipped", byteCount: byteCount) { $0.skipped(byteCount, trail) }
    case .codeblockRefused(let byteCount):
      note(.codeblock, "refused", byteCount: byteCount) { $0.refused(byteCount, trail) }
    case .codeblock, .lock: break
    }
  }

  mutating func giveUp(_ codeblock: CodeblockObservation, _ trail: UnitTrail) {
    note(.codeblock, "uncorrectable") { $0.uncorrectable(codeblock, trail) }
  }

  private mutating func noteDiscard(
    _ stage: Rejection.Stage, _ byteCount: Int, _ reason: ZoneDiscard, _ channel: Int,
    _ identity: VirtualChannelIdentity, _ subject: FrameSubject, _ trail: UnitTrail
  ) {
    let hadBegun = isAbandoned
    isAbandoned = false
    let (acceptedFrame, frames) = (acceptedFrame, frames)
    note(stage, reason.name, byteCount: byteCount) {
      $0.discard(
        stage, byteCount, reason, hadBegun: hadBegun, identity, subject, trail.frame, channel, acceptedFrame, frames)
    }
  }

  mutating func accept(_ frame: AcceptedFrame, _ bytes: [UInt8], _ trail: UnitTrail) {
    acceptedFrame = frame.observation
    guard limit > 0 else { return }
    frames.note(bytes, FrameName(frame.subject), ofChannel: frame.observation.virtualChannel)
  }

  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail) {
    guard case .rejected(let reason, _) = completion.fate else { return }
    note(.packet, reason.name, byteCount: packet.byteCount) {
      $0.packet(reason, packet, completion)
    }
  }

  mutating func take(
    _ decoding: PacketDecoding, of packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail
  ) {
    guard let name = decoding.about.outcome.completeness.name else { return }
    note(.values, name) { $0.values(decoding.about, packet, completion) }
  }

  mutating func finish(_ ledger: borrowing LossLedger) {
    let ledger = copy ledger
    if asJSON { tell(tally.json(ledger)) } else { tally.lines(ledger).forEach(tell) }
  }
}
