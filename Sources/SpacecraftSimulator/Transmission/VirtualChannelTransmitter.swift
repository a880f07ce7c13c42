/// One virtual channel as the spacecraft runs it: its count and its packets.
struct VirtualChannelTransmitter: Sendable {
  let spacecraft: Int
  let spacecraftID: UInt16
  let plan: ChannelPlan
  let layout: FrameLayout
  /// The values that the count takes before it starts again at 0.
  let modulus: Int
  private(set) var ordinal: Int
  private(set) var epoch = 0
  /// Frames to come that no impairment may touch.
  var sparedFrameCount = 0
  private var packets: PacketStream
  /// USLP.
  private var accessPoints: [AccessPointTransmitter] = []

  init(spacecraft: Int, spacecraftID: UInt16, plan: ChannelPlan, link: LinkPlan) {
    self.spacecraft = spacecraft
    self.spacecraftID = spacecraftID
    self.plan = plan
    layout = FrameLayout(link: link, secondaryHeaderByteCount: plan.secondaryHeader.byteCount)
    modulus = plan.countModulus(link.frameType)
    ordinal = Int(plan.firstCount)
    packets = PacketStream(plan)
    accessPoints = plan.accessPoints.map { AccessPointTransmitter($0, channel: plan) }
  }

  /// Whether a count that starts again here cannot be taken for anything else: not late, not a gap.
  var canReset: Bool {
    let count = ordinal & (modulus - 1)
    return modulus > 256 && !plan.isFrozen && 256 < count && count < modulus - 70_000
  }

  /// Starts the count again at 0.
  mutating func reset() {
    ordinal = 0
    epoch += 1
  }

  /// The fields and the record of the next frame, whose data field is written by what follows.
  mutating func begin(masterOrdinal: Int, _ record: inout FrameRecord) -> FrameFields {
    var fields = FrameFields(spacecraftID: spacecraftID, virtualChannelID: plan.virtualChannelID)
    fields.masterChannelFrameCount = UInt8(truncatingIfNeeded: masterOrdinal)
    fields.virtualChannelFrameCount =
      plan.isFrozen ? plan.firstCount : UInt64(truncatingIfNeeded: ordinal & (modulus - 1))
    fields.usesCountCycle = plan.usesCountCycle
    fields.secondaryHeader = plan.secondaryHeader
    record.ordinal = ordinal
    record.epoch = epoch
    record.count = fields.virtualChannelFrameCount
    record.masterOrdinal = masterOrdinal
    record.condition = .intact
    record.isFrozen = plan.isFrozen
    record.isUncounted = modulus == 1
    record.isSpared = sparedFrameCount > 0 || record.isUncounted
    record.fillByteCount = 0
    record.segments.removeAll(keepingCapacity: true)
    sparedFrameCount = max(0, sparedFrameCount - 1)
    ordinal += 1
    return fields
  }

  /// Fills the packet zone and says where the first packet starts.
  mutating func fillPackets(
    _ frame: inout [UInt8], payload: BytePattern, _ record: inout FrameRecord, _ random: inout SeededRandom
  ) -> FrameWriter.Pointer {
    record.content = .packets
    let start = packets.fill(
      &frame, zone: layout.packetZone, payload: payload, segments: &record.segments, random: &random)
    return start.map { .firstHeader($0) } ?? .noStart
  }
}

extension VirtualChannelTransmitter {
  /// Fills a USLP frame, gives it the length it needs, and says what is in it.
  mutating func fillAccessPoint(
    _ frame: inout [UInt8], link: LinkPlan, payload: BytePattern, _ record: inout FrameRecord,
    _ random: inout SeededRandom
  ) -> USLPDataField {
    var field = dataField
    let index = random.below(accessPoints.count)
    record.accessPoint = index
    field.accessPointID = accessPoints[index].plan.id
    if let byteCount = plan.truncatedFrameByteCount {
      field.isTruncated = true
      accessPoints[index].fillTruncated(
        &frame, byteCount: byteCount, &field, payload: payload, &record, &random)
    } else if link.hasVariableLength {
      accessPoints[index].fillVariable(&frame, link: link, &field, payload: payload, &record, &random)
    } else {
      accessPoints[index].fillFixed(&frame, link: link, &field, payload: payload, &record, &random)
    }
    return field
  }

  /// What every USLP frame of the channel says.
  var dataField: USLPDataField {
    var field = USLPDataField()
    field.countByteCount = plan.truncatedFrameByteCount == nil ? plan.countByteCount : 0
    field.isExpedited = plan.isExpedited
    return field
  }
}

extension ChannelPlan {
  /// The values that the count takes: 256 or 2³² in TM, 2²⁴ or 2²⁸ in AOS, in USLP 256 to the count's length.
  func countModulus(_ frameType: FrameType) -> Int {
    switch frameType {
    case .tm: secondaryHeader == .extendedCount ? 1 << 32 : 256
    case .aos: usesCountCycle ? 1 << 28 : 1 << 24
    case .uslp: truncatedFrameByteCount == nil ? 1 << (8 * countByteCount) : 1
    }
  }
}
