import CCSDSWire

/// How the packets and service data units of a USLP frame get out of it.
extension PhysicalChannel {
  mutating func demultiplex<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ content: AccessPointContent, _ continuity: CountObservation, _ origin: FrameOrigin,
    _ channel: VirtualChannel, _ sink: inout Sink
  ) {
    channel.noteReceived(content, &sink)
    switch continuity {
    case .duplicate: return channel.discard(content, .duplicate, &sink)
    case .late: return channel.discard(content, .outOfOrder, &sink)
    case .first, .gap, .discontinuity, .inSequence, .frozen, .uncounted:
      breakContinuity(continuity, channel, &sink)
    }
    guard let index = accessPointIndex(content.id, channel) else {
      return channel.discard(content, .unlisted, &sink)
    }
    if let defect = content.defect {
      channel.abandonUnit(of: index, content, defect, &sink)
      return channel.discard(content, defect, &sink)
    }
    guard content.isForPackets else {
      channel.accessPoints[index].serviceData.take(content, lastPartByteCount: content.lastPartByteCount) {
        sink.observe(.serviceData(virtualChannel: channel.index, $0))
      }
      return
    }
    takePackets(frame.extracting(content.zone), content, origin, channel, index, &sink)
  }

  private mutating func takePackets<Sink: LinkSink & ~Copyable>(
    _ zone: RawSpan, _ content: AccessPointContent, _ origin: FrameOrigin, _ channel: VirtualChannel,
    _ index: Int, _ sink: inout Sink
  ) {
    var admission = ApplicationProcessAdmission(
      count: applicationProcessCount, capacity: parameters.limits.applicationProcessCount)
    channel.accessPoints[index].packets.take(zone, content, of: origin) { packet, provenance in
      channel.complete(packet, provenance, &admission, &sink)
    } report: { outcome in
      channel.report(outcome, &sink)
    }
    applicationProcessCount = admission.count
  }

  /// Finds the access point of a channel, or makes room for it; nothing past the limit.
  private mutating func accessPointIndex(_ id: MultiplexerAccessPointID, _ channel: VirtualChannel) -> Int? {
    if let index = channel.accessPoints.firstIndex(where: { $0.id == id }) { return index }
    guard accessPointCount < parameters.limits.accessPointCount else {
      accessPointRefusalCount += 1
      return nil
    }
    accessPointCount += 1
    channel.accessPoints.append(
      AccessPoint(id: id, maximumPacketByteCount: channel.assembler.maximumPacketByteCount, parameters.limits))
    return channel.accessPoints.count - 1
  }
}

extension VirtualChannel {
  /// Gives up everything that has begun: the rest of it may be lost.
  func abandonAccessPoints<Sink: LinkSink & ~Copyable>(_ reason: ZoneDiscard, _ sink: inout Sink) {
    for index in accessPoints.indices {
      accessPoints[index].packets.loseSynchronization(reason) { report($0, &sink) }
      accessPoints[index].serviceData.abandon(reason) {
        sink.observe(.serviceData(virtualChannel: self.index, $0))
      }
    }
  }

  /// Gives up what a frame that makes no sense should have continued.
  func abandonUnit<Sink: LinkSink & ~Copyable>(
    of accessPoint: Int, _ content: AccessPointContent, _ reason: ZoneDiscard, _ sink: inout Sink
  ) {
    guard content.isForPackets else {
      return accessPoints[accessPoint].serviceData.abandon(reason) {
        sink.observe(.serviceData(virtualChannel: index, $0))
      }
    }
    accessPoints[accessPoint].packets.loseSynchronization(reason) { report($0, &sink) }
  }

  func noteReceived<Sink: LinkSink & ~Copyable>(_ content: AccessPointContent, _ sink: inout Sink) {
    let byteCount = content.zone.count
    sink.observe(
      content.isForPackets
        ? .zoneReceived(virtualChannel: index, byteCount: byteCount)
        : .serviceData(virtualChannel: index, .received(byteCount: byteCount)))
  }

  func discard<Sink: LinkSink & ~Copyable>(
    _ content: AccessPointContent, _ reason: ZoneDiscard, _ sink: inout Sink
  ) {
    let byteCount = content.zone.count
    sink.observe(
      content.isForPackets
        ? .zoneDiscarded(virtualChannel: index, byteCount: byteCount, reason)
        : .serviceData(virtualChannel: index, .discarded(byteCount: byteCount, reason)))
  }
}
