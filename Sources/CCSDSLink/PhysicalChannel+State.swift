package import CCSDSWire

/// What a physical channel leaves to the one that goes on after it.
extension PhysicalChannel {
  /// Saves it, or restores it into one that has received nothing.
  package mutating func archive(_ archive: inout StateArchive) {
    let limits = parameters.limits
    archive.array(
      &masterChannels, atMost: limits.masterChannelCount, blank: MasterChannel(spacecraftID: SpacecraftID(0), pass: 0)
    ) { $0.archive(&$1) }
    archiveVirtualChannels(&archive)
    archive.count(&applicationProcessCount)
    archive.count(&accessPointCount)
    archive.count(&accessPointRefusalCount)
    quarantine.archive(&archive)
    silence.archive(&archive)
    archive.balance(&pass)
    evidence.archive(&archive)
    archive.require(isConsistent)
    if archive.isRestoring, archive.isValid { findChannels() }
  }

  /// Who has counters of their own.
  package var roster: LinkRoster {
    LinkRoster(
      masterChannels.map(\.spacecraftID), virtualChannels, applicationProcessCount: applicationProcessCount)
  }

  private mutating func archiveVirtualChannels(_ archive: inout StateArchive) {
    let parameters = parameters
    let inspector = inspector
    var index = 0
    archive.array(
      &virtualChannels, atMost: parameters.limits.virtualChannelCount,
      blank: VirtualChannel(
        index: 0, identity: .blank, counter: FrameCounter(bitCount: 8, first: 0), maximumPacketByteCount: 0, pass: 0,
        inspector: nil)
    ) { channel, archive in
      var identity = channel.identity
      identity.archive(&archive)
      if archive.isRestoring {
        channel = VirtualChannel(
          index: index, identity: identity, counter: channel.counter,
          maximumPacketByteCount: parameters.maximumPacketByteCount(of: VirtualChannelKey(identity)), pass: 0,
          inspector: inspector, isLive: parameters.isLive(VirtualChannelKey(identity)))
      }
      channel.archive(&archive, parameters.limits)
      index += 1
    }
  }

  /// What is true of every physical channel, and not of every list of fields.
  private var isConsistent: Bool {
    let counts = masterChannels.map(\.virtualChannelCount)
    var found = Array(repeating: 0, count: counts.count)
    for channel in virtualChannels {
      let identity = channel.identity
      guard masterChannels.indices.contains(identity.masterChannel),
        masterChannels[identity.masterChannel].spacecraftID == identity.spacecraftID,
        identity == parameters.identity(of: VirtualChannelKey(identity), masterChannel: identity.masterChannel),
        channel.held.map({ isTrue($0) && $0.key == VirtualChannelKey(identity) }) ?? true
      else { return false }
      found[identity.masterChannel] += 1
    }
    return found == counts
      && Set(masterChannels.map(\.spacecraftID)).count == masterChannels.count
      && Set(virtualChannels.map { VirtualChannelKey($0.identity) }).count == virtualChannels.count
      && applicationProcessCount <= parameters.limits.applicationProcessCount
      && virtualChannels.reduce(0) { $0 + $1.applicationProcesses.entries.count } == applicationProcessCount
      && accessPointCount <= parameters.limits.accessPointCount
      && virtualChannels.reduce(0) { $0 + $1.accessPoints.count } == accessPointCount
      && (0..<quarantine.count).allSatisfy { isTrue(quarantine[$0]) }
  }

  /// Whether a frame held back is the one that it says it is.
  private func isTrue(_ held: HeldFrame) -> Bool {
    guard let header = try? check(unsafe held.bytes.span.bytes) else { return false }
    return held.fits(header)
  }

  private mutating func findChannels() {
    recentChannel = nil
    recentKey = nil
    channelIndices = [:]
    for channel in virtualChannels { channelIndices[VirtualChannelKey(channel.identity)] = channel.index }
  }
}

extension VirtualChannelKey {
  /// What tells the frames of the channel from all others.
  fileprivate init(_ identity: VirtualChannelIdentity) {
    self.init(
      spacecraftID: identity.spacecraftID, virtualChannelID: identity.virtualChannelID, isReplay: identity.isReplay,
      isExpedited: identity.isExpedited)
  }
}
