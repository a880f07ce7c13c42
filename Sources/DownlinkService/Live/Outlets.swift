import Dispatch
import Glibc
import LinkHealth
import Publish
import StationConfiguration
import Synchronization

/// Where a running daemon's events and statistics go: the logs, the console, and whoever watches.
final class Outlets: Sendable {
  let events: RollingLog
  let statistics: RollingLog
  private let relay: OutletRelay
  private let lock: DirectoryLock
  var console: ConsoleQueue { relay.console }
  private let runID: String
  /// Both logs are written on it.
  private let queue = DispatchQueue(label: "downlinkd.logs")

  /// Makes the log directory if need be, and opens the logs.
  init(_ configuration: StationConfiguration, runID: String) throws(ServiceError) {
    try Self.makeDirectory(configuration.logs.directory)
    lock = try DirectoryLock(configuration.logs.directory)
    let relay = OutletRelay()
    self.runID = runID
    // Packing is for when there is nothing else to do.
    let compression = DispatchQueue(label: "downlinkd.logs.compression", qos: .background)
    events = RollingLog(
      Self.options(configuration.logs, "events", runID), queue: queue, compression: compression,
      outlets: RollingLog.Outlets(line: { relay.forward($0) }, notice: { relay.forward($0) }), clocks: .system)
    statistics = RollingLog(
      Self.options(configuration.logs, "stats", runID), queue: queue, compression: compression,
      outlets: RollingLog.Outlets(notice: { relay.forward($0) }), clocks: .system)
    self.relay = relay
    // What a log finds when it is opened is written into it, too.
    relay.connect(events)
    do throws(PublishError) {
      try events.open()
      try statistics.open()
    } catch {
      throw .publish(error)
    }
  }

  /// Lets those who watch see the events from now on.
  func connect(_ sockets: ClientSockets) { relay.connect(sockets) }

  /// Takes an event from any queue, and never waits.
  var emit: @Sendable (EventRecord) -> Void {
    { [events, relay] record in
      events.append(record)
      relay.tellConsole(record)
    }
  }

  /// An event of the daemon itself, such as `start`.
  func report(_ action: String, _ version: String) {
    emit(
      EventRecord(.daemon, severity: .info, time: HostClock.wall()) {
        $0.member("action", action)
        $0.member("version", version)
      })
  }

  /// Why the daemon cannot go on. Whoever started it is told in another way.
  func reportFatal(_ reason: String) {
    events.append(
      EventRecord(.daemon, severity: .error, time: HostClock.wall()) {
        $0.member("action", "fatal")
        $0.member("reason", reason)
      })
  }

  /// A link that was to stop and did not in time.
  func reportUnfinished(link: String, seconds: Double) {
    emit(
      EventRecord(.link, severity: .error, time: HostClock.wall(), link: link) {
        $0.member("action", "down")
        $0.member("reason", "it did not stop within \(seconds) s: its counts are as of the last second")
      })
  }

  /// Writes the counters of a link to the statistics log.
  func append(statistics status: LinkStatus) {
    statistics.append(Self.record(of: status, .info))
  }

  /// Shows the counters of a link to those who watch.
  func show(_ status: LinkStatus) {
    let name = status.snapshot.name
    relay.show(statisticsOf: name) { status.json(atMost: Self.statisticsByteCount) { $0.member("link", name) } }
  }

  /// Shows what has changed of the parameters of a link to those who watch them.
  func show(_ rows: ParameterRows) { relay.show(rows) }

  /// Writes the state of every link as events.
  func dump(_ links: [LinkStatus]) {
    for status in links { events.append(Self.record(of: status, .notice)) }
  }

  private static func record(of status: LinkStatus, _ severity: EventSeverity) -> EventRecord {
    EventRecord(
      .stats, severity: severity, time: HostClock.wall(), link: status.snapshot.name,
      body: status.json(atMost: statisticsByteCount))
  }

  /// Half of what may wait for a client that watches, and days of statistics in a gibibyte.
  private static let statisticsByteCount = 128 << 10

  func tick() {
    events.tick()
    statistics.tick()
  }

