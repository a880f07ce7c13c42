import CCSDSLink

/// What is wrong where much of what was sent never came.
extension LinkSnapshot {
  /// As many have to be missing before they mean anything.
  private static let smallestCount = 10
  /// A tenth may be missing without anybody being called.
  private static let tolerableShare = 10

  /// Of a link that runs: a recording is reported with what is missing in it first of all.
  func missingProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    guard input.earlier != nil else { return [] }
    let (noun, missing, came) =
      switch parameters {
      case .frames: ("frames", recent.missingFrames, recent.acceptedFrames)
      case .packets: ("packets", recent.missingPackets, recent.deliveredPackets)
      }
    // What came late after all is taken off what was missing, maybe longer ago.
    guard missing >= Self.smallestCount, came >= 0, case (let all, false) = missing.addingReportingOverflow(came),
      missing > all / Self.tolerableShare
    else { return [] }
    let share = Int((Double(missing) / Double(all) * 100).rounded(.down))
    return [
      Problem(
        .muchMissing, missing > all / 2 ? .critical : .warning, link: name,
        message: "\(missing) of \(all) \(noun)\(input.span) are missing (\(share) %), by the counters of their "
          + "channels",
        hint: recent.kernelDropped > 0
          ? "\(recent.kernelDropped) datagrams were dropped by this host: see what 'kernel_drops' says; the rest was "
            + "lost before"
          : "this host has dropped none of them: look at antenna pointing, the modem's lock, and the network to this "
            + "host; two senders of the same channels look like that, too: 'downlinkctl vcs' shows which are affected")
    ]
  }
}
