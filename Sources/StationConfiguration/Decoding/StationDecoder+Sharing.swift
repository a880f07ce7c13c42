internal import CCSDSCoding
internal import CCSDSLink
internal import CCSDSWire

/// Links on one UDP socket: their datagrams are told apart by spacecraft, before anything is decoded.
extension StationDecoder {
  /// Reports links that want the same socket, and cannot be told apart on it.
  mutating func checkSharing(of links: [Int: LinkConfiguration]) {
    for (position, socket) in sockets.enumerated() {
      for other in sockets[..<position] where socket.isSame(as: other) {
        guard let link = links[socket.link], let first = links[other.link],
          let refusal = link.refusal(toShareWith: first)
        else { continue }
        problems.report(
          "\(socket.name) is taken by the link at \(problems.name(of: other.mark)), and \(refusal.reason)",
          at: socket.mark, path: "links[\(socket.link)].input.udp", hint: refusal.hint)
        break
      }
    }
  }
}

extension LinkConfiguration {
  private static let ownPort = "give each link a port of its own"

  /// Why two links cannot be told apart on one socket; nothing when they can.
  fileprivate func refusal(toShareWith other: LinkConfiguration) -> (reason: String, hint: String)? {
    guard case .frames(let frames) = parameters, case .frames(let others) = other.parameters else {
      return ("packets do not say of which link they are", Self.ownPort)
    }
    guard frames.coding?.syncMarker == nil, others.coding?.syncMarker == nil else {
      return ("links with a sync marker cannot share it: their frames are yet to be found", Self.ownPort)
    }
    guard case .udp(let udp) = input, case .udp(let otherUDP) = other.input, udp.interface == otherUDP.interface else {
      return ("links on it have to agree in 'interface'", Self.ownPort)
    }
    let agreements = [
      ("frames.type", frames.frameType == others.frameType),
      ("frames.length", frames.frameByteCount == others.frameByteCount),
      ("frames.min_length", frames.shortestFrameByteCount == others.shortestFrameByteCount),
      ("frames.spacecraft_id_bits", frames.spacecraftIDBitCount == others.spacecraftIDBitCount),
      ("coding.randomizer", frames.randomizer == others.randomizer),
      ("input.frames_per_datagram", framesPerDatagram == other.framesPerDatagram),
    ]
    if let (key, _) = agreements.first(where: { !$1 }) {
      return ("links on it have to agree in '\(key)'", "make that the same for both, or " + Self.ownPort)
    }
    guard !frames.spacecraftIDs.isEmpty, !others.spacecraftIDs.isEmpty else {
      return ("links on it are told apart by 'frames.spacecraft_id'", "name the spacecraft of both, or " + Self.ownPort)
    }
    if let both = frames.spacecraftIDs.first(where: others.spacecraftIDs.contains) {
      return ("both want spacecraft \(both.rawValue)", "let one of them have it, or " + Self.ownPort)
    }
    return nil
  }
}

extension PhysicalChannelParameters {
  fileprivate var randomizer: Randomizer.Sequence { coding.map(\.randomizer) ?? Randomizer.Sequence.none }
}
