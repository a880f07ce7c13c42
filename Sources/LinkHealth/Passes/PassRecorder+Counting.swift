import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// What the frames and packets of a pass count.
extension PassRecorder {
  /// Takes a good frame.
  mutating func note(_ frame: FrameObservation, _ ledger: borrowing LossLedger) {
    hear(at: frame.time, from: ledger.masterChannels[frame.masterChannel].spacecraftID, ledger)
    if let time = frame.time?.nanosecondsSince1970 { advance(to: time) }
    report.counts.take(&tail, isPlain: isTailPlain)
    isTailPlain = true
    if frame.isIdle { report.counts.idle += 1 } else { report.counts.delivered += 1 }
    let row = row(ofChannel: frame.virtualChannel, ledger)
    switch frame.continuity {
    case .first, .inSequence, .frozen, .uncounted: break
    case .gap(let missing, let atMost): note(missing, atMost, frame, row)
    case .duplicate: report.channels[row].duplicates += 1
    case .late(let fillsGap): noteLate(frame, row, fillsGap: fillsGap)
    case .discontinuity: report.channels[row].discontinuities += 1
    }
    report.channels[row].note(frame)
  }

  /// Takes a whole packet.
  mutating func note(_ packet: PacketObservation, _ ledger: borrowing LossLedger) {
    if ledger.frames.received == 0 {
      // Packets that came without frames.
      hear(at: packet.time, from: ledger.virtualChannels[packet.virtualChannel].identity.spacecraftID, ledger)
      if let time = packet.time { advance(to: time.nanosecondsSince1970) }
    }
    guard !packet.isIdle else {
      report.counts.idlePackets += 1
      return
    }
    report.counts.packets += 1
    report.counts.packetByteCount += packet.byteCount
    guard let process = packet.applicationProcess else { return }
    let row = row(ofProcess: process, ledger)
    if case .gap(let missing, _) = packet.continuity, report.processes[row].packets > 0 {
      note(missing, packet, row)
    }
    report.processes[row].note(packet)
  }

  /// Takes a codeblock.
  mutating func note(_ codeblock: CodeblockObservation) {
    tail.codeblocks += 1
    guard !codeblock.corrections.isClean else { return }
    isTailPlain = false
    let counts = CodewordCounts(codeblock.corrections)
    tail.correctedCodewords += counts.corrected
    tail.correctedSymbols += counts.correctedSymbols
    if counts.uncorrectable > 0 { tail.uncorrectableCodeblocks += 1 }
  }

  /// What is counted over time.
  var counted: PassInterval {
    var counted = PassInterval()
    counted.frames = report.acceptedFrames
    counted.missing = report.missing
    counted.correctedSymbols = report.counts.correctedSymbols
    counted.undecodable = report.counts.undecodable
    return counted
  }

  /// Sees whether another second or minute has begun.
  private mutating func advance(to time: Int64) {
    if report.seconds.isOver(at: time) { report.seconds.advance(to: time, after: counted) }
    if report.minutes.isOver(at: time) { report.minutes.advance(to: time, after: counted) }
  }

  // MARK: Losses

  private mutating func note(_ missing: Int, _ atMost: Int, _ frame: FrameObservation, _ row: Int) {
    guard report.channels[row].frames > 0 else {
      // They were sent between the passes.
      report.channels[row].missingBefore += missing
      return
    }
    guard missing > 0 else {
      report.channels[row].missingAtMost += atMost
      return
    }
    report.missing += missing
    report.channels[row].gaps += 1
    report.channels[row].missing += missing
    report.channels[row].missingAtMost += atMost
    let mask: UInt64 = frame.countBitCount == 0 ? .max : 1 << UInt64(frame.countBitCount) - 1
    let gap = FrameGap(
      key: report.channels[row].key, first: frame.expectedCount, last: (frame.count &- 1) & mask,
      countBitCount: frame.countBitCount, missing: missing, missingAtMost: atMost, after: report.channels[row].lastTime,
      before: frame.time)
    let index = report.gaps.append(gap)
    if index == nil { report.channels[row].omit(gap) }
    report.attribution.note(gap, at: index, &report.gaps)
  }

  private mutating func noteLate(_ frame: FrameObservation, _ row: Int, fillsGap: Bool) {
    report.channels[row].late += 1
    guard fillsGap else { return }
    if let cause = report.gaps.fill(report.channels[row].key, frame.count) {
      report.attribution.takeBack(cause)
    } else if report.channels[row].omittedFrames > 0 {
      report.channels[row].omittedFrames -= 1
    } else {
      // It was missing before this pass.
      return
    }
    report.missing -= 1
    report.channels[row].missing -= 1
    report.channels[row].missingAtMost -= 1
  }

