import Dispatch
import LinkHealth
import Publish
import StationConfiguration

/// Reading the configuration again.
///
///     wanted -> file read, elsewhere -> all that is new opened -> old handed over, link by link -> in force
///                     |                        |
///                     +------------------------+-> in vain: everything is as it was
extension Daemon {
  /// Gives what a reload has led to: the JSON text of an object, or all that was wrong.
  typealias ReloadReply = @Sendable (Result<String, StatusError>) -> Void

  /// Reads the configuration again, now or when what is being changed is there.
  func reloadOnSignal() {
    if isChanging { isReloadWanted = true } else { reload { _ in } }
  }

  /// Reads the configuration again and puts it in force, unless anything is wrong with it.
  func reload(_ reply: @escaping ReloadReply) {
    guard let refusal = refusalToChange else {
      isChanging = true
      let microseconds = UInt64(clamping: HostClock.monotonic() / 1000)
      notifier.send(.reloading(monotonicMicroseconds: microseconds))
      // A disk may take its time; links and the watchdog do not wait for it.
      let missions = missions
      return Self.reading.async { [self] in
        let result = Self.load(options, reusing: missions)
        enter { $0.adopt(result, reply) }
      }
    }
    reply(.failure(refusal))
  }

  /// Why nothing can be changed now.
  var refusalToChange: StatusError? {
    if isStopping { return StatusError(.conflict, "the daemon is stopping") }
    return isChanging
      ? StatusError(.busy, "something is being changed just now", hint: "try it again in a moment") : nil
  }

  private static let reading = DispatchQueue(label: "downlinkd.reload")

  private static func load(
    _ options: Options, reusing missions: MissionLibrary
  ) -> Result<LoadedStation, ConfigurationErrors> {
    do throws(ConfigurationErrors) {
      return .success(
        try LoadedStation(
          path: options.configurationPath, reusing: missions, leapSeconds: options.leapSeconds.table))
    } catch {
      return .failure(error)
    }
  }

  private func adopt(_ result: Result<LoadedStation, ConfigurationErrors>, _ reply: @escaping ReloadReply) {
    guard !isStopping else {
      endChange()
      return reply(.failure(StatusError(.conflict, "the daemon is stopping")))
    }
    switch result {
    case .failure(let errors): failReload(errors.lines, reply)
    case .success(let next): adopt(next, reply)
    }
  }

  /// Links for the place of those that run: all that is new is open, and nothing has begun.
  func build(
    _ next: [LinkConfiguration], _ switches: LinkSwitches, _ missions: MissionLibrary
  ) throws(ServiceErrors) -> LinkSet {
    try LinkSet(
      next, from: links, heritage: heritage, missions: missions, isEnabled: { switches.isEnabled($0) },
      suppressed: outlets.events.counters.suppressed, leapSeconds: options.leapSeconds.table,
      passes: { [board, configuration] in board.passes.following($0, configuration.passes) }, emit: outlets.emit)
  }

  private func adopt(_ station: LoadedStation, _ reply: @escaping ReloadReply) {
    let next = station.configuration
    var switches = switches
    switches.reload(from: configuration.links, to: next.links)
    let current = links
    let built: LinkSet
    do throws(ServiceErrors) {
      built = try build(next.links, switches, station.missions)
    } catch {
      return failReload(error.lines, reply)
    }
    var outcome = ReloadOutcome(from: current, to: built)
    outcome.newDatabases = outcome.kept.filter { missions[$0] !== station.missions[$0] }
    outcome.stillDisabled = switches.disabledByCommand(among: next.links)
    outcome.warnings = next.warnings.map(\.oneLine)
    outcome.restartNeeded = configuration.take(next)
    self.switches = switches
    missions = station.missions
    applyIntervals()
    change(to: built) { [outcome] daemon in
      daemon.noteReload(errors: [], restartNeeded: outcome.restartNeeded)
      var json = JSONWriter()
      json.object { outcome.write(to: &$0) }
      reply(.success(json.text))
    }
  }

