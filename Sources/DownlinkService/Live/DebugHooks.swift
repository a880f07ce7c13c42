import Publish

/// What a test may do to a daemon from outside. It is compiled in, so that what is tested is what is shipped; but
/// nobody gets it without the hidden flag `--debug-hooks`, and a daemon that has it says so in its log.
package struct DebugHooks: Sendable, Equatable {
  /// The link whose queue hangs as soon as the daemon is ready, for ever.
  package var blockedLink: String?

  /// - Parameter environment: The value of `DOWNLINKD_DEBUG_BLOCK_LINK`.
  package init(environment: (String) -> String? = ServiceNotifier.processEnvironment) {
    blockedLink = environment("DOWNLINKD_DEBUG_BLOCK_LINK")
  }
}
