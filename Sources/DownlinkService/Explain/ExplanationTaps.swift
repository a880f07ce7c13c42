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
  private var values: ParameterStage?
  /// The frame that was accepted last: what comes of its packets is about it.
  private var accepted: FrameSubject?
  /// What is said of the frame that is shown next.
  private var acceptance = AcceptanceInProgress()
  private let parameters: LinkParameters
  private var tracks = PacketTracks()
  /// The bytes of the frame that was accepted last.
  private var acceptedBytes: [UInt8] = []
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
    self.parameters = parameters
    trail = UnitTrail(parameters)
    held = HeldFrames(parameters)
    if let mission { values = ParameterStage(mission, parameters.packetParameters.errorControl) }
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
    // Which frame they are about is known when it is shown: the one at hand, or one that was held back until now.
    case .virtualChannelAdded: return acceptance.noteChannel()
    case .frameAccepted(let frame):
      return acceptance.note(frame, ledger.virtualChannels[frame.virtualChannel].identity)
    case .operationalControlField: return acceptance.noteOperationalControlField()
    case .zoneReceived(let channel, let byteCount): follow(byteCount, subject, channel)
    case .zoneDiscarded(let channel, let byteCount, let reason): follow(byteCount, reason, subject, channel)
    default: break
    }
    question.observe(event, about: subject, trail, ledger)
  }

  // MARK: The bytes of packets

  private func follow(_ byteCount: Int, _ subject: FrameSubject, _ channel: Int) {
    guard case .frames(let physical) = parameters else {
      return tracks.receive(
        byteCount, endingAt: trail.frame.count, of: trail.frame, subject, channel: channel, accessPoint: 0)
    }
    let frame = acceptedBytes
    let isUSLP = physical.frameType == .uslp && frame.count > 3
    tracks.receive(
      byteCount, endingAt: frame.count - physical.trailerByteCount(of: frame), of: frame, subject, channel: channel,
      accessPoint: isUSLP ? frame[3] >> 1 & 0xF : 0)
  }

  private func follow(_ byteCount: Int, _ reason: ZoneDiscard, _ subject: FrameSubject, _ channel: Int) {
    switch reason {
    case .gap: tracks.loseBefore(subject, channel: channel)
    case .duplicate, .outOfOrder, .unlisted: tracks.passOver()
    case .unsynchronized, .firstHeaderPointer, .version, .length, .dataField, .segmentOrder, .secondaryHeader,
      .packetErrorControl, .packetChecksum:
      tracks.discard(byteCount)
    }
  }

  private func completion(
    of packet: RawSpan, _ fate: PacketCompletion.Fate, _ channel: VirtualChannelIdentity
  ) -> PacketCompletion {
    packetCount += 1
    return PacketCompletion(
      number: packetCount, fate: fate, channel: channel, unit: (accepted ?? trail.subject).place,
      place: tracks.take(packet))
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
    acceptedBytes = unsafe frame.withUnsafeBytes { unsafe [UInt8]($0) }
    // One that was held back comes before the one at hand, even where they are the same.
    let subject = held.accept(head: acceptedBytes.prefix(FrameSubject.headCapacity), byteCount: frame.byteCount)
    if subject == nil { held.settle() }
    accepted = subject ?? current
    guard let frame = acceptance.conclude(with: subject ?? current) else { return }
    question.accept(frame, acceptedBytes, trail)
  }

  func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection) {
    question.take(packet, completion(of: packet, .rejected(reason, provenance), rejectedChannel), trail)
  }

  func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {
    let completion = completion(of: packet, .delivered(observation), channel)
    question.take(packet, completion, trail)
    decoding = nil
    if question.wantsDecisions {
      decode(packet, observation, channel)
    } else {
      values?.take(packet, observation, channel, self)
    }
    if let decoding { question.take(decoding, of: packet, completion, trail) }
  }

  /// Decodes a packet, and keeps all that is known of how.
  private func decode(_ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {
    var trace = DecodeTrace()
    values?.take(packet, observation, channel, noting: &trace, self)
    guard var decoding else { return }
    decoding.trace = trace
    let about = decoding.about
    decoding.standings = decoding.samples.map { sample in
      values?.standing(of: sample, isStored: about.isStored)
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

extension PhysicalChannelParameters {
  /// How many bytes stand behind the data field of a frame: the Operational Control Field, and what proves the frame
  /// undamaged.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.1, CCSDS 732.0-B-4 §4.1.1, CCSDS 732.1-B-3 §4.1.1.
  fileprivate func trailerByteCount(of frame: [UInt8]) -> Int {
    let hasControlField: Bool
    switch frameType {
    case .tm: hasControlField = frame.count > 1 && frame[1] & 1 == 1
    case .aos: hasControlField = hasOperationalControlField
    case .uslp:
      guard frame.count > 6, frame[3] & 1 == 0 else { return 0 }
      hasControlField = frame[6] & 0b1000 != 0
    }
    return (hasControlField ? 4 : 0) + errorControl.byteCount
  }
}
