package import CCSDSLink
package import CCSDSWire

/// A stretch of reception without a long silence.
package struct Pass: Sendable, Equatable {
  /// A loss as it was noticed.
  package struct Gap: Sendable, Equatable {
    package let spacecraftID: SpacecraftID
    package let virtualChannelID: VirtualChannelID
    package let expected: UInt32
    package let received: UInt32
    package let missing: Int
    package let missingAtMost: Int
    package let time: ReceptionTime?
  }

  package var start: ReceptionTime?
  package var end: ReceptionTime?
  package var frames = 0
  package var missing = 0
  package var gaps: [Gap] = []
  /// Gaps past the limit, counted and not kept.
  package var omittedGapCount = 0
}

/// The passes of a link, the newest last.
package struct PassHistory: Sendable, Equatable {
  private static let passCapacity = 64
  private static let gapCapacity = 100

  package private(set) var passes: [Pass] = []
  /// Older passes, counted and not kept.
  package private(set) var omittedCount = 0
  private let quietAfterSeconds: Double

  package init(quietAfterSeconds: Double) { self.quietAfterSeconds = quietAfterSeconds }

  /// Counts an accepted frame into the pass it belongs to.
  package mutating func note(_ frame: FrameObservation, _ identity: VirtualChannelIdentity) {
    if beginsPass(at: frame.time) { begin(at: frame.time) }
    let newest = passes.count - 1
    passes[newest].frames += 1
    if let time = frame.time { passes[newest].end = max(time, passes[newest].end ?? time) }
    switch frame.continuity {
    case .gap(let missing, let atMost):
      passes[newest].missing += missing
      guard passes[newest].gaps.count < Self.gapCapacity else {
        passes[newest].omittedGapCount += 1
        return
      }
      passes[newest].gaps.append(
        Pass.Gap(
          spacecraftID: identity.spacecraftID, virtualChannelID: identity.virtualChannelID,
          expected: frame.expectedCount, received: frame.count, missing: missing, missingAtMost: atMost,
          time: frame.time))
    case .late(fillsGap: true): passes[newest].missing -= 1
    case .first, .inSequence, .duplicate, .late, .frozen, .discontinuity: break
    }
  }

  private func beginsPass(at time: ReceptionTime?) -> Bool {
    guard let newest = passes.last else { return true }
    guard let time, let end = newest.end else { return false }
    return time.seconds(since: end) > quietAfterSeconds
  }

  private mutating func begin(at time: ReceptionTime?) {
    if passes.count == Self.passCapacity {
      passes.removeFirst()
      omittedCount += 1
    }
    passes.append(Pass(start: time, end: time))
  }
}
