import CCSDSCoding
import CCSDSLink
import CCSDSWire
import MissionDatabase

/// Why bytes of packets, whole packets and their values are given up.
extension RejectionWords {
  // MARK: Bytes of packets

  func discard(
    _ stage: Rejection.Stage, _ byteCount: Int, _ reason: ZoneDiscard, hadBegun: Bool,
    _ identity: VirtualChannelIdentity, _ subject: FrameSubject, _ unit: [UInt8], _ channel: Int,
    _ frame: FrameObservation?, _ frames: ChannelFrames
  ) -> Rejection {
    let kind = stage == .zone ? "packets" : "service data"
    var rejection = Rejection(stage, reason.name, Self.text(of: reason))
    rejection.hint = hint(for: reason)
    let observation = frame?.virtualChannel == channel ? frame : nil
    switch reason {
    case .gap, .duplicate, .outOfOrder:
      if let observation {
        rejection.expected = "frame count \(observation.expectedCount)"
        rejection.seen = "frame count \(observation.count)\(Self.text(of: observation.continuity))"
      }
    case .unsynchronized:
      rejection.expected = "the packet that these bytes end"
      rejection.seen = "only its end"
    default:
      guard case .frames(let parameters) = parameters else {
        adoptPacketProblem(subject, unit, &rejection)
        break
      }
      let problem = frames.dissection(ofChannel: channel, parameters)?.allProblems.first {
        !$0.what.hasPrefix("a virtual channel") && !$0.what.hasPrefix("the packet order")
          && !$0.what.hasPrefix("the segment length")
      }
      if let problem { rejection.adopt(problem) }
    }
    let place = isPacketStream ? "" : " on \(Self.name(of: identity))"
    var remark = "\(Digits.bytes(byteCount)) of \(kind)\(place) are discarded"
    if hadBegun { remark += ": \(stage == .zone ? "a packet" : "a unit") that had begun is given up" }
    rejection.remarks.insert(remark, at: 0)
    rejection.place = subject.place
    rejection.frameIndex = subject.index > 1 ? subject.index : nil
    rejection.show(subject.head, of: subject.byteCount)
    return rejection
  }

  private var isPacketStream: Bool { if case .packets = parameters { true } else { false } }

  /// What does not fit in a unit of packets without frames, and where packets are after all.
  ///
  /// - Parameter unit: All of it that is there.
  private func adoptPacketProblem(_ subject: FrameSubject, _ unit: [UInt8], _ rejection: inout Rejection) {
    guard case .packets(let stream) = parameters, !subject.head.isEmpty else { return }
    let dissector = PacketDissector(
      unit: UnitBytes(subject.head), end: subject.head.count,
      maximumPacketByteCount: stream.maximumPacketByteCount, spansUnits: subject.byteCount > subject.head.count,
      showsBytes: false)
    let found = dissector.dissect(at: 0, origin: "the packet before has a wrong length, or this is no file of packets")
    let problems = Dissection(sections: [found.section]).allProblems
    if let problem = problems.first { rejection.adopt(problem) }
    guard let row = PacketRow(in: unit, maximumPacketByteCount: stream.maximumPacketByteCount) else { return }
    rejection.remarks.append(
      "packets follow each other from byte \(row.firstOffset) of it on"
        + (row.prefixByteCount > 0 ? ", each behind \(Digits.bytes(row.prefixByteCount)) that are none of it" : ""))
    rejection.hint =
      row.prefixByteCount > 0
      ? "take the \(Digits.bytes(row.prefixByteCount)) before each packet away before it gets here: a recorder or a "
        + "gateway has put them there"
      : "take away what is before them, or see what damaged it"
  }

  static func name(of identity: VirtualChannelIdentity) -> String {
    "spacecraft \(identity.spacecraftID.rawValue), virtual channel \(identity.virtualChannelID.rawValue)"
      + (identity.name.map { " (\($0))" } ?? "") + (identity.isReplay ? ", played back" : "")
      + (identity.isExpedited ? ", expedited" : "")
  }

  static func text(of continuity: CountObservation) -> String {
    switch continuity {
    case .first: ", the first of its channel, or the first behind a silence"
    case .inSequence: ", in sequence"
    case .gap(let missing, let atMost):
      ", \(Digits.plural(missing, "frame"))\(atMost > missing ? " to \(atMost)" : "") missing before it"
    case .duplicate: ", the same as before"
    case .late(let fillsGap): ", behind its successors" + (fillsGap ? ": it had been counted as missing" : "")
    case .frozen: ", a counter that never moves"
    case .uncounted: ", without a count"
    case .discontinuity: ", a jump that no loss explains"
    }
  }

  static func text(of reason: ZoneDiscard) -> String {
    switch reason {
    case .gap: "the rest of a packet was lost with a frame"
    case .unsynchronized: "these bytes are the end of a packet whose beginning was not received"
    case .duplicate: "the frame was received before"
    case .outOfOrder: "the frame came after its successors"
    case .firstHeaderPointer: "the first header pointer points outside, or contradicts the packet before"
    case .version: "no packet begins where one had to"
    case .length: "a packet has a length that none has, or that is not believed"
    case .dataField: "the data field has no room for what it should hold, or says what cannot be"
    case .segmentOrder: "a segment came where another one had to come first"
    case .unlisted: "there is no room for more access points"
    case .secondaryHeader, .packetErrorControl, .packetChecksum: "the packet was rejected"
    }
  }

