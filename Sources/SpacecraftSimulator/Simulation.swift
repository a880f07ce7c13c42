/// When a datagram arrives, and which it is.
package struct DatagramStamp: Sendable, Equatable {
  /// Counted from 0 over all datagrams.
  package let index: Int
  /// By the simulated clock; never earlier than that of the datagram before.
  package let nanosecondsSince1970: Int64
}

/// A datagram of its own, for those who do not reuse a buffer.
package struct SimulatedDatagram: Sendable, Equatable {
  package let stamp: DatagramStamp
  package let bytes: [UInt8]
}

/// Spacecraft on a link: makes the datagrams that a receiver would get and keeps the truth of them.
///
/// Everything follows from the scenario: the same one gives the same bytes and the same truth.
package struct Simulation: Sendable {
  /// What is simulated.
  package let scenario: Scenario
  private var link: ImpairedLink
  /// Takes the place of the link where frames are coded.
  private var codedLink: CodedLink?
  private var account: TruthAccount
  private var record = FrameRecord()
  private var datagramCount = 0
  private var isStopped = false

  /// - Throws: all that is wrong with the scenario.
  package init(_ scenario: Scenario) throws(InvalidScenario) {
    let problems = scenario.problems
    guard problems.isEmpty else { throw InvalidScenario(problems: problems) }
    self.scenario = scenario
    link = ImpairedLink(scenario)
    codedLink = scenario.link.coding.map { CodedLink(scenario, coding: $0) }
    account = TruthAccount(scenario, channels: link.channels)
  }

  /// Writes the next datagram over `datagram`, whose storage is reused; nil at the end.
  package mutating func next(into datagram: inout [UInt8]) -> DatagramStamp? {
    let place: Int
    if codedLink != nil {
      guard codedLink?.next(into: &datagram, &account) == true else { return nil }
      account.countPiece()
      place = codedLink?.sentPlace ?? 0
    } else {
      guard !isStopped, link.next(into: &datagram, &record) else { return nil }
      account.count(datagram, record)
      place = max(0, link.sentFrameCount - 1)
    }
    defer { datagramCount += 1 }
    return DatagramStamp(
      index: datagramCount, nanosecondsSince1970: scenario.link.nanosecondsSince1970(ofFrame: place))
  }

  /// Lets no further frame begin: what follows until the end is what is on its way already.
  package mutating func stop() {
    isStopped = true
    codedLink?.stop()
  }

  /// The next datagram in storage of its own; nil at the end.
  package mutating func next() -> SimulatedDatagram? {
    var bytes: [UInt8] = []
    return next(into: &bytes).map { SimulatedDatagram(stamp: $0, bytes: bytes) }
  }

  /// The truth of all datagrams made so far, as if there were no more.
  package var truth: SimulationTruth {
    var truth = account.truth
    truth.coding = codedLink?.truth
    return truth
  }

  /// The frames that the spacecraft have sent so far, whatever became of them.
  package var sentFrameCount: Int { codedLink?.sentFrameCount ?? link.sentFrameCount }
}