  private mutating func note(_ missing: Int, _ packet: PacketObservation, _ row: Int) {
    let process = report.processes[row]
    report.processes[row].gaps += 1
    report.processes[row].missing += missing
    let gap = PacketGap(
      key: process.key, applicationProcessID: process.applicationProcessID, first: packet.expectedSequenceCount,
      last: (packet.sequenceCount &- 1) & 0x3FFF, missing: missing,
      after: process.lastReceived == .min ? nil : ReceptionTime(nanosecondsSince1970: process.lastReceived),
      before: packet.time,
      onBoardAfter: process.lastOnBoard == .min ? nil : TAIInstant(nanosecondsSince1958: process.lastOnBoard),
      onBoardBefore: packet.onboardTime.instant)
    if !report.gaps.append(gap) {
      report.processes[row].omittedRanges += 1
      report.processes[row].omittedPackets += missing
    }
  }

  /// Looks for what this host has dropped since the last time.
  mutating func noteDrops(at now: ReceptionTime, _ ledger: borrowing LossLedger, _ foreignDrops: Int) {
    let datagrams = PassDatagrams(ledger)
    let own = datagrams.kernelDropped + datagrams.rateLimited - datagramMark.kernelDropped - datagramMark.rateLimited
    let foreign = foreignDrops - foreignDropCount
    foreignDropCount = foreignDrops
    defer { dropsSeenAt = now }
    guard detector.current != nil, let dropsSeenAt, dropsSeenAt < now else { return }
    report.datagrams.add(datagrams, since: datagramMark)
    datagramMark = datagrams
    // Frames that say their own length, and pieces of a stream, may be any number in a datagram.
    let frames = settings.framesPerDatagram
    let most = Self.mostFramesOfDrops
    if own > 0 {
      report.attribution.note(
        drops: frames.map { min(most, own) * $0 } ?? most, frames == nil ? .unknown : .host, after: dropsSeenAt,
        before: now, &report.gaps)
    }
    if foreign > 0 {
      report.attribution.note(
        drops: min(most, foreign) * (frames ?? 1), .unknown, after: dropsSeenAt, before: now, &report.gaps)
    }
  }

  private static let mostFramesOfDrops = 1 << 40

  // MARK: Rows

  private mutating func row(ofChannel index: Int, _ ledger: borrowing LossLedger) -> Int {
    if index < channelRows.count, channelRows[index] >= 0 { return channelRows[index] }
    while channelRows.count <= index { channelRows.append(-1) }
    let identity = ledger.virtualChannels[index].identity
    let key = PassChannelKey(identity)
    if let row = report.channels.firstIndex(where: { $0.key == key }) {
      channelRows[index] = row
      return row
    }
    report.channels.append(PassChannel(key: key, name: identity.name))
    let steps = ledger.virtualChannels[index].clock.estimate.stepCount
    report.clocks.append(PassClock(key: key, stepsBefore: steps))
    channelRows[index] = report.channels.count - 1
    return report.channels.count - 1
  }

  private mutating func row(ofProcess index: Int, _ ledger: borrowing LossLedger) -> Int {
    if index < processRows.count, processRows[index] >= 0 { return processRows[index] }
    while processRows.count <= index { processRows.append(-1) }
    let process = ledger.applicationProcesses[index]
    let key = PassChannelKey(ledger.virtualChannels[process.virtualChannel].identity)
    let id = process.applicationProcessID
    if let row = report.processes.firstIndex(where: { $0.key == key && $0.applicationProcessID == id }) {
      processRows[index] = row
      return row
    }
    report.processes.append(PassProcess(key: key, id))
    processRows[index] = report.processes.count - 1
    return report.processes.count - 1
  }
}

extension PassChannel {
  /// Counts a frame.
  fileprivate mutating func note(_ frame: FrameObservation) {
    if frames == 0 {
      firstCount = frame.count
      firstTime = frame.time
    }
    frames += 1
    if frame.isIdle { idleFrames += 1 }
    switch frame.continuity {
    case .duplicate, .late: break
    case .first, .inSequence, .gap, .frozen, .uncounted, .discontinuity:
      lastCount = frame.count
      lastTime = frame.time
    }
  }

  /// Counts a range that there is no room for.
  fileprivate mutating func omit(_ gap: FrameGap) {
    if omittedRanges == 0 { firstOmittedCount = gap.first }
    omittedRanges += 1
    omittedFrames += gap.missing
    lastOmittedCount = gap.last
  }
}

extension PassProcess {
  /// Counts a packet.
  fileprivate mutating func note(_ packet: PacketObservation) {
    if packets == 0 { firstSequenceCount = packet.sequenceCount }
    packets += 1
    byteCount += packet.byteCount
    lastSequenceCount = packet.sequenceCount
    if case .duplicate = packet.continuity { repeats += 1 }
    lastReceived = packet.time?.nanosecondsSince1970 ?? .min
    lastOnBoard = packet.onboardTime.instant?.nanosecondsSince1958 ?? .min
  }
}
