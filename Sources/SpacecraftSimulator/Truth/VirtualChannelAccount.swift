/// A frame that a receiver holds back until another one proves it.
struct HeldFrame: Sendable {
  let bytes: [UInt8]
  let record: FrameRecord
}

/// The account of one virtual channel.
struct VirtualChannelAccount: Sendable {
  /// What happens to a frame that is well formed.
  enum Admission: Sendable {
    case accepted
    /// It is held back.
    case held
    /// It is accepted, and before it the one that was held back.
    case confirming
    /// It is held back in place of another, which is rejected.
    case replacing
  }

  let spacecraft: Int
  private let plausibleStep: UInt64
  private let countMask: UInt64
  var held: HeldFrame?
  private var isTrusted: Bool
  private var history = ArrivalHistory()
  private(set) var truth: VirtualChannelTruth
  private(set) var applications: [ApplicationTruth]
  private var lastOrdinals: [Int]
  private(set) var zoneBytes = ZoneByteTruth()
  private(set) var serviceData = ServiceDataTruth()
  /// By access point, of which only USLP has more than one: the packet that has begun.
  private var partialPackets: [[UInt8]]
  /// By access point: the bytes of the service data unit that has begun.
  private var partialUnitByteCounts: [Int]

  init(_ channel: VirtualChannelTransmitter, frameType: FrameType, trustsAtOnce: Bool) {
    let name = VirtualChannelName(
      spacecraftID: channel.spacecraftID, virtualChannelID: channel.plan.virtualChannelID,
      isExpedited: channel.plan.isExpedited)
    spacecraft = channel.spacecraft
    plausibleStep = frameType == .tm ? 128 : 4096
    countMask = UInt64(truncatingIfNeeded: channel.modulus - 1)
    isTrusted = trustsAtOnce
    truth = VirtualChannelTruth(name: name)
    applications = channel.plan.applications.map {
      ApplicationTruth(channel: name, applicationProcessID: $0.applicationProcessID)
    }
    lastOrdinals = applications.map { _ in 0 }
    partialPackets = Array(repeating: [], count: max(1, channel.plan.accessPoints.count))
    partialUnitByteCounts = partialPackets.map { _ in 0 }
  }

  /// Whether a frame proves itself, another one, or nothing yet.
  mutating func admission(of record: FrameRecord) -> Admission {
    if isTrusted {
      guard history.newest != nil, record.epoch != history.epoch else { return .accepted }
      guard let held else { return .held }
      return held.record.epoch == record.epoch ? .confirming : .replacing
    }
    guard let held else { return .held }
    guard (record.count &- held.record.count) & countMask <= plausibleStep else { return .replacing }
    isTrusted = true
    return .confirming
  }

  /// Counts an accepted frame.
  mutating func count(_ bytes: [UInt8], _ record: FrameRecord) {
    let relation = history.note(record.ordinal, epoch: record.epoch)
    truth.frames += 1
    countRelation(relation, record)
    switch record.content {
    case .packets: countZone(bytes, record, relation)
    case .serviceData: countServiceData(record, relation)
    case .vca, .onlyIdleData: break
    }
  }

  private mutating func countZone(_ bytes: [UInt8], _ record: FrameRecord, _ relation: ArrivalHistory.Relation) {
    let zoneByteCount = record.segments.reduce(0) { $0 + $1.byteCount }
    zoneBytes.received += zoneByteCount
    switch relation {
    case .first, .next, .gap, .jump: assemble(bytes, record)
    case .late: zoneBytes.discarded[.outOfOrder, default: 0] += zoneByteCount
    case .duplicate: zoneBytes.discarded[.duplicate, default: 0] += zoneByteCount
    }
  }

  private mutating func countServiceData(_ record: FrameRecord, _ relation: ArrivalHistory.Relation) {
    let byteCount = record.segments.reduce(record.fillByteCount) { $0 + $1.byteCount }
    serviceData.received += byteCount
    switch relation {
    case .first, .next, .gap, .jump: assembleUnits(record)
    case .late: serviceData.discarded[.outOfOrder, default: 0] += byteCount
    case .duplicate: serviceData.discarded[.duplicate, default: 0] += byteCount
    }
  }

