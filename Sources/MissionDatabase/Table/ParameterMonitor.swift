import CCSDSWire

/// What becomes of the values of a link: the tables of last values and the alarms, those of now and those of data that
/// were stored apart from each other.
package struct ParameterMonitor: Sendable {
  package let slots: [ParameterSlot]
  private let database: MissionDatabase
  private let plan: AlarmPlan
  private let bounds: ParameterTable.Bounds
  private var horizon: LiveHorizon
  /// The last values of packets that were sent as they were made.
  package private(set) var live: ParameterTable
  private var liveAlarms: AlarmMonitor
  /// The last values of packets that were stored; absent before the first.
  package private(set) var stored: ParameterTable?
  private var storedAlarms: AlarmMonitor
  /// What the last packet has changed.
  package private(set) var events: [AlarmEvent] = []

  package init(
    _ slots: [ParameterSlot], of database: MissionDatabase, _ plan: AlarmPlan,
    horizon: LiveHorizon = LiveHorizon(), bounds: ParameterTable.Bounds = ParameterTable.Bounds()
  ) {
    self.slots = slots
    self.database = database
    self.plan = plan
    self.bounds = bounds
    self.horizon = horizon
    live = ParameterTable(slots, of: database, bounds: bounds)
    liveAlarms = AlarmMonitor(plan)
    storedAlarms = AlarmMonitor(plan, isStored: true)
  }

  /// Whether a packet was stored on board, and says nothing about now. Each is to be asked about once, in the order in
  /// which they come: what is old is told by those before it.
  package mutating func isStored(_ stamp: PacketStamp) -> Bool { horizon.isStored(stamp) }

  /// Takes the values of a packet; what has changed is in `events` until the next one.
  ///
  /// - Parameter isStored: Whether they were stored on board.
  package mutating func take(
    _ samples: Span<ParameterSample>, of packet: RawSpan, _ stamp: PacketStamp, isStored: Bool
  ) {
    events.removeAll(keepingCapacity: true)
    guard isStored else {
      live.update(samples, of: packet, stamp)
      return liveAlarms.observe(samples, of: packet, stamp, in: &live, &events)
    }
    if stored == nil { stored = ParameterTable(slots, of: database, bounds: bounds) }
    stored?.update(samples, of: packet, stamp)
    observeStored(samples, packet, stamp)
  }

  private mutating func observeStored(_ samples: Span<ParameterSample>, _ packet: RawSpan, _ stamp: PacketStamp) {
    guard var table = stored.take() else { return }
    storedAlarms.observe(samples, of: packet, stamp, in: &table, &events)
    stored = consume table
  }

  /// How a value of the last packet stands with its limits; nothing where it has none.
  package func standing(of sample: ParameterSample, isStored: Bool) -> AlarmStanding? {
    isStored ? storedAlarms.standing(of: sample) : liveAlarms.standing(of: sample)
  }

  /// What has changed of the live values since the last time that it was asked.
  package mutating func takeChanges() -> ParameterChanges { live.takeChanges() }

  /// What has changed of the stored values since the last time that it was asked; nothing where there are none.
  package mutating func takeStoredChanges() -> ParameterChanges? { stored?.takeChanges() }
}
