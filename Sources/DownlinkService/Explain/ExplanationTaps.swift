import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// Listens to a link on behalf of a question. The values of packets it has decoded beside the link, by the same stage.
final class ExplanationTaps<Question: LinkQuestion>: LinkTaps {
  private(set) var question: Question
  private var trail: UnitTrail
  private var held: HeldFrames
  private var parameters: ParameterStage?
  /// The frame that was accepted last: what comes of its packets is about it.
  private var accepted: FrameSubject?
  /// The channel of the packet that was rejected last.
  private var rejectedChannel = VirtualChannelIdentity(
    spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0))
  private var packetCount = 0
  /// What became of the values of the packet at hand.
  private var decoding: PacketDecoding?
  /// A codeblock whose bytes come next.
  private var uncorrectable: CodeblockObservation?

  init(_ question: Question, _ parameters: LinkParameters, _ mission: LoadedMission?) {
    self.question = question
    trail = UnitTrail(parameters)
    held = HeldFrames(parameters)
    if let mission { self.parameters = ParameterStage(mission) }
  }

  /// Something is about to be delivered to the link.
  func begin(_ bytes: [UInt8], _ about: UnitDescription, at position: UnitPosition) {
    trail.begin(bytes, about, at: position)
    accepted = nil
    question.begin(trail)
  }

  /// The link has done all that it can with what was delivered.
  func end() { if held.close(trail.subject) { question.hold(trail.subject) } }

  /// There is nothing more.
  func finish(_ ledger: borrowing LossLedger) { question.finish(ledger) }

  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    var subject = accepted ?? trail.subject
    switch event {
    case .coding(.codeblock), .coding(.codeblockRefused), .frameReceived:
      end()
      trail.note(event)
      if case .frameReceived = event { held.open() }
      accepted = nil
      subject = trail.subject
      // What is beyond correction is told of with its bytes, which come next.
      if case .coding(.codeblock(let codeblock)) = event, !codeblock.isDecoded {
        uncorrectable = codeblock
        return
      }
    case .coding(.bytesSkipped): trail.note(event)
    case .frameRejected(.quarantined): subject = held.giveUp(for: trail.subject) ?? trail.subject
    case .frameRejected, .frameUnlisted:
      held.settle()
      subject = trail.subject
    case .packetRejected(let channel, _, _): rejectedChannel = ledger.virtualChannels[channel].identity
    default: break
    }
    question.observe(event, about: subject, trail, ledger)
  }

  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) { question.reject(rejection, trail) }

  func take(decoded frame: RawSpan) { trail.note(bytes: frame) }

  func take(uncorrectable codeblock: RawSpan) {
    trail.note(bytes: codeblock)
    guard let observation = uncorrectable.take() else { return }
    question.giveUp(observation, trail)
  }

  func take(frame: RawSpan) {
    let current = trail.subject
    let head = unsafe frame.withUnsafeBytes { unsafe Array($0.prefix(FrameSubject.headCapacity)) }
    let isCurrent = current.byteCount == frame.byteCount && current.head == head
    let subject = isCurrent ? current : held.accept(head: head, byteCount: frame.byteCount) ?? current
    if isCurrent { held.settle() }
    accepted = subject
    question.accept(frame, subject, trail)
  }

  func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection) {
    packetCount += 1
    question.take(
      packet,
      PacketCompletion(number: packetCount, fate: .rejected(reason, provenance), channel: rejectedChannel), trail)
  }

  func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {
    packetCount += 1
    question.take(
      packet, PacketCompletion(number: packetCount, fate: .delivered(observation), channel: channel), trail)
    decoding = nil
    if question.wantsDecisions {
      decode(packet, observation, channel)
    } else {
      parameters?.take(packet, observation, channel, self)
    }
    if let decoding { question.take(decoding, of: packet, trail) }
  }

  /// Decodes a packet, and keeps all that is known of how.
  private func decode(_ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {
    var trace = DecodeTrace()
    parameters?.take(packet, observation, channel, noting: &trace, self)
    guard var decoding else { return }
    decoding.trace = trace
    let isStored = decoding.about.isStored
    for sample in decoding.samples {
      decoding.levels.append(parameters?.level(of: Int(sample.slot), isStored: isStored) ?? .normal)
    }
    self.decoding = decoding
  }

  func take(
    values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent]
  ) {
    decoding = PacketDecoding(about: about)
    if question.wantsDecisions { decoding?.samples = values.indices.map { values[$0] } }
  }
}
