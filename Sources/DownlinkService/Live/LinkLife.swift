import CCSDSLink
import LinkHealth

/// Since when the totals of a link count, and what they have been through.
package struct LinkLife: Sendable, Equatable {
  /// Nanoseconds since 1970, UTC.
  package var since: Int64
  /// How often the daemon has ended in order since, ...
  package var restartCount = 0
  /// ... and how often in another way.
  package var crashCount = 0
  /// What was counted by runs whose ledger could not be gone on with: the totals since `since` are these and the
  /// ledger's.
  package private(set) var earlier = LinkTotals()
  /// Until when they counted; absent where there were none.
  package private(set) var earlierUntil: Int64?

  package init(since: Int64) { self.since = since }

  /// Takes over what was counted by a ledger that nobody goes on with.
  mutating func add(_ totals: LinkTotals, until time: Int64) {
    earlier = earlier + totals
    earlierUntil = time
  }
}

/// The counts of a link that can be added up, whatever the runs of the daemon were that counted them.
package struct LinkTotals: Sendable, Equatable {
  package var datagrams = 0
  package var kernelDropped = 0
  package var rejectedDatagrams = 0
  package var frames = 0
  package var rejectedFrames = 0
  package var missingFrames = 0
  package var packets = 0

  package init() {}

  /// What the ledger of a run says.
  init(_ snapshot: LinkSnapshot) {
    let ledger = snapshot.ledger
    datagrams = ledger.datagrams.received
    kernelDropped = ledger.datagrams.kernelDropped
    rejectedDatagrams = ledger.datagrams.rejected.total
    frames = ledger.frames.received
    rejectedFrames = ledger.frames.rejected.total
    missingFrames = snapshot.missingFrameCount
    packets = ledger.packets.completed
  }

  /// Each count with its name, in a fixed order.
  static var members: [(name: String, path: WritableKeyPath<LinkTotals, Int>)] {
    [
      ("datagrams", \.datagrams), ("kernel_dropped", \.kernelDropped), ("rejected_datagrams", \.rejectedDatagrams),
      ("frames", \.frames), ("rejected_frames", \.rejectedFrames), ("missing", \.missingFrames),
      ("packets", \.packets),
    ]
  }

  /// The largest count that is believed: sums of a few of them are still far from any limit.
  static let largestCount = 1 << 53

  /// A sum that cannot overflow, whatever was read.
  static func + (one: LinkTotals, other: LinkTotals) -> LinkTotals {
    var sum = one
    for (_, path) in members { sum[keyPath: path] = min(one[keyPath: path] + other[keyPath: path], largestCount) }
    return sum
  }

  func write(to json: inout JSONWriter) {
    for (name, path) in Self.members { json.member(name, self[keyPath: path]) }
  }
}
