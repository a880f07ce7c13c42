import CCSDSLink
import CCSDSWire

/// What is wrong with datagrams and frames that are refused.
extension LinkSnapshot {
  /// As many have to come before they mean anything.
  private static let smallestCount = 3
  /// A tenth may be refused without anybody being told.
  private static let tolerableShare = 10

  func rejectionProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    datagramProblems(input, recent) + frameProblems(input, recent)
  }

  // MARK: Datagrams

  private func datagramProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    // What was too much at a time is a problem of its own.
    let rejections = recent.datagramRejections.nonzero.filter { $0.reason != .rateLimited }
    guard let worst = rejections.max(by: { $0.count < $1.count }) else { return [] }
    let isEverything = recent.acceptedDatagrams == 0
    guard recent.datagrams >= Self.smallestCount, isEverything || worst.count * Self.tolerableShare > recent.datagrams
    else { return [] }
    return [
      rejection(
        isEverything, isCritical: ledger.datagrams.accepted == 0,
        "\(recent.datagrams) datagrams\(input.span)", worst.count, "\(worst.reason.words) (\(worst.reason.name))",
        hint: hint(for: worst.reason, input))
    ]
  }

  private func hint(for reason: DatagramRejection, _ input: InputFacts) -> String {
    switch reason {
    case .sourceNotAllowed:
      "\(input.probe) shows who sends: add the address to input.allow_from if it is the modem's"
    case .oversize:
      "another format than frames, or more of them in a datagram: check input.format, frames.length and "
        + "input.frames_per_datagram, and whether somebody else sends to this port"
    case .truncated, .empty:
      "they were cut off or empty when they came: look at the sender, and at who else sends to this port"
    case .rateLimited: "raise input.max_datagrams_per_second"
    }
  }

  // MARK: Frames

  private func frameProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    guard case .frames(let parameters) = parameters else { return [] }
    guard recent.frames >= Self.smallestCount,
      let worst = recent.frameRejections.nonzero.max(by: { $0.count < $1.count })
    else { return unprotected(parameters) }
    let isEverything = recent.acceptedFrames == 0 && heldFrameCount == 0
    guard isEverything || worst.count * Self.tolerableShare > recent.frames else { return unprotected(parameters) }
    let hasWorked = ledger.frames.accepted > 0
    return [
      rejection(
        isEverything, isCritical: !hasWorked, "\(recent.frames) frames\(input.span)", worst.count,
        "\(worst.reason.words) (\(worst.reason.name))",
        hint: hasWorked ? hintAfterSuccess(for: worst.reason) : hint(for: worst.reason, parameters))
    ] + unprotected(parameters)
  }

  private func rejection(
    _ isEverything: Bool, isCritical: Bool, _ all: String, _ count: Int, _ reason: String, hint: String
  ) -> Problem {
    let share = isEverything ? "every one of \(all) was" : "\(count) of \(all) were"
    return Problem(
      isEverything ? .everythingRejected : .someRejected, isEverything && isCritical ? .critical : .warning, link: name,
      message: "\(share) rejected: \(reason)", hint: hint)
  }

  /// Frames have come through, so what is agreed on is right for some of them at least.
  private func hintAfterSuccess(for reason: FrameRejection) -> String {
    switch reason {
    case .errorControl, .headerErrorControl, .version:
      "others came through, so these are damaged on their way, or noise between passes: look at antenna pointing, the "
        + "modem's lock and its Eb/N0, and the line to this host"
    case .length:
      "others came through, these have \(evidence.otherByteCount) bytes: see whether somebody else sends to this link"
    case .spacecraft: spacecraftHint
    case .quarantined:
      "noise that passes for frames does that, and channels with hardly any frames: set frames.spacecraft_id, and list "
        + "the channels in virtual_channels"
    }
  }

  private var spacecraftHint: String {
    let other = evidence.otherSpacecraftID.map { "\($0.rawValue)" } ?? "another"
    return "the frames are of spacecraft \(other): add it to frames.spacecraft_id if they are yours"
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
        : "the bytes look random: the frames may still be randomized or coded, or the length is wrong; try a recording "
          + "with 'downlinkd check --against'"
    case .spacecraft: return spacecraftHint
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
      return "the units hold \(other / managed) frames of \(managed) bytes: set input.frames_per_datagram: "
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
}

extension DatagramRejection {
  fileprivate var words: String {
    switch self {
    case .sourceNotAllowed: "their sender is not allowed"
    case .truncated: "they were cut off"
    case .empty: "they were empty"
    case .oversize: "they were longer than any that the link can carry"
    case .rateLimited: "they were too many at a time"
    }
  }
}

extension FrameRejection {
  fileprivate var words: String {
    switch self {
    case .length: "they have not the length that was agreed on"
    case .headerErrorControl: "the check of their headers does not fit"
    case .version: "they are of another protocol, or no frames"
    case .errorControl: "their error control field does not fit"
    case .spacecraft: "they are of a spacecraft that is not in frames.spacecraft_id"
    case .quarantined: "nothing else speaks for their channel or their count"
    }
  }
}
