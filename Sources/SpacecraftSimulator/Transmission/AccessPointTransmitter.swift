/// One user of a USLP virtual channel: where it is in its packets or its service data units.
struct AccessPointTransmitter: Sendable {
  private static let packetProtocol: UInt8 = 0
  private static let octetProtocol: UInt8 = 4
  private static let missionProtocol: UInt8 = 5
  private static let noPointer: UInt16 = 0xFFFF
  private static let segmentShare = 0.2

  let plan: AccessPointPlan
  private var packets: PacketStream
  /// The service data unit that has begun.
  private var unitByteCount = 0
  private var sentByteCount = 0

  init(_ plan: AccessPointPlan, channel: ChannelPlan) {
    self.plan = plan
    if case .packets(let applications) = plan.content {
      packets = PacketStream(channel, applications: applications)
    } else {
      packets = PacketStream(channel)
    }
  }

  /// Fills the zone of a frame of the link's length, and says how.
  mutating func fillFixed(
    _ frame: inout [UInt8], link: LinkPlan, _ field: inout USLPDataField, payload: BytePattern,
    _ record: inout FrameRecord, _ random: inout SeededRandom
  ) {
    let zone = FrameLayout(uslp: link, field, frameByteCount: frame.count).packetZone
    switch plan.content {
    case .packets:
      record.content = .packets
      field.protocolID = Self.packetProtocol
      let start = packets.fill(
        &frame, zone: zone, payload: payload, segments: &record.segments, random: &random)
      field.pointer = start.map { UInt16(truncatingIfNeeded: $0) } ?? Self.noPointer
    case .serviceData(let byteCounts):
      if sentByteCount == unitByteCount { beginUnit(byteCounts, &random) }
      field.constructionRule = sentByteCount == 0 ? 1 : 2
      let byteCount = min(zone.count, unitByteCount - sentByteCount)
      appendUnit(byteCount, at: zone.lowerBound, &field, &record)
      field.pointer = sentByteCount == unitByteCount ? UInt16(truncatingIfNeeded: byteCount - 1) : Self.noPointer
      record.fillByteCount = zone.count - byteCount
      _ = payload.copy(to: &frame, range: zone, from: random.below(payload.count))
    case .octets: break
    }
  }

  /// Fills a frame of any length up to the link's, and cuts it to what it holds.
  mutating func fillVariable(
    _ frame: inout [UInt8], link: LinkPlan, _ field: inout USLPDataField, payload: BytePattern,
    _ record: inout FrameRecord, _ random: inout SeededRandom
  ) {
    field.constructionRule = 7
    let zone = FrameLayout(uslp: link, field, frameByteCount: frame.count).packetZone
    let byteCount: Int
    switch plan.content {
    case .packets:
      record.content = .packets
      field.protocolID = Self.packetProtocol
      (field.constructionRule, byteCount) = packets.fillVariable(
        &frame, start: zone.lowerBound, capacity: zone.count, payload: payload, segments: &record.segments,
        random: &random)
    case .serviceData(let byteCounts):
      byteCount = continueUnit(byteCounts, at: zone, &field, &record, &random)
    case .octets:
      byteCount = random.within(1...zone.count)
      record.content = .serviceData
      field.protocolID = Self.octetProtocol
      field.constructionRule = 3
      record.segments = [
        PacketSegment(
          packet: PacketKnowledge(kind: .octets, byteCount: byteCount), packetOffset: 0,
          frameOffset: zone.lowerBound, byteCount: byteCount)
      ]
    }
    if field.protocolID != Self.packetProtocol {
      _ = payload.copy(
        to: &frame, range: zone.lowerBound..<zone.lowerBound + byteCount, from: random.below(payload.count))
    }
    frame.removeLast(zone.count - byteCount)
  }

  /// Fills the one byte of header and the few bytes of data of a truncated frame.
  mutating func fillTruncated(
    _ frame: inout [UInt8], byteCount: Int, _ field: inout USLPDataField, payload: BytePattern,
    _ record: inout FrameRecord, _ random: inout SeededRandom
  ) {
    frame.removeLast(frame.count - byteCount)
    field.constructionRule = 7
    unitByteCount = byteCount - 5
    sentByteCount = 0
    appendUnit(unitByteCount, at: 5, &field, &record)
    _ = payload.copy(to: &frame, range: 5..<byteCount, from: random.below(payload.count))
  }

  private mutating func beginUnit(_ byteCounts: ClosedRange<Int>, _ random: inout SeededRandom) {
    unitByteCount = random.within(byteCounts)
    sentByteCount = 0
  }

  /// Puts a whole unit into a zone, or the next segment of one.
  private mutating func continueUnit(
    _ byteCounts: ClosedRange<Int>, at zone: Range<Int>, _ field: inout USLPDataField, _ record: inout FrameRecord,
    _ random: inout SeededRandom
  ) -> Int {
    let begins = sentByteCount == unitByteCount
    if begins { beginUnit(byteCounts, &random) }
    let isCut = unitByteCount > zone.count || unitByteCount > 1 && random.chance(Self.segmentShare)
    let byteCount: Int
    if begins {
      field.constructionRule = isCut ? 4 : 7
      byteCount = isCut ? random.within(1...min(zone.count, unitByteCount - 1)) : unitByteCount
    } else {
      byteCount = min(unitByteCount - sentByteCount, random.within(1...zone.count))
      field.constructionRule = sentByteCount + byteCount == unitByteCount ? 6 : 5
    }
    appendUnit(byteCount, at: zone.lowerBound, &field, &record)
    return byteCount
  }

  private mutating func appendUnit(
    _ byteCount: Int, at offset: Int, _ field: inout USLPDataField, _ record: inout FrameRecord
  ) {
    record.content = .serviceData
    field.protocolID = Self.missionProtocol
    record.segments.append(
      PacketSegment(
        packet: PacketKnowledge(kind: .serviceData, byteCount: unitByteCount), packetOffset: sentByteCount,
        frameOffset: offset, byteCount: byteCount))
    sentByteCount += byteCount
  }
}
