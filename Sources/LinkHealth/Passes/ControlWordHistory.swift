package import CCSDSLink
package import CCSDSWire

/// The flags of a Communications Link Control Word.
///
/// Standard: CCSDS 232.0-B-4 §4.2.
package struct ControlWordFlags: OptionSet, Sendable, Hashable {
  package var rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ word: CommunicationsLinkControlWord) { rawValue = UInt8(truncatingIfNeeded: word.word >> 11 & 0x1F) }

  package static let noRFAvailable = ControlWordFlags(rawValue: 16)
  package static let noBitLock = ControlWordFlags(rawValue: 8)
  package static let lockout = ControlWordFlags(rawValue: 4)
  package static let wait = ControlWordFlags(rawValue: 2)
  package static let retransmit = ControlWordFlags(rawValue: 1)

  /// Each with its name in reports, in the order of the word.
  package static let named: [(flag: ControlWordFlags, name: String, words: String)] = [
    (.noRFAvailable, "no_rf", "no RF"), (.noBitLock, "no_bit_lock", "no bit lock"), (.lockout, "lockout", "lockout"),
    (.wait, "wait", "wait"), (.retransmit, "retransmit", "retransmit"),
  ]
}

/// The flags of a telecommand channel from some time on.
package struct ControlWordChange: Sendable, Equatable {
  package var spacecraftID: SpacecraftID
  /// The telecommand virtual channel.
  package var virtualChannelID: VirtualChannelID
  package var time: ReceptionTime?
  package var flags: ControlWordFlags
}

/// How telecommand reception on board went, by the control words in the frames: what changed, and when.
package struct ControlWordHistory: Sendable, Equatable {
  package static let changeCapacity = 512
  /// Telecommand channels that are followed.
  package static let laneCapacity = 64

  package private(set) var changes: [ControlWordChange] = []
  /// Changes that there was no room for.
  package private(set) var omittedCount = 0
  package private(set) var wordCount = 0
  /// The newest of each channel.
  package private(set) var lanes: [ControlWordChange] = []

  init() {}

  /// Takes the word of a frame.
  mutating func note(_ word: CommunicationsLinkControlWord, of spacecraft: SpacecraftID, at time: ReceptionTime?) {
    wordCount += 1
    let flags = ControlWordFlags(word)
    let channel = word.virtualChannelID
    if let lane = lanes.firstIndex(where: { $0.virtualChannelID == channel && $0.spacecraftID == spacecraft }) {
      guard lanes[lane].flags != flags else { return }
      lanes[lane].flags = flags
      lanes[lane].time = time
      return append(lanes[lane])
    }
    let change = ControlWordChange(spacecraftID: spacecraft, virtualChannelID: channel, time: time, flags: flags)
    if lanes.count < Self.laneCapacity { lanes.append(change) }
    append(change)
  }

  private mutating func append(_ change: ControlWordChange) {
    guard changes.count < Self.changeCapacity else {
      omittedCount += 1
      return
    }
    changes.append(change)
  }
}

extension ControlWordHistory {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    let blank = ControlWordChange(
      spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0), time: nil, flags: [])
    archive.array(&changes, atMost: Self.changeCapacity, blank: blank) { $0.archive(&$1) }
    archive.array(&lanes, atMost: Self.laneCapacity, blank: blank) { $0.archive(&$1) }
    archive.count(&omittedCount)
    archive.count(&wordCount)
  }
}

extension ControlWordChange {
  /// Saves or restores it.
  fileprivate mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    virtualChannelID.archive(&archive)
    archive.optional(&time)
    archive.item(&flags.rawValue)
  }
}
