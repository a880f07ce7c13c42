import CCSDSWire

/// What the counters of an accepted frame say about the frames before it.
extension PhysicalChannel {
  /// The two observations that a frame's counts allow.
  struct Continuity {
    var virtual: CountObservation
    var master: CountObservation?
    /// The count that would have been in sequence.
    var expectedCount: UInt64 = 0

    /// Whether no later frame of the channel has come before it.
    var isNewest: Bool {
      switch virtual {
      case .duplicate, .late: false
      case .first, .inSequence, .gap, .frozen, .uncounted, .discontinuity: true
      }
    }
  }

  /// Whether the count of a frame is so far off that another frame has to confirm it.
  func isImplausible(
    _ header: FrameHeader, _ fingerprint: Fingerprint, _ time: ReceptionTime?, _ channel: VirtualChannel
  ) -> Bool {
    guard header.countBitCount > 8, header.countBitCount == channel.counter.bitCount, channel.pass == pass,
      case .ahead(let missing) = channel.step(to: header.count, fingerprint, allowsReordering: true)
    else { return false }
    return missing > plausibleLoss(bitCount: header.countBitCount, time, channel)
  }

  private func plausibleLoss(bitCount: Int, _ time: ReceptionTime?, _ channel: VirtualChannel) -> Int {
    // Sums of losses stay far from the end of an integer, however long a counter is.
    guard let time, let newest = channel.newestTime else { return max(4096, 1 << min(bitCount - 8, 24)) }
    let seconds = min(max(0, time.seconds(since: newest)), parameters.limits.quietAfterSeconds)
    return 4096 + Int(Double(parameters.limits.maximumFramesPerSecond) * seconds)
  }

  /// Takes the counts of a frame into the counters of its channels.
  mutating func count(
    _ header: FrameHeader, _ fingerprint: Fingerprint, _ time: ReceptionTime?, _ channel: VirtualChannel
  ) -> Continuity {
    let expectedCount = channel.counter.next
    var continuity =
      if let masterCount = header.masterChannelCount {
        countTM(header, masterCount, fingerprint, time, channel)
      } else {
        Continuity(virtual: countVirtual(header, fingerprint, channel, allowsReordering: true))
      }
    continuity.expectedCount = expectedCount
    switch continuity.virtual {
    case .duplicate, .uncounted: break
    case .late: channel.remember(header.count, fingerprint)
    case .first, .inSequence, .gap, .frozen, .discontinuity:
      channel.remember(header.count, fingerprint)
      channel.newestTime = time
      channel.pass = pass
    }
    return continuity
  }

  /// The count of the virtual channel alone.
  private func countVirtual(
    _ header: FrameHeader, _ fingerprint: Fingerprint, _ channel: VirtualChannel, allowsReordering: Bool
  ) -> CountObservation {
    if channel.pass != pass || channel.counter.bitCount == 0 {
      channel.counter.restart(at: header.count, bitCount: header.countBitCount)
      return .first
    }
    guard header.countBitCount == channel.counter.bitCount else {
      channel.counter.restart(at: header.count, bitCount: header.countBitCount)
      return .discontinuity
    }
    switch channel.step(to: header.count, fingerprint, allowsReordering: allowsReordering) {
    case .same where channel.isRepetition(header.count, fingerprint): return .duplicate
    case .same: return channel.counter.hasMoved ? .discontinuity : .frozen
    case .behind(let behind): return channel.counter.fill(behind: behind)
    case .ahead(let missing):
      channel.counter.advance(to: header.count, missing: missing)
      return missing == 0 ? .inSequence : .gap(missing: missing, atMost: missing)
    }
  }

