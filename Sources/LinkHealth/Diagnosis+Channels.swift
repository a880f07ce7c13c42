import CCSDSLink
import CCSDSWire

/// What is wrong with the channels, and with room for them.
extension LinkSnapshot {
  func channelProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    frozenProblems(input) + limitProblems(input, recent) + packetProblems(input, recent)
  }

  /// How long ago a channel may have had its last frame for its counter to be a problem.
  private static let frozenMemorySeconds = 600.0

  private func frozenProblems(_ input: InputFacts) -> [Problem] {
    let frozen = ledger.virtualChannels.filter { channel in
      guard channel.continuity.trust == .frozen, channel.frames >= 3 else { return false }
      guard let now = input.now, let last = channel.lastTime else { return true }
      // A clock that was set back makes frames of the future, which is no reason to go on about them.
      return abs(now.seconds(since: last)) < Self.frozenMemorySeconds
    }
    guard let first = frozen.first else { return [] }
    let others =
      switch frozen.count {
      case 1: ""
      case 2: " and of 1 other channel"
      default: " and of \(frozen.count - 1) other channels"
      }
    return [
      Problem(
        .frozenCounter, .warning, link: name, since: first.firstTime,
        message: "the frame count of \(first.label)\(others) never moves",
        hint: "nothing, if the spacecraft does not count them: see the gaps of packets in 'downlinkctl apids'")
    ]
  }

  private func limitProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    var problems: [Problem] = []
    if case .frames(let parameters) = parameters, recent.unlistedFrames > 0, parameters.virtualChannels.isEmpty {
      let limits = parameters.limits
      problems.append(
        Problem(
          .limitReached, .warning, link: name,
          message: "\(recent.unlistedFrames) frames\(input.span) came on more channels than there are counters for",
          hint: "set frames.spacecraft_id, or list the channels that matter in virtual_channels; if all of them are "
            + "real, raise limits.virtual_channel_count (now \(limits.virtualChannelCount)) or "
            + "limits.master_channel_count (now \(limits.masterChannelCount))"))
    }
    if recent.unlistedPackets > 0 {
      problems.append(
        Problem(
          .limitReached, .warning, link: name,
          message: "\(recent.unlistedPackets) packets\(input.span) came from more application processes than there are "
            + "counters for",
          hint: "raise limits.application_process_count (now \(parameters.limits.applicationProcessCount)) if they are "
            + "real: 'downlinkctl apids' shows who they are"))
    }
    return problems
  }

  private func packetProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    let discarded = recent.discardedBytes
    let strange = discarded[.version] + discarded[.length] + discarded[.firstHeaderPointer] + discarded[.dataField]
    guard strange * 2 > recent.zoneBytes, recent.zoneBytes > 0 else { return [] }
    let isEverything = ledger.packets.delivered == 0 && strange == recent.zoneBytes
    return [
      Problem(
        .notPackets, isEverything ? .critical : .warning, link: name,
        message: "\(strange) of \(recent.zoneBytes) bytes\(input.span)\(placeOfPackets) are no packets",
        hint: strangeBytesHint)
    ]
  }
}

extension LinkSnapshot {
  fileprivate var placeOfPackets: String {
    if case .frames = parameters { " in packet channels" } else { "" }
  }

  fileprivate var strangeBytesHint: String {
    switch parameters {
    case .frames:
      "set virtual_channels[].service: vca for channels without packets, 'downlinkctl vcs' shows which have none; "
        + "or check frames.insert_zone_length"
    case .packets:
      "does this input carry space packets, one behind the other, with nothing around them? If it carries frames, set "
        + "input.format: frames or cadus, and describe them in 'frames'"
    }
  }
}

extension VirtualChannelHealth {
  /// What operators call the channel.
  package var label: String {
    let place = "spacecraft \(identity.spacecraftID.rawValue) channel \(identity.virtualChannelID.rawValue)"
    return identity.name.map { "\($0) (\(place))" } ?? place
  }
}
