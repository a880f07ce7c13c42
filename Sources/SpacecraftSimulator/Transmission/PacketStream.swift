/// The endless stream of packets of one virtual channel, cut into packet zones.
struct PacketStream: Sendable {
  private let plan: ChannelPlan
  private let applications: WeightedChoice
  private let firstApplication: Int
  private var nextOrdinals: [Int]
  private var packet = PacketKnowledge(kind: .idle, byteCount: 0)
  private var header = PacketHeader.encapsulation(protocolID: 0, headerByteCount: 1, packetByteCount: 1)
  private var sentByteCount = 0
  private var payloadPosition = 0
  /// What stands between the header and the payload.
  private var fields: [UInt8] = []

  /// - Parameter applications: Which of the channel's applications send; absent, all.
  init(_ plan: ChannelPlan, applications subset: Range<Int>? = nil) {
    self.plan = plan
    firstApplication = subset?.lowerBound ?? 0
    applications = WeightedChoice(plan.applications[subset ?? plan.applications.indices].map(\.weight))
    nextOrdinals = plan.applications.map { Int($0.firstSequenceCount) }
  }

  /// Fills the zone, and returns where in it the first packet starts, if one does.
  mutating func fill(
    _ frame: inout [UInt8], zone: Range<Int>, payload: BytePattern, segments: inout [PacketSegment],
    random: inout SeededRandom
  ) -> Int? {
    var firstStart: Int?
    var offset = zone.lowerBound
    while offset < zone.upperBound {
      if sentByteCount == packet.byteCount { begin(payload, &random) }
      if sentByteCount == 0, firstStart == nil { firstStart = offset - zone.lowerBound }
      let byteCount = min(zone.upperBound - offset, packet.byteCount - sentByteCount)
      segments.append(
        PacketSegment(packet: packet, packetOffset: sentByteCount, frameOffset: offset, byteCount: byteCount))
      write(offset..<offset + byteCount, of: &frame, payload)
      offset += byteCount
    }
    return firstStart
  }

  /// USLP: fills a zone of any length up to `capacity` with whole packets, or with a segment of one.
  ///
  /// - Returns: The construction rule, and the length of the zone.
  mutating func fillVariable(
    _ frame: inout [UInt8], start: Int, capacity: Int, payload: BytePattern, segments: inout [PacketSegment],
    random: inout SeededRandom
  ) -> (constructionRule: UInt8, byteCount: Int) {
    if sentByteCount > 0, sentByteCount < packet.byteCount {
      let byteCount = min(packet.byteCount - sentByteCount, random.within(1...capacity))
      append(byteCount, at: start, of: &frame, payload, &segments)
      return (sentByteCount == packet.byteCount ? 6 : 5, byteCount)
    }
    var zoneByteCount = 0
    repeat {
      if sentByteCount == packet.byteCount { begin(payload, &random) }
      let isCut = packet.byteCount > capacity || packet.byteCount > 1 && random.chance(Self.segmentShare)
      if zoneByteCount == 0, isCut {
        let byteCount = random.within(1...min(capacity, packet.byteCount - 1))
        append(byteCount, at: start, of: &frame, payload, &segments)
        return (4, byteCount)
      }
      guard zoneByteCount + packet.byteCount <= capacity else { break }
      let byteCount = packet.byteCount
      append(byteCount, at: start + zoneByteCount, of: &frame, payload, &segments)
      zoneByteCount += byteCount
    } while random.chance(0.5)
    return (7, zoneByteCount)
  }

  private static let segmentShare = 0.2

  private mutating func append(
    _ byteCount: Int, at offset: Int, of frame: inout [UInt8], _ payload: BytePattern,
    _ segments: inout [PacketSegment]
  ) {
    segments.append(
      PacketSegment(packet: packet, packetOffset: sentByteCount, frameOffset: offset, byteCount: byteCount))
    write(offset..<offset + byteCount, of: &frame, payload)
  }

