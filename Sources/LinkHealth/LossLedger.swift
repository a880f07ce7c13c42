import CCSDSCoding
package import CCSDSLink
package import CCSDSWire

/// The account of a link: every unit that came in, at every level, in exactly one bucket.
///
/// It is a fold over the events of the link, kept by the link's owner. It holds no clock.
package struct LossLedger: Sendable, Equatable {
  package var datagrams = DatagramCounts()
  /// Set by the link's owner from what the synchronizer counted.
  package var streamBytes = StreamByteCounts()
  package private(set) var codeblocks = CodeblockCounts()
  package private(set) var codewords = CodewordCounts()
  package private(set) var coding = CodingHealth()
  package private(set) var frames = FrameCounts()
  package private(set) var zoneBytes = ZoneByteCounts()
  package private(set) var packets = PacketCounts()
  package private(set) var serviceDataUnits = ServiceDataUnitCounts()
  package private(set) var masterChannels: [MasterChannelHealth] = []
  package private(set) var virtualChannels: [VirtualChannelHealth] = []
  package private(set) var applicationProcesses: [ApplicationProcessHealth] = []
  package private(set) var passes: PassHistory
  package private(set) var lastFrameTime: ReceptionTime?
  package private(set) var receivedFrameByteCount = 0
  /// Encapsulation packets delivered: they belong to no application process.
  package private(set) var encapsulationPacketCount = 0

  package init(quietAfterSeconds: Double) { passes = PassHistory(quietAfterSeconds: quietAfterSeconds) }

  package mutating func fold(_ event: LinkEvent) {
    switch event {
    case .coding(let event): fold(event)
    case .frameReceived(let byteCount, let time):
      frames.received += 1
      receivedFrameByteCount += byteCount
      if let time { lastFrameTime = time }
    case .frameRejected(let reason): frames.rejected[reason] += 1
    case .frameUnlisted: frames.unlisted += 1
    case .frameAccepted(let frame): fold(frame)
    case .zoneReceived(_, let byteCount): zoneBytes.received += byteCount
    case .zoneDiscarded(_, let byteCount, let reason): zoneBytes.discarded[reason] += byteCount
    case .packetAbandoned(_, let reason): packets.abandoned[reason] += 1
    case .packetCompleted(let packet): fold(packet)
    case .packetRejected(let channel, let byteCount, let reason):
      packets.completed += 1
      packets.rejected[reason] += 1
      zoneBytes.discarded[reason.discard] += byteCount
      virtualChannels[channel].rejectedPackets += 1
    case .packetGroup(let process, let step):
      packets.groups.note(step)
      applicationProcesses[process].groups.note(step)
    case .clock(let channel, let news): virtualChannels[channel].clock.note(news)
    case .serviceData(let channel, let observation):
      serviceDataUnits.note(observation)
      if case .completed = observation { virtualChannels[channel].serviceDataUnits += 1 }
    case .operationalControlField(let field, let master): masterChannels[master].controlWords.note(field)
    case .fillRecognized(let channel, let kind): virtualChannels[channel].fill.kind = kind
    case .fillCompared(let channel, let bitCount, let errorCount):
      virtualChannels[channel].fill.note(bitCount: bitCount, errorCount: errorCount)
    case .masterChannelAdded(_, let spacecraftID):
      masterChannels.append(MasterChannelHealth(spacecraftID: spacecraftID))
    case .virtualChannelAdded(_, let identity):
      virtualChannels.append(VirtualChannelHealth(identity: identity))
    case .applicationProcessAdded(_, let virtualChannel, let applicationProcess):
      applicationProcesses.append(
        ApplicationProcessHealth(virtualChannel: virtualChannel, applicationProcessID: applicationProcess))
    }
  }

  private mutating func fold(_ event: CodingEvent) {
    switch event {
    case .codeblock(let codeblock): fold(codeblock)
    case .codeblockRefused(let byteCount):
      codeblocks.received += 1
      codeblocks.refused += 1
      codeblocks.refusedByteCount += byteCount
    case .lock(let transition): coding.note(transition)
    case .bytesSkipped(let byteCount): coding.noteSkipped(byteCount)
    }
  }

  private mutating func fold(_ codeblock: CodeblockObservation) {
    let counts = CodewordCounts(codeblock.corrections)
    codeblocks.received += 1
    if counts.uncorrectable == 0 { codeblocks.decoded += 1 } else { codeblocks.uncorrectable += 1 }
    if let marker = codeblock.marker, marker.errorCount == nil { codeblocks.flywheel += 1 }
    codewords += counts
    coding.note(codeblock, counts)
  }

  private mutating func fold(_ frame: FrameObservation) {
    if frame.isIdle { frames.idle += 1 } else { frames.delivered += 1 }
    virtualChannels[frame.virtualChannel].note(frame)
    masterChannels[frame.masterChannel].note(frame)
    if passes.note(frame) { passes.keepGap(frame, virtualChannels[frame.virtualChannel].identity) }
  }

  private mutating func fold(_ packet: PacketObservation) {
    packets.completed += 1
    virtualChannels[packet.virtualChannel].note(packet)
    guard !packet.isIdle else {
      packets.idle += 1
      zoneBytes.idlePackets += packet.byteCount
      return
    }
    packets.delivered += 1
    zoneBytes.packets += packet.byteCount
    switch (packet.kind, packet.applicationProcess) {
    case (.encapsulation, _): encapsulationPacketCount += 1
    case (.space, nil): packets.unlisted += 1
    case (.space, let process?): applicationProcesses[process].note(packet)
    }
  }
}

