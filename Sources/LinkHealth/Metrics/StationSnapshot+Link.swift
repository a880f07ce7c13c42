import CCSDSLink
package import CCSDSWire

/// What a link is doing.
package enum LinkState: String, Sendable, CaseIterable {
  case receiving
  case quiet
  case down
  /// It was told not to hear.
  case disabled
}

extension StationSnapshot {
  /// A link at one moment: its snapshot, and what only the edge knows.
  package struct Link: Sendable {
    package let snapshot: LinkSnapshot
    package let identities: MetricIdentities
    package var state = LinkState.quiet
    package var transport = ""
    /// Whether a pass was announced for now; absent where no plan says.
    package var isPassExpected: Bool?
    /// When it was asked, and since when its ledger counts, in nanoseconds since 1970.
    package var takenAt: Int64 = 0
    package var since: Int64 = 0
    package var receiveBufferByteCount = 0
    package var receiveQueueByteCount = 0
    package var problems = ProblemCounts()
    /// Absent for a link that makes no connections.
    package var connections: Connections?
    /// Where its good frames go besides.
    package var sinks: [Sink] = []
    /// What is bounded on the link.
    package var limits: [ResourceLimit] = []
    /// Absent for a link without a mission database.
    package var decoding: Decoding?

    /// - Parameter applicationProcesses: Those that are to have series of their own.
    package init(_ snapshot: LinkSnapshot, applicationProcesses: [ApplicationProcessID] = []) {
      self.snapshot = snapshot
      identities = MetricIdentities(snapshot, applicationProcesses)
    }

    var name: String { snapshot.name }
    var ledger: LossLedger { snapshot.ledger }

    /// The sum over some virtual channels, by their places in the ledger.
    func sum(channels places: [Int], _ count: (VirtualChannelHealth) -> Int) -> Int {
      places.reduce(0) { $0 + count(snapshot.ledger.virtualChannels[$1]) }
    }

    /// The sum over some application processes, by their places in the ledger.
    func sum(applicationProcesses places: [Int], _ count: (ApplicationProcessHealth) -> Int) -> Int {
      places.reduce(0) { $0 + count(snapshot.ledger.applicationProcesses[$1]) }
    }

    /// The managed parameters of its frames; absent for a link of packets.
    var channel: PhysicalChannelParameters? {
      if case .frames(let channel) = snapshot.parameters { channel } else { nil }
    }

    /// Whether its frames may carry data that are no packets.
    var hasServiceData: Bool { channel?.frameType == .uslp }
  }

  /// A place that good frames of a link go to.
  package struct Sink: Sendable {
    package var name: String
    package var sentCount = 0
    /// By reason, all there can be: frames that were not sent.
    package var dropped: [(reason: String, count: Int)] = []

    package init(name: String) { self.name = name }
  }

  /// What became of the connections of a link.
  package struct Connections: Sendable {
    package var madeCount = 0
    package var failedAttemptCount = 0
    /// By reason, all there can be: peers that were sent away.
    package var refused: [(reason: String, count: Int)] = []

    package init() {}
  }

  /// What became of the packets of a link by its mission database.
  package struct Decoding: Sendable {
    /// By outcome, all there can be.
    package var packets: [(outcome: String, count: Int)] = []
    package var valueCount = 0
    package var alarmChangeCount = 0
    /// By level, all there can be: the parameters that are in alarm.
    package var alarms: [(level: String, count: Int)] = []

    package init() {}
  }
}
