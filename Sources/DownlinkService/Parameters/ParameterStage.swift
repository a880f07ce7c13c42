import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase
import StationConfiguration

/// What the packets of a link go through when it has a mission database: they are decoded, and their values kept and
/// watched. On the link's queue; it takes no memory for packets in which no alarm changes.
struct ParameterStage: ~Copyable {
  let mission: LoadedMission
  private var decoder: PacketDecoder
  private var monitor: ParameterMonitor
  /// By slot, whether its values are times; empty where none has such values.
  private let isTime: [Bool]
  /// A bit for each virtual channel that carries what was stored.
  private let storedChannels: UInt64
  /// Whom the database describes: the one that is configured, else the first spacecraft whose packets come. Values and
  /// alarms of two would be mixed up.
  private var spacecraft: SpacecraftID?
  private(set) var counts = ParameterCounts()
  /// What has left its limits since the last time, for whoever follows passes; few.
  var violations: [PassViolations.Violation] = []
  /// By slot, how many packets ended there before they should.
  private var shortEndCounts: [UInt32]
  /// By slot, how many packets went on behind it, and nothing of that is described.
  private var longEndCounts: [UInt32]
  /// How many bits at the end of each packet prove it undamaged; a database need not describe them.
  private let proofBitCount: Int

  init(_ mission: LoadedMission, _ errorControl: PacketErrorControl) {
    self.mission = mission
    spacecraft = mission.configuration.spacecraftID
    proofBitCount = errorControl == .none ? 0 : 16
    let isTime = mission.decodePlan.slots.map { slot in
      if case .absoluteTime = mission.database.types[slot.type.value].kind { true } else { false }
    }
    self.isTime = isTime.contains(true) ? isTime : []
    decoder = PacketDecoder(mission.decodePlan, canTakeBack: !self.isTime.isEmpty)
    var settings = LiveHorizon.Settings()
    settings.patience = Int64(mission.configuration.clockSetBackSeconds * 1e9)
    monitor = ParameterMonitor(
      mission.decodePlan.slots, of: mission.database, mission.alarmPlan, horizon: LiveHorizon(settings))
    storedChannels = mission.configuration.storedChannels.reduce(0) { $0 | 1 << UInt64($1.rawValue & 63) }
    shortEndCounts = [UInt32](repeating: 0, count: mission.decodePlan.slots.count)
    longEndCounts = shortEndCounts
  }

  /// Takes a packet; idle packets and those of another kind are passed over.
  ///
  /// - Parameter taps: Are lent the values, and the alarms that they have changed.
  mutating func take(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity, _ taps: (any LinkTaps)?
  ) {
    guard isDescribed(packet, observation, channel) else { return }
    var stamp = stamp(packet, observation, channel)
    if asksPacket(stamp, observation) {
      // Most packets are of the same kind as the one before.
      let outcome = decoder.decode(packet)
      stamp.onBoardTime = firstTime
      let isStored = monitor.isStored(stamp)
      guard isStored != decoder.remembersStored else {
        return conclude(outcome, packet, observation, channel, stamp, taps)
      }
      decoder.takeBack()
      decoder.remember(stored: isStored)
    } else {
      decoder.remember(stored: monitor.isStored(stamp))
    }
    conclude(decoder.decode(packet), packet, observation, channel, stamp, taps)
  }

  /// Does the same, and notes what is decided on the way through the packet.
  mutating func take(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity,
    noting trace: inout DecodeTrace, _ taps: (any LinkTaps)?
  ) {
    guard isDescribed(packet, observation, channel) else { return }
    var stamp = stamp(packet, observation, channel)
    if asksPacket(stamp, observation) {
      _ = decoder.decode(packet)
      stamp.onBoardTime = firstTime
      decoder.takeBack()
    }
    decoder.remember(stored: monitor.isStored(stamp))
    conclude(decoder.decode(packet, noting: &trace), packet, observation, channel, stamp, taps)
  }

  /// Whether a packet is one that the database may describe.
  private mutating func isDescribed(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity
  ) -> Bool {
    guard !observation.isIdle else { return false }
    guard observation.kind == .space else {
      counts.encapsulation += 1
      return false
    }
    guard packet.byteCount > SpacePacket.primaryHeaderByteCount else { return false }
    if spacecraft == nil { spacecraft = channel.spacecraftID }
    guard spacecraft == channel.spacecraftID else {
      counts.otherSpacecraft += 1
      return false
    }
    return true
  }

  /// Whether only the values of a packet tell if it was stored. They may depend on those of packets before, of which
  /// there are two kinds: they are decoded as one of them, and once more if they were of the other.
  private func asksPacket(_ stamp: PacketStamp, _ observation: PacketObservation) -> Bool {
    !isTime.isEmpty && observation.onboardTime == .absent && !stamp.isMarkedStored
  }

  /// How a value of the last packet stands with its limits; nothing where it has none.
  func standing(of sample: ParameterSample, isStored: Bool) -> AlarmStanding? {
    monitor.standing(of: sample, isStored: isStored)
  }

