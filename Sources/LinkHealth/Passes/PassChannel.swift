package import CCSDSLink
package import CCSDSWire

/// Tells a virtual channel from any other, in whatever run.
package struct PassChannelKey: Sendable, Hashable, Comparable {
  package private(set) var spacecraftID: SpacecraftID
  package private(set) var virtualChannelID: VirtualChannelID
  package private(set) var isReplay: Bool
  package private(set) var isExpedited: Bool

  package init(_ identity: VirtualChannelIdentity) {
    spacecraftID = identity.spacecraftID
    virtualChannelID = identity.virtualChannelID
    isReplay = identity.isReplay
    isExpedited = identity.isExpedited
  }

  package static func < (left: PassChannelKey, right: PassChannelKey) -> Bool { left.order < right.order }

  private var order: (UInt16, UInt8, Int) {
    (spacecraftID.rawValue, virtualChannelID.rawValue, (isReplay ? 1 : 0) + (isExpedited ? 2 : 0))
  }

  static let blank = PassChannelKey(.blank)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    virtualChannelID.archive(&archive)
    archive.item(&isReplay)
    archive.item(&isExpedited)
  }

  /// Writes its members.
  package func write(to json: inout JSONWriter) {
    json.member("scid", spacecraftID.rawValue)
    json.member("vcid", virtualChannelID.rawValue)
    if isReplay { json.member("replay", true) }
    if isExpedited { json.member("expedited", true) }
  }

  /// Such as `56:2`, or `56:2 replay`.
  package var text: String {
    "\(spacecraftID.rawValue):\(virtualChannelID.rawValue)" + (isReplay ? " replay" : "")
      + (isExpedited ? " expedited" : "")
  }
}

/// One virtual channel during a pass.
package struct PassChannel: Sendable, Equatable {
  package var key: PassChannelKey
  package var name: String?
  package var frames = 0
  package var idleFrames = 0
  package var firstCount: UInt64 = 0
  package var lastCount: UInt64 = 0
  package var firstTime: ReceptionTime?
  package var lastTime: ReceptionTime?
  package var gaps = 0
  package var missing = 0
  /// At most this many are missing; equal to `missing` where the counter leaves no doubt.
  package var missingAtMost = 0
  /// Frames that the count says were sent before the first one of this pass, and after the last one of the pass before.
  package var missingBefore = 0
  package var duplicates = 0
  package var late = 0
  package var discontinuities = 0
  /// Ranges of missing frames that there was no room to list, ...
  package var omittedRanges = 0
  /// ... the frames in them, and the counts that they lie between.
  package var omittedFrames = 0
  package var firstOmittedCount: UInt64 = 0
  package var lastOmittedCount: UInt64 = 0

  package init(key: PassChannelKey, name: String? = nil) {
    self.key = key
    self.name = name
  }

  /// Of the frames sent, those that came: 0…1.
  package var completeness: Double? { Self.completeness(frames - duplicates, missing) }

  static func completeness(_ received: Int, _ missing: Int) -> Double? {
    let sent = received + max(0, missing)
    return sent > 0 ? Double(received) / Double(sent) : nil
  }
}

/// One application process during a pass.
package struct PassProcess: Sendable, Equatable {
  package var key: PassChannelKey
  package var applicationProcessID: ApplicationProcessID
  package var packets = 0
  package var byteCount = 0
  package var firstSequenceCount: UInt16 = 0
  package var lastSequenceCount: UInt16 = 0
  package var gaps = 0
  package var missing = 0
  package var repeats = 0
  /// When its newest packet was received, and made; `Int64.min` where that is not known.
  var lastReceived = Int64.min
  var lastOnBoard = Int64.min
  package var omittedRanges = 0
  package var omittedPackets = 0

  package init(key: PassChannelKey, _ applicationProcessID: ApplicationProcessID) {
    self.key = key
    self.applicationProcessID = applicationProcessID
  }

  /// Of the packets sent, those that came: 0…1.
  package var completeness: Double? { PassChannel.completeness(packets - repeats, missing) }
}

extension PassChannel {
  static let blank = PassChannel(key: .blank)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    archive.optional(&name, blank: "") { $1.text(&$0) }
    archive.count(&frames)
    archive.count(&idleFrames)
    archive.item(&firstCount)
    archive.item(&lastCount)
    archive.optional(&firstTime)
    archive.optional(&lastTime)
    archive.count(&gaps)
    archive.balance(&missing)
    archive.balance(&missingAtMost)
    archive.count(&missingBefore)
    archive.count(&duplicates)
    archive.count(&late)
    archive.count(&discontinuities)
    archive.count(&omittedRanges)
    archive.count(&omittedFrames)
    archive.item(&firstOmittedCount)
    archive.item(&lastOmittedCount)
  }
}

extension PassProcess {
  static let blank = PassProcess(key: .blank, .idle)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    applicationProcessID.archive(&archive)
    archive.count(&packets)
    archive.byteCount(&byteCount)
    archive.item(&firstSequenceCount)
    archive.item(&lastSequenceCount)
    archive.count(&gaps)
    archive.count(&missing)
    archive.count(&repeats)
    archive.item(&lastReceived)
    archive.item(&lastOnBoard)
    archive.count(&omittedRanges)
    archive.count(&omittedPackets)
  }
}
