import Dispatch
import Glibc
import LinkHealth
import Publish

/// Watching over the daemon itself: its queues and its clock.
extension Daemon {
  /// Feeds the watchdog when every queue has answered since the last time: queues drain, whatever the sky does. This
  /// queue, the control queue, answers by being here.
  func feedWatchdog() {
    let missing = watchdog.missing
    if missing.isEmpty { notifier.send(.watchdog) } else { reportSilence(of: missing) }
    let owners = links.entries.map(\.owner)
    let round = WatchdogRound(expecting: owners.map { "link:" + $0.name } + ["logs", "status"])
    watchdog = round
    for owner in owners { owner.answer { round.note("link:" + owner.name) } }
    outlets.answer { round.note("logs") }
    server.answer { round.note("status") }
  }

  private func reportSilence(of queues: [String]) {
    outlets.emit(
      EventRecord(.daemon, severity: .error, time: options.clocks.wall()) { body in
        body.member("action", "unresponsive")
        body.member("reason", "no answer from \(queues.joined(separator: ", ")): the watchdog is not fed")
        body.member("queues", queues)
      })
  }

  /// Says when the clock was set. Nothing here goes by it but the times in logs.
  func watchClock() {
    let now = options.clocks.wall()
    guard let delta = clockWatch.observe(wall: now, monotonic: options.clocks.monotonic()) else { return }
    host.noteClockStep(seconds: delta, at: now)
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
    guard let name = hooks.blockedLink, let owner = links[name]?.owner else { return }
    owner.answer { while true { pause() } }
  }
}
