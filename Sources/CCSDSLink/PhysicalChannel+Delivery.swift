import CCSDSWire

/// What becomes of a frame whose channel is known.
extension PhysicalChannel {
  mutating func deliver<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, to channel: VirtualChannel, _ sink: inout Sink
  ) {
    if header.countBitCount == 0 {
      if channel.pass != pass { beginPass(of: channel, &sink) }
      return complete(frame, header, time, channel, Continuity(virtual: .uncounted), &sink)
    }
    let fingerprint = Fingerprint(
      of: frame, parameters.errorControl, isThorough: !channel.counter.hasMoved)
    if let held = channel.held {
      channel.held = nil
      guard confirm(header, held) else {
        refuse(unsafe held.bytes.span.bytes, .quarantined, held.time, &sink)
        return deliver(frame, header, time, to: channel, &sink)
      }
      acceptHeld(held, channel, .discontinuity, &sink)
    } else if isImplausible(header, fingerprint, time, channel) {
      channel.held = withhold(frame, header, time)
      return
    }
    let continuity = count(header, fingerprint, time, channel)
    complete(frame, header, time, channel, continuity, &sink)
  }

  /// Begins a pass with a frame that has no count: nothing goes on across the silence, and the next count is the first.
  private func beginPass<Sink: LinkSink & ~Copyable>(of channel: VirtualChannel, _ sink: inout Sink) {
    channel.pass = pass
    channel.counter.restart(at: channel.counter.newest, bitCount: 0)
    breakContinuity(.first, channel, &sink)
  }

  /// A copy of a frame, to be judged by the next one of its channel.
  mutating func withhold(_ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?) -> HeldFrame {
    var held = HeldFrame(
      key: header.key, count: header.count, masterChannelCount: header.masterChannelCount, time: time, pass: pass,
      masterTakenCount: 0, isCounted: false, repair: repair, bytes: Self.copy(frame))
    guard let master = masterChannels.firstIndex(where: { $0.spacecraftID == header.key.spacecraftID }) else {
      return held
    }
    if let count = header.masterChannelCount, masterChannels[master].pass == pass {
      held.isCounted = masterChannels[master].takeIfNext(count, time: time)
    }
    held.masterTakenCount = masterChannels[master].takenCount
    held.masterMark = masterChannels[master].mark
    return held
  }

  /// Whether a frame continues the one held back, rather than what came before it.
  private func confirm(_ header: FrameHeader, _ held: HeldFrame) -> Bool {
    (1...4096).contains(held.distance(to: header))
  }

  /// Accepts a frame that was held back, now that another one speaks for it.
  mutating func acceptHeld<Sink: LinkSink & ~Copyable>(
    _ held: HeldFrame, _ channel: VirtualChannel, _ observation: CountObservation, _ sink: inout Sink
  ) {
    let bytes = unsafe held.bytes.span.bytes
    guard let header = try? check(bytes) else { return refuse(bytes, .quarantined, held.time, &sink) }
    let expectedCount = channel.counter.next
    channel.counter.restart(at: header.count, bitCount: header.countBitCount)
    channel.remember(header.count, Fingerprint(of: bytes, parameters.errorControl, isThorough: true))
    channel.newestTime = held.time
    channel.pass = held.pass
    let master = channel.identity.masterChannel
    let continuity = Continuity(
      virtual: observation, master: countHeld(held, master), expectedCount: expectedCount)
    // Losses noticed while it was held back may come after it.
    let now = masterChannels[master].mark
    channel.masterMark = continuity.master == .discontinuity ? now : held.masterMark ?? now
    // The frame that speaks for it comes after it.
    let current = repair
    repair = held.repair
    complete(bytes, header, held.time, channel, continuity, &sink)
    repair = current
  }

  /// Tells the sink about an accepted frame, and hands its data field on.
  private mutating func complete<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, _ channel: VirtualChannel,
    _ continuity: Continuity, _ sink: inout Sink
  ) {
    let content = content(of: frame, header, channel)
    sink.observe(
      .frameAccepted(
        FrameObservation(
          virtualChannel: channel.index, masterChannel: channel.identity.masterChannel, count: header.count,
          expectedCount: continuity.expectedCount, continuity: continuity.virtual,
          masterContinuity: continuity.master, isIdle: content.isIdle, time: time,
          countBitCount: header.countBitCount)))
    if let field = header.operationalControlField, continuity.isNewest {
      sink.observe(.operationalControlField(field, masterChannel: channel.identity.masterChannel))
    }
    sink.take(frame: frame)
    if content.isIdle { compareFill(of: frame, header, continuity.virtual, channel, &sink) }
    switch content {
    case .idle, .opaque: breakContinuity(continuity.virtual, channel, &sink)
    case .malformed(let byteCount):
      breakContinuity(continuity.virtual, channel, &sink)
      sink.observe(.zoneReceived(virtualChannel: channel.index, byteCount: byteCount))
      sink.observe(.zoneDiscarded(virtualChannel: channel.index, byteCount: byteCount, .dataField))
    case .packets(let zone, let pointer):
      let origin = FrameOrigin(header, continuity.virtual, time: time, repair)
      demultiplex(frame.extracting(zone), pointer, continuity.virtual, origin, channel, &sink)
    case .accessPoint(let content):
      let origin = FrameOrigin(header, continuity.virtual, time: time, repair)
      demultiplex(frame, content, continuity.virtual, origin, channel, &sink)
    }
  }

  // MARK: Content

  private enum Content {
    case idle
    /// Not packets: handed on as a frame, and not looked into.
    case opaque
    case packets(Range<Int>, FirstHeaderPointer)
    case malformed(byteCount: Int)
    /// USLP: what the frame itself says.
    case accessPoint(AccessPointContent)

    var isIdle: Bool {
      if case .idle = self { true } else { false }
    }
  }

  private func content(of frame: RawSpan, _ header: FrameHeader, _ channel: VirtualChannel) -> Content {
    switch channel.identity.service {
    case .idle: return .idle
    case .bitstream where parameters.frameType == .aos:
      let unit = try? BitstreamProtocolDataUnit(validating: frame.extracting(header.dataField))
      return unit?.validBitCount == 0 ? .idle : .opaque
    case .vca, .bitstream: return header.firstHeaderPointer == .onlyIdleData ? .idle : .opaque
    case .packet: break
    }
    if parameters.frameType == .uslp {
      let content = AccessPointContent(frame, header)
      return content.protocolID == .idle ? .idle : .accessPoint(content)
    }
    guard parameters.frameType == .aos else {
      guard let pointer = header.firstHeaderPointer else { return .opaque }
      return pointer == .onlyIdleData ? .idle : .packets(header.dataField, pointer)
    }
    let dataField = frame.extracting(header.dataField)
    do throws(WireError) {
      let unit = try MultiplexingProtocolDataUnit(
        validating: dataField, pointerBitCount: parameters.firstHeaderPointerBitCount)
      let zone =
        header.dataField.lowerBound + MultiplexingProtocolDataUnit.headerByteCount..<header.dataField.upperBound
      return unit.firstHeaderPointer == .onlyIdleData ? .idle : .packets(zone, unit.firstHeaderPointer)
    } catch {
      return .malformed(byteCount: dataField.byteCount)
    }
  }
}
