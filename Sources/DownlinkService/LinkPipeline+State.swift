import CCSDSCoding
import CCSDSLink
package import CCSDSWire
import LinkHealth

/// What one run of a link leaves to the next, so that the ledger goes on as if there had been no end.
///
/// A pipeline that is restored from the state of another and then given the same units ends with the same ledger, to
/// the last byte: counters, continuity, packets begun, frames held back, lock of a stream. What is left behind are the
/// taps, the times of the batch under way, and the sample of input that does not decode.
extension LinkPipeline {
  /// Lists the state. Only a pipeline of equal parameters can be restored from it, and only one that has received
  /// nothing.
  ///
  /// What waits to be decoded together is delivered first.
  package mutating func archive(_ archive: inout StateArchive) {
    if !archive.isRestoring { flush() }
    archive.open(kind: hasPasses ? ~digestOfParameters() : digestOfParameters())
    let limits = parameters.limits
    stage.sink.ledger.archive(&archive, limits)
    stage.channel?.archive(&archive)
    packets?.archive(&archive)
    decoder?.archive(&archive)
    cutter.archive(&archive)
    latency.archive(&archive)
    archivePasses(&archive)
    archive.close()
  }

  /// Goes on where another left off.
  ///
  /// - Returns: Whether the bytes were the state of such a link; if not, this pipeline is to be thrown away.
  package mutating func restore(from saved: [UInt8]) -> Bool {
    var reader = StateArchive(restoringFrom: saved)
    archive(&reader)
    let ledger = stage.sink.ledger
    guard reader.isValid, isCoded || ledger.codeblocks.received == 0, roster == ledger.roster, snapshot().isBalanced
    else { return false }
    acceptedFrameCount = ledger.frames.accepted
    skipTimedUnits()
    return true
  }

  /// Whether it follows passes: then there is more in its state.
  private var hasPasses: Bool { stage.sink.passes != nil }

  private var roster: LinkRoster? {
    switch stage.channel {
    case .some(let channel): channel.roster
    case .none:
      switch packets {
      case .some(let packets): packets.roster
      case .none: nil
      }
    }
  }

  /// Every parameter is in the text that describes them, and in the same words in every run.
  private mutating func digestOfParameters() -> UInt64 {
    if let parametersDigest { return parametersDigest }
    let digest = StateArchive.digest(of: Array("\(parameters)".utf8))
    parametersDigest = digest
    return digest
  }
}
