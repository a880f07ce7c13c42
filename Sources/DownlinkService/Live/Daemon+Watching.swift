import Dispatch
import Glibc
import LinkHealth
import Publish

/// Watching over the daemon itself: its queues and its clock.
extension Daemon {
  /// One of the queues that have to drain, whatever the sky does.
  struct WatchedQueue {
    /// Such as `link:dss1` or `logs`.
    let name: String
    /// Has it answer on itself.
    let answer: (@escaping @Sendable () -> Void) -> Void
  }

  /// All of them but this one, the control queue, which answers by asking. Others may have to wait for somebody, such
  /// as those that pack log files or write to the console: nothing waits for them.
  private var watchedQueues: [WatchedQueue] {
    links.entries.map { WatchedQueue(name: "link:" + $0.owner.name, answer: $0.owner.answer) }
      + [WatchedQueue(name: "logs", answer: outlets.answer)] + server.watchedQueues
  }

  /// How often they are asked: twice in the time that the service manager waits.
  var watchInterval: DispatchTimeInterval {
    notifier.watchdogMicroseconds.map { .microseconds(Int(clamping: $0 / 2)) } ?? .seconds(10)
  }

  /// Feeds the watchdog when every queue has answered since the last time, and asks them again.
  func watchQueues() {
    let queues = watchedQueues
    watchdog.keep(queues.map(\.name))
    if watchdog.silentQueues.isEmpty { notifier.send(.watchdog) }
    let news = watchdog.takeNews()
    if !news.isEmpty {
      report("unresponsive", .error, news, "no answer from \(news.joined(separator: ", "))", ThreadStates.lines())
    }
    let now = HostClock.monotonic()
    for queue in queues where watchdog.ask(queue.name, at: now) {
      queue.answer { [self, name = queue.name] in enter { $0.noteAnswer(of: name) } }
    }
  }

  private func noteAnswer(of queue: String) {
    guard watchdog.note(queue) else { return }
    report("responsive", .notice, [queue], "\(queue) answers again")
  }

  private func report(
    _ action: String, _ severity: EventSeverity, _ queues: [String], _ reason: String, _ threads: [String] = []
  ) {
    outlets.emit(
      EventRecord(.daemon, severity: severity, time: options.clocks.wall()) { body in
        body.member("action", action)
        body.member("reason", reason)
        body.member("queues", queues)
        if !threads.isEmpty { body.member("threads", threads) }
      })
  }

  /// Says when the clock was set. Nothing here goes by it but the times in logs.
  func watchClock() {
    let (now, monotonic) = (options.clocks.wall(), options.clocks.monotonic())
    guard let delta = clockWatch.observe(wall: now, monotonic: monotonic) else { return }
    board.facts.clockSteps.add()
    host.noteClockStep(seconds: delta, wall: now, monotonic: monotonic)
    outlets.emit(
      EventRecord(.clock, severity: .warning, time: now) {
        $0.member("action", "step")
        $0.member("delta_seconds", delta)
      })
  }

  /// Does what the debug hooks ask for.
  func hangIfAsked() {
    guard let hooks = options.debugHooks else { return }
    outlets.emit(
      EventRecord(.daemon, severity: .warning, time: options.clocks.wall()) {
        $0.member("action", "debug_hooks")
        $0.member("reason", "this daemon does what a test tells it to")
      })
    guard let name = hooks.blockedQueue else { return }
    if name == DebugHooks.controlQueue { while true { pause() } }
    watchedQueues.first { $0.name == name }?.answer { while true { pause() } }
  }
}