  private mutating func countRelation(_ relation: ArrivalHistory.Relation, _ record: FrameRecord) {
    switch relation {
    case .first:
      truth.firstCount = record.count
      truth.isUncounted = record.isUncounted
    case .next:
      if record.isFrozen { truth.isFrozen = true }
    case .gap(let missingFrameCount):
      truth.gaps += 1
      truth.missing += missingFrameCount
      list(missingFrameCount, before: record.count)
      dropPartials()
    case .jump:
      truth.discontinuities += 1
      dropPartials()
    case .late(let fillsGap):
      truth.late += 1
      if fillsGap {
        truth.missing -= 1
        if let index = truth.missingCounts.lastIndex(of: record.count) { truth.missingCounts.remove(at: index) }
      }
      return
    case .duplicate:
      truth.duplicates += 1
      return
    }
    truth.lastCount = record.count
  }

  /// Writes down the counts that were sent before this one and never came.
  private mutating func list(_ missingFrameCount: Int, before count: UInt64) {
    guard truth.missingCounts.count + missingFrameCount <= TruthLists.capacity else { return }
    for place in (1...UInt64(missingFrameCount)).reversed() { truth.missingCounts.append((count &- place) & countMask) }
  }

  /// Bytes of packets and units whose rest cannot come any more.
  private mutating func dropPartials() {
    if zoneBytes.pending > 0 { zoneBytes.discarded[.gap, default: 0] += zoneBytes.pending }
    if serviceData.pending > 0 { serviceData.discarded[.gap, default: 0] += serviceData.pending }
    zoneBytes.pending = 0
    serviceData.pending = 0
    for index in partialPackets.indices {
      partialPackets[index].removeAll(keepingCapacity: true)
      partialUnitByteCounts[index] = 0
    }
  }

  private mutating func assemble(_ bytes: [UInt8], _ record: FrameRecord) {
    let point = record.accessPoint
    for segment in record.segments {
      guard segment.isFirst || !partialPackets[point].isEmpty else {
        zoneBytes.discarded[.unsynchronized, default: 0] += segment.byteCount
        continue
      }
      zoneBytes.pending += segment.byteCount
      partialPackets[point] += bytes[segment.frameOffset..<segment.frameOffset + segment.byteCount]
      if segment.isLast { complete(segment.packet, at: point) }
    }
  }

  private mutating func assembleUnits(_ record: FrameRecord) {
    let point = record.accessPoint
    serviceData.fill += record.fillByteCount
    for segment in record.segments {
      if case .octets = segment.packet.kind {
        serviceData.delivered += segment.byteCount
        continue
      }
      guard segment.isFirst || partialUnitByteCounts[point] > 0 else {
        serviceData.discarded[.unsynchronized, default: 0] += segment.byteCount
        continue
      }
      partialUnitByteCounts[point] += segment.byteCount
      serviceData.pending += segment.byteCount
      guard segment.isLast else { continue }
      serviceData.completed += 1
      truth.serviceDataUnits += 1
      serviceData.delivered += partialUnitByteCounts[point]
      serviceData.pending -= partialUnitByteCounts[point]
      partialUnitByteCounts[point] = 0
    }
  }

  private mutating func complete(_ packet: PacketKnowledge, at accessPoint: Int) {
    zoneBytes.pending -= packet.byteCount
    truth.packetByteCount += packet.byteCount
    truth.packetHash = FowlerNollVoHash.extend(
      truth.packetHash, with: partialPackets[accessPoint], in: 0..<packet.byteCount)
    partialPackets[accessPoint].removeAll(keepingCapacity: true)
    switch packet.kind {
    case .idle:
      truth.idlePackets += 1
      zoneBytes.idlePackets += packet.byteCount
    case .serviceData, .octets: break
    case .encapsulation:
      truth.packets += 1
      zoneBytes.packets += packet.byteCount
    case .space(let application, let ordinal):
      truth.packets += 1
      zoneBytes.packets += packet.byteCount
      applications[application].count(ordinal, last: lastOrdinals[application], byteCount: packet.byteCount)
      lastOrdinals[application] = ordinal
    }
  }
}

extension ApplicationTruth {
  fileprivate mutating func count(_ ordinal: Int, last: Int, byteCount: Int) {
    lastSequenceCount = UInt16(truncatingIfNeeded: ordinal & 0x3FFF)
    if packets == 0 {
      firstSequenceCount = lastSequenceCount
    } else if ordinal - last > 1 {
      gaps += 1
      missing += ordinal - last - 1
      if missing <= TruthLists.capacity {
        missingSequenceCounts += (last + 1..<ordinal).map { UInt16(truncatingIfNeeded: $0 & 0x3FFF) }
      }
    }
    packets += 1
    self.byteCount += byteCount
  }
}
