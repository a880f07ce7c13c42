import SpacecraftSimulator

/// What a receiver keeps of one virtual channel.
struct ReferenceChannel {
  var isTrusted: Bool
  let plausibleStep: UInt64
  var held: ReferenceFrame?
  var truth = VirtualChannelTruth(name: VirtualChannelName(spacecraftID: 0, virtualChannelID: 0))
  var zoneBytes = ZoneByteTruth()
  var applications: [UInt16: ApplicationTruth] = [:]
  var partial: [UInt8] = []
  private var counter = ReferenceCounter()
  private var newestBytes: [UInt8] = []
  private var isAfterJump = false

  init(isTrusted: Bool, plausibleStep: UInt64) {
    self.isTrusted = isTrusted
    self.plausibleStep = plausibleStep
  }

  /// The frames that are accepted now that this one is here, and how many never will be.
  mutating func admit(_ frame: ReferenceFrame) -> (accepted: [ReferenceFrame], rejectedCount: Int) {
    if isTrusted, !isJump(frame) { return ([frame], 0) }
    guard let first = held else {
      held = frame
      return ([], 0)
    }
    let step = (UInt64(frame.count) + frame.modulus - UInt64(first.count)) % frame.modulus
    guard step <= plausibleStep else {
      held = frame
      return ([], 1)
    }
    held = nil
    isAfterJump = isTrusted
    isTrusted = true
    return ([first, frame], 0)
  }

  private func isJump(_ frame: ReferenceFrame) -> Bool {
    frame.modulus > 256 && counter.newest != nil && !counter.isLate(frame.count, modulus: frame.modulus)
      && counter.ahead(frame.count, modulus: frame.modulus) >= 65_536
  }

  mutating func count(_ frame: ReferenceFrame, mayBeLate: Bool) {
    truth.frames += 1
    zoneBytes.received += frame.zone?.count ?? 0
    if isAfterJump {
      isAfterJump = false
      counter.restart(frame.count)
      truth.discontinuities += 1
      drop()
    } else if counter.newest == frame.count, newestBytes == frame.bytes {
      discard(frame, .duplicate)
      truth.duplicates += 1
      return
    } else {
      switch counter.note(frame.count, modulus: frame.modulus, mayBeLate: mayBeLate) {
      case .first: truth.firstCount = UInt64(frame.count)
      case .next: break
      case .standing: truth.isFrozen = true
      case .gap: drop()
      case .late:
        truth.late += 1
        truth.missing = counter.missing
        discard(frame, .outOfOrder)
        return
      case .repeated:
        truth.duplicates += 1
        discard(frame, .duplicate)
        return
      }
    }
    newestBytes = frame.bytes
    truth.gaps = counter.gaps
    truth.missing = counter.missing
    truth.lastCount = UInt64(frame.count)
    if let zone = frame.zone { assemble(frame, zone) }
  }

  private mutating func discard(_ frame: ReferenceFrame, _ reason: DiscardReason) {
    guard let zone = frame.zone else { return }
    zoneBytes.discarded[reason, default: 0] += zone.count
  }

  private mutating func drop() {
    if !partial.isEmpty { zoneBytes.discarded[.gap, default: 0] += partial.count }
    partial = []
  }

  private mutating func assemble(_ frame: ReferenceFrame, _ zone: Range<Int>) {
    var start = zone.lowerBound
    if partial.isEmpty {
      start = frame.firstHeader ?? zone.upperBound
      if start > zone.lowerBound {
        zoneBytes.discarded[.unsynchronized, default: 0] += start - zone.lowerBound
      }
    }
    partial += frame.bytes[start..<zone.upperBound]
    var offset = 0
    while let byteCount = packetByteCount(at: offset), offset + byteCount <= partial.count {
      complete(Array(partial[offset..<offset + byteCount]))
      offset += byteCount
    }
    partial.removeFirst(offset)
  }

  private func packetByteCount(at offset: Int) -> Int? {
    let rest = partial[offset...]
    func number(_ range: Range<Int>) -> Int? {
      guard rest.count >= range.upperBound else { return nil }
      return range.reduce(0) { $0 << 8 | Int(partial[offset + $1]) }
    }
    guard let first = rest.first else { return nil }
    guard first >> 5 == 7 else { return number(4..<6).map { $0 + 7 } }
    return [1, number(1..<2), number(2..<4), number(4..<8)][Int(first & 3)]
  }

  private mutating func complete(_ packet: [UInt8]) {
    truth.packetByteCount += packet.count
    truth.packetHash = FowlerNollVoHash.extend(truth.packetHash, with: packet, in: 0..<packet.count)
    let isEncapsulation = packet[0] >> 5 == 7
    let id = isEncapsulation ? 0 : UInt16(packet[0] & 7) << 8 | UInt16(packet[1])
    if isEncapsulation ? packet[0] >> 2 & 7 == 0 : id == 0x7FF {
      truth.idlePackets += 1
      zoneBytes.idlePackets += packet.count
      return
    }
    truth.packets += 1
    zoneBytes.packets += packet.count
    guard !isEncapsulation else { return }
    let count = UInt16(packet[2] & 0x3F) << 8 | UInt16(packet[3])
    var application =
      applications[id]
      ?? ApplicationTruth(channel: truth.name, applicationProcessID: id)
    if application.packets == 0 {
      application.firstSequenceCount = count
    } else if case let step = (Int(count) + 16_384 - Int(application.lastSequenceCount)) % 16_384, step != 1 {
      application.gaps += 1
      application.missing += step - 1
    }
    application.lastSequenceCount = count
    application.packets += 1
    application.byteCount += packet.count
    applications[id] = application
  }
}
