import CCSDSLink
import CCSDSWire

/// What the edge knows about the input of a link, for the diagnosis.
package struct InputFacts: Sendable {
  /// What was asked of the kernel, and what it granted.
  package var requestedReceiveBufferByteCount: Int?
  package var grantedReceiveBufferByteCount: Int?
  /// The most that the kernel grants without privilege (`net.core.rmem_max`).
  package var largestReceiveBufferByteCount: Int?
  /// The port that the link listens to, and those that a capture has datagrams for.
  package var port: UInt16?
  package var otherPorts: [(port: UInt16, datagrams: Int)] = []
  /// How long ago this host last dropped datagrams; absent in a replay.
  package var secondsSinceKernelDrop: Double?
  /// How long nothing has come in; absent in a replay.
  package var secondsOfSilence: Double?
  package var secondsSinceStart: Double?
  package var quietAfterSeconds = 60.0

  package init() {}
}

extension LinkSnapshot {
  /// What is wrong with the link, worst first, and what to do about it.
  package func problems(_ input: InputFacts = InputFacts()) -> [Problem] {
    var problems: [Problem] = []
    for breach in breaches {
      problems.append(
        Problem(
          .unbalanced, .critical, link: name,
          message: "the ledger does not balance: \(breach.level.rawValue) received \(breach.received), "
            + "accounted for \(breach.accounted)",
          hint: "this is a fault of downlinkd: please report it with the output of 'downlinkctl status --json'"))
    }
    problems += inputProblems(input)
    problems += codingProblems(input)
    problems += rejectionProblems()
    problems += channelProblems()
    return sharpened(problems).sorted { $0.severity == .critical && $1.severity != .critical }
  }

  // MARK: Input

  private func inputProblems(_ input: InputFacts) -> [Problem] {
    var problems: [Problem] = []
    let dropped = ledger.datagrams.kernelDropped
    // What was dropped stays in the ledger; a problem it is for a while.
    let isRecent = (input.secondsSinceKernelDrop ?? 0) < Self.kernelDropMemorySeconds
    if dropped > 0, isRecent {
      problems.append(
        Problem(
          .kernelDrops, .critical, link: name,
          message: "this host dropped \(dropped) datagrams before they could be received",
          hint: Self.receiveBufferHint(input)))
    } else if let granted = input.grantedReceiveBufferByteCount,
      let requested = input.requestedReceiveBufferByteCount, granted < requested
    {
      problems.append(
        Problem(
          .receiveBufferSmall, .warning, link: name,
          message: "the kernel granted a receive buffer of \(granted) bytes, \(requested) were asked for",
          hint: Self.receiveBufferHint(input)))
    }
    if let silence = input.secondsOfSilence, silence > input.quietAfterSeconds, hasReceived {
      problems.append(
        Problem(
          .silence, .warning, link: name, since: ledger.lastFrameTime,
          message: "nothing was received for \(Int(silence)) s",
          hint: "nothing between passes; otherwise look at the antenna, the modem's lock and the network"))
    }
    if !hasReceived {
      problems += nothingReceived(input)
    }
    return problems
  }

  private var hasReceived: Bool { ledger.datagrams.received > 0 || ledger.streamBytes.received > 0 }

  /// How long after the last one dropped datagrams are a problem.
  private static let kernelDropMemorySeconds = 600.0

  private static func receiveBufferHint(_ input: InputFacts) -> String {
    guard let largest = input.largestReceiveBufferByteCount else {
      return "raise links[].input.udp.receive_buffer_bytes, and net.core.rmem_max with it"
    }
    if let requested = input.requestedReceiveBufferByteCount, requested < largest {
      return "raise links[].input.udp.receive_buffer_bytes (now \(requested))"
    }
    return "raise net.core.rmem_max (now \(largest)) or links[].input.udp.receive_buffer_bytes"
  }

