import Dispatch
import Glibc
import NIOCore
import NIOPosix
package import Publish
import Synchronization

/// Serves what the daemon knows over HTTP: to browsers, to Prometheus, to scripts. From snapshots, on one thread of its
/// own that is there only while it listens.
///
///     off --configure--> listening <--> trying again: the port is in use, a file cannot be read
package final class WebServer: Sendable {
  /// Why it does not listen, though it should.
  package struct Trouble: Sendable, Equatable {
    /// What is wrong.
    package let message: String
    /// What to do about it.
    package let hint: String
  }

  private struct Running {
    let group: MultiThreadedEventLoopGroup
    let desk: WebDesk
    var listener: (any Channel)?
    var ticking: RepeatedTask?
    var triedAt: Int64
  }

  /// What it has done so far.
  package let counters = WebCounters()

  private let sources: WebSources
  private let clocks: StatusServer.Clocks
  private let statsIntervalSeconds: Mutex<Double>
  private let desk = Mutex<WebDesk?>(nil)
  private let running = Mutex<Running?>(nil)
  private let wanted = Mutex<WebOptions?>(nil)
  private let isServing = Atomic<Bool>(false)
  private let known = Mutex<(trouble: Trouble?, port: Int?)>((nil, nil))

  /// A server that is off.
  package init(_ sources: WebSources, statsIntervalSeconds: Double, clocks: StatusServer.Clocks = .system) {
    self.sources = sources
    self.clocks = clocks
    self.statsIntervalSeconds = Mutex(statsIntervalSeconds)
  }

  // MARK: What is known

  /// Why it does not listen, or not as it was told; nothing while it does, or is off.
  package var trouble: Trouble? { known.withLock { $0.trouble } }
  /// Where it listens.
  package var localPort: Int? { known.withLock { $0.port } }
  /// What it was told, if it is not off.
  package var options: WebOptions? { wanted.withLock { $0 } }

  // MARK: On and off, from one queue

  /// Listens as it is told, or goes off. What can be had is in force afterwards; what cannot, is tried again by
  /// `retry`.
  package func configure(_ options: WebOptions?) {
    wanted.withLock { $0 = options }
    guard let options else { return stop() }
    attempt(options)
  }

  /// Admits clients from now on; those who came before have waited in the kernel.
  package func serve() {
    isServing.store(true, ordering: .relaxed)
    desk.withLock { $0 }?.enter { $0.serve() }
  }

  /// Tries again what was in vain, now and then. To be called once a second.
  package func retry() {
    guard let options, trouble != nil else { return }
    let triedAt = running.withLock { $0?.triedAt }
    guard clocks.monotonic() - (triedAt ?? 0) >= Int64(options.retrySeconds) * 1_000_000_000 else { return }
    attempt(options)
  }

  /// Says goodbye to everybody, and gives back what it has.
  package func stop() {
    wanted.withLock { $0 = nil }
    desk.withLock { $0 = nil }
    let running = self.running.withLock { running in
      defer { running = nil }
      return running
    }
    known.withLock { $0 = (nil, nil) }
    guard let running else { return }
    running.ticking?.cancel()
    running.listener?.close(promise: nil)
    running.desk.enter { $0.close() }
    let ended = DispatchSemaphore(value: 0)
    running.group.shutdownGracefully { _ in ended.signal() }
    _ = ended.wait(timeout: .now() + 2)
  }

  private func attempt(_ options: WebOptions) {
    do throws(WebTerms.Failure) {
      let terms = try WebTerms(options)
      try listen(terms)
      known.withLock { $0.trouble = nil }
    } catch {
      known.withLock { $0.trouble = Trouble(message: error.message, hint: error.hint) }
    }
    running.withLock { [clocks] in $0?.triedAt = clocks.monotonic() }
  }

  /// Puts terms in force; binds, unless it listens there already.
  private func listen(_ terms: WebTerms) throws(WebTerms.Failure) {
    let before = running.withLock { $0 }
    let current = before ?? begin(terms)
    if let listener = current.listener {
      let address = listener.localAddress
      if address?.ipAddress == terms.options.host, terms.options.port == 0 || address?.port == terms.options.port {
        return current.desk.enter { $0.terms = terms }
      }
      // The old address may be a part of the new one.
      try? listener.close().wait()
      running.withLock { $0?.listener = nil }
      known.withLock { $0.port = nil }
    }
    current.desk.enter { $0.terms = terms }
    do {
      let channel = try bind(current, terms.options).wait()
      running.withLock { $0?.listener = channel }
      known.withLock { $0.port = channel.localAddress?.port }
    } catch {
      let reason = (error as? IOError).map { unsafe String(cString: strerror($0.errnoCode)) } ?? "\(error)"
      throw WebTerms.Failure(
        message: "the web server cannot listen on \(terms.options.host) port \(terms.options.port): \(reason)",
        hint: "see who has the port with `ss -ltnp`, or change web.listen; it is tried again by itself")
    }
  }

  private func begin(_ terms: WebTerms) -> Running {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    // Where there is not enough of the processor, links come before those who ask how they are.
    group.next().execute { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5) }
    let interval = statsIntervalSeconds.withLock { $0 }
    let desk = WebDesk(
      group.next(), terms, sources: sources, counters: counters, clocks: clocks, statsIntervalSeconds: interval)
    let ticking = desk.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [weak desk] _ in
      desk?.assumeIsolated { $0.tick() }
    }
    if isServing.load(ordering: .relaxed) { desk.enter { $0.serve() } }
    let running = Running(group: group, desk: desk, ticking: ticking, triedAt: clocks.monotonic())
    self.running.withLock { $0 = running }
    self.desk.withLock { $0 = desk }
    return running
  }

  private func bind(_ running: Running, _ options: WebOptions) -> EventLoopFuture<any Channel> {
    let (desk, counters) = (running.desk, counters)
    return ServerBootstrap(group: running.group)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try desk.assumeIsolated { desk in
            let gate = ListenerGate(isPaused: !desk.isServing) { counters.acceptPauses.add() }
            try channel.pipeline.syncOperations.addHandler(gate)
            desk.listener = gate
          }
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try desk.assumeIsolated { try $0.welcome(channel) } }
      }
      .bind(host: options.host, port: options.port)
  }

  // MARK: From any queue

  /// Tells an event to those who watch, and keeps it for those who ask later.
  package func publish(_ line: EventLine) { desk.withLock { $0 }?.publish(line) }

  /// Tells the statistics of a link to those who watch it, each at the interval it has asked for.
  ///
  /// - Parameter object: Gives the JSON text of an object. Only called when somebody wants it, on the server's thread.
  package func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String) {
    desk.withLock { $0 }?.publishStatistics(of: link, object)
  }

  /// Tells what has changed of the parameters of a link to those who watch them.
  package func publishParameters(_ batch: ParameterBatch) { desk.withLock { $0 }?.publishParameters(batch) }

  /// Changes how often streams that begin from now on get statistics when they do not say.
  package func setStatsInterval(_ seconds: Double) {
    statsIntervalSeconds.withLock { $0 = seconds }
    desk.withLock { $0 }?.enter { $0.statsIntervalSeconds = seconds }
  }

  /// Lets go of those whose time is up: what its own timer does once a second. Waits; not for the server's thread.
  package func tick() {
    guard let desk = desk.withLock({ $0 }) else { return }
    try? desk.eventLoop.submit { desk.assumeIsolated { $0.tick() } }.wait()
  }

  /// Answers on the server's thread, or at once when there is none: proof that it drains.
  package func answer(_ answered: @escaping @Sendable () -> Void) {
    if let desk = desk.withLock({ $0 }) { desk.enter { _ in answered() } } else { answered() }
  }
}