  private func applyIntervals() {
    outlets.apply(configuration.logs)
    board.passes.setBounds(configuration.passes.bounds)
    server.setStatsInterval(configuration.statsIntervalSeconds)
    server.web?.apply(configuration)
    synchronizeRegularly()
  }

  private func failReload(_ errors: [String], _ reply: ReloadReply) {
    noteReload(errors: errors, restartNeeded: [])
    endChange()
    let hint = "nothing has changed; mend it and reload"
    reply(.failure(StatusError(.configInvalid, errors.joined(separator: "\n"), hint: hint)))
  }

  private func noteReload(errors: [String], restartNeeded: [String]) {
    let now = options.clocks.wall()
    var facts = board.facts
    if errors.isEmpty { (facts.configuration, facts.loadedAt) = (configuration, now) }
    facts.lastReload = ReloadRecord(time: now, errors: errors, restartNeeded: restartNeeded)
    board.facts = facts
    outlets.emit(
      EventRecord(.config, severity: errors.isEmpty ? .notice : .error, time: now) { body in
        body.member("action", errors.isEmpty ? "reload_ok" : "reload_failed")
        body.member("errors", errors)
        guard !restartNeeded.isEmpty else { return }
        body.member("restart_needed", restartNeeded)
      })
    notifier.send(.ready, .status(statusLine))
  }

  // MARK: Links in the place of others

  /// Puts links and sockets that are ready in the place of those that run. `isChanging` has to be set.
  func change(to next: LinkSet, _ completion: @escaping @Sendable (isolated Daemon) -> Void) {
    let current = links
    links = next
    leftLives = [:]
    board.show(next.entries.map(\.owner))
    board.parameters.show(next.missions)
    let exchange = DispatchGroup()
    for (key, group) in current.groups where !group.isSame(as: next.groups[key]?.members ?? []) {
      exchange.enter()
      group.end(for: next.groups[key], publishLast) { exchange.leave() }
    }
    for (key, group) in next.groups where current.groups[key] == nil { group.begin() }
    for entry in next.entries {
      entry.owner.adopt(entry.mission)
      entry.owner.adopt(board.passes.following(entry.configuration, configuration.passes))
      entry.owner.adopt(entry.configuration.sinks)
    }
    exchange.notify(queue: executor.queue) { [self] in
      assumeIsolated { $0.introduceLinks(since: current, completion) }
    }
  }

  /// Ends a change when every link that has come is seen: whoever is told that it is done may ask for it.
  private func introduceLinks(since earlier: LinkSet, _ completion: @escaping @Sendable (isolated Daemon) -> Void) {
    heritage.settle(links)
    let new = links.entries.map(\.owner).filter { owner in !earlier.entries.contains { $0.owner === owner } }
    for owner in new {
      if let life = leftLives[owner.name] { owner.inherit(life) }
    }
    let introduction = DispatchGroup()
    inspect(new, asRecord: false, introduction)
    introduction.notify(queue: executor.queue) { [self] in
      assumeIsolated { daemon in
        completion(daemon)
        daemon.endChange()
      }
    }
  }

  /// Lets others make changes again.
  func endChange() {
    isChanging = false
    if isStopping { return stopLinks() }
    guard isReloadWanted else { return }
    isReloadWanted = false
    reload { _ in }
  }
}

extension StationConfiguration {
  /// Takes over all that may change while a daemon runs.
  ///
  /// - Returns: The keys that differ, and stay as they were until a restart.
  fileprivate mutating func take(_ next: StationConfiguration) -> [String] {
    var taken = next
    taken.logs.directory = logs.directory
    (taken.status, taken.state, taken.metrics.textfilePath) = (status, state, metrics.textfilePath)
    let differences = [
      ("logs.directory", next.logs.directory != logs.directory), ("status", next.status != status),
      ("state.directory", next.state != state),
      ("metrics.textfile", next.metrics.textfilePath != metrics.textfilePath),
    ]
    self = taken
    return differences.filter(\.1).map(\.0)
  }
}
