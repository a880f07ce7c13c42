import CCSDSCoding
import CCSDSWire

/// Which frames are believed: known channels at once, unknown ones when a second frame speaks for the first.
extension PhysicalChannel {
  /// Finds the channel of an accepted frame.
  mutating func route<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, _ sink: inout Sink
  ) {
    if let recentChannel, recentKey == header.key {
      return deliver(frame, header, time, to: recentChannel, &sink)
    }
    if let index = channelIndices[header.key] {
      recentChannel = virtualChannels[index]
      recentKey = header.key
      return deliver(frame, header, time, to: virtualChannels[index], &sink)
    }
    let listed = parameters.listing(of: header.key)
    guard parameters.virtualChannels.isEmpty || listed != nil else { return leaveOut(frame, time, &sink) }
    let isNamed = listed?.spacecraftID != nil || !parameters.spacecraftIDs.isEmpty
    let isChecked = parameters.errorControl != .none || parameters.coding?.reedSolomon != nil
    let isProven = isNamed && (listed != nil || isChecked)
    guard !isProven else {
      return admitAndDeliver(frame, header, time, &sink)
    }
    guard let held = quarantine.release(header.key) else {
      return hold(frame, header, time, &sink)
    }
    guard speaks(header, for: held) else {
      refuse(unsafe held.bytes.span.bytes, .quarantined, held.time, &sink)
      return hold(frame, header, time, &sink)
    }
    releaseHeld(held, &sink)
    guard let index = channelIndices[header.key] else { return leaveOut(frame, time, &sink) }
    deliver(frame, header, time, to: virtualChannels[index], &sink)
  }

  /// Whether a second frame of an unknown channel makes the first one plausible: it follows it, not too far off.
  private func speaks(_ header: FrameHeader, for held: HeldFrame) -> Bool {
    held.distance(to: header) <= (header.countBitCount == 8 ? 128 : 4096)
  }

  private mutating func hold<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, _ sink: inout Sink
  ) {
    guard hasRoom(for: header.key) else { return leaveOut(frame, time, &sink) }
    guard let evicted = quarantine.hold(withhold(frame, header, time)) else { return }
    refuse(unsafe evicted.bytes.span.bytes, .quarantined, evicted.time, &sink)
  }

  /// Tells the sink that a frame is of a channel without counters, and lends it.
  private func leaveOut<Sink: LinkSink & ~Copyable>(_ frame: RawSpan, _ time: ReceptionTime?, _ sink: inout Sink) {
    sink.observe(.frameUnlisted)
    sink.take(refused: frame, .unlisted, at: time)
  }

  private mutating func releaseHeld<Sink: LinkSink & ~Copyable>(
    _ held: HeldFrame, _ sink: inout Sink
  ) {
    let bytes = unsafe held.bytes.span.bytes
    // It was accepted when it came; its header is read again rather than kept.
    guard let header = try? check(bytes) else { return refuse(bytes, .quarantined, held.time, &sink) }
    guard let channel = admit(header, held.time, &sink) else { return leaveOut(bytes, held.time, &sink) }
    acceptHeld(held, channel, .first, &sink)
    countQuarantined(of: channel.identity.masterChannel)
  }

  /// Takes the counts of held frames that follow the newest one of their master channel, now that it has one.
  private mutating func countQuarantined(of master: Int) {
    for index in 0..<quarantine.count {
      let held = quarantine[index]
      guard held.key.spacecraftID == masterChannels[master].spacecraftID, held.pass == pass, !held.isCounted,
        let count = held.masterChannelCount, masterChannels[master].takeIfNext(count, time: held.time)
      else { continue }
      quarantine.markCounted(index)
    }
  }

  private mutating func admitAndDeliver<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, _ sink: inout Sink
  ) {
    guard let channel = admit(header, time, &sink) else { return leaveOut(frame, time, &sink) }
    deliver(frame, header, time, to: channel, &sink)
  }

  // MARK: Room

  private func hasRoom(for key: VirtualChannelKey) -> Bool {
    virtualChannels.count < parameters.limits.virtualChannelCount
      && (masterChannels.count < parameters.limits.masterChannelCount
        || masterChannels.contains { $0.spacecraftID == key.spacecraftID })
  }

  private mutating func admit<Sink: LinkSink & ~Copyable>(
    _ header: FrameHeader, _ time: ReceptionTime?, _ sink: inout Sink
  ) -> VirtualChannel? {
    guard hasRoom(for: header.key) else { return nil }
    let master = masterChannelIndex(of: header, time, &sink)
    masterChannels[master].virtualChannelCount += 1
    let identity = parameters.identity(of: header.key, masterChannel: master)
    let channel = VirtualChannel(
      index: virtualChannels.count, identity: identity,
      counter: FrameCounter(bitCount: header.countBitCount, first: header.count),
      maximumPacketByteCount: parameters.maximumPacketByteCount(of: header.key), pass: -1, inspector: inspector,
      isLive: parameters.isLive(header.key))
    channel.masterMark = masterChannels[master].mark
    virtualChannels.append(channel)
    channelIndices[header.key] = channel.index
    sink.observe(.virtualChannelAdded(index: channel.index, identity))
    return channel
  }

  private mutating func masterChannelIndex<Sink: LinkSink & ~Copyable>(
    of header: FrameHeader, _ time: ReceptionTime?, _ sink: inout Sink
  ) -> Int {
    if let index = masterChannels.firstIndex(where: { $0.spacecraftID == header.key.spacecraftID }) { return index }
    masterChannels.append(MasterChannel(spacecraftID: header.key.spacecraftID, pass: -1))
    sink.observe(.masterChannelAdded(index: masterChannels.count - 1, header.key.spacecraftID))
    return masterChannels.count - 1
  }

  static func copy(_ frame: RawSpan) -> [UInt8] {
    unsafe frame.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension PhysicalChannelParameters {
  /// What is listed of a virtual channel.
  func listing(of key: VirtualChannelKey) -> VirtualChannelParameters? {
    virtualChannels.first {
      $0.virtualChannelID == key.virtualChannelID && ($0.spacecraftID ?? key.spacecraftID) == key.spacecraftID
    }
  }

  /// What a virtual channel is, and what it is called.
  func identity(of key: VirtualChannelKey, masterChannel: Int) -> VirtualChannelIdentity {
    let listed = listing(of: key)
    let isIdleChannel = frameType != .tm && key.virtualChannelID == .onlyIdleData
    return VirtualChannelIdentity(
      spacecraftID: key.spacecraftID, virtualChannelID: key.virtualChannelID, isReplay: key.isReplay,
      isExpedited: key.isExpedited, service: listed?.service ?? (isIdleChannel ? .idle : .packet), name: listed?.name,
      masterChannel: masterChannel)
  }

  /// Whether the packets of a virtual channel are sent as they are made.
  func isLive(_ key: VirtualChannelKey) -> Bool {
    !key.isReplay && !storedVirtualChannels.contains(key.virtualChannelID)
  }

  /// The longest packet of a virtual channel that is believed.
  func maximumPacketByteCount(of key: VirtualChannelKey) -> Int {
    listing(of: key)?.maximumPacketByteCount ?? maximumPacketByteCount
  }
}
