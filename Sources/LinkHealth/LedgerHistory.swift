package import CCSDSLink

/// What a ledger had counted, at one time, of what is a problem as long as it goes on.
package struct LedgerMark: Sendable, Equatable {
  package private(set) var kernelDropped = 0
  package private(set) var datagrams = 0
  package private(set) var acceptedDatagrams = 0
  package private(set) var datagramRejections = Tally<DatagramRejection>()
  package private(set) var frames = 0
  package private(set) var acceptedFrames = 0
  /// What the counters of channels say is missing, and of packets where there are no frames.
  package private(set) var missingFrames = 0
  package private(set) var missingPackets = 0
  package private(set) var unlistedFrames = 0
  package private(set) var frameRejections = Tally<FrameRejection>()
  package private(set) var zoneBytes = 0
  package private(set) var discardedBytes = Tally<ZoneDiscard>()
  package private(set) var unlistedPackets = 0
  package private(set) var deliveredPackets = 0
  package private(set) var packetRejections = Tally<PacketRejection>()
  package private(set) var validTimes = 0
  package private(set) var invalidTimes = Tally<OnboardTimeFault>()

  /// Nothing at all.
  package init() {}

  /// What it has counted by now.
  package init(_ ledger: LossLedger) {
    kernelDropped = ledger.datagrams.kernelDropped
    datagrams = ledger.datagrams.received
    acceptedDatagrams = ledger.datagrams.accepted
    datagramRejections = ledger.datagrams.rejected
    frames = ledger.frames.received
    acceptedFrames = ledger.frames.accepted
    unlistedFrames = ledger.frames.unlisted
    frameRejections = ledger.frames.rejected
    zoneBytes = ledger.zoneBytes.received
    discardedBytes = ledger.zoneBytes.discarded
    unlistedPackets = ledger.packets.unlisted
    deliveredPackets = ledger.packets.delivered
    packetRejections = ledger.packets.rejected
    missingPackets = ledger.applicationProcesses.reduce(0) { $0 + $1.continuity.missing }
    for channel in ledger.virtualChannels {
      missingFrames += channel.continuity.missing
      validTimes += channel.clock.validCount
      for fault in OnboardTimeFault.allCases { invalidTimes[fault] += channel.clock.count(of: fault) }
    }
  }

  /// What was counted since `earlier`.
  package func since(_ earlier: LedgerMark) -> LedgerMark {
    var difference = LedgerMark()
    for path in Self.counts { difference[keyPath: path] = self[keyPath: path] - earlier[keyPath: path] }
    difference.datagramRejections = datagramRejections.since(earlier.datagramRejections)
    difference.frameRejections = frameRejections.since(earlier.frameRejections)
    difference.discardedBytes = discardedBytes.since(earlier.discardedBytes)
    difference.packetRejections = packetRejections.since(earlier.packetRejections)
    difference.invalidTimes = invalidTimes.since(earlier.invalidTimes)
    return difference
  }

  private static var counts: [WritableKeyPath<LedgerMark, Int>] {
    [
      \.kernelDropped, \.datagrams, \.acceptedDatagrams, \.frames, \.acceptedFrames, \.unlistedFrames, \.zoneBytes,
      \.unlistedPackets, \.deliveredPackets, \.validTimes, \.missingFrames, \.missingPackets,
    ]
  }
}

/// What the ledger of a link had counted ten minutes ago.
package struct LedgerHistory: Sendable {
  private static let second: Int64 = 1_000_000_000
  /// How long something stays a problem after it was counted last.
  private static let memory = 600 * second
  private static let interval = 10 * second

  private struct Entry {
    let time: Int64
    let mark: LedgerMark
  }

  private let base: LedgerMark
  /// The oldest first, some seconds apart; at most one is older than ten minutes.
  private var entries: [Entry] = []

  /// - Parameter base: What had been counted when it began.
  package init(base: LedgerMark = LedgerMark()) { self.base = base }

  /// Takes what is counted by now; call it about once a second.
  ///
  /// - Parameter now: By a clock that is never set, in nanoseconds.
  package mutating func note(_ ledger: LossLedger, at now: Int64) {
    if entries.isEmpty { entries.append(Entry(time: now, mark: base)) }
    if let last = entries.last, now - last.time >= Self.interval {
      entries.append(Entry(time: now, mark: LedgerMark(ledger)))
    }
    while entries.count > 1, now - entries[1].time >= Self.memory { entries.removeFirst() }
  }

  /// How many marks are kept.
  package var markCount: Int { entries.count }

  /// What had been counted ten minutes before the last time, or when it began.
  package var earlier: LedgerMark { entries.first?.mark ?? base }
}

extension Tally {
  /// What was counted since `earlier`.
  fileprivate func since(_ earlier: Tally) -> Tally {
    var difference = Tally()
    for reason in Reason.allCases { difference[reason] = self[reason] - earlier[reason] }
    return difference
  }
}
