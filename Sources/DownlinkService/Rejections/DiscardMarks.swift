import CCSDSCoding
import CCSDSLink

/// What was discarded of the unit at hand, and why: known before its bytes can be kept.
struct DiscardMarks {
  /// By the index of the reason.
  private var marks: UInt64 = 0

  /// What the synchronizer and the decoder leave out.
  private static let coding = bit(.skipped) | bit(.refused)

  private static func bit(_ reason: RejectionReason) -> UInt64 { reason.index.map { 1 << UInt64($0) } ?? 0 }

  /// Whether there is anything of a frame.
  var hasFrame: Bool { marks != 0 && marks & ~Self.coding != 0 }
  /// Whether there is anything of a stream, or of a codeblock.
  var hasCoding: Bool { marks != 0 && marks & Self.coding != 0 }

  mutating func note(_ event: LinkEvent) {
    switch event {
    case .zoneDiscarded(_, _, let reason): marks |= Self.bit(.zone(reason))
    case .serviceData(_, .discarded(_, let reason)): marks |= Self.bit(.serviceData(reason))
    case .coding(.bytesSkipped): marks |= Self.bit(.skipped)
    case .coding(.codeblockRefused): marks |= Self.bit(.refused)
    default: break
    }
  }

  /// Gives the reasons away, each once: those of a frame, or those of the coding.
  mutating func take(ofCoding isCoding: Bool, _ body: (RejectionReason) -> Void) {
    var taken = isCoding ? marks & Self.coding : marks & ~Self.coding
    marks ^= taken
    while taken != 0 {
      body(RejectionReason.all[taken.trailingZeroBitCount])
      taken &= taken - 1
    }
  }
}