  private func nothingReceived(_ input: InputFacts) -> [Problem] {
    if let port = input.port, !input.otherPorts.isEmpty {
      let ports = input.otherPorts.sorted { ($1.datagrams, $0.port) < ($0.datagrams, $1.port) }.prefix(4)
        .map { "\($0.datagrams) to port \($0.port)" }.joined(separator: ", ")
      return [
        Problem(
          .otherPort, .critical, link: name,
          message: "the capture has no datagrams to port \(port), but \(ports)",
          hint: "name the port: --port \(input.otherPorts.max { $0.datagrams < $1.datagrams }?.port ?? port)")
      ]
    }
    guard let seconds = input.secondsSinceStart, seconds > input.quietAfterSeconds else { return [] }
    return [
      Problem(
        .nothingReceived, .warning, link: name, message: "nothing was received since the start",
        hint:
          "check that the modem sends to this address and port, and that no firewall is in between: 'tcpdump -ni any' "
          + "shows what comes to this host")
    ]
  }

  // MARK: Rejections

  private func rejectionProblems() -> [Problem] {
    guard case .frames(let parameters) = parameters, ledger.frames.received > 0 else { return [] }
    let accepted = ledger.frames.accepted
    guard let worst = ledger.frames.rejected.nonzero.max(by: { $0.count < $1.count }) else {
      return unprotected(parameters)
    }
    let isEverything = accepted == 0 && heldFrameCount == 0 && ledger.frames.received >= 3
    guard isEverything || worst.count * 10 > ledger.frames.received else { return unprotected(parameters) }
    let share = isEverything ? "every one" : "\(worst.count)"
    return [
      Problem(
        isEverything ? .everythingRejected : .someRejected, isEverything ? .critical : .warning, link: name,
        message: "\(share) of \(ledger.frames.received) frames was rejected: \(worst.reason.name)",
        hint: hint(for: worst.reason, parameters))
    ] + unprotected(parameters)
  }

  private func hint(for reason: FrameRejection, _ parameters: PhysicalChannelParameters) -> String {
    switch reason {
    case .length: return lengthHint(parameters)
    case .version: return versionHint(parameters)
    case .errorControl where evidence.otherErrorControlRepeats >= 3:
      return "the error control field has the other length: set coding.error_control: "
        + (parameters.errorControl == .crc32 ? "crc16" : "crc32")
    case .errorControl:
      return evidence.otherSpacecraftRepeats >= 3
        ? "the headers look right (spacecraft \(evidence.otherSpacecraftID?.rawValue ?? 0)), so the frames may carry "
          + "no error control field: set coding.error_control: none"
        : "the bytes look random: the frames may still be randomized or coded, or the length is wrong"
    case .spacecraft:
      let other = evidence.otherSpacecraftID.map { "\($0.rawValue)" } ?? "another"
      return "the frames are of spacecraft \(other): add it to frames.spacecraft_id if they are yours"
    case .headerErrorControl:
      return "the header error control field does not fit: set frames.header_error_control: false if there is none"
    case .quarantined:
      return "no two frames followed each other on one channel: check frames.length and frames.type, and set "
        + "frames.spacecraft_id"
    }
  }

  private func lengthHint(_ parameters: PhysicalChannelParameters) -> String {
    let other = evidence.otherByteCount
    let managed = parameters.frameByteCount
    guard !parameters.hasVariableLength else {
      return "the lengths that the frames say do not fit: check frames.min_length and frames.max_length, and whether "
        + "the units begin with a frame"
    }
    guard other > 0 else {
      return "the frames have the right length, but their fields do not fit into it: check frames.type, and whether "
        + "the frames are still randomized or coded"
    }
    if evidence.beginsWithSyncMarker {
      return "the units of \(other) bytes begin with a sync marker: they are coded (CADUs), not frames"
    }
    if other > managed, other % managed == 0 {
      return "the units hold \(other / managed) frames of \(managed) bytes: set input.udp.frames_per_datagram: "
        + "\(other / managed)"
    }
    if other == managed - 2, parameters.errorControl == .crc16 {
      return "the units have \(other) bytes, two less: their error control field may have been removed; set "
        + "frames.length: \(other) and coding.error_control: none"
    }
    if other == managed + 2, parameters.errorControl == .none {
      return "the units have \(other) bytes, two more: they may carry an error control field; set frames.length: "
        + "\(other) and coding.error_control: crc16"
    }
    return "the units have \(other) bytes: set frames.length: \(other)"
  }