  private mutating func conclude(
    _ outcome: DecodedOutcome, _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity,
    _ stamp: PacketStamp, _ taps: (any LinkTaps)?
  ) {
    if outcome.endSlot >= 0 { shortEndCounts[Int(outcome.endSlot)] &+= 1 }
    let undescribedBitCount = undescribedBitCount(of: packet, outcome)
    if undescribedBitCount > 0, let slot = lastSlot { longEndCounts[slot] &+= 1 }
    var stamp = stamp
    if observation.onboardTime == .absent { stamp.onBoardTime = firstTime }
    let isStored = decoder.remembersStored
    Self.watch(decoder, &monitor, packet, stamp)
    let valueCount = decoder.samples.count
    counts.note(
      outcome, isLong: undescribedBitCount > 0, isStored: isStored, valueCount: valueCount,
      alarmChangeCount: monitor.events.count)
    let about = DecodedPacket(
      mission: mission, channel: channel, applicationProcessID: ApplicationProcessID(packet.uint16(at: 0) & 0x7FF),
      sequenceCount: observation.sequenceCount, receivedAt: observation.provenance.last.time,
      provenance: observation.provenance, missingPacketCount: observation.missingPacketCount, stamp: stamp,
      outcome: outcome, undescribedBitCount: undescribedBitCount, isStored: isStored)
    if !monitor.events.isEmpty { noteViolations(monitor.events, about) }
    taps?.take(values: decoder.samples, of: packet, about, monitor.events)
  }

  /// How far a packet goes on behind all that is described, see `DecodedPacket`.
  private func undescribedBitCount(of packet: RawSpan, _ outcome: DecodedOutcome) -> Int {
    guard outcome.completeness == .whole else { return 0 }
    let rest = packet.byteCount * 8 - Int(outcome.describedBitCount)
    let unproved = rest >= proofBitCount ? rest - proofBitCount : rest
    return unproved >= 8 ? unproved : 0
  }

  /// The slot of the value that ends last; nothing where there are none.
  private var lastSlot: Int? {
    let samples = decoder.samples
    var last: (slot: Int, end: Int)?
    for index in samples.indices {
      let end = Int(samples[index].bitOffset) + Int(samples[index].bitCount)
      if end >= last?.end ?? 0 { last = (Int(samples[index].slot), end) }
    }
    return last?.slot
  }

  private static func watch(
    _ decoder: borrowing PacketDecoder, _ monitor: inout ParameterMonitor, _ packet: RawSpan, _ stamp: PacketStamp
  ) {
    monitor.take(decoder.samples, of: packet, stamp, isStored: decoder.remembersStored)
  }

  /// What is known of a packet before its values are.
  private func stamp(
    _ packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity
  ) -> PacketStamp {
    var stamp = PacketStamp()
    if let time = observation.provenance.last.time {
      let instant = mission.context.leapSeconds.instant(unixNanoseconds: time.nanosecondsSince1970)
      stamp.receptionTime = instant.nanosecondsSince1958
    }
    stamp.onBoardTime = observation.onboardTime.instant?.nanosecondsSince1958
    stamp.isMarkedStored = channel.isReplay || storedChannels & 1 << UInt64(channel.virtualChannelID.rawValue & 63) != 0
    stamp.isSuspect = observation.provenance.repair.isDoubtful
    stamp.source = UInt32(channel.spacecraftID.rawValue) << 11 | UInt32(packet.uint16(at: 0) & 0x7FF)
    return stamp
  }

  /// The first parameter of a packet that is a time says when it was made: it stands in the secondary header. When it
  /// is no time that there is, nothing does: what follows are times of something else.
  private var firstTime: Int64? {
    guard !isTime.isEmpty else { return nil }
    let samples = decoder.samples
    for index in samples.indices where isTime[Int(samples[index].slot)] {
      let isKnown = samples[index].validity == .valid && samples[index].engineeringForm == .time
      return isKnown ? Int64(bitPattern: samples[index].engineeringBits) : nil
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
    var worst: [(slot: Int, level: AlarmLevel)] = []
    for (slot, entry) in monitor.live.entries.enumerated() where entry.level != .normal {
      levels[entry.level, default: 0] += 1
      worst.append((slot, entry.level))
      if worst.count == 2 * Self.worstCapacity { Self.keepWorst(&worst) }
    }
    Self.keepWorst(&worst)
    return ParameterSummary(
      database: mission.database.name, parameterCount: mission.decodePlan.slots.count,
      monitoredCount: mission.alarmPlan.monitoredCount, counts: counts, shortEnds: ends(shortEndCounts),
      longEnds: ends(longEndCounts),
      alarms: AlarmLevel.allCases.reversed().compactMap { level in levels[level].map { (level, $0) } },
      worst: worst.map { (mission.context.catalog.names[$0.slot], $0.level) },
      spacecraft: mission.configuration.spacecraftID == nil ? spacecraft : nil)
  }

  /// The parameters at which most packets ended.
  private func ends(_ counts: [UInt32]) -> [(name: String, count: Int)] {
    counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(Self.endCapacity)
      .map { (mission.context.catalog.names[$0], Int(counts[$0])) }
  }

  /// Of equal levels the first in the database are kept.
  private static func keepWorst(_ found: inout [(slot: Int, level: AlarmLevel)]) {
    found.sort { ($1.level.rawValue, $0.slot) < ($0.level.rawValue, $1.slot) }
    found.removeLast(max(0, found.count - worstCapacity))
  }

  private static let endCapacity = 20
  private static let worstCapacity = 5
}
