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
    package var clocks = StatusServer.Clocks.host

    package init(configurationPath: String) { self.configurationPath = configurationPath }
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let executor = QueueExecutor(queue: DispatchQueue(label: "downlinkd.control"))
  private nonisolated let ended = DispatchSemaphore(value: 0)
  private nonisolated let exitStatus = Atomic<Int32>(0)
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
  /// Whether links are being put in the place of others; until then nothing else may be changed.
  var isChanging = false
  var isReloadWanted = false
  var watchdog = WatchdogRound()
  var clockWatch = ClockWatch()
  var host = HostConditions()
  private var timers: [any DispatchSourceTimer] = []
  private var synchronizing: (any DispatchSourceTimer)?
  private var signals: [any DispatchSourceSignal] = []
  /// The links that have been told to stop and have not done so yet.
  private var runningLinks: [String] = []
  private(set) var isStopping = false
  private var hasEnded = false
  private var tickCount = 0

  /// Builds the daemon: opens logs and sockets, and starts nothing yet.
  ///
  /// - Parameter bound: Sockets that links may go on with.
  package init(
    _ configuration: StationConfiguration, _ options: Options, bound: BoundSockets = BoundSockets()
  ) throws(ServiceError) {
    self.configuration = configuration
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
    do throws(ServiceErrors) {
      links = try LinkSet(
        configuration.links, from: LinkSet(), bound: bound, heritage: heritage, isEnabled: \.isEnabled,
        suppressed: outlets.events.counters.suppressed, emit: outlets.emit)
    } catch {
      throw error.first
    }
    let board = StatusBoard(
      facts: DaemonFacts(
        configurationPath: options.configurationPath, events: outlets.events.counters,
        statistics: outlets.statistics.counters, sandbox: options.sandbox, console: outlets.console,
        startedAt: options.clocks.monotonic(),
        configuration: configuration, loadedAt: options.clocks.wall()))
    board.show(links.entries.map(\.owner))
    self.board = board
    server = ClientSockets(
      configuration, identity: StatusServer.Identity(version: options.version, runID: runID), notice: outlets.emit
    ) { board.answer($0, $1) }
  }

  /// The ports of the links, in their order: the kernel's choice where 0 was configured; 0 for one that is disabled.
  package nonisolated var localPorts: [UInt16] {
    executor.queue.sync {
      assumeIsolated { daemon in
        daemon.links.entries.map { $0.isEnabled ? daemon.links.groups[$0.key]?.input?.localPort ?? 0 : 0 }
      }
    }
  }

  // MARK: From any thread

  /// Starts everything, and says so to the service manager.
  package nonisolated func start(catchingSignals: Bool = true) throws(ServiceError) {
    try server.start(carryOut: control)
    outlets.connect(server)
    executor.queue.sync { assumeIsolated { $0.begin(catchingSignals: catchingSignals) } }
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

  // MARK: On the control queue

  private func begin(catchingSignals: Bool) {
    if catchingSignals { catchSignals() }
    outlets.report("start", options.version)
    outlets.report(options.sandbox)
    // Before anything is received: what is received then is never lost.
    heritage.begin(links)
    for group in links.groups.values { group.begin() }
    tick()
    timers.append(makeTimer(every: .seconds(1)) { $0.tick() })
    synchronizeRegularly()
    if let microseconds = notifier.watchdogMicroseconds {
      timers.append(makeTimer(every: .microseconds(Int(clamping: microseconds / 2))) { $0.feedWatchdog() })
    }
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
    synchronizing = makeTimer(every: .milliseconds(milliseconds)) { $0.outlets.synchronize() }
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

  private func tick() {
    tickCount += 1
    watchClock()
    let isStatisticsTick = tickCount % max(1, Int(configuration.statsIntervalSeconds)) == 0
    for owner in links.entries.map(\.owner) {
      owner.tick { [self] status in
        board.post(status, of: owner)
        // To write it down takes longer than to take it: not on the link's time.
        enter { $0.tell(status, of: owner, asRecord: isStatisticsTick) }
      }
    }
    outlets.tick()
    board.post(problems: outlets.problems + heritage.problems + server.problems + host.problems(at: HostClock.wall()))
    if tickCount % StoredTotals.intervalSeconds == 0 { heritage.store(board.links) }
    if tickCount % 10 == 0 { notifier.send(.status(statusLine)) }
    if options.isStrict, !board.isBalanced { beginStopping(exitStatus: 70) }
  }

  /// Tells the status of a link, unless its last one has been told meanwhile.
  private func tell(_ status: LinkStatus, of owner: LinkOwner, asRecord isRecord: Bool) {
    guard !isStopping, links.entries.contains(where: { $0.owner === owner }) else { return }
    outlets.show(status)
    if isRecord { outlets.append(statistics: status) }
  }

  var statusLine: String {
    let (links, problems) = (links.entries.count, board.problems.count)
    return "\(links) link\(links == 1 ? "" : "s"), \(problems) problem\(problems == 1 ? "" : "s")"
  }

  private func catchSignals() {
    for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] {
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: executor.queue)
      source.setEventHandler { @Sendable [weak self] in self?.assumeIsolated { $0.caught(number) } }
      source.activate()
      signals.append(source)
    }
    // A client or a disk that goes away is an error of that call, not the end of the process.
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  private func caught(_ number: Int32) {
    switch number {
    case SIGHUP:
      outlets.reopen()
      reloadOnSignal()
    case SIGUSR1: outlets.reopen()
    case SIGUSR2: outlets.dump(board.links)
    // Whoever says it twice does not want to wait for what hangs, nor for what the end of a process may hang in.
    case _ where isStopping: _exit(exitStatus.load(ordering: .acquiring))
    default: beginStopping()
    }
  }

  // MARK: The end

  func beginStopping(exitStatus status: Int32 = 0) {
    guard !isStopping else { return }
    isStopping = true
    exitStatus.store(status, ordering: .releasing)
    notifier.send(.stopping)
    for timer in timers { timer.cancel() }
    synchronizing?.cancel()
    (timers, synchronizing) = ([], nil)
    runningLinks = links.entries.map(\.owner.name)
    // Links that are just being put in the place of others are stopped when they are there.
    if !isChanging { stopLinks() }
    let timeout = DispatchTimeInterval.milliseconds(Int(configuration.stopTimeoutSeconds * 1000))
    executor.queue.asyncAfter(deadline: .now() + timeout) { @Sendable [weak self] in
      self?.assumeIsolated { $0.finishStopping() }
    }
  }

  func stopLinks() {
    if runningLinks.isEmpty { finishStopping() }
    for group in links.groups.values {
      group.end(for: nil, isLeft: true, publishLast) { [self] in
        enter { $0.linksEnded(group.owners.map(\.name)) }
      }
    }
  }

  /// Takes the last status of a link, on the link's queue.
  nonisolated var publishLast: @Sendable (LinkOwner, LinkStatus) -> Void {
    { [board, outlets, heritage] owner, status in
      board.post(status, of: owner)
      heritage.note(last: status)
      outlets.append(statistics: status)
    }
  }

  private func linksEnded(_ names: [String]) {
    runningLinks.removeAll { names.contains($0) }
    if runningLinks.isEmpty { finishStopping() }
  }

  private func finishStopping() {
    guard !hasEnded else { return }
    hasEnded = true
    // Links that did not come to an end in time are left behind.
    for name in runningLinks { outlets.reportUnfinished(link: name, seconds: configuration.stopTimeoutSeconds) }
    heritage.storeAtEnd(board.links)
    // With it goes whatever socket is still open.
    links = LinkSet()
    outlets.report("stop", options.version)
    server.stop()
    outlets.close()
    ended.signal()
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