  private func versionHint(_ parameters: PhysicalChannelParameters) -> String {
    guard evidence.otherVersionRepeats >= 3 else {
      return "the first bits are no frame's: the frames may still be randomized or coded, or the length is wrong"
    }
    switch evidence.otherVersion {
    case 0b00: return "the frames look like TM: set frames.type: tm"
    case 0b01: return "the frames look like AOS: set frames.type: aos"
    case 0b11 where parameters.frameType != .uslp: return "the frames look like USLP: set frames.type: uslp"
    default: return "the frames are of a protocol that is neither TM nor AOS nor USLP"
    }
  }

  private func unprotected(_ parameters: PhysicalChannelParameters) -> [Problem] {
    guard evidence.unprotectedCount >= 3 else { return [] }
    let isLong = evidence.longProtectedAfterAllCount == evidence.unprotectedCount
    guard isLong || evidence.protectedAfterAllCount == evidence.unprotectedCount else { return [] }
    return [
      Problem(
        .errorControlUnchecked, .warning, link: name,
        message: "frames end in a CRC-\(isLong ? 32 : 16) that fits, and nobody checks it",
        hint: "set coding.error_control: crc\(isLong ? 32 : 16), so that damaged frames are rejected")
    ]
  }

  // MARK: Channels

  private func channelProblems() -> [Problem] {
    var problems: [Problem] = []
    let frozen = ledger.virtualChannels.filter { $0.continuity.trust == .frozen && $0.frames >= 3 }
    if let first = frozen.first {
      let others = frozen.count > 1 ? " and of \(frozen.count - 1) other channels" : ""
      problems.append(
        Problem(
          .frozenCounter, .warning, link: name, since: first.firstTime,
          message: "the frame count of \(first.label)\(others) never moves",
          hint: "nothing, if the spacecraft does not count them: see the gaps of packets in 'downlinkctl apids'"))
    }
    let unlisted = ledger.frames.unlisted
    if case .frames(let parameters) = parameters, unlisted > 0, parameters.virtualChannels.isEmpty {
      problems.append(
        Problem(
          .limitReached, .warning, link: name,
          message: "\(unlisted) frames came on more channels than there are counters for",
          hint: "list the channels that matter in virtual_channels, or set frames.spacecraft_id"))
    }
    if ledger.packets.unlisted > 0 {
      problems.append(
        Problem(
          .limitReached, .warning, link: name,
          message: "\(ledger.packets.unlisted) packets came from more application processes than there are counters "
            + "for",
          hint: "raise limits.application_process_count if they are real: 'downlinkctl apids' shows who they are"))
    }
    let discarded = ledger.zoneBytes.discarded
    let strange = discarded[.version] + discarded[.length] + discarded[.firstHeaderPointer] + discarded[.dataField]
    if strange * 2 > ledger.zoneBytes.received, ledger.zoneBytes.received > 0 {
      problems.append(
        Problem(
          .notPackets, .warning, link: name,
          message: "\(strange) of \(ledger.zoneBytes.received) bytes in packet channels are no packets",
          hint: "set virtual_channels[].service: vca for channels without packets, or check "
            + "frames.insert_zone_length"))
    }
    return problems
  }
}

extension VirtualChannelHealth {
  /// What operators call the channel.
  package var label: String {
    let place = "spacecraft \(identity.spacecraftID.rawValue) channel \(identity.virtualChannelID.rawValue)"
    return identity.name.map { "\($0) (\(place))" } ?? place
  }
}
