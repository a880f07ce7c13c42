package import CCSDSWire

/// Receives packets that come without frames: one or several to a datagram, or one after another in a file.
///
/// It is one virtual channel, numbered 0 of spacecraft 0, without a frame counter.
package struct PacketStream: ~Copyable {
  /// What was agreed about the link.
  package let parameters: PacketStreamParameters
  private let channel: VirtualChannel
  private var applicationProcessCount = 0
  private var isAnnounced = false
  private var silence = SilenceWatch()

  package init(parameters: PacketStreamParameters, leapSeconds: LeapSecondTable = .builtIn) {
    self.parameters = parameters
    let identity = VirtualChannelIdentity(spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0))
    channel = VirtualChannel(
      index: 0, identity: identity, counter: FrameCounter(bitCount: 8, first: 0),
      maximumPacketByteCount: parameters.maximumPacketByteCount, pass: 0,
      inspector: PacketInspector(parameters.packets, leapSeconds))
  }

  /// The bytes of packets that have begun and are not whole yet: none, between two units.
  package var pendingByteCount: Int { channel.assembler.pendingByteCount }

  /// Takes a unit that holds whole packets. What is left at its end belongs to no packet.
  package mutating func receive<Sink: LinkSink & ~Copyable>(
    _ unit: RawSpan, at time: ReceptionTime?, into sink: inout Sink
  ) {
    announce(&sink)
    noteTime(time)
    // The thread sanitizer's build cannot change an object through a property of a noncopyable value, but a variable's.
    let channel = channel
    sink.observe(.zoneReceived(virtualChannel: 0, byteCount: unit.byteCount))
    var admission = ApplicationProcessAdmission(
      count: applicationProcessCount, capacity: parameters.limits.applicationProcessCount)
    channel.assembler.take(stream: unit, of: FrameOrigin(time: time)) { packet, provenance in
      channel.complete(packet, provenance, &admission, &sink)
    } report: { outcome in
      channel.report(outcome, &sink)
    }
    channel.assembler.loseSynchronization(.length) { channel.report($0, &sink) }
    applicationProcessCount = admission.count
  }

  /// Takes bytes behind something that is no packet: where the next one begins cannot be known.
  package mutating func discard<Sink: LinkSink & ~Copyable>(_ unit: RawSpan, into sink: inout Sink) {
    announce(&sink)
    sink.observe(.zoneReceived(virtualChannel: 0, byteCount: unit.byteCount))
    sink.observe(.zoneDiscarded(virtualChannel: 0, byteCount: unit.byteCount, .version))
  }

  private mutating func noteTime(_ time: ReceptionTime?) {
    let channel = channel
    if silence.endsSilence(at: time, longerThan: parameters.limits.quietAfterSeconds) { channel.pass += 1 }
  }

  private mutating func announce<Sink: LinkSink & ~Copyable>(_ sink: inout Sink) {
    guard !isAnnounced else { return }
    isAnnounced = true
    sink.observe(.masterChannelAdded(index: 0, channel.identity.spacecraftID))
    sink.observe(.virtualChannelAdded(index: 0, channel.identity))
  }
}

extension PacketStream {
  /// Saves it, or restores it into one that has received nothing.
  package mutating func archive(_ archive: inout StateArchive) {
    channel.archive(&archive, parameters.limits)
    archive.count(&applicationProcessCount)
    archive.item(&isAnnounced)
    silence.archive(&archive)
    archive.require(
      channel.applicationProcesses.entries.count == applicationProcessCount && channel.accessPoints.isEmpty
        && channel.held == nil && pendingByteCount == 0)
  }

  /// Who has counters of their own: nobody, before the first unit.
  package var roster: LinkRoster {
    isAnnounced
      ? LinkRoster([channel.identity.spacecraftID], [channel], applicationProcessCount: applicationProcessCount)
      : LinkRoster([], [], applicationProcessCount: applicationProcessCount)
  }
}
