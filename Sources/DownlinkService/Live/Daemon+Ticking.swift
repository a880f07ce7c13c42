import Dispatch
import LinkHealth
import Publish
import StationConfiguration

/// What is seen to once a second.
extension Daemon {
  func tick(_ introduction: DispatchGroup? = nil) {
    tickCount += 1
    watchClock()
    let isStatisticsTick = tickCount % max(1, Int(configuration.statsIntervalSeconds)) == 0
    inspect(links.entries.map(\.owner), asRecord: isStatisticsTick, introduction)
    outlets.tick()
    server.web?.tick()
    let now = HostClock.monotonic()
    board.post(
      problems: outlets.problems + heritage.problems + board.passes.problems + server.problems(at: now)
        + host.problems(at: now)
        + watchdog.problems(at: now)
        + options.leapSeconds.problems(at: options.clocks.wall(), of: configuration) + textfileProblems,
      limits: resourceLimits, web: server.web?.snapshot)
    // By the second tick the links have answered for the first time.
    if isStatisticsTick || tickCount == 2 { writeTextfile() }
    // While links change, the totals of some are on their way from one to the other.
    if tickCount % StoredTotals.intervalSeconds == 0, !isChanging { heritage.store(board.links) }
    if tickCount % 10 == 0 { notifier.send(.status(statusLine)) }
    if options.isStrict, let name = board.links.first(where: { !$0.snapshot.isBalanced })?.snapshot.name, !isStopping {
      outlets.reportFatal("the ledger of link '\(name)' does not balance, and the daemon is strict")
      beginStopping(exitStatus: 70)
    }
  }

  /// Writes the metrics to their file, if they have one.
  private func writeTextfile() {
    board.facts.textfile?.submit { [board] in board.metrics(.text, forTextfile: true).bytes }
  }

  private var textfileProblems: [Problem] {
    guard let failure = board.facts.textfile?.failure else { return [] }
    return [
      Problem(
        .textfileNotWritten, .warning, message: failure.message,
        hint: (failure.hint.map { $0 + "; " } ?? "") + "it is tried again every \(configuration.statsIntervalSeconds) s"
      )
    ]
  }

  /// Has links say how they are. What they say is for this queue: whoever asks the board never holds up a link.
  ///
  /// - Parameter introduction: Left by each of them when it has.
  func inspect(_ owners: [LinkOwner], asRecord isRecord: Bool, _ introduction: DispatchGroup? = nil) {
    for owner in owners {
      introduction?.enter()
      let isAsked = owner.tick { [self] status in
        enter {
          $0.take(status, of: owner, asRecord: isRecord)
          introduction?.leave()
        }
      }
      // What it was asked before is answered before.
      if !isAsked { owner.answer { [self] in enter { _ in introduction?.leave() } } }
    }
  }

  /// Tells the status of a link, unless its last one has been told meanwhile.
  private func take(_ status: LinkStatus, of owner: LinkOwner, asRecord isRecord: Bool) {
    let status = show(status, of: owner)
    guard !isStopping, links.entries.contains(where: { $0.owner === owner }) else { return }
    outlets.show(status)
    if isRecord { outlets.append(statistics: status) }
  }

  /// Shows the status of a link, and what has changed of its parameters.
  ///
  /// - Returns: The status without the latter, which is told once.
  func show(_ status: LinkStatus, of owner: LinkOwner) -> LinkStatus {
    var status = status
    if let news = status.takeParameterNews() {
      board.parameters.submit(news, of: owner.name, from: owner.parameterSource) { [outlets] in outlets.show($0) }
    }
    board.post(status, of: owner)
    return status
  }
}
