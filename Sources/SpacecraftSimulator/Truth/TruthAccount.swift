/// Walks along with all that arrives and counts it by what the sender knows of it.
struct TruthAccount: Sendable {
  private let assumptions: ReceiverAssumptions
  private let frameType: FrameType
  private var datagrams = DatagramTruth()
  private var frames = FrameTruth()
  private var channels: [VirtualChannelAccount]
  private var masterChannels: [MasterChannelTruth]
  private var masterHistories: [ArrivalHistory]

  init(_ scenario: Scenario, channels transmitters: [VirtualChannelTransmitter]) {
    assumptions = scenario.assumptions
    frameType = scenario.link.frameType
    channels = transmitters.map {
      VirtualChannelAccount(
        $0, frameType: scenario.link.frameType, trustsAtOnce: scenario.assumptions.trustsAtOnce)
    }
    masterChannels = scenario.spacecraft.map { MasterChannelTruth(spacecraftID: $0.spacecraftID) }
    masterHistories = scenario.spacecraft.map { _ in ArrivalHistory() }
  }

  /// Counts one datagram that arrives.
  mutating func count(_ bytes: [UInt8], _ record: FrameRecord) {
    datagrams.received += 1
    if record.condition == .empty {
      datagrams.rejectedEmpty += 1
      return
    }
    datagrams.accepted += 1
    countFrame(bytes, record)
  }

  /// Counts a datagram or another piece of a stream of units.
  mutating func countPiece() {
    datagrams.received += 1
    datagrams.accepted += 1
  }

  /// Counts one frame that arrives.
  mutating func countFrame(_ bytes: [UInt8], _ record: FrameRecord) {
    frames.received += 1
    switch record.condition {
    case .empty: break
    case .wrongLength: reject(.length)
    case .wrongVersion: reject(.version)
    case .damaged: reject(.fecf)
    case .foreign: reject(assumptions.spacecraftIDsConfigured ? .scid : .quarantined)
    case .intact: admit(bytes, record)
    }
  }

  /// The account as it stands; frames still held back are rejected as quarantined.
  var truth: SimulationTruth {
    var truth = SimulationTruth()
    truth.datagrams = datagrams
    truth.frames = frames
    truth.masterChannels = masterChannels
    for channel in channels {
      if channel.held != nil { truth.frames.rejected[.quarantined, default: 0] += 1 }
      guard channel.truth.frames > 0 else { continue }
      truth.add(channel)
      if frameType != .tm {
        truth.masterChannels[channel.spacecraft].gaps += channel.truth.gaps
        truth.masterChannels[channel.spacecraft].missing += channel.truth.missing
      }
    }
    truth.masterChannels.removeAll { $0.frames == 0 }
    truth.masterChannels.sort { $0.spacecraftID < $1.spacecraftID }
    truth.virtualChannels.sort { $0.name < $1.name }
    truth.applications.sort { ($0.channel, $0.applicationProcessID) < ($1.channel, $1.applicationProcessID) }
    return truth
  }

  private mutating func reject(_ reason: FrameRejection) { frames.rejected[reason, default: 0] += 1 }

  private mutating func admit(_ bytes: [UInt8], _ record: FrameRecord) {
    let channel = record.channel
    switch channels[channel].admission(of: record) {
    case .accepted:
      accept(bytes, record)
    case .held:
      channels[channel].held = HeldFrame(bytes: bytes, record: record)
    case .confirming:
      if let held = channels[channel].held {
        channels[channel].held = nil
        accept(held.bytes, held.record)
      }
      accept(bytes, record)
    case .replacing:
      reject(.quarantined)
      channels[channel].held = HeldFrame(bytes: bytes, record: record)
    }
  }

  private mutating func accept(_ bytes: [UInt8], _ record: FrameRecord) {
    switch record.content {
    case .onlyIdleData: frames.idle += 1
    case .packets, .vca, .serviceData: frames.delivered += 1
    }
    let spacecraft = channels[record.channel].spacecraft
    masterChannels[spacecraft].frames += 1
    if frameType == .tm { countMasterChannel(spacecraft, record) }
    channels[record.channel].count(bytes, record)
  }

  private mutating func countMasterChannel(_ spacecraft: Int, _ record: FrameRecord) {
    switch masterHistories[spacecraft].note(record.masterOrdinal, epoch: 0) {
    case .first, .next, .jump, .duplicate, .late(fillsGap: false): break
    case .late(fillsGap: true): masterChannels[spacecraft].missing -= 1
    case .gap(let missingFrameCount):
      masterChannels[spacecraft].gaps += 1
      masterChannels[spacecraft].missing += missingFrameCount
    }
  }
}

extension SimulationTruth {
  /// Adds what one channel has seen.
  fileprivate mutating func add(_ channel: VirtualChannelAccount) {
    virtualChannels.append(channel.truth)
    applications += channel.applications.filter { $0.packets > 0 }
    packets.delivered += channel.truth.packets
    packets.idle += channel.truth.idlePackets
    packets.completed += channel.truth.packets + channel.truth.idlePackets
    zoneBytes.received += channel.zoneBytes.received
    zoneBytes.packets += channel.zoneBytes.packets
    zoneBytes.idlePackets += channel.zoneBytes.idlePackets
    zoneBytes.pending += channel.zoneBytes.pending
    zoneBytes.discarded.merge(channel.zoneBytes.discarded, uniquingKeysWith: +)
    serviceData.completed += channel.serviceData.completed
    serviceData.received += channel.serviceData.received
    serviceData.delivered += channel.serviceData.delivered
    serviceData.fill += channel.serviceData.fill
    serviceData.pending += channel.serviceData.pending
    serviceData.discarded.merge(channel.serviceData.discarded, uniquingKeysWith: +)
  }
}
