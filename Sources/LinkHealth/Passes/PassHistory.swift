package import CCSDSLink
package import CCSDSWire

/// A stretch of reception without a long silence.
package struct Pass: Sendable, Equatable {
  /// A loss as it was noticed.
  package struct Gap: Sendable, Equatable {
    package fileprivate(set) var spacecraftID: SpacecraftID
    package fileprivate(set) var virtualChannelID: VirtualChannelID
    package fileprivate(set) var expected: UInt64
    package fileprivate(set) var received: UInt64
    package fileprivate(set) var missing: Int
    package fileprivate(set) var missingAtMost: Int
    package fileprivate(set) var time: ReceptionTime?
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
  static let passCapacity = 64
  static let gapCapacity = 100

  package private(set) var passes: [Pass] = []
  /// Older passes, counted and not kept.
  package private(set) var omittedCount = 0
  private let quietAfterSeconds: Double
  private var silence = SilenceWatch()

  package init(quietAfterSeconds: Double) { self.quietAfterSeconds = quietAfterSeconds }

  /// Counts an accepted frame into the pass it belongs to.
  ///
  /// - Returns: Whether it shows a gap that is to be kept.
  package mutating func note(_ frame: FrameObservation) -> Bool {
    let endsSilence = silence.endsSilence(at: frame.time, longerThan: quietAfterSeconds)
    if passes.isEmpty || endsSilence { begin(at: frame.time) }
    if frame.continuity == .late(fillsGap: true) { takeBackLoss() }
    return passes[passes.count - 1].note(frame, gapCapacity: Self.gapCapacity)
  }

  /// Keeps the gap that a frame shows.
  package mutating func keepGap(_ frame: FrameObservation, _ identity: VirtualChannelIdentity) {
    guard case .gap(let missing, let atMost) = frame.continuity else { return }
    passes[passes.count - 1].gaps.append(
      Pass.Gap(
        spacecraftID: identity.spacecraftID, virtualChannelID: identity.virtualChannelID,
        expected: frame.expectedCount, received: frame.count, missing: missing, missingAtMost: atMost,
        time: frame.time))
  }

  /// A frame that was missing has come: not always in the pass that missed it, as frames that are not accepted end
  /// a silence, too.
  private mutating func takeBackLoss() {
    guard let index = passes.lastIndex(where: { $0.missing > 0 }) else { return }
    passes[index].missing -= 1
  }

  private mutating func begin(at time: ReceptionTime?) {
    if passes.count == Self.passCapacity {
      passes.removeFirst()
      omittedCount += 1
    }
    passes.append(Pass(start: time, end: time))
  }
}

extension Pass {
  /// Counts a frame. Returns whether it shows a gap and there is room to keep it.
  fileprivate mutating func note(_ frame: FrameObservation, gapCapacity: Int) -> Bool {
    frames += 1
    if let time = frame.time { end = max(time, end ?? time) }
    switch frame.continuity {
    case .gap(let missing, _):
      self.missing += missing
      if gaps.count < gapCapacity { return true }
      omittedGapCount += 1
    case .first, .inSequence, .duplicate, .late, .frozen, .uncounted, .discontinuity: break
    }
    return false
  }
}

extension PassHistory {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.array(&passes, atMost: Self.passCapacity, blank: Pass()) { pass, archive in
      pass.archive(&archive, gapCapacity: Self.gapCapacity)
    }
    archive.count(&omittedCount)
    silence.archive(&archive)
  }
}

extension Pass {
  /// Saves or restores it.
  fileprivate mutating func archive(_ archive: inout StateArchive, gapCapacity: Int) {
    archive.optional(&start)
    archive.optional(&end)
    archive.count(&frames)
    archive.count(&missing)
    archive.array(&gaps, atMost: gapCapacity, blank: .blank) { $0.archive(&$1) }
    archive.count(&omittedGapCount)
  }
}

extension Pass.Gap {
  fileprivate static let blank = Pass.Gap(
    spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0), expected: 0, received: 0, missing: 0,
    missingAtMost: 0, time: nil)

  /// Saves or restores it.
  fileprivate mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    virtualChannelID.archive(&archive)
    archive.item(&expected)
    archive.item(&received)
    archive.count(&missing)
    archive.count(&missingAtMost)
    archive.optional(&time)
  }
}