  /// Brings what is written to the disk.
  func synchronize() {
    events.synchronize()
    statistics.synchronize()
  }

  /// The same, for whoever asks again and again.
  func synchronizeRegularly() {
    events.synchronizeRegularly()
    statistics.synchronizeRegularly()
  }

  /// Finishes the files and begins new ones.
  func rotate() {
    events.rotate()
    statistics.rotate()
  }

  /// Answers when all that was asked of the logs before is done.
  func answer(_ answered: @escaping @Sendable () -> Void) { queue.async { answered() } }

  /// Takes over the bounds of another configuration; the directory stays.
  func apply(_ logs: LogConfiguration) {
    events.setBounds(Self.options(logs, "events", runID))
    statistics.setBounds(Self.options(logs, "stats", runID))
  }

  /// The console and the journal hear of nothing that matters less.
  func setConsoleThreshold(_ severity: EventSeverity) { console.setThreshold(severity) }

  func reopen() {
    events.reopen()
    statistics.reopen()
  }

  func close() {
    events.close()
    statistics.close()
    lock.release()
  }

  /// What is wrong with the logs.
  var problems: [Problem] {
    [events.counters, statistics.counters].compactMap { counters in
      guard let failure = counters.failure else { return nil }
      let dropped = counters.droppedRecordCount
      return Problem(
        .logDegraded, .warning,
        message: failure.message + (dropped > 0 ? "; \(dropped) records were dropped since the start" : ""),
        hint: (failure.hint.map { $0 + "; " } ?? "") + "it is tried again by itself, once a minute at least")
    }
  }

  private static func options(_ logs: LogConfiguration, _ name: String, _ runID: String) -> RollingLog.Options {
    var options = RollingLog.Options(directory: logs.directory, name: name, runID: runID)
    options.maximumFileByteCount = logs.maximumFileByteCount
    options.maximumFileAgeSeconds = Int(logs.maximumAgeSeconds)
    options.maximumTotalByteCount = logs.maximumTotalByteCount
    options.siblingNames = ["events", "stats"].filter { $0 != name }
    options.maximumFileCount = logs.maximumFileCount
    options.maximumDayCount = logs.maximumDayCount
    options.minimumFreeByteCount = logs.minimumFreeByteCount
    options.compresses = logs.compresses
    options.synchronizesEveryRecord = logs.syncIntervalSeconds == 0
    return options
  }

  static func makeDirectory(_ path: String) throws(ServiceError) {
    guard unsafe mkdir(path, 0o750) != 0, errno != EEXIST else { return }
    throw .cannotCreate(path: path, errno: errno)
  }

  /// Makes the directory that a file is to be in.
  static func makeDirectory(containing path: String) throws(ServiceError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    try makeDirectory(String(path[..<slash]))
  }
}

/// Ties together outlets that refer to each other, and are made one after the other.
private final class OutletRelay: Sendable {
  private let sockets = Mutex<ClientSockets?>(nil)
  private let events = Mutex<RollingLog?>(nil)
  let console = ConsoleQueue()

  func connect(_ sockets: ClientSockets) { self.sockets.withLock { $0 = sockets } }
  func connect(_ events: RollingLog) { self.events.withLock { $0 = events } }

  func forward(_ line: EventLine) { sockets.withLock { $0 }?.publish(line) }
  func show(statisticsOf link: String, _ object: @escaping @Sendable () -> String) {
    sockets.withLock { $0 }?.publishStatistics(of: link, object)
  }

  func show(_ rows: ParameterRows) {
    sockets.withLock { $0 }?.publishParameters(rows.batch)
  }

  func forward(_ notice: LogNotice) {
    let record = EventRecord(notice, at: HostClock.wall())
    events.withLock { $0 }?.append(record)
    console.write(record)
  }

  /// The console hears of the daemon and its links, never of frames.
  func tellConsole(_ record: EventRecord) {
    switch record.eventType {
    case .daemon, .link, .log, .config, .clock, .pass: console.write(record)
    case .frameSync, .codeblockReject, .frameReject, .frameGap, .packetGap, .packetReject, .parameter, .client, .replay,
      .stats:
      break
    }
  }
}
