import CCSDSLink

/// What is wrong with the packets of a link, beyond how they get out of the frames.
extension LinkSnapshot {
  func contentProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    [rejectedPackets(input, recent), invalidTimes(input, recent)].compactMap(\.self)
  }

  private func rejectedPackets(_ input: InputFacts, _ recent: LedgerMark) -> Problem? {
    let judged = recent.deliveredPackets + recent.packetRejections.total
    guard let worst = recent.packetRejections.nonzero.max(by: { $0.count < $1.count }) else { return nil }
    let isEverything = recent.deliveredPackets == 0 && judged >= 3
    guard isEverything || worst.count * 10 > judged else { return nil }
    let share = isEverything ? "every one" : "\(worst.count)"
    return Problem(
      .packetsRejected, isEverything && ledger.packets.delivered == 0 ? .critical : .warning, link: name,
      message: "\(share) of \(judged) packets\(input.span) was rejected: \(worst.reason.name)",
      hint: Self.hint(for: worst.reason, isEverything: isEverything))
  }

  private static func hint(for reason: PacketRejection, isEverything: Bool) -> String {
    switch reason {
    case .secondaryHeader:
      "the packets are too short for the configured header: check packets.secondary_header and packets.time_code"
    case .errorControl where isEverything:
      "the packets may end in another check, or in none: try packets.checksum: iso16, or none"
    case .checksum where isEverything:
      "the packets may end in another check, or in none: try packets.checksum: crc16, or none"
    case .errorControl, .checksum:
      "packets are damaged where frames are not: check coding.error_control, or ask who makes the packets; if some "
        + "application processes send no check, set packets.checksum: none"
    }
  }

  private func invalidTimes(_ input: InputFacts, _ recent: LedgerMark) -> Problem? {
    let (valid, invalid) = (recent.validTimes, recent.invalidTimes.total)
    guard invalid >= 3, invalid > valid, let worst = recent.invalidTimes.nonzero.max(by: { $0.count < $1.count })
    else { return nil }
    return Problem(
      .timesInvalid, .warning, link: name,
      message: "\(invalid) of \(valid + invalid) packets\(input.span) have a time that makes no sense: "
        + worst.reason.name,
      hint: Self.hint(for: worst.reason))
  }

  private static func hint(for fault: OnboardTimeFault) -> String {
    switch fault {
    case .headerVersion:
      "the secondary headers are of another version: check packets.secondary_header, pus_c or pus_a"
    case .timeCode:
      "check packets.time_code: its form, and whether times begin with a P-field; and packets.secondary_header, which "
        + "says where the time begins"
    case .outsideWindow:
      "the clock on board may not be set; otherwise check the epoch in packets.time_code, and packets.time_window"
    }
  }
}
