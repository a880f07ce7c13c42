/// All spacecraft of a link, taking turns: the stream of frames before anything happens to it.
struct FrameSource: Sendable {
  private let link: LinkPlan
  private let writer: FrameWriter
  private let payload = BytePattern.payload
  private let fill = BytePattern.onlyIdleData
  private let turns: WeightedChoice
  private let turnChannels: [Int]
  private let idleTurns: WeightedChoice
  private let idleChannels: [Int]
  private var masterOrdinals: [Int]
  /// Channels that speak next, in order, before chance decides again.
  private var reservedTurns: [Int] = []
  private var fillPosition = 0
  private var payloadPosition = 0
  private var random: SeededRandom
  private var foreignSpacecraftIDs: [UInt16]
  private(set) var channels: [VirtualChannelTransmitter] = []
  /// Frames sent so far.
  private(set) var frameCount = 0

  init(_ scenario: Scenario) {
    link = scenario.link
    writer = FrameWriter(link: scenario.link)
    random = SeededRandom(seed: scenario.link.seed, stream: 1)
    let plans = scenario.channelPlans
    channels = plans.map {
      VirtualChannelTransmitter(
        spacecraft: $0.spacecraft, spacecraftID: scenario.spacecraft[$0.spacecraft].spacecraftID, plan: $0.plan,
        link: scenario.link)
    }
    turnChannels = plans.indices.filter { plans[$0].plan.weight > 0 }
    turns = WeightedChoice(turnChannels.map { plans[$0].plan.weight })
    let idle = scenario.spacecraft.indices.map { spacecraft in
      plans.firstIndex {
        $0.spacecraft == spacecraft
          && $0.plan.virtualChannelID == scenario.spacecraft[spacecraft].onlyIdleDataChannelID(scenario.link.frameType)
      }
    }
    idleChannels = idle.compactMap(\.self)
    idleTurns = WeightedChoice(idleChannels.map { _ in 1 })
    masterOrdinals = scenario.spacecraft.indices.map { _ in 0 }
    for index in masterOrdinals.indices { masterOrdinals[index] = random.below(256) }
    foreignSpacecraftIDs = scenario.spacecraftIDsOfNobody
    if link.hasOpeningRound {
      for index in channels.indices { speakTwice(index) }
    }
  }

  /// Whether chance decides who speaks next.
  var isTurnFree: Bool { reservedTurns.isEmpty }

  /// Writes the next frame, or says that there is none.
  mutating func next(into frame: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    if let limit = link.frameCount, frameCount >= limit { return false }
    resize(&frame)
    let (channel, isIdle) = turn()
    frameCount += 1
    record.channel = channel
    write(channel, isIdle: isIdle, &frame, &record)
    return true
  }

  /// Starts those counts of one spacecraft again that can be seen to, unless the end is too near to show it.
  ///
  /// Their channels speak next, so that a receiver that holds the first frame back need not hold it for long.
  mutating func resetCounters() {
    let spacecraft = random.below(masterOrdinals.count)
    if let limit = link.frameCount, limit - frameCount < 2 * channels.count { return }
    for index in channels.indices where channels[index].spacecraft == spacecraft && channels[index].canReset {
      channels[index].reset()
      speakTwice(index)
    }
  }

  /// Gives a channel the next two turns that are free, and spares these frames.
  private mutating func speakTwice(_ channel: Int) {
    channels[channel].sparedFrameCount = 2
    reservedTurns += [channel, channel]
  }

  /// Writes a frame of a spacecraft that has not been heard and will not be again; false when all have been.
  mutating func foreignFrame(into frame: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    guard !foreignSpacecraftIDs.isEmpty else { return false }
    let index = random.below(foreignSpacecraftIDs.count)
    foreignSpacecraftIDs.swapAt(index, foreignSpacecraftIDs.count - 1)
    let layout = FrameLayout(link: link)
    resize(&frame)
    fillPosition = fill.copy(to: &frame, range: 0..<frame.count, from: fillPosition)
    var fields = FrameFields(
      spacecraftID: foreignSpacecraftIDs.removeLast(), virtualChannelID: UInt8(random.below(7)))
    fields.masterChannelFrameCount = UInt8(random.below(256))
    fields.virtualChannelFrameCount = UInt64(random.below(1 << 24))
    fields.pointer = .noStart
    fields.dataField.countByteCount = 4
    writer.writeHeader(fields, layout: layout, to: &frame)
    writer.seal(&frame, layout: layout)
    record.condition = .foreign
    record.segments.removeAll(keepingCapacity: true)
    return true
  }