  private static let headerByteCounts = [2, 4, 8]
  private static let idleHeaderByteCounts = [1, 2, 4, 8]
  /// LTP, IP extension, CFDP, bundles, extended, the mission's own.
  private static let protocolIDs: [UInt8] = [1, 2, 3, 4, 6, 7]

  private mutating func write(_ range: Range<Int>, of frame: inout [UInt8], _ payload: BytePattern) {
    var offset = range.lowerBound
    while offset < range.upperBound, sentByteCount < header.byteCount {
      frame[offset] = header[sentByteCount]
      offset += 1
      sentByteCount += 1
    }
    while offset < range.upperBound, sentByteCount - header.byteCount < fields.count {
      frame[offset] = fields[sentByteCount - header.byteCount]
      offset += 1
      sentByteCount += 1
    }
    guard offset < range.upperBound else { return }
    payloadPosition = payload.copy(to: &frame, range: offset..<range.upperBound, from: payloadPosition)
    sentByteCount += range.upperBound - offset
  }

  private mutating func begin(_ payload: BytePattern, _ random: inout SeededRandom) {
    sentByteCount = 0
    fields = []
    payloadPosition = random.below(payload.count)
    if random.chance(plan.idlePacketShare) {
      beginIdle(&random)
    } else if let encapsulation = plan.encapsulation,
      plan.applications.isEmpty || random.chance(encapsulation.share)
    {
      beginEncapsulation(encapsulation, &random)
    } else {
      let index = firstApplication + applications.index(&random)
      beginSpacePacket(plan.applications[index], index, &random)
    }
  }

  private mutating func beginSpacePacket(_ plan: ApplicationPlan, _ index: Int, _ random: inout SeededRandom) {
    let ordinal = nextOrdinals[index]
    nextOrdinals[index] += 1
    if plan.isHousekeeping { fields = Housekeeping.bytes(ordinal: ordinal) }
    packet = PacketKnowledge(
      kind: .space(application: index, ordinal: ordinal), byteCount: plan.sizes.draw(&random))
    header = .space(
      applicationProcessID: plan.applicationProcessID, hasSecondaryHeader: plan.hasSecondaryHeader,
      sequenceCount: UInt16(truncatingIfNeeded: ordinal & 0x3FFF), packetByteCount: packet.byteCount)
  }

  private mutating func beginIdle(_ random: inout SeededRandom) {
    packet = PacketKnowledge(kind: .idle, byteCount: random.within(7...64))
    header = .space(
      applicationProcessID: 0x7FF, hasSecondaryHeader: false, sequenceCount: 0, packetByteCount: packet.byteCount)
  }

  private mutating func beginEncapsulation(_ plan: EncapsulationPlan, _ random: inout SeededRandom) {
    let isIdle = random.chance(plan.idleShare)
    var headerByteCount = random.pick(isIdle ? Self.idleHeaderByteCounts : Self.headerByteCounts)
    let byteCount = max(headerByteCount, headerByteCount == 1 ? 1 : plan.sizes.draw(&random))
    if headerByteCount == 1 {
      packet = PacketKnowledge(kind: .idle, byteCount: 1)
    } else {
      let shortest = byteCount > 0xFFFF ? 8 : byteCount > 0xFF ? 4 : 2
      headerByteCount = max(headerByteCount, shortest)
      packet = PacketKnowledge(kind: isIdle ? .idle : .encapsulation, byteCount: byteCount)
    }
    header = .encapsulation(
      protocolID: isIdle ? 0 : random.pick(Self.protocolIDs), headerByteCount: headerByteCount,
      userDefined: UInt8(random.below(16)), protocolExtension: UInt8(random.below(16)),
      definedField: UInt16(random.below(65_536)), packetByteCount: packet.byteCount)
  }
}

extension PacketSizePlan {
  func draw(_ random: inout SeededRandom) -> Int {
    random.within(random.chance(largeShare) ? large : usual)
  }
}
