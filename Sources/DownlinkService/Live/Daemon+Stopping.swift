import Dispatch
import Glibc
import LinkHealth
import Publish
import StationConfiguration
import Synchronization

/// Signals, and how a daemon comes to its end.
extension Daemon {
  // MARK: Signals

  func catchSignals() {
    // On a queue of their own: the second one ends even a daemon that hangs.
    let queue = DispatchQueue(label: "downlinkd.signals")
    for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] {
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { @Sendable [weak self] in self?.caught(number) }
      source.activate()
      signals.append(source)
    }
    // A client or a disk that goes away is an error of that call, not the end of the process.
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  private nonisolated func caught(_ number: Int32) {
    if number == SIGTERM || number == SIGINT, isToldToStop.exchange(true, ordering: .acquiringAndReleasing) {
      // Whoever says it twice does not want to wait for what hangs, nor for what the end of a process may hang in.
      _exit(exitStatus.load(ordering: .acquiring))
    }
    enter { $0.obey(number) }
  }

  private func obey(_ number: Int32) {
    switch number {
    case SIGHUP:
      outlets.reopen()
      reloadOnSignal()
    case SIGUSR1: outlets.reopen()
    case SIGUSR2: outlets.dump(board.links)
    default: beginStopping()
    }
  }

  // MARK: The end

  func beginStopping(exitStatus status: Int32 = 0) {
    guard !isStopping else { return }
    isStopping = true
    board.facts.isStopping = true
    exitStatus.store(status, ordering: .releasing)
    isToldToStop.store(true, ordering: .releasing)
    let steps = Double(LastSteps.count) * Self.patienceSeconds
    notifier.send(.stopping, .extendTimeout(seconds: configuration.stopTimeoutSeconds + steps + Self.patienceSeconds))
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
    { [self] owner, status in enter { $0.takeLast(status, of: owner) } }
  }

  private func takeLast(_ status: LinkStatus, of owner: LinkOwner) {
    guard !hasEnded else { return }
    let status = show(status, of: owner)
    outlets.append(statistics: status)
    leftLives[owner.name] = heritage.note(status)
  }

  private func linksEnded(_ names: [String]) {
    runningLinks.removeAll { names.contains($0) }
    if runningLinks.isEmpty { finishStopping() }
  }

  func finishStopping() {
    guard !hasEnded else { return }
    hasEnded = true
    // Links that did not come to an end in time are left behind.
    for name in runningLinks { outlets.reportUnfinished(link: name, seconds: configuration.stopTimeoutSeconds) }
    let last = board.links
    // With it goes whatever socket is still open.
    links = LinkSet()
    outlets.report("stop", options.version)
    LastSteps(
      totals: { [heritage, board] in
        board.passes.finish(within: Self.patienceSeconds)
        heritage.storeAtEnd(last)
      }, sockets: server.stop, logs: outlets.close
    )
    .run(within: Self.patienceSeconds, console: outlets.console)
    ended.signal()
  }
}
