import Glibc

/// The signals of a program that is at its end: of a trap, and of a watchdog that was not fed.
package enum CrashSignals {
  private static let numbers = [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]

  /// Has each of them end the process at once.
  ///
  /// Swift's own handlers start a program that looks into this one. Here neither is allowed, and where the first fails
  /// the handler waits for ever: the service would hang instead of being started again.
  package static func endAtOnce() {
    for number in numbers { _ = signal(number, SIG_DFL) }
  }
}