extension LossLedger {
  /// Saves or restores it, but for the bytes of the stream, which the synchronizer counts.
  package mutating func archive(_ archive: inout StateArchive, _ limits: LinkLimits) {
    datagrams.archive(&archive)
    codeblocks.archive(&archive)
    codewords.archive(&archive)
    coding.archive(&archive)
    frames.archive(&archive)
    zoneBytes.archive(&archive)
    packets.archive(&archive)
    serviceDataUnits.archive(&archive)
    archive.array(
      &masterChannels, atMost: limits.masterChannelCount, blank: MasterChannelHealth(spacecraftID: SpacecraftID(0))
    ) { $0.archive(&$1) }
    archive.array(
      &virtualChannels, atMost: limits.virtualChannelCount, blank: VirtualChannelHealth(identity: .blank)
    ) { $0.archive(&$1) }
    archive.array(
      &applicationProcesses, atMost: limits.applicationProcessCount,
      blank: ApplicationProcessHealth(virtualChannel: 0, applicationProcessID: .idle)
    ) { $0.archive(&$1) }
    passes.archive(&archive)
    archive.optional(&lastFrameTime)
    archive.byteCount(&receivedFrameByteCount)
    archive.count(&encapsulationPacketCount)
    archive.require(hasSafeSums)
  }

  /// Who has counters of their own.
  package var roster: LinkRoster {
    LinkRoster(
      masterChannels: masterChannels.map(\.spacecraftID), virtualChannels: virtualChannels.map(\.identity),
      applicationProcesses: applicationProcesses.map {
        LinkRoster.ApplicationProcess(virtualChannel: $0.virtualChannel, id: $0.applicationProcessID)
      })
  }

  /// Whether the counts of many together are no larger than each may be.
  private var hasSafeSums: Bool {
    func isSafe(_ counts: some Sequence<Int>) -> Bool {
      counts.reduce(0) { min($0 + $1, StateArchive.largestCount + 1) } <= StateArchive.largestCount
    }
    return isSafe(virtualChannels.lazy.map(\.frames)) && isSafe(virtualChannels.lazy.map(\.packets))
      && isSafe(virtualChannels.lazy.map(\.idlePackets)) && isSafe(applicationProcesses.lazy.map(\.packets))
  }
}
