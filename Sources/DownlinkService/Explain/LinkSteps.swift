import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// What happens on a link, each in a sentence.
struct LinkSteps {
  private let parameters: LinkParameters

  init(_ parameters: LinkParameters) { self.parameters = parameters }

  /// Nothing for what is only bookkeeping.
  func text(of event: LinkEvent, _ ledger: borrowing LossLedger) -> String? {
    switch event {
    case .coding(let event): text(of: event)
    case .frameReceived(let byteCount, _): "a frame of \(Digits.bytes(byteCount))"
    case .frameRejected(let reason): "the frame is rejected (\(reason.name))"
    case .frameUnlisted: "the frame is of a channel that is not listed, or that there is no room for (unlisted)"
    case .zoneReceived(_, let byteCount): "\(Digits.bytes(byteCount)) of packets are in it"
    case .zoneDiscarded(_, let byteCount, let reason):
      "\(Digits.bytes(byteCount)) of packets are discarded (\(reason.name))"
    case .packetAbandoned(_, let reason): "a packet that had begun is given up (\(reason.name))"
    case .packetCompleted(let packet): text(of: packet, ledger)
    case .packetRejected(_, let byteCount, let reason):
      "a packet of \(Digits.bytes(byteCount)) is whole, and rejected (\(reason.name))"
    case .packetGroup: nil
    case .serviceData(_, let observation): text(of: observation)
    case .fillCompared(_, let bitCount, let errorCount):
      errorCount > 0 ? "its fill has \(Digits.plural(errorCount, "wrong bit")) of \(bitCount)" : nil
    case .fillRecognized, .clock, .masterChannelAdded: nil
    // Told of with the frame.
    case .virtualChannelAdded, .frameAccepted, .operationalControlField: nil
    case .applicationProcessAdded(_, _, let process): "APID \(process.rawValue) is new on its channel"
    }
  }

  /// What there is to say of a frame that was accepted.
  func texts(of frame: AcceptedFrame) -> [String] {
    let name = RejectionWords.name(of: frame.channel)
    let observation = frame.observation
    var texts = frame.opensChannel ? ["its channel is new: \(name)"] : []
    texts.append(
      "the frame is accepted on \(name): count \(observation.count)"
        + "\(RejectionWords.text(of: observation.continuity))\(observation.isIdle ? "; it is idle" : "")")
    if frame.hasOperationalControlField { texts.append("its operational control field is taken") }
    return texts
  }

  func text(of event: CodingEvent) -> String? {
    switch event {
    case .codeblock(let codeblock):
      guard codeblock.corrections.count > 0 else {
        return codeblock.marker == nil ? nil : "a frame behind a sync marker"
      }
      let counts = (0..<codeblock.corrections.count).map { codeblock.corrections[$0].map(String.init) ?? "too many" }
      return (codeblock.isDecoded ? "the codeblock is decoded" : "the codeblock is beyond correction (uncorrectable)")
        + ": wrong symbols by codeword \(counts.joined(separator: ", "))"
    case .codeblockRefused(let byteCount):
      return "not the length of a codeblock (refused): \(Digits.bytes(byteCount)), expected "
        + "\(parameters.coding?.codeblockByteCount ?? 0)"
    case .lock(.acquired): return "the synchronizer has lock"
    case .lock(.lost): return "the synchronizer has lost lock"
    case .bytesSkipped(let byteCount): return "\(Digits.bytes(byteCount)) of the stream are skipped"
    }
  }

  private func text(of packet: PacketObservation, _ ledger: borrowing LossLedger) -> String {
    var text = "a packet of \(Digits.bytes(packet.byteCount)) is whole: "
    guard packet.kind == .space else {
      return text + (packet.isIdle ? "idle Encapsulation Packet" : "Encapsulation Packet")
    }
    guard !packet.isIdle else { return text + "idle" }
    if let process = packet.applicationProcess {
      text += "APID \(ledger.applicationProcesses[process].applicationProcessID.rawValue), "
    }
    text += "sequence count \(packet.sequenceCount)"
    if case .gap(let missing, _) = packet.continuity { text += ", \(missing) missing before it" }
    if packet.provenance.frameCount > 1 { text += ", out of \(packet.provenance.frameCount) frames" }
    return text
  }

  private func text(of observation: ServiceDataObservation) -> String? {
    switch observation {
    case .received(let byteCount): "\(Digits.bytes(byteCount)) of service data are in it"
    case .completed(let byteCount): "a service data unit of \(Digits.bytes(byteCount)) is whole"
    case .streamed(let byteCount): "\(Digits.bytes(byteCount)) of a stream are delivered"
    case .fill: nil
    case .discarded(let byteCount, let reason): "\(Digits.bytes(byteCount)) of them are discarded (\(reason.name))"
    case .abandoned(let reason): "a service data unit that had begun is given up (\(reason.name))"
    }
  }
}
