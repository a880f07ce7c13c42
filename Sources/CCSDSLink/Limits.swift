/// The most that one link may hold of anything the wire can make it hold.
package struct LinkLimits: Sendable, Equatable {
  /// Spacecraft that get counters of their own.
  package var masterChannelCount = 16
  /// Virtual channels, over all spacecraft, that get counters of their own.
  package var virtualChannelCount = 64
  /// Pairs of virtual channel and application process that get counters of their own.
  package var applicationProcessCount = 2048
  /// Users of USLP virtual channels, over all of them, whose units are put together. Each holds one packet at most, in
  /// room for less than two: 32 MiB where all are of the longest there are.
  package var accessPointCount = 256
  /// The longest service data unit that is believed.
  package var maximumServiceDataUnitByteCount = 16 << 20
  /// Frames held back at a time because nothing yet proves their channel.
  package var quarantinedFrameCount = 64
  /// No link of ours is faster; what a jump of a counter is measured against.
  package var maximumFramesPerSecond = 200_000
  /// Silence after which a pass is over, and the next frame's counter proves nothing about the one before.
  package var quietAfterSeconds = 60.0

  package init() {}
}

/// How much of its limits a link uses, where its ledger does not say.
package struct LinkUsage: Sendable, Equatable {
  /// Frames held back because nothing yet proves their channel.
  package var quarantinedFrameCount = 0
  /// Those of them that had to go for a newer one.
  package var quarantineEvictionCount = 0
  /// Users of USLP virtual channels whose units are put together.
  package var accessPointCount = 0
  /// Frames of users that there was no room for.
  package var accessPointRefusalCount = 0

  package init() {}
}

extension PhysicalChannel {
  /// How much of its limits it uses.
  package var usage: LinkUsage {
    var usage = LinkUsage()
    usage.quarantinedFrameCount = quarantine.count
    usage.quarantineEvictionCount = quarantine.evictionCount
    usage.accessPointCount = accessPointCount
    usage.accessPointRefusalCount = accessPointRefusalCount
    return usage
  }
}
