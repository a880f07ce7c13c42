package import CCSDSCoding
package import CCSDSLink
import CCSDSWire

/// Units that came in and ended in a bucket each, by level. All counts only ever grow.
///
/// Every level has an identity that must hold at any time; `LossLedger.breaches` computes them all.
package struct DatagramCounts: Sendable, Equatable {
  package var received = 0
  package var accepted = 0
  /// Dropped by the kernel before we could receive them; not part of `received`.
  package var kernelDropped = 0
  package var rejected = Tally<DatagramRejection>()
  /// The bytes of the datagrams received.
  package var byteCount = 0
}

/// Why a datagram was not looked into.
package enum DatagramRejection: Int, Sendable, LedgerReason {
  case sourceNotAllowed
  /// The capture holds only part of it.
  case truncated
  case empty
  /// Longer than any that the link can carry.
  case oversize
  /// More than its sender may send.
  case rateLimited

  package var name: String {
    switch self {
    case .sourceNotAllowed: "source_not_allowed"
    case .truncated: "truncated"
    case .empty: "empty"
    case .oversize: "oversize"
    case .rateLimited: "rate_limited"
    }
  }
}

/// Bytes of a stream in which frames are yet to be found.
package struct StreamByteCounts: Sendable, Equatable {
  package var received = 0
  package var framed = 0
  package var skipped = 0
  package var pending = 0

  package init() {}

  /// What the synchronizer counted.
  package init(_ counts: StreamCounts) {
    received = counts.received
    framed = counts.framed
    skipped = counts.skipped
    pending = counts.pending
  }
}

/// Units of a coded link: what went through the decoder, or could not.
package struct CodeblockCounts: Sendable, Equatable {
  package var received = 0
  /// A frame came out of them.
  package var decoded = 0
  /// At least one codeword was beyond correction.
  package var uncorrectable = 0
  /// Came by themselves and had not the managed length.
  package var refused = 0
  /// The bytes of those.
  package var refusedByteCount = 0
  /// Of those received: cut out of the stream where a marker had to be and none was recognized.
  package var flywheel = 0
}

/// Reed–Solomon codewords.
package struct CodewordCounts: Sendable, Equatable {
  package var received = 0
  package var clean = 0
  package var corrected = 0
  package var correctedSymbols = 0
  package var uncorrectable = 0

  package init() {}

  /// Those of one codeblock.
  package init(_ corrections: CodewordCorrections) {
    received = corrections.count
    guard !corrections.isClean else {
      clean = corrections.count
      return
    }
    for codeword in 0..<corrections.count {
      switch corrections[codeword] {
      case 0?: clean += 1
      case let count?:
        corrected += 1
        correctedSymbols += count
      case nil: uncorrectable += 1
      }
    }
  }

  package static func += (sum: inout CodewordCounts, counts: CodewordCounts) {
    sum.received += counts.received
    sum.clean += counts.clean
    sum.corrected += counts.corrected
    sum.correctedSymbols += counts.correctedSymbols
    sum.uncorrectable += counts.uncorrectable
  }
}

/// Frames.
package struct FrameCounts: Sendable, Equatable {
  package var received = 0
  /// Accepted, with something in them.
  package var delivered = 0
  /// Accepted, with nothing but fill.
  package var idle = 0
  /// Accepted, on a channel that is not listed or has no room.
  package var unlisted = 0
  package var rejected = Tally<FrameRejection>()

  /// Those that came out right, whatever became of them.
  package var accepted: Int { delivered + idle + unlisted }
}

/// Bytes of packet zones of delivered frames.
package struct ZoneByteCounts: Sendable, Equatable {
  package var received = 0
  package var packets = 0
  package var idlePackets = 0
  package var discarded = Tally<ZoneDiscard>()
}

/// Packets.
package struct PacketCounts: Sendable, Equatable {
  package var completed = 0
  package var delivered = 0
  package var idle = 0
  /// Whole, and not delivered.
  package var rejected = Tally<PacketRejection>()
  /// Begun and never completed; not part of `completed`.
  package var abandoned = Tally<ZoneDiscard>()
  /// What became of the groups that application processes make of their packets.
  package var groups = PacketGroupCounts()
  /// Delivered, on an application process that has no room for counters of its own.
  package var unlisted = 0
}

/// Service data units, and their bytes: data of USLP frames that are no packets.
package struct ServiceDataUnitCounts: Sendable, Equatable {
  package var completed = 0
  /// Begun and never completed; not part of `completed`.
  package var abandoned = Tally<ZoneDiscard>()
  package var receivedByteCount = 0
  /// Of whole units, and of streams.
  package var deliveredByteCount = 0
  package var fillByteCount = 0
  /// Bytes that end in no unit.
  package var discarded = Tally<ZoneDiscard>()

  mutating func note(_ observation: ServiceDataObservation) {
    switch observation {
    case .received(let byteCount): receivedByteCount += byteCount
    case .completed(let byteCount):
      completed += 1
      deliveredByteCount += byteCount
    case .streamed(let byteCount): deliveredByteCount += byteCount
    case .fill(let byteCount): fillByteCount += byteCount
    case .discarded(let byteCount, let reason): discarded[reason] += byteCount
    case .abandoned(let reason): abandoned[reason] += 1
    }
  }
}

/// A count for each reason of a closed set.
package struct Tally<Reason: LedgerReason>: Sendable, Equatable {
  private var counts: [Int]

  package init() { counts = Array(repeating: 0, count: Reason.allCases.count) }

  package subscript(reason: Reason) -> Int {
    get { counts[reason.rawValue] }
    set { counts[reason.rawValue] = newValue }
  }

  package var total: Int { counts.reduce(0, +) }

  /// The reasons that occurred, in the order of their declaration.
  package var nonzero: [(reason: Reason, count: Int)] {
    Reason.allCases.map { (reason: $0, count: self[$0]) }.filter { $0.count > 0 }
  }
}

// MARK: - State

extension DatagramCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&received)
    archive.count(&accepted)
    archive.count(&kernelDropped)
    rejected.archive(&archive)
    archive.byteCount(&byteCount)
  }
}

extension CodeblockCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&received)
    archive.count(&decoded)
    archive.count(&uncorrectable)
    archive.count(&refused)
    archive.byteCount(&refusedByteCount)
    archive.count(&flywheel)
  }
}

extension CodewordCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&received)
    archive.count(&clean)
    archive.count(&corrected)
    archive.count(&correctedSymbols)
    archive.count(&uncorrectable)
  }
}

extension FrameCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&received)
    archive.count(&delivered)
    archive.count(&idle)
    archive.count(&unlisted)
    rejected.archive(&archive)
  }
}

extension ZoneByteCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.byteCount(&received)
    archive.byteCount(&packets)
    archive.byteCount(&idlePackets)
    discarded.archive(&archive)
  }
}

extension PacketCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&completed)
    archive.count(&delivered)
    archive.count(&idle)
    rejected.archive(&archive)
    abandoned.archive(&archive)
    groups.archive(&archive)
    archive.count(&unlisted)
  }
}

extension ServiceDataUnitCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&completed)
    abandoned.archive(&archive)
    archive.byteCount(&receivedByteCount)
    archive.byteCount(&deliveredByteCount)
    archive.byteCount(&fillByteCount)
    discarded.archive(&archive)
  }
}

extension Tally {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.each(of: &counts) { $1.byteCount(&$0) }
  }
}