  func hint(for reason: ZoneDiscard) -> String {
    switch reason {
    case .version where isPacketStream, .length where isPacketStream:
      "the packet before has a wrong length, or these are not packets one right behind the other"
    case .gap: "look for what happened to the frames before: rejected here, or lost on the way"
    case .unsynchronized: "as it must be at the beginning of a recording and behind every gap"
    case .duplicate: "the sender or the network sends twice; nothing is lost"
    case .outOfOrder: "the network changes the order of datagrams: these packets are lost"
    case .firstHeaderPointer, .version, .length, .dataField:
      "a damaged frame that passed, or the channel carries no packets: check virtual_channels service"
    case .segmentOrder: "look for what happened to the frames before"
    case .unlisted: "more users of USLP channels than a link has room for"
    case .secondaryHeader, .packetErrorControl, .packetChecksum: "see the packet"
    }
  }

  // MARK: Packets

  func packet(_ reason: PacketRejection, _ packet: RawSpan, _ completion: PacketCompletion) -> Rejection {
    var rejection = Rejection(.packet, reason.name, "")
    let end = max(0, packet.byteCount - 2)
    let stored = packet.byteCount >= 2 ? Digits.raw(UInt64(packet.uint16(at: end)), bitCount: 16) : "none"
    switch reason {
    case .errorControl:
      rejection.what = "the cyclic redundancy check at its end does not fit"
      let computed = CRC16.checksum(of: packet.extracting(0..<end))
      rejection.expected = Digits.raw(UInt64(computed), bitCount: 16)
      rejection.seen = stored
      rejection.hint = "damaged on board or on the way; if every packet is rejected, check packets.checksum"
    case .checksum:
      rejection.what = "the checksum at its end does not fit"
      let computed = ISOChecksum.checksum(of: packet.extracting(0..<end))
      rejection.expected = Digits.raw(UInt64(computed), bitCount: 16)
      rejection.seen = stored
      rejection.hint = "damaged on board or on the way; if every packet is rejected, check packets.checksum"
    case .secondaryHeader:
      rejection.what = "it says that it has a secondary header, and is too short for one"
      rejection.expected = "room for the secondary header that packets.secondary_header says"
      rejection.seen = "\(Digits.bytes(max(0, packet.byteCount - SpacePacket.primaryHeaderByteCount))) of data"
      rejection.hint = "check packets.secondary_header and packets.time_code"
    }
    describe(packet, completion, &rejection)
    return rejection
  }

  func values(_ about: DecodedPacket, _ packet: RawSpan, _ completion: PacketCompletion) -> Rejection {
    let outcome = about.outcome
    let context = about.mission.context
    let end = outcome.endSlot >= 0 ? context.catalog.names[Int(outcome.endSlot)] : "a value"
    var rejection = Rejection(.values, outcome.completeness.name ?? "whole", "")
    switch outcome.completeness {
    case .whole: break
    case .short:
      rejection.what = "it ends before a parameter that should be there"
      rejection.expected = "\(end), behind bit \(outcome.describedBitCount)"
      rejection.seen = "the packet ends at bit \(packet.byteCount * 8)"
      rejection.hint = "a packet of another version of the flight software than the database, or of another container"
    case .impossibleSize:
      rejection.what = "a size that it says itself is impossible"
      rejection.expected = "\(end), within \(packet.byteCount * 8) bits"
      rejection.seen = "described up to bit \(outcome.describedBitCount)"
      rejection.hint = "damaged, or the size is counted otherwise than the database says"
    case .unidentified:
      rejection.what = "no container of the mission database is for it"
      rejection.expected = "a container whose criteria hold"
      rejection.seen = "APID \(about.applicationProcessID.rawValue), \(Digits.bytes(packet.byteCount))"
      rejection.hint =
        "downlinkd mdb lists the containers with their criteria, and `--packet \(completion.number)` which were tested"
    case .tooManyValues:
      rejection.what = "it has more values than fit"
      rejection.expected = "at most \(PacketDecoder.standardCapacity) values"
      rejection.seen = "more, at \(end)"
      rejection.hint = "a repetition or an array whose size the packet says: damaged, or counted otherwise"
    }
    if outcome.container >= 0 { rejection.remarks.append("as \(context.catalog.containers[Int(outcome.container)])") }
    describe(packet, completion, &rejection)
    return rejection
  }

  private func describe(_ packet: RawSpan, _ completion: PacketCompletion, _ rejection: inout Rejection) {
    let bytes = unsafe packet.withUnsafeBytes { unsafe [UInt8]($0) }
    if bytes.count >= SpacePacket.primaryHeaderByteCount {
      let process = Int(bytes[0] & 0x7) << 8 | Int(bytes[1])
      let count = Int(bytes[2] & 0x3F) << 8 | Int(bytes[3])
      rejection.remarks.insert("packet \(completion.number): APID \(process), sequence count \(count)", at: 0)
    }
    rejection.place = completion.unit
    if let extent = completion.place?.extent { rejection.remarks.append("it lies in \(extent) of the unit") }
    rejection.show(bytes)
  }
}
