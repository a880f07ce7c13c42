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
  /// Late ones that had been counted as missing: they are not in `missing` any more.
  package private(set) var recovered = 0
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
        recovered += 1
        missing -= 1
        missingAtMost -= 1
      }
    case .discontinuity:
      moves += 1
      discontinuities += 1
    }
  }

  /// Every one that was missing at some time: unlike `missing`, it only ever grows.
  package var found: Int { missing + recovered }

  package var trust: CounterTrust {
    if moves == 0, repeats > 0 { return .frozen }
    if moves == 0, uncounted > 0 { return .uncounted }
    if discontinuities > 0 { return .discontinuous }
    return missingAtMost > missing ? .ambiguous : .trusted
  }
}

extension ContinuityCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&gaps)
    archive.balance(&missing)
    archive.balance(&missingAtMost)
    archive.count(&duplicates)
    archive.count(&late)
    archive.count(&recovered)
    archive.count(&discontinuities)
    archive.count(&repeats)
    archive.count(&uncounted)
    archive.count(&moves)
  }
}

/// One spacecraft on the link.
package struct MasterChannelHealth: Sendable, Equatable {
  package private(set) var spacecraftID: SpacecraftID
  package var frames = 0
  package var continuity = ContinuityCounts()
  package var controlWords = ControlWordHealth()
  /// The losses by its own count where frames carry one, otherwise those of its channels together.
  package var hasOwnCount = false
}

/// One virtual channel.
package struct VirtualChannelHealth: Sendable, Equatable {
  package private(set) var identity: VirtualChannelIdentity
  package var frames = 0
  package var idleFrames = 0
  package var firstCount: UInt64 = 0
  package var lastCount: UInt64 = 0
  /// When its first and last frames came; of a link without frames, its packets.
  package var firstTime: ReceptionTime?
  package var lastTime: ReceptionTime?
  package var continuity = ContinuityCounts()
  package var packets = 0
  package var idlePackets = 0
  /// Whole, and not delivered.
  package var rejectedPackets = 0
  package var packetByteCount = 0
  /// What its packets say of the clock on board.
  package var clock = ClockHealth()
  package var fill = FillHealth()
  /// USLP: whole units of data that are no packets.
  package var serviceDataUnits = 0
}

/// One application process on a virtual channel.
package struct ApplicationProcessHealth: Sendable, Equatable {
  package private(set) var virtualChannel: Int
  package private(set) var applicationProcessID: ApplicationProcessID
  package var packets = 0
  package var byteCount = 0
  package var firstSequenceCount: UInt16 = 0
  package var lastSequenceCount: UInt16 = 0
  package var continuity = ContinuityCounts()
  /// What became of the groups that it makes of its packets.
  package var groups = PacketGroupCounts()
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

extension ControlWordHealth {
  private static let channelCount = 64

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archiveLinkControlWords(&archive)
    archive.optional(&frameSecurityReport, blank: FrameSecurityReport(word: 0)) { report, archive in
      var word = report.word
      archive.item(&word)
      report = FrameSecurityReport(word: word)
    }
    archive.count(&count)
    archive.count(&changeCount)
    archive.optional(&newest, blank: .projectSpecific(0)) { $0.archive(&$1) }
  }

  /// The words in the order of their channels, which stand in the words themselves.
  private mutating func archiveLinkControlWords(_ archive: inout StateArchive) {
    var wordCount = linkControlWords.count
    archive.item(&wordCount, in: 0...Self.channelCount)
    guard archive.isRestoring else {
      guard wordCount > 0 else { return }
      for channel in 0..<UInt8(Self.channelCount) {
        if var word = linkControlWords[VirtualChannelID(channel)]?.word { archive.item(&word) }
      }
      return
    }
    for _ in 0..<(archive.isValid ? wordCount : 0) {
      var bits: UInt32 = 0
      archive.item(&bits)
      let word = CommunicationsLinkControlWord(word: bits)
      linkControlWords[word.virtualChannelID] = word
    }
    archive.require(linkControlWords.count == wordCount)
  }
}

extension MasterChannelHealth {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    archive.count(&frames)
    continuity.archive(&archive)
    controlWords.archive(&archive)
    archive.item(&hasOwnCount)
  }

  /// Counts a frame of the spacecraft.
  mutating func note(_ frame: FrameObservation) {
    frames += 1
    guard let observation = frame.masterContinuity else { return }
    hasOwnCount = true
    continuity.note(observation)
  }
}

extension VirtualChannelHealth {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    identity.archive(&archive)
    archive.count(&frames)
    archive.count(&idleFrames)
    archive.item(&firstCount)
    archive.item(&lastCount)
    archive.optional(&firstTime)
    archive.optional(&lastTime)
    continuity.archive(&archive)
    archive.count(&packets)
    archive.count(&idlePackets)
    archive.count(&rejectedPackets)
    archive.byteCount(&packetByteCount)
    clock.archive(&archive)
    fill.archive(&archive)
    archive.count(&serviceDataUnits)
  }

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
    if frames == 0 {
      // There are none on this link: its packets come as they are.
      firstTime = firstTime ?? packet.provenance.first.time
      lastTime = packet.provenance.last.time
    }
    guard !packet.isIdle else {
      idlePackets += 1
      return
    }
    packets += 1
    packetByteCount += packet.byteCount
    clock.note(packet.onboardTime)
  }
}

extension ApplicationProcessHealth {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&virtualChannel)
    applicationProcessID.archive(&archive)
    archive.count(&packets)
    archive.byteCount(&byteCount)
    archive.item(&firstSequenceCount)
    archive.item(&lastSequenceCount)
    continuity.archive(&archive)
    groups.archive(&archive)
  }

  /// Counts a packet of the application process.
  mutating func note(_ packet: PacketObservation) {
    if packets == 0 { firstSequenceCount = packet.sequenceCount }
    packets += 1
    byteCount += packet.byteCount
    lastSequenceCount = packet.sequenceCount
    continuity.note(packet.continuity)
  }
}
