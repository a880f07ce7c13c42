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

  /// Makes the log directory if need be, and opens the logs.
  init(_ configuration: StationConfiguration, runID: String) throws(ServiceError) {
    try Self.makeDirectory(configuration.logs.directory)
    lock = try DirectoryLock(configuration.logs.directory)
    let relay = OutletRelay()
    let queue = DispatchQueue(label: "downlinkd.logs")
    // Packing is for when there is nothing else to do.
    let compression = DispatchQueue(label: "downlinkd.logs.compression", qos: .background)
    let clocks = StatusServer.Clocks(wall: HostClock.wall, monotonic: HostClock.monotonic)
    events = RollingLog(
      Self.options(configuration.logs, "events", runID), queue: queue, compression: compression,
      outlets: RollingLog.Outlets(line: { relay.forward($0) }, notice: { relay.forward($0) }), clocks: clocks)
    statistics = RollingLog(
      Self.options(configuration.logs, "stats", runID), queue: queue, compression: compression,
      outlets: RollingLog.Outlets(notice: { relay.forward($0) }), clocks: clocks)
    self.relay = relay
    do throws(PublishError) {
      try events.open()
      try statistics.open()
    } catch {
      throw .publish(error)
    }
    relay.connect(events)
  }

  /// Lets those who watch the status socket see the events from now on.
  func connect(_ server: StatusServer) { relay.connect(server) }

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
    relay.show(status.json(atMost: Self.statisticsByteCount) { $0.member("link", status.snapshot.name) })
  }

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

  func reopen() {
    events.reopen()
    statistics.reopen()
  }

  func close() {
    events.close()
    statistics.close()
    relay.finish()
  }

  /// What is wrong with the logs.
  var problems: [Problem] {
    [("events", events), ("stats", statistics)].filter { $0.1.counters.isDegraded }.map {
      Problem(
        .logDegraded, .warning, message: "the log \($0.0).jsonl cannot be written: records are being dropped",
        hint: "make room on its file system, or see logs.directory; links are not affected")
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
  private let server = Mutex<StatusServer?>(nil)
  private let events = Mutex<RollingLog?>(nil)
  private let console = ConsoleLog()
  private let consoleQueue = DispatchQueue(label: "downlinkd.console")
  private let consoleBacklog = Atomic<Int>(0)
  private static let consoleBacklogCapacity = 256

  func connect(_ server: StatusServer) { self.server.withLock { $0 = server } }
  func connect(_ events: RollingLog) { self.events.withLock { $0 = events } }

  func forward(_ line: EventLine) { server.withLock { $0 }?.publish(line) }
  func show(_ statistics: String) { server.withLock { $0 }?.publishStatistics(statistics) }

  func forward(_ notice: LogNotice) {
    let record = EventRecord(notice, at: HostClock.wall())
    events.withLock { $0 }?.append(record)
    write(record)
  }

  /// The console hears of the daemon and its links, never of frames.
  func tellConsole(_ record: EventRecord) {
    switch record.eventType {
    case .daemon, .link, .log, .config, .clock: write(record)
    case .frameSync, .codeblockReject, .frameReject, .frameGap, .packetGap, .packetReject, .parameter, .client, .replay,
      .stats:
      break
    }
  }

  /// Standard error may be a pipe that nobody reads: whoever has an event must not wait for it.
  private func write(_ record: EventRecord) {
    guard consoleBacklog.add(1, ordering: .relaxed).newValue <= Self.consoleBacklogCapacity else {
      consoleBacklog.subtract(1, ordering: .relaxed)
      return
    }
    consoleQueue.async { [self] in
      console.write(record)
      consoleBacklog.subtract(1, ordering: .relaxed)
    }
  }

  /// Gives the last words a moment to be read.
  func finish() {
    let finished = DispatchSemaphore(value: 0)
    consoleQueue.async { finished.signal() }
    _ = finished.wait(timeout: .now() + 1)
  }
}
