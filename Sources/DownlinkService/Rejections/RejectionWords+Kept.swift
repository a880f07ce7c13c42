import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// Why a unit was rejected that was kept for somebody to see.
extension RejectionWords {
  func kept(_ unit: RejectedUnit, _ reason: RejectionReason) -> Rejection {
    let time = unit.receivedAt.map { ReceptionTime(nanosecondsSince1970: $0) }
    var trail = UnitTrail(parameters)
    trail.begin(
      unit.bytes, UnitDescription(time: time, originalByteCount: unit.byteCount), at: .record(unit.number))
    trail.note(bytes: unsafe unit.bytes.span.bytes)
    let place = UnitPlace(
      number: unit.number, position: .record(unit.number), time: time?.rfc3339, byteCount: unit.byteCount)
    let subject = FrameSubject(
      place: place, index: 1, head: Array(unit.bytes.prefix(FrameSubject.headCapacity)), byteCount: unit.byteCount)
    var rejection =
      switch reason {
      case .datagram(let reason): kept(unit, reason, trail)
      case .skipped: skipped(unit.byteCount, trail)
      case .refused: refused(unit.byteCount, trail)
      case .uncorrectable:
        uncorrectable(
          CodeblockObservation(corrections: unit.corrections ?? CodewordCorrections(count: 0)), trail)
      case .frame(let reason): kept(unit, reason, subject, trail)
      case .unlisted: unlisted(subject, trail)
      case .zone(let reason): discard(.zone, reason, unit)
      case .serviceData(let reason): discard(.serviceData, reason, unit)
      case .packet(let reason): kept(unit, reason, place)
      }
    rejection.place = place
    return rejection
  }

  private func kept(_ unit: RejectedUnit, _ reason: DatagramRejection, _ trail: UnitTrail) -> Rejection {
    var rejection = datagram(reason, trail)
    switch reason {
    case .sourceNotAllowed:
      rejection.expected = "an address of input.allow_from"
      rejection.seen = unit.source.map { "\($0)" } ?? "another"
    case .rateLimited: rejection.seen = unit.source.map { "one more of \($0)" } ?? "one more"
    case .oversize: rejection.seen = Digits.bytes(unit.byteCount)
    case .truncated, .empty: break
    }
    return rejection
  }

  private func kept(
    _ unit: RejectedUnit, _ reason: FrameRejection, _ subject: FrameSubject, _ trail: UnitTrail
  ) -> Rejection {
    var rejection = frame(reason, subject, trail)
    if reason == .quarantined {
      rejection.seen = "none that does"
    } else if !unit.isWhole {
      // What is said of its end and of its length was said of the part that is kept.
      rejection.remarks = ["only its first \(Digits.bytes(unit.bytes.count)) are kept"]
      if reason == .length, case .frames(let channel) = parameters {
        rejection.expected = Digits.bytes(channel.frameByteCount)
        rejection.seen = Digits.bytes(unit.byteCount)
      } else if reason == .errorControl {
        (rejection.expected, rejection.seen) = ("", "")
      }
    }
    return rejection
  }

  private func discard(_ stage: Rejection.Stage, _ reason: ZoneDiscard, _ unit: RejectedUnit) -> Rejection {
    var rejection = Rejection(stage, reason.name, Self.text(of: reason))
    rejection.hint = hint(for: reason)
    switch reason {
    case .gap, .duplicate, .outOfOrder, .unsynchronized, .unlisted: return rejection
    case .firstHeaderPointer, .version, .length, .dataField, .segmentOrder, .secondaryHeader, .packetErrorControl,
      .packetChecksum:
      break
    }
    if let problem = zoneProblem(unit) { rejection.adopt(problem) }
    return rejection
  }

  /// What a dissection finds in the data field of a frame, or in a datagram of packets.
  private func zoneProblem(_ unit: RejectedUnit) -> Dissection.Problem? {
    switch parameters {
    case .frames(let channel):
      var dissector = FrameDissector(parameters: channel, showsBytes: false)
      let dissection = dissector.dissect(unit.bytes, FrameName("it"), originalByteCount: unit.byteCount)
      return dissection.allProblems.first {
        !$0.what.hasPrefix("a virtual channel") && !$0.what.hasPrefix("the packet order")
          && !$0.what.hasPrefix("the segment length")
      }
    case .packets(let stream):
      let dissector = PacketDissector(
        unit: UnitBytes(unit.bytes), end: unit.bytes.count,
        maximumPacketByteCount: stream.maximumPacketByteCount, spansUnits: !unit.isWhole, showsBytes: false)
      return Dissection(sections: [dissector.dissect(at: 0, origin: "").section]).allProblems.first
    }
  }

  private func kept(_ unit: RejectedUnit, _ reason: PacketRejection, _ place: UnitPlace) -> Rejection {
    let origin = FrameOrigin(time: unit.receivedAt.map { ReceptionTime(nanosecondsSince1970: $0) })
    let channel = VirtualChannelIdentity(spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0))
    var rejection = packet(
      reason, unsafe unit.bytes.span.bytes,
      PacketCompletion(
        number: unit.number, fate: .rejected(reason, PacketProvenance(beginningIn: origin)), channel: channel,
        unit: place))
    if !unit.isWhole, reason != .secondaryHeader { (rejection.expected, rejection.seen) = ("", "") }
    return rejection
  }
}
