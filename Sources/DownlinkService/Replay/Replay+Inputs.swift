import CCSDSLink
import LinkHealth

extension Replay {
  /// What was read.
  struct Inputs {
    /// Of each file, a JSON object.
    private(set) var descriptions: [String] = []
    private var hasCapture = false

    mutating func note(_ input: ReplayInput, named name: String) {
      descriptions.append(input.description(named: name))
      hasCapture = hasCapture || input.hasClock
    }

    /// Why files that were read to their ends are no good all the same: nothing could be taken from them, or what
    /// should be packet after packet is not. What a capture holds is what was received, however bad that is.
    func damage(_ files: [String], _ snapshot: LinkSnapshot) -> ServiceError? {
      guard !hasCapture, !descriptions.isEmpty else { return nil }
      let names = files.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
      let ledger = snapshot.ledger
      guard ledger.datagrams.received + ledger.streamBytes.received > 0 else {
        return .damagedInput("\(names): there is nothing in it", hint: "was anything recorded?")
      }
      guard ledger.frames.accepted + ledger.packets.completed > 0 else {
        return .damagedInput(
          "\(names): there is no \(snapshot.hasFrames ? "frame" : "packet") in it that could be taken",
          hint: "does the configuration describe what the file holds? 'downlinkd inspect' shows it unit by unit")
      }
      switch snapshot.parameters {
      case .packets:
        let discarded = ledger.zoneBytes.discarded.total
        guard discarded > 0 else { return nil }
        return .damagedInput(
          "\(names): \(discarded.grouped) of \(ledger.zoneBytes.received.grouped) bytes are in no whole packet",
          hint: "the file is cut off or damaged; what comes before the damage is in the report")
      case .frames(let channel):
        guard channel.coding == nil, !channel.hasVariableLength, ledger.frames.rejected[.length] > 0 else { return nil }
        return .damagedInput(
          "\(names): what is left at the end is no whole frame of \(channel.frameByteCount) bytes",
          hint: "the file is cut off, or frames.length is another; what comes before is in the report")
      }
    }
  }
}
