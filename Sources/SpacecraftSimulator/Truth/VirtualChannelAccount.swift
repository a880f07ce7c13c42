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
  private let plausibleStep: UInt32
  private let countMask: UInt32
  var held: HeldFrame?
  private var isTrusted: Bool
  private var history = ArrivalHistory()
  private(set) var truth: VirtualChannelTruth
  private(set) var applications: [ApplicationTruth]
  private var lastOrdinals: [Int]
  private(set) var zoneBytes = ZoneByteTruth()
  private var runningHash = FowlerNollVoHash.offsetBasis

  init(_ channel: VirtualChannelTransmitter, frameType: FrameType, trustsAtOnce: Bool) {
    let name = VirtualChannelName(
      spacecraftID: channel.spacecraftID, virtualChannelID: channel.plan.virtualChannelID)
    spacecraft = channel.spacecraft
    plausibleStep = frameType == .tm ? 128 : 4096
    countMask = UInt32(truncatingIfNeeded: channel.modulus - 1)
    isTrusted = trustsAtOnce
    truth = VirtualChannelTruth(name: name)
    applications = channel.plan.applications.map {
      ApplicationTruth(channel: name, applicationProcessID: $0.applicationProcessID)
    }
    lastOrdinals = applications.map { _ in 0 }
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
    guard record.content == .packets else { return }
    let zoneByteCount = record.segments.reduce(0) { $0 + $1.byteCount }
    zoneBytes.received += zoneByteCount
    switch relation {
    case .first, .next, .gap, .jump: assemble(bytes, record.segments)
    case .late: zoneBytes.discarded[.outOfOrder, default: 0] += zoneByteCount
    case .duplicate: zoneBytes.discarded[.duplicate, default: 0] += zoneByteCount
    }
  }

  private mutating func countRelation(_ relation: ArrivalHistory.Relation, _ record: FrameRecord) {
    switch relation {
    case .first:
      truth.firstCount = record.count
    case .next:
      if record.isFrozen { truth.isFrozen = true }
    case .gap(let missingFrameCount):
      truth.gaps += 1
      truth.missing += missingFrameCount
      dropPartialPacket()
    case .jump:
      truth.discontinuities += 1
      dropPartialPacket()
    case .late(let fillsGap):
      truth.late += 1
      if fillsGap { truth.missing -= 1 }
      return
    case .duplicate:
      truth.duplicates += 1
      return
    }
    truth.lastCount = record.count
  }

  /// Bytes of a packet whose rest cannot come any more.
  private mutating func dropPartialPacket() {
    guard zoneBytes.pending > 0 else { return }
    zoneBytes.discarded[.gap, default: 0] += zoneBytes.pending
    zoneBytes.pending = 0
    runningHash = truth.packetHash
  }

  private mutating func assemble(_ bytes: [UInt8], _ segments: [PacketSegment]) {
    for segment in segments {
      guard segment.isFirst || zoneBytes.pending > 0 else {
        zoneBytes.discarded[.unsynchronized, default: 0] += segment.byteCount
        continue
      }
      zoneBytes.pending += segment.byteCount
      runningHash = FowlerNollVoHash.extend(
        runningHash, with: bytes, in: segment.frameOffset..<segment.frameOffset + segment.byteCount)
      if segment.isLast { complete(segment.packet) }
    }
  }

  private mutating func complete(_ packet: PacketKnowledge) {
    zoneBytes.pending = 0
    truth.packetByteCount += packet.byteCount
    truth.packetHash = runningHash
    switch packet.kind {
    case .idle:
      truth.idlePackets += 1
      zoneBytes.idlePackets += packet.byteCount
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
    }
    packets += 1
    self.byteCount += byteCount
  }
}
