import CCSDSWire

/// How the packets of a frame get out of it.
extension PhysicalChannel {
  mutating func demultiplex<Sink: LinkSink & ~Copyable>(
    _ zone: RawSpan, _ pointer: FirstHeaderPointer, _ continuity: CountObservation, _ origin: FrameOrigin,
    _ channel: VirtualChannel, _ sink: inout Sink
  ) {
    sink.observe(.zoneReceived(virtualChannel: channel.index, byteCount: zone.byteCount))
    switch continuity {
    case .duplicate:
      return sink.observe(
        .zoneDiscarded(virtualChannel: channel.index, byteCount: zone.byteCount, .duplicate))
    case .late:
      return sink.observe(
        .zoneDiscarded(virtualChannel: channel.index, byteCount: zone.byteCount, .outOfOrder))
    case .first, .gap, .discontinuity, .inSequence, .frozen, .uncounted:
      breakContinuity(continuity, channel, &sink)
    }
    var admission = ApplicationProcessAdmission(
      count: applicationProcessCount, capacity: parameters.limits.applicationProcessCount)
    channel.assembler.take(zone: zone, pointer: pointer, of: origin) { packet, provenance in
      channel.complete(packet, provenance, &admission, &sink)
    } report: { outcome in
      channel.report(outcome, &sink)
    }
    applicationProcessCount = admission.count
  }

  /// Gives up the packet that a lost frame would have continued.
  func breakContinuity<Sink: LinkSink & ~Copyable>(
    _ continuity: CountObservation, _ channel: VirtualChannel, _ sink: inout Sink
  ) {
    switch continuity {
    case .first, .gap, .discontinuity:
      channel.assembler.loseSynchronization(.gap) { channel.report($0, &sink) }
      channel.abandonAccessPoints(.gap, &sink)
    case .inSequence, .frozen, .uncounted, .duplicate, .late: break
    }
  }
}

/// How many application processes have counters, and how many may.
struct ApplicationProcessAdmission {
  private(set) var count: Int
  let capacity: Int

  /// The next index; nothing past the limit.
  mutating func next() -> Int? {
    guard count < capacity else { return nil }
    defer { count += 1 }
    return count
  }
}

extension VirtualChannel {
  /// Tells the sink about a whole packet, and lends it.
  func complete<Sink: LinkSink & ~Copyable>(
    _ packet: RawSpan, _ provenance: PacketProvenance, _ admission: inout ApplicationProcessAdmission,
    _ sink: inout Sink
  ) {
    if let inspector { return inspect(packet, with: inspector, provenance, &admission, &sink) }
    let observation = observe(packet, provenance, &admission, &sink)
    sink.observe(.packetCompleted(observation))
    follow(packet, observation, &sink)
    sink.take(packet: packet, observation)
  }

  /// Does the same with a packet of which more is agreed than its primary header.
  private func inspect<Sink: LinkSink & ~Copyable>(
    _ packet: RawSpan, with inspector: borrowing PacketInspector, _ provenance: PacketProvenance,
    _ admission: inout ApplicationProcessAdmission, _ sink: inout Sink
  ) {
    let isForUser =
      packet.byte(at: 0) >> 5 == SpacePacket.versionNumber
      && packet.uint16(at: 0) & 0x7FF != ApplicationProcessID.idle.rawValue
    if isForUser, let rejection = inspector.rejection(of: packet) {
      // Whose packet it was and which it was cannot be believed: no counter takes it in.
      sink.observe(.packetRejected(virtualChannel: index, byteCount: packet.byteCount, rejection))
      return sink.take(rejected: packet, provenance, rejection)
    }
    var observation = observe(packet, provenance, &admission, &sink)
    if isForUser { observation.onboardTime = inspector.onboardTime(of: packet) }
    sink.observe(.packetCompleted(observation))
    follow(packet, observation, &sink)
    if case .valid(let onboard) = observation.onboardTime, let time = observation.time {
      let received = inspector.leapSeconds.instant(unixNanoseconds: time.nanosecondsSince1970)
      if let news = clock?.note(onboard: onboard, received: received) {
        sink.observe(.clock(virtualChannel: index, news))
      }
    }
    sink.take(packet: packet, observation)
  }

  /// Tells of the group that a packet belongs to, or ends.
  private func follow<Sink: LinkSink & ~Copyable>(
    _ packet: RawSpan, _ observation: PacketObservation, _ sink: inout Sink
  ) {
    guard let process = observation.applicationProcess else { return }
    let step = group(
      ApplicationProcessID(packet.uint16(at: 0) & 0x7FF), SequenceFlags(bits: packet.byte(at: 2) >> 6),
      isNext: observation.continuity.isNext, byteCount: packet.byteCount)
    if let step { sink.observe(.packetGroup(applicationProcess: process, step)) }
  }

  func report<Sink: LinkSink & ~Copyable>(_ outcome: PacketAssembler.Outcome, _ sink: inout Sink) {
    switch outcome {
    case .discarded(let byteCount, let reason):
      sink.observe(.zoneDiscarded(virtualChannel: index, byteCount: byteCount, reason))
    case .abandoned(let byteCount, let reason):
      sink.observe(.packetAbandoned(virtualChannel: index, reason))
      sink.observe(.zoneDiscarded(virtualChannel: index, byteCount: byteCount, reason))
    }
  }

  private func observe<Sink: LinkSink & ~Copyable>(
    _ packet: RawSpan, _ provenance: PacketProvenance, _ admission: inout ApplicationProcessAdmission,
    _ sink: inout Sink
  ) -> PacketObservation {
    let first = packet.byte(at: 0)
    guard first >> 5 == SpacePacket.versionNumber else {
      return PacketObservation(
        virtualChannel: index, applicationProcess: nil, kind: .encapsulation, isIdle: first >> 2 & 0b111 == 0,
        byteCount: packet.byteCount, sequenceCount: 0, expectedSequenceCount: 0, continuity: .first,
        provenance: provenance)
    }
    let applicationProcess = ApplicationProcessID(packet.uint16(at: 0) & 0x7FF)
    let sequenceCount = packet.uint16(at: 2) & 0x3FFF
    guard applicationProcess != .idle else {
      return PacketObservation(
        virtualChannel: index, applicationProcess: nil, kind: .space, isIdle: true, byteCount: packet.byteCount,
        sequenceCount: sequenceCount, expectedSequenceCount: sequenceCount, continuity: .first,
        provenance: provenance)
    }
    let counted = observe(
      applicationProcess: applicationProcess, sequenceCount: sequenceCount
    ) {
      guard let added = admission.next() else { return nil }
      sink.observe(.applicationProcessAdded(index: added, virtualChannel: index, applicationProcess))
      return added
    }
    return PacketObservation(
      virtualChannel: index, applicationProcess: counted.index, kind: .space, isIdle: false,
      byteCount: packet.byteCount, sequenceCount: sequenceCount, expectedSequenceCount: counted.expectedCount,
      continuity: counted.continuity, provenance: provenance)
  }
}
