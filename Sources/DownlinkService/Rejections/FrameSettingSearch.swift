import CCSDSLink
import CCSDSWire
import LinkHealth

/// Looks for the fewest settings with which frames that were rejected are accepted: what a frame is rejected for is
/// changed, and then what it is rejected for after that, three times at most.
///
/// Every way is tried by the same code that receives frames, on copies; its work is bounded.
struct FrameSettingSearch {
  private static let depth = 3
  /// The most ways that are followed at each depth.
  private static let breadth = 72

  let edits: FrameEdits
  /// What the frames have to become: accepted, or with packets where they have to be.
  let reason: RejectionReason
  /// The whole ones, the oldest first.
  let units: [[UInt8]]
  /// Other frames of the link are accepted: what only switches a check off is no advice.
  let linkWorks: Bool

  /// The best way there is; nothing where no setting would do.
  func advice(from start: FrameReading) -> SettingAdvice? {
    guard !units.isEmpty else { return nil }
    var frontier = [start]
    var best: SettingAdvice?
    for _ in 0..<Self.depth {
      var next: [FrameReading] = []
      for reading in frontier {
        guard let stopped = judgements(with: reading).first(where: { !isGood($0.judgement) }) else { continue }
        next += edits.readings(after: reading, stopped.judgement, stopped.frame)
      }
      frontier = Array(next.prefix(Self.breadth))
      for reading in frontier {
        let found = advice(with: reading)
        if found.acceptedCount > 0, isBetter(found, than: best) { best = found }
      }
      if let best, best.acceptedCount == units.count, best.proof > .none { break }
    }
    guard let best, isAdvice(best) else { return nil }
    return best
  }

  /// Whether enough speaks for it. What nothing proves is a guess: one about packets is of one setting, and none is
  /// made of the shape of frames where others pass.
  private func isAdvice(_ found: SettingAdvice) -> Bool {
    switch found.proof {
    case .check: return true
    case .content: return !linkWorks || reason.isAboutIdentity
    case .none:
      if isAboutPackets { return found.settings.count == 1 }
      return !linkWorks || reason.isAboutIdentity && !reason.isAboutShape
    }
  }

  /// Packets go on from frame to frame, so what is wrong with them may not show in one.
  private func judgements(with reading: FrameReading) -> [(judgement: FrameJudgement, frame: [UInt8])] {
    isAboutPackets ? [reading.judgement(ofAll: units)] : units.map { reading.judgement(of: $0) }
  }

  private var isAboutPackets: Bool {
    switch reason {
    case .zone, .serviceData: true
    case .datagram, .skipped, .refused, .uncorrectable, .frame, .unlisted, .packet: false
    }
  }

  private func isBetter(_ new: SettingAdvice, than old: SettingAdvice?) -> Bool {
    guard let old else { return true }
    return (new.acceptedCount, new.proof.rawValue, -new.settings.count)
      > (old.acceptedCount, old.proof.rawValue, -old.settings.count)
  }

  private func isGood(_ judgement: FrameJudgement) -> Bool {
    guard judgement.refusal == nil else { return false }
    switch reason {
    case .zone, .serviceData: return !judgement.hasStrangeZone
    case .frame(.quarantined): return judgement.isAccepted
    case .datagram, .skipped, .refused, .uncorrectable, .frame, .unlisted, .packet: return true
    }
  }

  private func advice(with reading: FrameReading) -> SettingAdvice {
    let good = judgements(with: reading).map(\.judgement).filter(isGood)
    var proof = SettingAdvice.Proof.none
    if !good.isEmpty {
      let makeSense = good.allSatisfy { !$0.hasStrangeZone && ($0.packetCount > 0 || $0.isIdle) }
      // What proves a frame undamaged says nothing of where its packets begin.
      let isChecked = reading.parameters.errorControl != .none && !isAboutPackets
      proof = isChecked ? .check : makeSense ? .content : .none
    }
    return SettingAdvice(
      settings: reading.settings, triedCount: units.count,
      acceptedCount: isAboutPackets && !good.isEmpty ? units.count : good.count, proof: proof)
  }
}

extension RejectionReason {
  /// Whether it is about what frames look like from without.
  fileprivate var isAboutShape: Bool {
    switch self {
    case .frame(.length), .frame(.version): true
    case .frame, .unlisted, .datagram, .zone, .serviceData, .skipped, .refused, .uncorrectable, .packet: false
    }
  }

  /// Whether it is about whose a unit is, which no damage explains where error control has passed.
  fileprivate var isAboutIdentity: Bool {
    switch self {
    case .frame(.spacecraft), .frame(.quarantined), .frame(.length), .frame(.version), .unlisted, .datagram: true
    case .zone, .serviceData: true
    case .skipped, .refused, .uncorrectable, .frame(.errorControl), .frame(.headerErrorControl), .packet: false
    }
  }
}
