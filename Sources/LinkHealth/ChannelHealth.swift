package import CCSDSLink
package import CCSDSWire

/// How far the figures that come from a counter can be believed.
package enum CounterTrust: String, Sendable {
  case trusted
  /// The counter may have wrapped: some losses are known only as a range.
  case ambiguous
  /// The counter never moved, so it shows no losses.
  case frozen
  /// The frames carry no count, so nothing shows losses.
  case uncounted
  /// The counter was set back or jumped at least once; what was lost there is not known.
  case discontinuous
}

/// What a counter said over time. Works for frames and packets alike.
package struct ContinuityCounts: Sendable, Equatable {
  package private(set) var gaps = 0
  package private(set) var missing = 0
  /// At most this many were lost; equal to `missing` where the counter leaves no doubt.
  package private(set) var missingAtMost = 0
  package private(set) var duplicates = 0
  package private(set) var late = 0
  package private(set) var discontinuities = 0
  private var repeats = 0
  private var uncounted = 0
  private var moves = 0

  package init() {}

  package mutating func note(_ observation: CountObservation) {
    switch observation {
    case .first: break
    case .inSequence: moves += 1
    case .gap(let missing, let atMost):
      moves += 1
      gaps += 1
      self.missing += missing
      missingAtMost += atMost
    case .duplicate:
      duplicates += 1
      repeats += 1
    case .frozen:
      duplicates += 1
      repeats += 1
    case .uncounted: uncounted += 1
    case .late(let fillsGap):
      late += 1
      if fillsGap {
        missing -= 1
        missingAtMost -= 1
      }
    case .discontinuity:
      moves += 1
      discontinuities += 1
    }
  }

  package var trust: CounterTrust {
    if moves == 0, repeats > 0 { return .frozen }
    if moves == 0, uncounted > 0 { return .uncounted }
    if discontinuities > 0 { return .discontinuous }
    return missingAtMost > missing ? .ambiguous : .trusted
  }
}

/// One spacecraft on the link.
package struct MasterChannelHealth: Sendable, Equatable {
  package let spacecraftID: SpacecraftID
  package var frames = 0
  package var continuity = ContinuityCounts()
  package var controlWords = ControlWordHealth()
  /// The losses by its own count where frames carry one, otherwise those of its channels together.
  package var hasOwnCount = false
}

/// One virtual channel.
package struct VirtualChannelHealth: Sendable, Equatable {
  package let identity: VirtualChannelIdentity
  package var frames = 0
  package var idleFrames = 0
  package var firstCount: UInt64 = 0
  package var lastCount: UInt64 = 0
  package var firstTime: ReceptionTime?
  package var lastTime: ReceptionTime?
  package var continuity = ContinuityCounts()
  package var packets = 0
  package var idlePackets = 0
  package var packetByteCount = 0
  package var fill = FillHealth()
  /// USLP: whole units of data that are no packets.
  package var serviceDataUnits = 0
}

/// One application process on a virtual channel.
package struct ApplicationProcessHealth: Sendable, Equatable {
  package let virtualChannel: Int
  package let applicationProcessID: ApplicationProcessID
  package var packets = 0
  package var byteCount = 0
  package var firstSequenceCount: UInt16 = 0
  package var lastSequenceCount: UInt16 = 0
  package var continuity = ContinuityCounts()
}

/// What a spacecraft reports about its reception of telecommands.
package struct ControlWordHealth: Sendable, Equatable {
  /// By the telecommand virtual channel they speak of: the newest Communications Link Control Words.
  package private(set) var linkControlWords: [VirtualChannelID: CommunicationsLinkControlWord] = [:]
  package private(set) var frameSecurityReport: FrameSecurityReport?
  package private(set) var count = 0
  /// How often a control word differed from the one before it on its channel.
  package private(set) var changeCount = 0
  private var newest: OperationalControlField?

  package init() {}

  /// Takes a control word. Returns the one it replaces on its channel, when that differs.
  package mutating func note(_ field: OperationalControlField) {
    count += 1
    guard field != newest else { return }
    newest = field
    switch field {
    case .linkControlWord(let word):
      if let old = linkControlWords.updateValue(word, forKey: word.virtualChannelID), old != word { changeCount += 1 }
    case .frameSecurityReport(let report):
      if let old = frameSecurityReport, old != report { changeCount += 1 }
      frameSecurityReport = report
    case .projectSpecific: break
    }
  }
}

extension MasterChannelHealth {
  /// Counts a frame of the spacecraft.
  mutating func note(_ frame: FrameObservation) {
    frames += 1
    guard let observation = frame.masterContinuity else { return }
    hasOwnCount = true
    continuity.note(observation)
  }
}

extension VirtualChannelHealth {
  /// Counts a frame of the channel.
  mutating func note(_ frame: FrameObservation) {
    if frames == 0 {
      firstCount = frame.count
      firstTime = frame.time
    }
    frames += 1
    if frame.isIdle { idleFrames += 1 }
    lastTime = frame.time
    continuity.note(frame.continuity)
    switch frame.continuity {
    case .duplicate, .late, .uncounted: break
    case .first, .inSequence, .gap, .frozen, .discontinuity: lastCount = frame.count
    }
  }

  /// Counts a packet of the channel.
  mutating func note(_ packet: PacketObservation) {
    guard !packet.isIdle else {
      idlePackets += 1
      return
    }
    packets += 1
    packetByteCount += packet.byteCount
  }
}

extension ApplicationProcessHealth {
  /// Counts a packet of the application process.
  mutating func note(_ packet: PacketObservation) {
    if packets == 0 { firstSequenceCount = packet.sequenceCount }
    packets += 1
    byteCount += packet.byteCount
    lastSequenceCount = packet.sequenceCount
    continuity.note(packet.continuity)
  }
}
