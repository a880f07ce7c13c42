import CCSDSCoding
import CCSDSLink

/// What is wrong between the bits and the frames.
extension LinkSnapshot {
  /// Slips in a minute that are no accident any more.
  private static let recurringSlipCount = 3
  /// Bytes without a unit that are a problem, in units.
  private static let missedUnitCount = 4

  func codingProblems(_ input: InputFacts) -> [Problem] {
    // What the last minute was like is no news when it is long ago.
    guard let channelCoding, (input.secondsOfSilence ?? 0) <= input.quietAfterSeconds else { return [] }
    if channelCoding.syncMarker != nil, !ledger.coding.lock.isLocked { return lockProblems(channelCoding) }
    return correctionProblems(channelCoding) + slipProblems()
  }

  private func lockProblems(_ channelCoding: ChannelCoding) -> [Problem] {
    let lock = ledger.coding.lock
    let unitByteCount = channelCoding.accessDataUnitByteCount
    guard lock.bytesWithoutLock >= Self.missedUnitCount * unitByteCount else { return [] }
    guard lock.acquired > 0 else {
      return [
        Problem(
          .noLock, .critical, link: name,
          message: "no lock: \(lock.bytesWithoutLock) bytes came in, and no sync marker comes back every "
            + "\(unitByteCount) bytes",
          hint: "check that the input is a stream of CADUs, coding.sync_marker, coding.reed_solomon and frames.length")
      ]
    }
    return [
      Problem(
        .noLock, .warning, link: name, since: lock.since,
        message: "lock was lost: \(lock.bytesWithoutLock) bytes since then hold no unit",
        hint: "between passes this is noise; otherwise look at antenna pointing, the modem's lock and its Eb/N0")
    ]
  }

  private func correctionProblems(_ channelCoding: ChannelCoding) -> [Problem] {
    guard let code = channelCoding.reedSolomon else { return [] }
    let lastMinute = ledger.coding.corrections.lastMinute
    let lost = lastMinute.codewords.uncorrectable
    if lost > 0, ledger.codewords.uncorrectable == ledger.codewords.received {
      return [
        Problem(
          .uncorrectable, .critical, link: name,
          message: "every one of \(ledger.codewords.received) codewords is beyond correction",
          hint: "the code may be another one: check coding.reed_solomon, coding.randomizer and frames.length")
      ]
    }
    if lost * 100 > lastMinute.codewords.received {
      return [
        Problem(
          .uncorrectable, .warning, link: name,
          message: "\(lost) of \(lastMinute.codewords.received) codewords of the last minute were beyond correction",
          hint: "look at antenna pointing, the modem's Eb/N0 and interference")
      ]
    }
    let correctable = code.capability.rawValue
    guard lastMinute.worstCorrected >= correctable - 1 else { return [] }
    return [
      Problem(
        .thinMargin, .warning, link: name,
        message: "the worst codeword of the last minute had \(lastMinute.worstCorrected) wrong symbols of "
          + "\(correctable) that can be corrected",
        hint: "frames will be lost if it gets worse: look at antenna pointing, the modem's Eb/N0 and interference")
    ]
  }

  private func slipProblems() -> [Problem] {
    let slips = ledger.coding.corrections.lastMinute.slips
    guard slips >= Self.recurringSlipCount else { return [] }
    return [
      Problem(
        .bitSlips, .warning, link: name,
        message: "\(slips) bit slips in the last minute, \(ledger.coding.markers.slips) in all",
        hint: "the modem's bit synchronizer or the clock of its line is unsteady: check bit rate, clock edge and cable")
    ]
  }
}