  /// Gives the frame another version number than its own.
  mutating func changeVersion(of frame: inout [UInt8], _ record: inout FrameRecord) {
    let versions: [UInt8] =
      switch link.frameType {
      case .tm: [1, 2, 3]
      case .aos: [0, 2, 3]
      case .uslp: [0, 1, 2]
      }
    var layout = channels[record.channel].layout
    if link.frameType == .uslp {
      // Of the layout only the end matters, which depends on the length of this frame.
      var field = USLPDataField()
      field.isTruncated = frame[3] & 1 == 1
      layout = FrameLayout(uslp: link, field, frameByteCount: frame.count)
    }
    writer.changeVersion(random.pick(versions), of: &frame, layout: layout)
    record.condition = .wrongVersion
  }

  /// Whether the frame would pass for undamaged.
  func isSealed(_ frame: [UInt8]) -> Bool { writer.isSealed(frame) }

  /// Whose turn it is, and whether with only idle data.
  private mutating func turn() -> (channel: Int, isIdle: Bool) {
    if !reservedTurns.isEmpty {
      let channel = reservedTurns.removeFirst()
      return (channel, channels[channel].plan.weight == 0)
    }
    if !idleChannels.isEmpty, random.chance(link.idleFrameShare) {
      return (idleChannels[idleTurns.index(&random)], true)
    }
    return (turnChannels[turns.index(&random)], false)
  }

  private mutating func writeUSLP(_ channel: Int, isIdle: Bool, _ frame: inout [UInt8], _ record: inout FrameRecord) {
    let spacecraft = channels[channel].spacecraft
    var fields = channels[channel].begin(masterOrdinal: masterOrdinals[spacecraft], &record)
    masterOrdinals[spacecraft] += 1
    if isIdle {
      record.content = .onlyIdleData
      fields.dataField = channels[channel].dataField
      fields.dataField.constructionRule = 1
      fields.dataField.protocolID = Self.idleProtocol
      let zone = FrameLayout(uslp: link, fields.dataField, frameByteCount: frame.count).packetZone
      fields.dataField.pointer = UInt16(truncatingIfNeeded: zone.count - 1)
      fillPosition = fill.copy(to: &frame, range: zone, from: fill.start(of: zone.count, at: fillPosition))
    } else {
      fields.dataField = channels[channel].fillAccessPoint(
        &frame, link: link, payload: payload, &record, &random)
    }
    let layout = FrameLayout(uslp: link, fields.dataField, frameByteCount: frame.count)
    finish(&frame, fields, layout)
  }

  private static let idleProtocol: UInt8 = 31

  /// Writes all around the data field.
  private func finish(_ frame: inout [UInt8], _ fields: FrameFields, _ layout: FrameLayout) {
    writer.writeHeader(fields, layout: layout, to: &frame)
    for offset in layout.insertZone { frame[offset] = UInt8(truncatingIfNeeded: frameCount &+ offset) }
    writer.writeOperationalControl(commandLinkControlWord(fields), layout: layout, to: &frame)
    writer.seal(&frame, layout: layout)
  }

  private mutating func write(_ channel: Int, isIdle: Bool, _ frame: inout [UInt8], _ record: inout FrameRecord) {
    if link.frameType == .uslp { return writeUSLP(channel, isIdle: isIdle, &frame, &record) }
    let spacecraft = channels[channel].spacecraft
    let layout = channels[channel].layout
    var fields = channels[channel].begin(masterOrdinal: masterOrdinals[spacecraft], &record)
    masterOrdinals[spacecraft] += 1
    if isIdle {
      record.content = .onlyIdleData
      fields.pointer = .onlyIdleData
      let start = fill.start(of: layout.dataField.count, at: fillPosition)
      fillPosition = fill.copy(to: &frame, range: layout.dataField, from: start)
    } else if channels[channel].plan.service == .vca {
      record.content = .vca
      fields.pointer = .vca(UInt16(truncatingIfNeeded: record.ordinal))
      payloadPosition = payload.copy(to: &frame, range: layout.dataField, from: payloadPosition)
    } else {
      fields.pointer = channels[channel].fillPackets(&frame, payload: payload, &record, &random)
    }
    finish(&frame, fields, layout)
  }

  /// A CLCW of the frame's own channel number: COP-1 in effect, a report value that moves every 256 frames.
  ///
  ///     |type 1|version 2|status 3|COP 2|VCID 6|00|RF 1|bit lock 1|lockout 1|wait 1|retransmit 1|FARM-B 2|0|report 8|
  private func commandLinkControlWord(_ fields: FrameFields) -> UInt32 {
    0x0100_0000 | UInt32(fields.virtualChannelID & 0x3F) << 18 | UInt32(truncatingIfNeeded: frameCount >> 8) & 0xFF
  }

  private func resize(_ frame: inout [UInt8]) {
    if frame.count > link.frameByteCount { frame.removeLast(frame.count - link.frameByteCount) }
    if frame.count < link.frameByteCount { frame = [UInt8](repeating: 0, count: link.frameByteCount) }
  }
}
