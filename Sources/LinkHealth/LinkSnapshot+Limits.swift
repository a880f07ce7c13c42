import CCSDSLink

extension LinkSnapshot {
  /// Everything that the wire can make the link hold, and its bounds.
  package var resourceLimits: [ResourceLimit] {
    switch parameters {
    case .frames(let channel): channelLimits(channel) + commonLimits(channel.limits)
    case .packets(let stream): commonLimits(stream.limits)
    }
  }

  private func channelLimits(_ channel: PhysicalChannelParameters) -> [ResourceLimit] {
    let limits = channel.limits
    return [
      table("master_channels", ledger.masterChannels.count, limits.masterChannelCount, refused: ledger.frames.unlisted),
      table(
        "virtual_channels", ledger.virtualChannels.count, limits.virtualChannelCount, refused: ledger.frames.unlisted),
      ResourceLimit(
        "quarantined_frames", use: usage.quarantinedFrameCount, capacity: limits.quarantinedFrameCount, .dropOldest,
        hitCount: usage.quarantineEvictionCount),
      ResourceLimit(
        "access_points", use: usage.accessPointCount, capacity: limits.accessPointCount, .discard,
        hitCount: usage.accessPointRefusalCount),
      ResourceLimit(
        "packet_bytes", use: nil, capacity: channel.maximumPacketByteCount, .discard,
        hitCount: ledger.packets.abandoned[.length]),
      ResourceLimit(
        "service_data_unit_bytes", use: nil, capacity: limits.maximumServiceDataUnitByteCount, .discard,
        hitCount: ledger.serviceDataUnits.abandoned[.length]),
    ]
  }

  private func commonLimits(_ limits: LinkLimits) -> [ResourceLimit] {
    let passes = ledger.passes.passes
    return [
      table(
        "application_processes", ledger.applicationProcesses.count, limits.applicationProcessCount,
        refused: ledger.packets.unlisted),
      ResourceLimit(
        "passes", use: passes.count, capacity: PassHistory.passCapacity, .dropOldest,
        hitCount: ledger.passes.omittedCount),
      ResourceLimit(
        "gaps_of_a_pass", use: passes.last?.gaps.count ?? 0, capacity: PassHistory.gapCapacity, .counted,
        hitCount: passes.reduce(0) { $0 + $1.omittedGapCount }),
    ]
  }

  /// A table that never shrinks: as long as it is not full, nobody was refused for want of room.
  private func table(_ name: String, _ count: Int, _ capacity: Int, refused: Int) -> ResourceLimit {
    ResourceLimit(name, use: count, capacity: capacity, .unlisted, hitCount: count < capacity ? 0 : refused)
  }
}
