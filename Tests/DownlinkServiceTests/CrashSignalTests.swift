import DownlinkService
import Glibc
import Testing

@Suite("A process at its end", .timeLimit(.minutes(10)))
struct CrashSignalTests {
  @Test("the signal of a watchdog ends it, whoever wanted to look into it before")
  func aborts() async {
    await #expect(processExitsWith: .signal(SIGABRT)) {
      // A handler that comes back, as one does that failed: then the signal is lost.
      signal(SIGABRT) { _ in _exit(0) }
      CrashSignals.endAtOnce()
      kill(getpid(), SIGABRT)
      while true { pause() }
    }
  }
}
