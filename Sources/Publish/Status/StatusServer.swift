package import Dispatch
import Synchronization

/// Answers questions about the daemon on a Unix socket, from snapshots only, and takes commands where its role is to.
///
/// It is owned by one serial queue. Everything is bounded: clients, requests, commands under way, replies and what
/// waits for a client that does not read. Nobody ever waits for a client.
package actor StatusServer {
  /// Which daemon and which run of it this is.
  package struct Identity: Sendable {
    /// The version of the daemon.
    package let version: String
    /// Which run of the daemon this is.
    package let runID: String

    /// An identity to greet with.
    package init(version: String, runID: String) {
      self.version = version
      self.runID = runID
    }
  }

  /// What the clients of a socket may do.
  package enum Role: Equatable, Sendable {
    /// Everybody who can connect may ask; commands are refused with the path of the socket that takes them.
    case status(controlPath: String?)
    /// Root and the daemon's own user may ask and command; nobody else is served.
    case control

    /// What the file system lets connect.
    var mode: UInt32 {
      switch self {
      case .status: 0o660
      case .control: 0o600
      }
    }

    /// The word for the socket in events, counters and messages.
    package var name: String {
      switch self {
      case .status: "status"
      case .control: "control"
      }
    }
  }

  /// Where the socket is, what it is for, and the bounds.
  package struct Options: Sendable {
    /// The path of the socket.
    package var path: String
    /// What its clients may do.
    package var role: Role
    /// The clients that may be connected at one time.
    package var clientCapacity = 64
    /// The clients of one user that may be connected at one time.
    package var clientCapacityPerUser = 16
    /// What may wait for one client; a reply comes on top of it.
    package var outboundByteCount = 256 << 10
    /// How long a client may take nothing before it is let go.
    package var stallSeconds = 10
    /// How long a client may be connected without ever asking anything.
    package var silenceSeconds = 60
    /// The events and statistics that may wait for the server.
    package var backlogCapacity = 4096
    /// The rows of parameters that may wait for the server; one batch may always.
    package var rowBacklogCapacity = 1 << 18
    /// The commands that may be under way at one time.
    package var commandCapacity = 16
    /// How often a client that watches gets statistics when it does not say.
    package var statsIntervalSeconds = 10.0
    /// Whether the server keeps its own time for slow clients; without it somebody has to call `tick`.
    package var hasTimer = true

    /// The options of a socket at `path`, with the usual bounds.
    package init(path: String, role: Role = .status(controlPath: nil)) {
      self.path = path
      self.role = role
    }
  }

  /// The two clocks, in nanoseconds: since 1970, and one that is never set.
  package struct Clocks: Sendable {
    /// Nanoseconds since 1970.
    package var wall: @Sendable () -> Int64
    /// Nanoseconds on a clock that is never set.
    package var monotonic: @Sendable () -> Int64

    /// Clocks for a server.
    package init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
      self.wall = wall
      self.monotonic = monotonic
    }

    /// Those of the system.
    package static let system = Clocks(
      wall: { UTCTimestamp.now() }, monotonic: { Int64(clamping: DispatchTime.now().uptimeNanoseconds) })
  }

  /// Gives the JSON text of a result. It runs on the server's queue and must not wait.
  package typealias Answer = @Sendable (StatusCommand, StatusArguments) -> Result<String, StatusError>

  /// What it has done so far.
  package nonisolated let counters = StatusServerCounters()
  /// The server's queue.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let executor: QueueExecutor
  /// The bounds it has.
  package nonisolated let options: Options
  private nonisolated let backlogCount = Atomic<Int>(0)
  /// Events that found the server too far behind, and that nobody was told of yet.
  nonisolated let missedEventCount = Atomic<UInt64>(0)
  /// Rows of parameters that wait for the server, and those that found it too far behind.
  private nonisolated let waitingRowCount = Atomic<Int>(0)
  nonisolated let missedRowCount = Atomic<UInt64>(0)
  let identity: Identity
  let clocks: Clocks
  let answer: Answer
  let notice: @Sendable (EventRecord) -> Void
  var carryOut: ControlCommand.Handler = ControlCommand.refusing

  var clients: [Int: StatusClient] = [:]
  var recentEvents = RecentEvents()
  var feed = ParameterFeed()
  /// Whether the next rows of parameters have their turn already.
  var isFeeding = false
  /// The commands under way, by a number of their own.
  var commands: [Int: CommandUnderWay] = [:]
  var nextCommandNumber = 1
  /// Keeps clients from filling the event log.
  var noticeAggregator = EventAggregator()
  var listener: StatusListener?
  var acceptSource: SwitchableSource?
  /// Whether clients are admitted yet.
  var isServing = false
  /// A connection that waits for a second descriptor.
  var heldDescriptor: Int32?
  private var timer: SwitchableSource?
  /// How often a client that watches gets statistics when it does not say.
  var statsIntervalSeconds: Double
  var nextClientID = 1
  var receiveBuffer = [UInt8](repeating: 0, count: 8192)

  /// A server that does not serve yet.
  ///
  /// - Parameters:
  ///   - queue: A serial queue. `answer` and `notice` run on it.
  ///   - notice: Takes an event of type `client` when one is turned away or let go.
  package init(
    _ options: Options, identity: Identity, queue: DispatchQueue, clocks: Clocks = .system,
    notice: @escaping @Sendable (EventRecord) -> Void = { _ in }, answer: @escaping Answer
  ) {
    self.options = options
    statsIntervalSeconds = options.statsIntervalSeconds
    self.identity = identity
    self.clocks = clocks
    self.answer = answer
    self.notice = notice
    executor = QueueExecutor(queue: queue)
  }

  // MARK: From any queue

  /// Binds the socket and serves.
  ///
  /// - Parameter carryOut: Carries out the commands of a control socket.
  package nonisolated func start(
    carryOut: @escaping ControlCommand.Handler = ControlCommand.refusing
  ) throws(PublishError) {
    try open(carryOut: carryOut)
    serve()
  }

  /// Binds the socket: whoever connects waits until it is served. Waits for the queue; not to be called on it. `stop`
  /// has to follow some time.
  ///
  /// - Parameter carryOut: Carries out the commands of a control socket.
  package nonisolated func open(
    carryOut: @escaping ControlCommand.Handler = ControlCommand.refusing
  ) throws(PublishError) {
    let result: Result<Void, PublishError> = executor.queue.sync {
      assumeIsolated {
        $0.carryOut = carryOut
        return $0.listen()
      }
    }
    try result.get()
  }

  /// Serves clients from now on.
  package nonisolated func serve() {
    enter {
      $0.isServing = true
      $0.acceptSource?.isOn = true
    }
  }

  /// Says goodbye to every client and removes the socket. Waits for the queue; not to be called on it.
  package nonisolated func stop() { executor.queue.sync { assumeIsolated { $0.shutDown() } } }

  /// Pushes an event to those who watch, and keeps it for those who ask later. When the server is too far behind, they
  /// are told that they have lost it.
  package nonisolated func publish(_ line: EventLine) {
    guard !enterIfThereIsRoom({ $0.push(line) }) else { return }
    counters.unpublished.add()
    missedEventCount.add(1, ordering: .relaxed)
  }

  /// Pushes the statistics of a link to those who watch it, each at the interval it has asked for.
  ///
  /// - Parameter object: Gives the JSON text of an object. Only called when somebody wants it, on the server's queue.
  package nonisolated func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String) {
    _ = enterIfThereIsRoom { $0.pushStatistics(of: link, object) }
  }

  private nonisolated func enterIfThereIsRoom(_ body: @escaping @Sendable (isolated StatusServer) -> Void) -> Bool {
    guard backlogCount.add(1, ordering: .relaxed).newValue <= options.backlogCapacity else {
      backlogCount.subtract(1, ordering: .relaxed)
      return false
    }
    executor.queue.async { [self] in
      backlogCount.subtract(1, ordering: .relaxed)
      assumeIsolated { body($0) }
    }
    return true
  }

  /// Pushes what has changed of the parameters of a link to those who watch them.
  ///
  /// - Parameter batch: Made into text when somebody wants it, on the server's queue. When the server is too far
  ///   behind, those who watch parameters are told that they have lost all of it.
  package nonisolated func publishParameters(_ batch: ParameterBatch) {
    let waiting = waitingRowCount.add(batch.rowCount, ordering: .relaxed).oldValue
    guard waiting == 0 || waiting + batch.rowCount <= options.rowBacklogCapacity else {
      waitingRowCount.subtract(batch.rowCount, ordering: .relaxed)
      missedRowCount.add(UInt64(batch.rowCount), ordering: .relaxed)
      return
    }
    executor.queue.async { [self] in
      waitingRowCount.subtract(batch.rowCount, ordering: .relaxed)
      assumeIsolated { $0.push(batch) }
    }
  }

  /// Lets go of clients that have stopped reading, and accepts again if that was put off.
  package nonisolated func tick() { executor.queue.sync { assumeIsolated { $0.inspectClients() } } }

  /// Answers on the server's queue: proof that the queue drains.
  package nonisolated func answer(_ answered: @escaping @Sendable () -> Void) { executor.queue.async { answered() } }

  /// Changes how often clients that watch from now on get statistics when they do not say.
  package nonisolated func setStatsInterval(_ seconds: Double) { enter { $0.statsIntervalSeconds = seconds } }

  nonisolated func enter(_ body: @escaping @Sendable (isolated StatusServer) -> Void) {
    executor.queue.async { [self] in assumeIsolated { body($0) } }
  }

  // MARK: Start and stop

  private func listen() -> Result<Void, PublishError> {
    do throws(PublishError) {
      let listener = try StatusListener.open(path: options.path, mode: options.role.mode)
      self.listener = listener
      let source = DispatchSource.makeReadSource(fileDescriptor: listener.descriptor, queue: executor.queue)
      // The handlers keep the server alive until `stop` cancels their sources.
      let accept: @Sendable () -> Void = { [self] in assumeIsolated { $0.acceptClients() } }
      acceptSource = SwitchableSource(source, handler: accept, closing: listener.descriptor)
    } catch { return .failure(error) }
    guard options.hasTimer else { return .success(()) }
    let source = DispatchSource.makeTimerSource(queue: executor.queue)
    source.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1), leeway: .milliseconds(100))
    let inspect: @Sendable () -> Void = { [self] in assumeIsolated { $0.inspectClients() } }
    timer = SwitchableSource(source, handler: inspect, closing: nil)
    timer?.isOn = true
    return .success(())
  }

  private func shutDown() {
    timer?.cancel()
    acceptSource?.cancel()
    for client in clients.values { sayGoodbye(client, reason: "shutdown") }
    if let heldDescriptor { closeDescriptor(heldDescriptor) }
    heldDescriptor = nil
    listener?.removeName()
    (timer, acceptSource, listener) = (nil, nil, nil)
    for record in noticeAggregator.flush() { notice(record) }
    // What carries out commands may keep whoever has made this server.
    carryOut = ControlCommand.refusing
  }
}