  /// What the master count says about a frame that was held back and is believed now.
  mutating func countHeld(_ held: HeldFrame, _ master: Int) -> CountObservation? {
    guard let count = held.masterChannelCount, held.pass == pass else { return nil }
    if held.isCounted { return .inSequence }
    let isFirst = masterChannels[master].pass != pass
    guard isFirst || masterChannels[master].takenCount == held.masterTakenCount else {
      return masterChannels[master].takeLate(count)
    }
    masterChannels[master].restart(at: count, time: held.time, pass: pass)
    return isFirst ? .first : .discontinuity
  }

  /// The counts of a TM frame, each of which knows something about the other.
  private mutating func countTM(
    _ header: FrameHeader, _ masterCount: UInt8, _ fingerprint: Fingerprint, _ time: ReceptionTime?,
    _ channel: VirtualChannel
  ) -> Continuity {
    let master = channel.identity.masterChannel
    if masterChannels[master].pass != pass {
      masterChannels[master].restart(at: masterCount, time: time, pass: pass)
      let virtual = countVirtual(header, fingerprint, channel, allowsReordering: false)
      channel.masterMark = masterChannels[master].mark
      return Continuity(virtual: virtual, master: .first)
    }
    let masterStep = masterChannels[master].counter?.step(to: UInt64(masterCount), allowsReordering: true)
    var masterBehind: Int?
    if case .behind(let behind) = masterStep { masterBehind = behind }
    let virtual = countVirtual(
      header, fingerprint, channel, allowsReordering: masterBehind != nil || header.countBitCount > 8)
    switch virtual {
    case .duplicate: return Continuity(virtual: virtual, master: .duplicate)
    case .late:
      return Continuity(virtual: virtual, master: masterBehind.map { masterChannels[master].fill(behind: $0) })
    case .first, .inSequence, .gap, .frozen, .uncounted, .discontinuity: break
    }
    let masterObservation = masterChannels[master].advance(
      to: masterCount, time: time, mayBeLate: Self.mayBeLate(virtual))
    let isLate = masterObservation == .late(fillsGap: true)
    defer { channel.masterMark = masterChannels[master].mark.earlier(by: isLate ? masterBehind ?? 0 : 0) }
    return Continuity(
      virtual: Self.reconcile(virtual, header.countBitCount, channel, &masterChannels[master]),
      master: masterObservation)
  }

  /// Whether a frame may have come late though it is the newest of its channel: it shows no long loss.
  private static func mayBeLate(_ virtual: CountObservation) -> Bool {
    switch virtual {
    case .first, .inSequence: true
    case .gap(let missing, _): missing <= FrameCounter.reorderDepth
    case .duplicate, .late, .frozen, .uncounted, .discontinuity: false
    }
  }

  /// Resolves what eight bits leave open: no channel loses more than all channels together.
  private static func reconcile(
    _ virtual: CountObservation, _ bitCount: Int, _ channel: VirtualChannel, _ master: inout MasterChannel
  ) -> CountObservation {
    guard bitCount == 8, master.isCounting else { return virtual }
    let missing: Int
    switch virtual {
    case .inSequence: missing = 0
    case .gap(let count, _): missing = count
    // The same count with other content: the counter went once around, unless it was set back.
    case .discontinuity: missing = channel.counter.modulus - 1
    case .first, .duplicate, .late, .frozen, .uncounted: return virtual
    }
    guard let noticed = master.noticed(since: channel.masterMark) else { return virtual }
    let (lost, lostAtMost) = (noticed.lowerBound, noticed.upperBound)
    if virtual == .discontinuity, lostAtMost < missing { return virtual }
    if missing > lost {
      master.raiseMissing(by: (missing - lost + 255) / 256 * 256)
    }
    let turns = max(0, (lostAtMost - missing) / 256)
    if missing + turns * 256 == 0 { return .inSequence }
    // All that the spacecraft lost was this channel's when it has no other.
    if master.virtualChannelCount == 1, lost == lostAtMost, missing + turns * 256 == lost {
      return .gap(missing: lost, atMost: lost)
    }
    return .gap(missing: missing, atMost: missing + turns * 256)
  }
}
