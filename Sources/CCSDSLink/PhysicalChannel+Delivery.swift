import CCSDSWire

/// What becomes of a frame whose channel is known.
extension PhysicalChannel {
  mutating func deliver<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, to channel: VirtualChannel, _ sink: inout Sink
  ) {
    if let held = channel.held {
      channel.held = nil
      guard confirm(header, held, channel) else {
        sink.observe(.frameRejected(.quarantined))
        return deliver(frame, header, time, to: channel, &sink)
      }
      acceptDiscontinuity(held, channel, &sink)
    } else if isImplausible(header, time, channel) {
      channel.held = heldFrame(frame, header, time)
      return
    }
    accept(frame, header, time, channel, &sink)
  }

  /// Whether a frame continues the one held back, rather than what came before it.
  private func confirm(_ header: FrameHeader, _ held: HeldFrame, _ channel: VirtualChannel) -> Bool {
    let modulusMask = 1 << header.countBitCount - 1
    let fromHeld = Int(header.count &- held.count) & modulusMask
    return fromHeld > 0 && fromHeld <= 4096
  }

  private mutating func acceptDiscontinuity<Sink: LinkSink & ~Copyable>(
    _ held: HeldFrame, _ channel: VirtualChannel, _ sink: inout Sink
  ) {
    let bytes = unsafe held.bytes.span.bytes
    guard let header = try? check(bytes) else { return sink.observe(.frameRejected(.quarantined)) }
    let expectedCount = channel.counter.next
    channel.counter.restart(at: header.count, bitCount: header.countBitCount)
    channel.fingerprint = Fingerprint(of: bytes, parameters.errorControl, isWhole: false)
    channel.newestTime = held.time
    channel.pass = pass
    if let masterCount = header.masterChannelCount {
      masterChannels[channel.identity.masterChannel].restart(at: masterCount, time: held.time, pass: pass)
    }
    complete(bytes, header, held.time, channel, Continuity(virtual: .discontinuity, expectedCount: expectedCount), &sink)
  }

  /// - Parameter held: What the frame was until now, if it was held back.
  mutating func accept<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ header: FrameHeader, _ time: ReceptionTime?, _ channel: VirtualChannel, _ sink: inout Sink,
    held: HeldFrame? = nil
  ) {
    let continuity = count(header, frame, time, channel, held)
    complete(frame, header, time, channel, continuity, &sink)
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
          expectedCount: continuity.expectedCount, continuity: continuity.virtual, masterContinuity: continuity.master, isIdle: content.isIdle, time: time)))
    if let field = header.operationalControlField {
      sink.observe(.operationalControlField(field, masterChannel: channel.identity.masterChannel))
    }
    sink.take(frame: frame)
    switch content {
    case .idle: breakContinuity(continuity.virtual, channel, &sink)
    case .opaque: break
    case .malformed(let byteCount):
      sink.observe(.zoneReceived(virtualChannel: channel.index, byteCount: byteCount))
      sink.observe(.zoneDiscarded(virtualChannel: channel.index, byteCount: byteCount, .dataField))
    case .packets(let zone, let pointer):
      demultiplex(frame.extracting(zone), pointer, continuity.virtual, time, channel, &sink)
    }
  }

  // MARK: Content

  private enum Content {
    case idle
    /// Not packets: handed on as a frame, and not looked into.
    case opaque
    case packets(Range<Int>, FirstHeaderPointer)
    case malformed(byteCount: Int)

    var isIdle: Bool {
      if case .idle = self { true } else { false }
    }
  }

  private func content(of frame: RawSpan, _ header: FrameHeader, _ channel: VirtualChannel) -> Content {
    switch channel.identity.service {
    case .idle: return .idle
    case .vca, .bitstream: return header.firstHeaderPointer == .onlyIdleData ? .idle : .opaque
    case .packet: break
    }
    guard parameters.frameType == .aos else {
      guard let pointer = header.firstHeaderPointer else { return .opaque }
      return pointer == .onlyIdleData ? .idle : .packets(header.dataField, pointer)
    }
    let dataField = frame.extracting(header.dataField)
    do throws(WireError) {
      let unit = try MultiplexingProtocolDataUnit(
        validating: dataField, pointerBitCount: parameters.firstHeaderPointerBitCount)
      let zone = header.dataField.lowerBound + MultiplexingProtocolDataUnit.headerByteCount..<header.dataField.upperBound
      return unit.firstHeaderPointer == .onlyIdleData ? .idle : .packets(zone, unit.firstHeaderPointer)
    } catch {
      return .malformed(byteCount: dataField.byteCount)
    }
  }
}
