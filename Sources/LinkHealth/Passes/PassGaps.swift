package import CCSDSLink
package import CCSDSWire

/// Frames that are missing in a row: what a spacecraft can be asked to send again.
package struct FrameGap: Sendable, Equatable {
  package var key: PassChannelKey
  /// The first and the last count that is missing, as they were sent: the last may be the smaller number.
  package var first: UInt64
  package var last: UInt64
  /// The counter has so many bits; 0 where nobody says.
  package var countBitCount = 0
  package var missing: Int
  /// More where the counter may have wrapped in between.
  package var missingAtMost: Int
  /// When the last frame before came, and the first after.
  package var after: ReceptionTime?
  package var before: ReceptionTime?
  /// Those of them that this host has lost, ...
  package var hostLosses = 0
  /// ... and those that it may have lost. The space link has lost the others.
  package var unknownLosses = 0
}

extension FrameGap {
  /// Those that the space link has lost.
  package var spaceLinkLosses: Int { missing - hostLosses - unknownLosses }

  fileprivate var mask: UInt64 { countBitCount == 0 ? .max : 1 << UInt64(countBitCount) - 1 }

  /// Whether its counts are all that is missing: not where the counter went round more than once.
  private var isPlain: Bool { Int(truncatingIfNeeded: (last &- first) & mask) == missing - 1 }

  /// Whether a count lies in it.
  func contains(_ count: UInt64) -> Bool { missing > 0 && (count &- first) & mask <= (last &- first) & mask }

  /// Takes one frame off those that somebody has lost: the space link first.
  mutating func unblame() -> LossCause {
    if spaceLinkLosses > 0 { return .spaceLink }
    if unknownLosses > 0 {
      unknownLosses -= 1
      return .unknown
    }
    hostLosses -= 1
    return .host
  }

  /// Cuts a count out.
  ///
  /// - Returns: What lies behind it, if the range was cut in two.
  mutating func cut(_ count: UInt64) -> FrameGap? {
    defer {
      missing -= 1
      missingAtMost = max(missing, missingAtMost - 1)
    }
    guard isPlain, missing > 1 else { return nil }
    if first == count {
      first = (first &+ 1) & mask
    } else if last == count {
      last = (last &- 1) & mask
    } else {
      var rest = self
      rest.first = (count &+ 1) & mask
      rest.missing = Int(truncatingIfNeeded: (rest.last &- count) & mask)
      rest.missingAtMost = rest.missing
      rest.hostLosses = min(hostLosses, rest.missing)
      rest.unknownLosses = min(unknownLosses, rest.missing - rest.hostLosses)
      last = (count &- 1) & mask
      missing -= rest.missing
      missingAtMost = missing
      hostLosses -= rest.hostLosses
      unknownLosses -= rest.unknownLosses
      return rest
    }
    return nil
  }
}

/// Packets of an application process that are missing in a row.
package struct PacketGap: Sendable, Equatable {
  package var key: PassChannelKey
  package var applicationProcessID: ApplicationProcessID
  package var first: UInt16
  package var last: UInt16
  package var missing: Int
  /// When the last packet before was received, and the first after.
  package var after: ReceptionTime?
  package var before: ReceptionTime?
  /// When those were made, by the clock on board.
  package var onBoardAfter: TAIInstant?
  package var onBoardBefore: TAIInstant?
}

/// The losses of a pass, as far as there is room.
package struct PassGaps: Sendable, Equatable {
  /// Ranges of frames that are listed at most, ...
  package static let frameCapacity = 4096
  /// ... and ranges of packets.
  package static let packetCapacity = 4096
  /// Room that is there from the beginning.
  private static let reserve = 256
  /// No frame is later than that: a longer way back is not looked.
  private static let lookBack = 256

  package private(set) var frames: [FrameGap] = []
  package private(set) var packets: [PacketGap] = []

  package init() {}

  /// Makes room for the first ones.
  mutating func reserve() {
    frames.reserveCapacity(Self.reserve)
    packets.reserveCapacity(Self.reserve)
  }

  /// Keeps a range. Returns where it is; nothing when there is no room for it.
  mutating func append(_ gap: FrameGap) -> Int? {
    guard frames.count < Self.frameCapacity else { return nil }
    frames.append(gap)
    return frames.count - 1
  }

  /// Keeps a range. Returns whether there was room for it.
  mutating func append(_ gap: PacketGap) -> Bool {
    guard packets.count < Self.packetCapacity else { return false }
    packets.append(gap)
    return true
  }

  /// Says who has lost so many frames of a range.
  mutating func blame(_ index: Int, host: Int, unknown: Int) {
    frames[index].hostLosses += host
    frames[index].unknownLosses += unknown
  }

  /// Takes a frame that has come late out of the range that it was in. Every other range stays in its place.
  ///
  /// - Returns: Who was thought to have lost it; nothing when it was in no range that is listed.
  mutating func fill(_ key: PassChannelKey, _ count: UInt64) -> LossCause? {
    let newest = max(0, frames.count - Self.lookBack)
    for index in (newest..<frames.count).reversed() where frames[index].key == key {
      guard frames[index].contains(count) else { continue }
      let cause = frames[index].unblame()
      if let rest = frames[index].cut(count), frames.count < Self.frameCapacity { frames.append(rest) }
      return cause
    }
    return nil
  }

  /// The ranges with something in them, channel by channel, in the order in which they were sent.
  package var sortedFrames: [FrameGap] {
    frames.enumerated().filter { $0.element.missing > 0 }
      .sorted { left, right in
        if left.element.key != right.element.key { return left.element.key < right.element.key }
        if let a = left.element.before, let b = right.element.before, a != b { return a < b }
        if left.element.before == right.element.before, left.element.after == right.element.after {
          // Two parts of one range.
          let distance = (right.element.first &- left.element.first) & left.element.mask
          if distance != 0 { return distance < left.element.mask / 2 }
        }
        return left.offset < right.offset
      }.map(\.element)
  }

  /// The ranges, process by process.
  package var sortedPackets: [PacketGap] {
    packets.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.key != b.key { return a.key < b.key }
      if a.applicationProcessID != b.applicationProcessID { return a.applicationProcessID < b.applicationProcessID }
      return left.offset < right.offset
    }.map(\.element)
  }
}

extension FrameGap {
  static let blank = FrameGap(key: .blank, first: 0, last: 0, missing: 0, missingAtMost: 0)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    archive.item(&first)
    archive.item(&last)
    archive.item(&countBitCount, in: 0...56)
    archive.count(&missing)
    archive.count(&missingAtMost)
    archive.optional(&after)
    archive.optional(&before)
    archive.count(&hostLosses)
    archive.count(&unknownLosses)
    archive.require(hostLosses + unknownLosses <= missing)
  }
}

extension PacketGap {
  static let blank = PacketGap(key: .blank, applicationProcessID: .idle, first: 0, last: 0, missing: 0)

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    applicationProcessID.archive(&archive)
    archive.item(&first)
    archive.item(&last)
    archive.count(&missing)
    archive.optional(&after)
    archive.optional(&before)
    archive.optional(&onBoardAfter, blank: .ccsdsEpoch) { $0.archive(&$1) }
    archive.optional(&onBoardBefore, blank: .ccsdsEpoch) { $0.archive(&$1) }
  }
}

extension PassGaps {
  /// Saves or restores them.
  mutating func archive(_ archive: inout StateArchive) {
    archive.array(&frames, atMost: Self.frameCapacity, blank: .blank) { $0.archive(&$1) }
    archive.array(&packets, atMost: Self.packetCapacity, blank: .blank) { $0.archive(&$1) }
  }
}
