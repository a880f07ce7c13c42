import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// Why units and frames are rejected: what was expected, what was seen, and what to do about it.
struct RejectionWords {
  let parameters: LinkParameters
  let mission: LoadedMission?

  init(_ parameters: LinkParameters, _ mission: LoadedMission?) {
    self.parameters = parameters
    self.mission = mission
  }

  // MARK: Units

  func datagram(_ reason: DatagramRejection, _ trail: UnitTrail) -> Rejection {
    let place = trail.datagramPlace
    let seen = Digits.bytes(place.byteCount)
    var rejection: Rejection
    switch reason {
    case .sourceNotAllowed:
      rejection = Rejection(.datagram, reason.name, "its sender is not allowed")
      rejection.hint = "add its address to input.allow_from if it is the modem's"
    case .truncated:
      rejection = Rejection(.datagram, reason.name, "only the beginning of it is here")
      rejection.expected = seen
      rejection.seen = Digits.bytes(trail.delivered.count)
      rejection.hint =
        "record with an unlimited snapshot length, as in `tcpdump -s 0`; at the end of a file, it was cut off"
    case .empty:
      rejection = Rejection(.datagram, reason.name, "there is nothing in it")
      rejection.expected = expectedUnit
      rejection.seen = "0 bytes"
      rejection.hint = "a keep-alive of the sender, or a test; nothing is lost"
    case .oversize:
      rejection = Rejection(.datagram, reason.name, "it is longer than any that the link can carry")
      rejection.expected = expectedUnit
      rejection.seen = seen
      rejection.hint =
        "check input.format, frames.length and input.frames_per_datagram, and who else sends to this port"
    case .rateLimited:
      rejection = Rejection(.datagram, reason.name, "its sender has sent too many in a second")
      rejection.hint = "raise input.max_datagrams_per_second"
    }
    rejection.place = place
    rejection.show(trail.delivered, of: place.byteCount)
    return rejection
  }

  private var expectedUnit: String {
    switch parameters {
    case .packets: return "packets of at most 65542 bytes"
    case .frames(let channel):
      if let coding = channel.coding { return "codeblocks of \(Digits.bytes(coding.codeblockByteCount))" }
      return channel.hasVariableLength
        ? "frames of at most \(Digits.bytes(channel.frameByteCount))"
        : "frames of \(Digits.bytes(channel.frameByteCount))"
    }
  }

  func skipped(_ byteCount: Int, _ trail: UnitTrail) -> Rejection {
    var rejection = Rejection(
      .stream, "skipped", "\(Digits.bytes(byteCount)) of the stream belong to no unit")
    if let coding = parameters.coding {
      rejection.expected = "a sync marker every \(Digits.bytes(coding.accessDataUnitByteCount))"
    }
    rejection.seen = "no marker where one had to be, or none yet"
    rejection.hint =
      "noise before and behind a pass; within one, bits were lost or added: look at the modem's lock and its Eb/N0"
    var place = trail.datagramPlace
    if case .byte(let end) = place.position { place.position = .byte(max(0, end - byteCount)) }
    place.byteCount = byteCount
    rejection.place = place
    return rejection
  }

  func refused(_ byteCount: Int, _ trail: UnitTrail) -> Rejection {
    var rejection = Rejection(.codeblock, "refused", "")
    if let coding = parameters.coding { rejection.adopt(.wrongLength(byteCount, of: coding)) }
    rejection.place = trail.place
    rejection.show(trail.frame)
    return rejection
  }

  func uncorrectable(_ codeblock: CodeblockObservation, _ trail: UnitTrail) -> Rejection {
    var rejection = Rejection(.codeblock, "uncorrectable", "")
    rejection.adopt(.beyondCorrection)
    let capacity = parameters.coding?.reedSolomon?.capability.rawValue ?? 0
    rejection.expected =
      "at most \(capacity) wrong symbols in each of \(Digits.plural(codeblock.corrections.count, "codeword"))"
    let counts = (0..<codeblock.corrections.count).map { codeblock.corrections[$0].map(String.init) ?? "too many" }
    rejection.seen = counts.joined(separator: ", ")
    if let marker = codeblock.marker {
      rejection.remarks = [
        marker.errorCount.map { "its sync marker has \(Digits.plural($0, "wrong bit"))" }
          ?? "no sync marker was recognized before it: it was cut where one had to be"
      ]
    }
    rejection.place = trail.place
    rejection.show(trail.frame)
    return rejection
  }

