import CCSDSLink
import CCSDSWire
import MissionDatabase
import StationConfiguration

/// What the packets of a link go through when it has a mission database: they are decoded, and their values kept and
/// watched. On the link's queue; it takes no memory for packets in which no alarm changes.
struct ParameterStage: ~Copyable {
  let mission: LoadedMission
  private var decoder: PacketDecoder
  private var monitor: ParameterMonitor
  /// Whether there are slots whose values are times of the packet.
  private let hasTimes: Bool
  /// A bit for each virtual channel that carries what was stored.
  private let storedChannels: UInt64
  private(set) var counts = ParameterCounts()
  /// By slot, how many packets ended there before they should.
  private var shortEndCounts: [UInt32]

  init(_ mission: LoadedMission) {
    self.mission = mission
    decoder = PacketDecoder(mission.decodePlan)
    var settings = LiveHorizon.Settings()
    settings.patience = Int64(mission.configuration.clockSetBackSeconds * 1e9)
    monitor = ParameterMonitor(
      mission.decodePlan.slots, of: mission.database, mission.alarmPlan, horizon: LiveHorizon(settings))
    hasTimes = mission.decodePlan.slots.contains { slot in
      if case .absoluteTime = mission.database.types[slot.type.value].kind { true } else { false }
    }
    storedChannels = mission.configuration.storedChannels.reduce(0) { $0 | 1 << UInt64($1.rawValue & 63) }
    shortEndCounts = [UInt32](repeating: 0, count: mission.decodePlan.slots.count)
  }

  /// Takes a packet; idle packets and those of another kind are passed over.
  ///
  /// - Parameter taps: Are lent the values, and the alarms that they have changed.
  mutating func take(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity, _ taps: (any LinkTaps)?
  ) {
    guard Self.isForUser(packet, observation) else { return }
    conclude(decoder.decode(packet), packet, observation, channel, taps)
  }

  /// Does the same, and notes what is decided on the way through the packet.
  mutating func take(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity,
    noting trace: inout DecodeTrace, _ taps: (any LinkTaps)?
  ) {
    guard Self.isForUser(packet, observation) else { return }
    conclude(decoder.decode(packet, noting: &trace), packet, observation, channel, taps)
  }

  /// Whether a packet is one that the database may describe.
  private static func isForUser(_ packet: RawSpan, _ observation: PacketObservation) -> Bool {
    observation.kind == .space && !observation.isIdle && packet.byteCount > SpacePacket.primaryHeaderByteCount
  }

  /// How a value of the last packet stands with its limits; nothing where it has none.
  func standing(of sample: ParameterSample, _ stamp: PacketStamp, isStored: Bool) -> AlarmStanding? {
    monitor.standing(of: sample, stamp, isStored: isStored)
  }

  private mutating func conclude(
    _ outcome: DecodedOutcome, _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity,
    _ taps: (any LinkTaps)?
  ) {
    if outcome.endSlot >= 0 { shortEndCounts[Int(outcome.endSlot)] &+= 1 }
    let stamp = stamp(packet, observation, channel)
    let isStored = Self.watch(decoder, &monitor, packet, stamp)
    let valueCount = decoder.samples.count
    counts.note(
      outcome, isStored: isStored, valueCount: valueCount, alarmChangeCount: monitor.events.count)
    let about = DecodedPacket(
      mission: mission, channel: channel, applicationProcessID: ApplicationProcessID(packet.uint16(at: 0) & 0x7FF),
      sequenceCount: observation.sequenceCount, receivedAt: observation.provenance.last.time, stamp: stamp,
      outcome: outcome, isStored: isStored)
    taps?.take(values: decoder.samples, of: packet, about, monitor.events)
  }

  private static func watch(
    _ decoder: borrowing PacketDecoder, _ monitor: inout ParameterMonitor, _ packet: RawSpan, _ stamp: PacketStamp
  ) -> Bool {
    monitor.take(decoder.samples, of: packet, stamp)
  }

  private func stamp(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity
  ) -> PacketStamp {
    var stamp = PacketStamp()
    if let time = observation.provenance.last.time {
      let instant = mission.context.leapSeconds.instant(unixNanoseconds: time.nanosecondsSince1970)
      stamp.receptionTime = instant.nanosecondsSince1958
    }
    stamp.onBoardTime =
      observation.onboardTime.instant?.nanosecondsSince1958 ?? (hasTimes ? Self.firstTime(in: decoder.samples) : nil)
    stamp.isMarkedStored = channel.isReplay || storedChannels & 1 << UInt64(channel.virtualChannelID.rawValue & 63) != 0
    stamp.isSuspect = observation.provenance.repair.isBare
    stamp.source = UInt32(channel.spacecraftID.rawValue) << 11 | UInt32(packet.uint16(at: 0) & 0x7FF)
    return stamp
  }

  /// The first time in a packet is that when it was made: it stands in its secondary header.
  private static func firstTime(in samples: Span<ParameterSample>) -> Int64? {
    for index in samples.indices where samples[index].engineeringForm == .time {
      return samples[index].validity == .valid ? Int64(bitPattern: samples[index].engineeringBits) : nil
    }
    return nil
  }

  // MARK: From time to time

  /// What has changed since the last time, live and stored.
  mutating func takeNews() -> ParameterNews {
    ParameterNews(mission: mission, live: monitor.takeChanges(), stored: monitor.takeStoredChanges())
  }

  /// How it stands.
  var summary: ParameterSummary {
    var levels: [AlarmLevel: Int] = [:]
    for entry in monitor.live.entries where entry.level != .normal { levels[entry.level, default: 0] += 1 }
    let ends = shortEndCounts.indices.filter { shortEndCounts[$0] > 0 }
      .sorted { (shortEndCounts[$0], $1) > (shortEndCounts[$1], $0) }.prefix(Self.shortEndCapacity)
    return ParameterSummary(
      database: mission.database.name, parameterCount: mission.decodePlan.slots.count,
      monitoredCount: mission.alarmPlan.monitoredCount, counts: counts,
      shortEnds: ends.map { (mission.context.catalog.names[$0], Int(shortEndCounts[$0])) },
      alarms: AlarmLevel.allCases.reversed().compactMap { level in levels[level].map { (level, $0) } })
  }

  private static let shortEndCapacity = 20
}
