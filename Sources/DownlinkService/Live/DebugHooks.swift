import Publish

/// What a test may do to a daemon from outside. It is compiled in, so that what is tested is what is shipped; but
/// nobody gets it without the hidden flag `--debug-hooks`, and a daemon that has it says so in its log.
package struct DebugHooks: Sendable, Equatable {
  /// What the control queue is called here: it watches over all others.
  static let controlQueue = "daemon"

  /// The queue that hangs as soon as the daemon is ready, for ever: by the name that the watchdog has for it, such as
  /// `link:dss1`, `logs`, `status` or `control`, or `daemon`.
  package var blockedQueue: String?

  /// - Parameter environment: The value of `DOWNLINKD_DEBUG_BLOCK`.
  package init(environment: (String) -> String? = ServiceNotifier.processEnvironment) {
    blockedQueue = environment("DOWNLINKD_DEBUG_BLOCK")
  }
}