  // MARK: Frames

  func frame(_ reason: FrameRejection, _ subject: FrameSubject, _ trail: UnitTrail) -> Rejection {
    guard reason != .quarantined else { return quarantined(subject, trail) }
    var rejection = Rejection(.frame, reason.name, Self.text(of: reason))
    rejection.hint = "downlinkd inspect shows all its fields"
    adopt(Self.problemNames(of: reason), trail, &rejection)
    place(subject, &rejection)
    return rejection
  }

  func unlisted(_ subject: FrameSubject, _ trail: UnitTrail) -> Rejection {
    var rejection = Rejection(.frame, "unlisted", "its virtual channel is not listed, or there is no room for more")
    rejection.hint = "list its channel in virtual_channels"
    adopt(["a virtual channel that is not listed"], trail, &rejection)
    place(subject, &rejection)
    return rejection
  }

  private func quarantined(_ subject: FrameSubject, _ trail: UnitTrail) -> Rejection {
    var rejection = Rejection(.frame, FrameRejection.quarantined.name, Self.text(of: .quarantined))
    rejection.expected = "another frame of its channel that follows it"
    rejection.seen = "none up to \(trail.place.number.map { "unit \($0)" } ?? "the end")"
    rejection.hint =
      "noise that passes for a frame, or the only frame of its channel: set frames.spacecraft_id, and list the "
      + "channels in virtual_channels"
    place(subject, &rejection)
    return rejection
  }

  private func place(_ subject: FrameSubject, _ rejection: inout Rejection) {
    rejection.place = subject.place
    rejection.frameIndex = subject.index > 1 ? subject.index : nil
    rejection.show(subject.head, of: subject.byteCount)
  }

  /// Takes the problem that is meant from a dissection of the frame at hand, and names the others.
  private func adopt(_ names: [String], _ trail: UnitTrail, _ rejection: inout Rejection) {
    guard case .frames(let channel) = parameters else { return }
    var dissector = FrameDissector(parameters: channel, showsBytes: false)
    let problems = dissector.dissect(trail.frame, FrameName(trail.subject)).allProblems
    guard let index = problems.firstIndex(where: { problem in names.contains { problem.what.hasPrefix($0) } }) else {
      return
    }
    rejection.adopt(problems[index])
    let others = problems.enumerated().filter { $0.offset != index }.prefix(3)
    rejection.remarks = others.map { "also: \($0.element.what), seen \($0.element.found)" }
  }

  private static func text(of reason: FrameRejection) -> String {
    switch reason {
    case .length: "it has not the length that was agreed on, or its fields do not fit into it"
    case .headerErrorControl: "the check of its header does not fit"
    case .version: "it is of another protocol, or no frame"
    case .errorControl: "its error control field does not fit"
    case .spacecraft: "it is of a spacecraft that is not in frames.spacecraft_id"
    case .quarantined: "nothing but this one frame speaks for its channel, or for its count"
    }
  }

  /// How a dissection calls what a link rejects a frame for.
  private static func problemNames(of reason: FrameRejection) -> [String] {
    switch reason {
    case .length:
      [
        "the frame length", "the capture holds only", "the frame is not as long", "the frame has no room",
        "the length of a truncated", "the virtual channel has no truncated", "the primary header is cut off", "the ",
      ]
    case .headerErrorControl: ["the header cannot be corrected"]
    case .version: ["another transfer frame protocol"]
    case .errorControl: ["the frame error control does not match"]
    case .spacecraft: ["another spacecraft"]
    case .quarantined: []
    }
  }
}
