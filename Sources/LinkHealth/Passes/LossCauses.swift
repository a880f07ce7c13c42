import CCSDSLink
import CCSDSWire

/// Who has lost a frame. Every frame that is missing has one cause.
package enum LossCause: String, Sendable, CaseIterable {
  /// It was never received right: the way from the spacecraft up to this host.
  case spaceLink = "space_link"
  /// The kernel of this host dropped its datagram, or the daemon turned it away for its rate.
  case host
  /// This host dropped datagrams at that time, and nobody knows whose or what was in them.
  case unknown
}

/// How many frames of a pass were lost by whom.
package struct LossCauses: Sendable, Equatable {
  package var spaceLink = 0
  package var host = 0
  package var unknown = 0

  package init() {}

  /// All of them.
  package var total: Int { spaceLink + host + unknown }

  package subscript(cause: LossCause) -> Int {
    switch cause {
    case .spaceLink: spaceLink
    case .host: host
    case .unknown: unknown
    }
  }
}

/// Brings together the frames that are missing and what this host is known to have dropped.
///
/// A range of missing frames lies between two receptions, and what the host dropped between two looks at its counters.
/// As far as the two times overlap, missing frames are laid at the host: no more than there may have been in the
/// datagrams. Either may be known first, so both wait for the other for a while; what is claimed by nobody was lost on
/// the space link.
package struct LossAttribution: Sendable, Equatable {
  private struct Range: Sendable, Equatable {
    /// Its place among the ranges that are listed; negative for one that is not.
    var index: Int
    var after: Int64
    var before: Int64
    var left: Int
  }

  private struct Drops: Sendable, Equatable {
    var after: Int64
    var before: Int64
    var left: Int
    var cause: LossCause
  }

  private static let rangeCapacity = 64
  private static let dropCapacity = 16

  private var ranges: [Range] = []
  private var drops: [Drops] = []
  /// Frames laid at the host, and those that it may have lost.
  private(set) var host = 0
  private(set) var unknown = 0

  init() {
    ranges.reserveCapacity(Self.rangeCapacity)
    drops.reserveCapacity(Self.dropCapacity)
  }

  /// A range of missing frames was found.
  mutating func note(_ gap: FrameGap, at index: Int?, _ gaps: inout PassGaps) {
    var range = Range(
      index: index ?? -1, after: gap.after?.nanosecondsSince1970 ?? .min,
      before: gap.before?.nanosecondsSince1970 ?? .max, left: gap.missing)
    for place in drops.indices { add(Self.match(&range, &drops[place], &gaps), drops[place].cause) }
    drops.removeAll { $0.left == 0 }
    guard range.left > 0 else { return }
    if ranges.count == Self.rangeCapacity { ranges.removeFirst() }
    ranges.append(range)
  }

  /// This host has dropped what may have held so many frames, since it was looked last.
  mutating func note(
    drops count: Int, _ cause: LossCause, after: ReceptionTime, before: ReceptionTime, _ gaps: inout PassGaps
  ) {
    var dropped = Drops(
      after: after.nanosecondsSince1970, before: before.nanosecondsSince1970, left: count, cause: cause)
    for place in ranges.indices { add(Self.match(&ranges[place], &dropped, &gaps), cause) }
    ranges.removeAll { $0.left == 0 }
    guard dropped.left > 0 else { return }
    if drops.count == Self.dropCapacity { drops.removeFirst() }
    drops.append(dropped)
  }

  /// A frame that was missing has come.
  mutating func takeBack(_ cause: LossCause) {
    switch cause {
    case .spaceLink: break
    case .host: host -= 1
    case .unknown: unknown -= 1
    }
  }

  /// What was lost of all that is missing, by whom.
  func causes(missing: Int) -> LossCauses {
    var causes = LossCauses()
    causes.host = min(host, missing)
    causes.unknown = min(unknown, missing - causes.host)
    causes.spaceLink = missing - causes.host - causes.unknown
    return causes
  }

  private mutating func add(_ count: Int, _ cause: LossCause) {
    switch cause {
    case .host: host += count
    case .unknown: unknown += count
    case .spaceLink: break
    }
  }

  /// Lays at the host what may be of a range. Returns how many frames that are.
  private static func match(_ range: inout Range, _ dropped: inout Drops, _ gaps: inout PassGaps) -> Int {
    guard dropped.left > 0, range.before >= dropped.after, range.after <= dropped.before else { return 0 }
    var count = min(range.left, dropped.left)
    if range.index >= 0 { count = min(count, gaps.frames[range.index].spaceLinkLosses) }
    guard count > 0 else { return 0 }
    range.left -= count
    dropped.left -= count
    if range.index >= 0 {
      let isHost = dropped.cause == .host
      gaps.blame(range.index, host: isHost ? count : 0, unknown: isHost ? 0 : count)
    }
    return count
  }
}

extension LossAttribution {
  /// Saves or restores it, but for what still waits for the other side.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&host)
    archive.count(&unknown)
  }
}
