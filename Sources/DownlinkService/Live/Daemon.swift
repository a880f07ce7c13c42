import CCSDSLink
import Dispatch
import Glibc
import LinkHealth
import Publish
package import StationConfiguration
import Synchronization

/// The daemon: builds everything a configuration asks for, keeps it going, and takes it down in order.
///
/// It is the control plane: it sees values only, once a second, and nothing that happens here can hold up a link.
package actor Daemon {
  /// How to run.
  package struct Options: Sendable {
    package var configurationPath: String
    /// End with exit code 70 as soon as a ledger does not balance.
    package var isStrict = false
    package var version = DaemonVersion.number

    package init(configurationPath: String) { self.configurationPath = configurationPath }
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor = QueueExecutor(queue: DispatchQueue(label: "downlinkd.control"))
  private nonisolated let ended = DispatchSemaphore(value: 0)
  private nonisolated let exitStatus = Atomic<Int32>(0)
  private let configuration: StationConfiguration
  private let options: Options
  private let outlets: Outlets
  private let owners: [LinkOwner]
  /// For whoever runs the daemon in the same process, such as the demonstration.
  package nonisolated let board: StatusBoard
  private let server: StatusServer
  private let notifier = ServiceNotifier()
  private var timers: [any DispatchSourceTimer] = []
  private var signals: [any DispatchSourceSignal] = []
  private var watchdog = WatchdogRound()
  /// The links that have been told to stop and have not done so yet, by their indices.
  private var runningLinks: Set<Int> = []
  private var isStopping = false
  private var hasEnded = false
  private var tickCount = 0

  /// Builds the daemon: opens logs and sockets, and starts nothing yet.
  package init(_ configuration: StationConfiguration, _ options: Options) throws(ServiceError) {
    self.configuration = configuration
    self.options = options
    let runID = RunID.make()
    let outlets = try Outlets(configuration, runID: runID)
    self.outlets = outlets
    let facts = DaemonFacts(
      configurationPath: options.configurationPath, configuration: configuration, startedAt: HostClock.wall(),
      events: outlets.events.counters, statistics: outlets.statistics.counters)
    var owners: [LinkOwner] = []
    let suppressed = outlets.events.counters.suppressed
    for link in configuration.links {
      owners.append(try LinkOwner(link, suppressed: suppressed, emit: outlets.emit))
    }
    self.owners = owners
    let board = StatusBoard(linkCount: owners.count, facts: facts)
    self.board = board
    var serverOptions = StatusServer.Options(path: configuration.status.socketPath)
    serverOptions.statsIntervalSeconds = configuration.statsIntervalSeconds
    server = StatusServer(
      serverOptions, identity: StatusServer.Identity(version: options.version, runID: runID),
      queue: DispatchQueue(label: "downlinkd.status"), notice: outlets.emit
    ) { board.answer($0, $1) }
  }

  /// The ports of the links, in their order: the kernel's choice where 0 was configured.
  package nonisolated var localPorts: [UInt16] { owners.map(\.localPort) }

  // MARK: From any thread

  /// Starts everything, and says so to the service manager.
  package nonisolated func start(catchingSignals: Bool = true) throws(ServiceError) {
    try Outlets.makeDirectory(containing: configuration.status.socketPath)
    do throws(PublishError) { try server.start() } catch { throw .publish(error) }
    outlets.connect(server)
    executor.queue.sync { assumeIsolated { $0.begin(catchingSignals: catchingSignals) } }
  }

  /// Stops everything. `waitUntilEnded` returns when that is done.
  package nonisolated func stop() { executor.queue.async { self.assumeIsolated { $0.beginStopping() } } }

  /// Waits for the end, and gives the exit code.
  package nonisolated func waitUntilEnded() -> Int32 {
    ended.wait()
    return exitStatus.load(ordering: .acquiring)
  }

  // MARK: On the control queue

  private func begin(catchingSignals: Bool) {
    if catchingSignals { catchSignals() }
    outlets.report("start", options.version)
    for owner in owners { owner.start() }
    tick()
    startTimer(every: .seconds(1)) { $0.tick() }
    if configuration.logs.syncIntervalSeconds > 0 {
      let milliseconds = max(10, Int(configuration.logs.syncIntervalSeconds * 1000))
      startTimer(every: .milliseconds(milliseconds)) { $0.outlets.synchronize() }
    }
    if let microseconds = notifier.watchdogMicroseconds {
      startTimer(every: .microseconds(Int(clamping: microseconds / 2))) { $0.feedWatchdog() }
    }
    outlets.report("ready", options.version)
    notifier.send(.ready, .status(statusLine))
  }

  private func startTimer(every interval: DispatchTimeInterval, _ body: @escaping @Sendable (isolated Daemon) -> Void) {
    let timer = DispatchSource.makeTimerSource(queue: executor.queue)
    timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(20))
    timer.setEventHandler { @Sendable [weak self] in self?.assumeIsolated { body($0) } }
    timer.activate()
    timers.append(timer)
  }

  private func tick() {
    tickCount += 1
    let isStatisticsTick = tickCount % max(1, Int(configuration.statsIntervalSeconds)) == 0
    for (index, owner) in owners.enumerated() {
      owner.tick { [self] status in
        board.post(status, at: index)
        // To write it down takes longer than to take it: not on the link's time.
        executor.queue.async { [outlets] in
          outlets.show(status)
          if isStatisticsTick { outlets.append(statistics: status) }
        }
      }
    }
    outlets.tick()
    board.post(problems: outlets.problems)
    if tickCount % 10 == 0 { notifier.send(.status(statusLine)) }
    if options.isStrict, !board.isBalanced { beginStopping(exitStatus: 70) }
  }

  private var statusLine: String {
    let problems = board.problems.count
    return "\(owners.count) link\(owners.count == 1 ? "" : "s"), \(problems) problem\(problems == 1 ? "" : "s")"
  }

  /// Feeds the watchdog when every queue has answered since the last time: queues drain, whatever the sky does.
  private func feedWatchdog() {
    if watchdog.isComplete { notifier.send(.watchdog) }
    watchdog = WatchdogRound(expecting: owners.count)
    for owner in owners {
      owner.answer { [watchdog] in watchdog.note() }
    }
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
    case SIGHUP, SIGUSR1: outlets.reopen()
    case SIGUSR2: outlets.dump(board.links)
    case _ where isStopping: exit(exitStatus.load(ordering: .acquiring))
    default: beginStopping()
    }
  }

  // MARK: The end

  private func beginStopping(exitStatus status: Int32 = 0) {
    guard !isStopping else { return }
    isStopping = true
    exitStatus.store(status, ordering: .releasing)
    notifier.send(.stopping)
    for timer in timers { timer.cancel() }
    timers = []
    runningLinks = Set(owners.indices)
    for (index, owner) in owners.enumerated() {
      owner.stop { [self] status in
        board.post(status, at: index)
        outlets.append(statistics: status)
        executor.queue.async { self.assumeIsolated { $0.linkEnded(index) } }
      }
    }
    let timeout = DispatchTimeInterval.milliseconds(Int(configuration.stopTimeoutSeconds * 1000))
    executor.queue.asyncAfter(deadline: .now() + timeout) { self.assumeIsolated { $0.finishStopping() } }
    if owners.isEmpty { finishStopping() }
  }

  private func linkEnded(_ index: Int) {
    runningLinks.remove(index)
    if runningLinks.isEmpty { finishStopping() }
  }

  private func finishStopping() {
    guard !hasEnded else { return }
    hasEnded = true
    // Links that did not come to an end in time are left behind.
    for index in runningLinks.sorted() {
      outlets.reportUnfinished(link: owners[index].name, seconds: configuration.stopTimeoutSeconds)
    }
    outlets.report("stop", options.version)
    server.stop()
    outlets.close()
    ended.signal()
  }
}

/// The answers that the watchdog waits for.
final class WatchdogRound: Sendable {
  private let expected: Int
  private let answered = Atomic<Int>(0)

  init(expecting expected: Int = 0) { self.expected = expected }

  func note() { answered.add(1, ordering: .relaxed) }

  var isComplete: Bool { answered.load(ordering: .relaxed) >= expected }
}

/// The version of this daemon.
package enum DaemonVersion {
  package static let number = "0.1.0"
}

/// Tells one run of the daemon from another in its logs.
enum RunID {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    let text = String(generator.next() as UInt64, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
