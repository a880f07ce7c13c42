import CCSDSLink
import CLinux
import Dispatch
import Glibc
import LinkHealth
package import Publish
package import StationConfiguration
import Synchronization

/// The daemon: builds everything a configuration asks for, keeps it going, changes it while it goes, and takes it down
/// in order.
///
/// It is the control plane: it sees values only, once a second, and nothing that happens here can hold up a link.
package actor Daemon {
  /// How to run.
  package struct Options: Sendable {
    package var configurationPath: String
    /// End with exit code 70 as soon as a ledger does not balance.
    package var isStrict = false
    package var version = DaemonVersion.number
    /// What the process may do to files, entered before.
    package var sandbox = Sandbox.none
    /// What a test may do to it.
    package var debugHooks: DebugHooks?
    /// What the service manager handed over and keeps; by default what it gave this process.
    package var kept: KeptDescriptors?
    /// The clocks it goes by, itself; links read those of the host.
    package var clocks = StatusServer.Clocks.system
    /// The leap seconds that are known when it starts.
    package var leapSeconds = LeapSeconds()
    /// What serves over HTTP. Without one nothing does, whatever the configuration says.
    package var web: (any WebService.Type)?

    package init(configurationPath: String) { self.configurationPath = configurationPath }
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let executor = QueueExecutor(queue: DispatchQueue(label: "downlinkd.control"))
  nonisolated let ended = DispatchSemaphore(value: 0)
  nonisolated let exitStatus = Atomic<Int32>(0)
  /// Whether somebody has asked for the end, be it that nobody got round to it yet.
  nonisolated let isToldToStop = Atomic<Bool>(false)
  nonisolated let options: Options
  nonisolated let outlets: Outlets
  /// For whoever runs the daemon in the same process, such as the demonstration.
  package nonisolated let board: StatusBoard
  let server: ClientSockets
  let notifier = ServiceNotifier()
  let heritage: LinkHeritage
  /// What is in force.
  var configuration: StationConfiguration
  var links: LinkSet
  var switches = LinkSwitches()
  /// What the packets of the links mean.
  var missions: MissionLibrary
  /// Whether links are being put in the place of others; until then nothing else may be changed.
  var isChanging = false
  var isReloadWanted = false
  /// What the links that have ended in the change under way have left to those of their names.
  var leftLives: [String: LinkLife] = [:]
  var watchdog = WatchdogRound()
  var clockWatch = ClockWatch()
  var host = HostConditions()
  var timers: [any DispatchSourceTimer] = []
  var synchronizing: (any DispatchSourceTimer)?
  var signals: [any DispatchSourceSignal] = []
  /// The links that have been told to stop and have not done so yet.
  var runningLinks: [String] = []
  var isStopping = false
  var hasEnded = false
  var tickCount = 0

  /// Builds the daemon: opens logs and sockets, and starts nothing yet.
  ///
  /// - Parameters:
  ///   - bound: Sockets that links may go on with.
  ///   - missions: What the packets of the links mean.
  package init(
    _ configuration: StationConfiguration, _ options: Options, bound: BoundSockets = BoundSockets(),
    missions: MissionLibrary = MissionLibrary()
  ) throws(ServiceError) {
    self.configuration = configuration
    self.missions = missions
    self.options = options
    // The queues wander over many threads. With a heap for each of them, what clients have once made it hold would be
    // held many times over.
    _ = clinux_keep_one_heap()
    let runID = RunID.make()
    let outlets = try Outlets(configuration, runID: runID)
    self.outlets = outlets
    heritage = LinkHeritage(
      descriptors: options.kept ?? KeptDescriptors(),
      totals: StoredTotals(StoredTotals.directory(configuration), emit: outlets.emit))
    let passes = PassStore(
      directory: StoredTotals.directory(configuration), options.leapSeconds.table,
      bounds: configuration.passes.bounds)
    do throws(ServiceErrors) {
      links = try LinkSet(
        configuration.links, from: LinkSet(), bound: bound, heritage: heritage, missions: missions,
        isEnabled: \.isEnabled, suppressed: outlets.events.counters.suppressed,
        leapSeconds: options.leapSeconds.table, passes: { passes.following($0, configuration.passes) },
        emit: outlets.emit)
    } catch {
      Self.reportFailure(error.first, error.lines, outlets)
      throw error.first
    }
    let board = StatusBoard(
      facts: DaemonFacts(
        configurationPath: options.configurationPath, events: outlets.events.counters,
        statistics: outlets.statistics.counters, sandbox: options.sandbox, console: outlets.console,
        textfile: configuration.metrics.textfilePath.map { MetricsTextfile(path: $0) }, version: options.version,
        startedAt: options.clocks.monotonic(),
        leapSeconds: options.leapSeconds, configuration: configuration, loadedAt: options.clocks.wall()),
      passes: passes, clocks: options.clocks)
    board.show(links.entries.map(\.owner))
    board.parameters.show(links.missions)
    self.board = board
    server = ClientSockets(
      configuration, identity: StatusServer.Identity(version: options.version, runID: runID), notice: outlets.emit,
      board: board, web: options.web)
    board.facts.clients = server.counters
  }

  /// The ports of the links, in their order: the kernel's choice where 0 was configured; 0 for one that is disabled.
  package nonisolated var localPorts: [UInt16] {
    executor.queue.sync {
      assumeIsolated { daemon in
        daemon.links.entries.map { $0.isEnabled ? daemon.links.groups[$0.key]?.input?.localPort ?? 0 : 0 }
      }
    }
  }

  private nonisolated var configurationAtStart: StationConfiguration {
    executor.queue.sync { assumeIsolated { $0.configuration } }
  }

  // MARK: From any thread

  /// Starts everything, and says so to the service manager.
  package nonisolated func start(catchingSignals: Bool = true) throws(ServiceError) {
    do throws(ServiceError) { try server.open(carryOut: control) } catch {
      Self.reportFailure(error, ServiceErrors([error])?.lines ?? [], outlets)
      throw error
    }
    server.web?.begin(configurationAtStart)
    outlets.connect(server)
    let introduction = DispatchGroup()
    executor.queue.sync { assumeIsolated { $0.begin(catchingSignals: catchingSignals, introduction) } }
    // Whoever asks sees every link, with all that an earlier run has left. One that hangs already is not waited for.
    _ = introduction.wait(timeout: .now() + Self.patienceSeconds)
    server.serve()
    executor.queue.sync { assumeIsolated { $0.tellReady() } }
  }

  /// Stops everything. `waitUntilEnded` returns when that is done.
  package nonisolated func stop() { enter { $0.beginStopping() } }

  /// Waits for the end, and gives the exit code.
  package nonisolated func waitUntilEnded() -> Int32 {
    ended.wait()
    return exitStatus.load(ordering: .acquiring)
  }

  nonisolated func enter(_ body: @escaping @Sendable (isolated Daemon) -> Void) {
    executor.queue.async { self.assumeIsolated { body($0) } }
  }

  /// Says why the daemon does not start: in its log, and where the service manager shows it.
  private static func reportFailure(_ error: ServiceError, _ lines: [String], _ outlets: Outlets) {
    outlets.reportFatal(lines.joined(separator: "; "))
    outlets.close()
    let notifier = ServiceNotifier()
    notifier.send(.status(lines.first ?? ""))
    if let number = error.systemErrorNumber { notifier.send(.errno(number)) }
  }

  // MARK: On the control queue

  /// How long one part of the daemon waits for another that may hang.
  static let patienceSeconds = 5.0

  private func begin(catchingSignals: Bool, _ introduction: DispatchGroup) {
    if catchingSignals { catchSignals() }
    outlets.report("start", options.version)
    outlets.report(options.sandbox)
    // Before anything is received: what is received then is never lost.
    heritage.begin(links)
    for group in links.groups.values { group.begin() }
    tick(introduction)
    timers.append(makeTimer(every: .seconds(1)) { $0.tick() })
    synchronizeRegularly()
    timers.append(makeTimer(every: watchInterval) { $0.watchQueues() })
  }

  private func tellReady() {
    guard !isStopping else { return }
    outlets.report("ready", options.version)
    notifier.send(.ready, .status(statusLine))
    hangIfAsked()
  }

  /// Brings the logs to the disk as often as the configuration says.
  func synchronizeRegularly() {
    synchronizing?.cancel()
    synchronizing = nil
    guard configuration.logs.syncIntervalSeconds > 0 else { return }
    let milliseconds = max(10, Int(configuration.logs.syncIntervalSeconds * 1000))
    synchronizing = makeTimer(every: .milliseconds(milliseconds)) { $0.outlets.synchronizeRegularly() }
  }

  /// A timer on the control queue, by the clock that is never set.
  private func makeTimer(
    every interval: DispatchTimeInterval, _ body: @escaping @Sendable (isolated Daemon) -> Void
  ) -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: executor.queue)
    timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(20))
    timer.setEventHandler { @Sendable [weak self] in self?.assumeIsolated { body($0) } }
    timer.activate()
    return timer
  }

  var statusLine: String {
    let (links, problems) = (links.entries.count, board.problems.count)
    return "\(links) link\(links == 1 ? "" : "s"), \(problems) problem\(problems == 1 ? "" : "s")"
  }
}

/// Tells one run of the daemon from another in its logs.
enum RunID {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    let text = String(generator.next() as UInt64, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
