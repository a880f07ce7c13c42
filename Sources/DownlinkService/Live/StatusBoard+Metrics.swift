import CCSDSLink
import CCSDSWire
import Ingest
package import LinkHealth
import MissionDatabase
import Publish
import StationConfiguration

/// The metrics of the station, for Prometheus.
///
/// They are made of the same last values as every other answer: no link is asked, and none waits.
extension StatusBoard {
  /// The document in a format, for whoever scrapes. Any queue may ask.
  ///
  /// - Parameter forTextfile: Leaves out what the program that reads the file has under the same names of its own.
  package func metrics(_ format: ExpositionFormat, forTextfile: Bool = false) -> MetricsDocument {
    var snapshot = stationSnapshot()
    if !forTextfile { snapshot.process = ProcessReading.now() }
    let document = MetricsDocument(
      snapshot, format, limit: facts.configuration.metrics.seriesLimit, earlierOmittedCount: omittedSeries.value)
    omittedSeries.add(document.omittedCount)
    return document
  }

  /// All that is known of the station now, its process apart.
  package func stationSnapshot() -> StationSnapshot {
    let (links, facts) = (links, facts)
    let configuration = facts.configuration
    var station = StationSnapshot()
    station.links = links.map { StationSnapshot.Link($0, configuration.metrics.applicationProcessIDs) }
    station.problems = StationSnapshot.ProblemCounts(problems.filter { $0.link == nil })
    station.limits = limits
    station.web = web
    station.parameters = parameters.listed(configuration.metrics.parameters)
    station.parameterLevels = AlarmLevel.allCases.map(\.name)
    facts.describe(&station)
    return station
  }
}

extension DaemonFacts {
  /// Tells of the daemon itself.
  fileprivate func describe(_ station: inout StationSnapshot) {
    station.build.version = version
    station.build.swift = Self.languageVersion
    station.configuration.isLastReloadSuccessful = lastReload?.errors.isEmpty ?? true
    station.configuration.loadedAt = loadedAt
    station.host.clockStepCount = clockSteps.value
    station.host.leapSecondExpiry = leapSeconds.table.expiry.flatMap { leapSeconds.table.unixNanoseconds(of: $0) }
    station.logs = [("events", events), ("stats", statistics)].map { StationSnapshot.Log(name: $0, $1) }
    station.queues = [
      StationSnapshot.Queue(
        name: console.name, depth: console.depth, capacity: ConsoleQueue.capacity,
        droppedCount: Int(clamping: console.droppedCount))
    ]
    let suppressed = [events, statistics].map(\.suppressed.byType)
    station.suppressedEvents = EventType.allCases.map { type in
      (type.rawValue, suppressed.reduce(0) { $0 + Int(clamping: $1[type] ?? 0) })
    }
    station.clients = StationSnapshot.Clients(clients)
    station.textfile = textfile.map {
      StationSnapshot.Textfile(writeCount: $0.writeCount, errorCount: $0.errorCount)
    }
  }

  /// What the compiler says of itself.
  private static var languageVersion: String {
    #if swift(>=6.4)
      "6.4"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}

extension StationSnapshot.Link {
  /// A link as the outside sees it.
  fileprivate init(_ status: LinkStatus, _ applicationProcesses: [ApplicationProcessID]) {
    self.init(status.snapshot, applicationProcesses: applicationProcesses)
    state = status.state
    transport = status.transport
    isPassExpected = status.isPassExpected
    takenAt = status.takenAt.nanosecondsSince1970
    since = status.life.since
    receiveBufferByteCount = status.receiveBufferByteCount
    receiveQueueByteCount = status.receiveQueueByteCount
    problems = StationSnapshot.ProblemCounts(status.problems)
    limits = status.resourceLimits
    if let connection = status.connection {
      var connections = StationSnapshot.Connections()
      connections.madeCount = connection.connectionCount
      connections.failedAttemptCount = connection.failedAttemptCount
      connections.refused = [("busy", connection.busyRefusalCount), ("address", connection.addressRefusalCount)]
      self.connections = connections
    }
    sinks = status.sinks.map { StationSnapshot.Sink($0) }
    decoding = status.parameters.map { StationSnapshot.Decoding($0) }
  }
}

extension StationSnapshot.Sink {
  fileprivate init(_ status: FrameMirrorStatus) {
    self.init(name: status.sink.endpoint)
    let counts = status.counts
    sentCount = counts.sent
    dropped = [("no_room", counts.noRoom), ("too_long", counts.tooLong), ("failed", counts.failed)]
  }
}

extension StationSnapshot.Decoding {
  fileprivate init(_ summary: ParameterSummary) {
    self.init()
    let counts = summary.counts
    packets = [
      ("whole", counts.whole), ("long", counts.long), ("short", counts.short),
      ("impossible_size", counts.impossibleSize),
      ("unidentified", counts.unidentified), ("too_many_values", counts.tooManyValues),
    ]
    valueCount = counts.values
    alarmChangeCount = counts.alarmChanges
    alarms = AlarmLevel.allCases.filter { $0 != .normal }.map { level in
      (level.name, summary.alarms.first { $0.level == level }?.count ?? 0)
    }
  }
}

extension StationSnapshot.Log {
  fileprivate init(name: String, _ counters: LogCounters) {
    self.init(name: name)
    recordCount = Int(clamping: counters.recordCount)
    writtenByteCount = Int(clamping: counters.writtenByteCount)
    droppedRecordCount = Int(clamping: counters.droppedRecordCount)
    rotationCount = Int(clamping: counters.rotationCount)
    writeErrorCount = Int(clamping: counters.writeErrorCount)
    compressionErrorCount = Int(clamping: counters.compressionErrorCount)
    deletedFileCount = Int(clamping: counters.deletedFileCount)
    isDegraded = counters.isDegraded
  }
}

extension StationSnapshot.Clients {
  /// Those of both sockets.
  fileprivate init(_ sockets: [(name: String, counters: StatusServerCounters)]) {
    self.init()
    func sum(_ count: (StatusServerCounters) -> UInt64) -> Int {
      sockets.reduce(0) { $0 + Int(clamping: count($1.counters)) }
    }
    connected = sockets.map { ($0.name, Int(clamping: $0.counters.clientCount)) }
    evicted = [
      ("slow", sum(\.evictedSlowCount)), ("too_long", sum(\.evictedTooLongCount)), ("idle", sum(\.evictedIdleCount)),
      ("busy", sum(\.deniedCount)), ("busy_user", sum(\.deniedForUserCount)), ("not_allowed", sum(\.forbiddenCount)),
    ]
    requests =
      StatusCommand.allCases.map { command in (command.rawValue, sum { $0.requestCount(command) }) }
      + ControlCommand.allCases.map { command in (command.rawValue, sum { $0.requestCount(command) }) }
  }
}
