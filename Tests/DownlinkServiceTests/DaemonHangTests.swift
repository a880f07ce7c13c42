import Foundation
import Glibc
import Testing

@Suite("A daemon of which a part hangs", .timeLimit(.minutes(10)))
struct DaemonHangTests {
  /// Everything that the watchdog asks, and what asks it.
  static let queues = ["link:stuck", "logs", "status", "control", "daemon"]

  private static func daemon(_ queue: String, more: String = "") throws -> DaemonProcess {
    try DaemonProcess(
      [LiveStation.link("fine", OwnAddress.next()), LiveStation.link("stuck", OwnAddress.next())], more: more,
      arguments: ["--debug-hooks"], environment: ["WATCHDOG_USEC": "200000", "DOWNLINKD_DEBUG_BLOCK": queue])
  }

  /// Where it is said that a queue hangs, and what the threads do meanwhile: in the log, unless that is what hangs; and
  /// the console hears of it, too.
  private static func isTold(_ daemon: DaemonProcess, _ queue: String) -> Bool {
    let told = daemon.console.split(separator: "\n").filter {
      $0.contains("action=unresponsive") && $0.contains("no answer from \(queue)\"") && $0.contains(" threads=")
    }
    guard queue != "logs" else { return !told.isEmpty }
    return !told.isEmpty
      && daemon.folder.events("daemon").contains { $0.contains(#""action":"unresponsive""#) && $0.contains(queue) }
  }

  @Test("does not feed the watchdog, and says once which it is", arguments: queues)
  func starvesWatchdog(queue: String) throws {
    let daemon = try Self.daemon(queue)
    var texts = daemon.manager.wait(for: "READY=1")
    switch queue {
    case "daemon":
      // Nobody is left to say so but the socket, when it has not heard from the daemon for ten seconds.
      let path = daemon.folder.path("s")
      while try !StatusQuestion.line(path, "problems").contains(#""code":"unresponsive""#) { usleep(100_000) }
      #expect(try StatusQuestion.line(path, "health").contains(#""state":"critical""#))
    default:
      while !Self.isTold(daemon, queue) { usleep(10_000) }
      // Of twenty more rounds none feeds it, and none says it again. The rounds go by the status that is told.
      usleep(2_000_000)
      #expect(daemon.console.components(separatedBy: "action=unresponsive").count == 2)
    }
    texts += daemon.manager.rest()
    // Before anybody had been asked there was nothing to wait for.
    #expect(texts.count { $0.contains("WATCHDOG=1") } <= 1)
    daemon.signal(SIGKILL)
    #expect(daemon.exitCode() == -SIGKILL)
  }

  @Test("is a problem of the link that hangs, and of no other")
  func showsProblem() throws {
    let daemon = try Self.daemon("link:stuck")
    daemon.manager.wait(for: "READY=1")
    let path = daemon.folder.path("s")
    while try !StatusQuestion.line(path, "problems stuck").contains(#""code":"unresponsive""#) { usleep(10_000) }
    #expect(try !StatusQuestion.line(path, "problems fine").contains("unresponsive"))
    daemon.signal(SIGKILL)
    _ = daemon.exitCode()
  }

  @Test("ends when it is told to a second time, whatever hangs", arguments: queues)
  func endsAtSecondSignal(queue: String) throws {
    let daemon = try Self.daemon(queue, more: "stop_timeout: 5m")
    daemon.manager.wait(for: "READY=1")
    // Two signals that come before the first is noticed are one.
    while daemon.isRunning {
      daemon.signal(SIGTERM)
      usleep(100_000)
    }
    #expect(daemon.exitCode() == 0)
  }

  @Test("stops in order all the same, with a word about what did not", arguments: ["logs", "status", "link:stuck"])
  func stopsWithoutIt(queue: String) throws {
    let daemon = try Self.daemon(queue, more: "stop_timeout: 0")
    daemon.manager.wait(for: "READY=1")
    daemon.signal(SIGTERM)
    #expect(daemon.exitCode() == 0)
    switch queue {
    case "logs": #expect(daemon.console.contains("the logs did not come to their end within 5.0 s"))
    case "status": #expect(daemon.console.contains("the sockets of clients did not come to their end"))
    default:
      #expect(daemon.console.contains("link=stuck"))
      #expect(
        daemon.folder.events("link").contains {
          $0.contains(#""link":"stuck""#) && $0.contains("it did not stop within 0.0 s")
        })
    }
    if queue != "logs" { #expect(daemon.folder.events("daemon").last?.contains(#""action":"stop""#) == true) }
  }

  @Test("without the flag the debug hooks are nothing, and the watchdog is fed")
  func ignoresHooks() throws {
    let daemon = try DaemonProcess(
      [LiveStation.link("stuck", OwnAddress.next())],
      environment: ["WATCHDOG_USEC": "200000", "DOWNLINKD_DEBUG_BLOCK": "link:stuck"])
    for _ in 0..<5 { daemon.manager.wait(for: "WATCHDOG=1") }
    daemon.signal(SIGTERM)
    #expect(daemon.exitCode() == 0)
  }

  @Test("the service manager is told how long a stop may take")
  func extendsTimeout() throws {
    let daemon = try DaemonProcess([LiveStation.link("a", OwnAddress.next())], more: "stop_timeout: 2m")
    daemon.manager.wait(for: "READY=1")
    daemon.signal(SIGTERM)
    // Two minutes for the links, and five seconds for each of what comes then, and for the end itself.
    let texts = daemon.manager.wait(for: "STOPPING=1")
    #expect(texts.last?.contains("EXTEND_TIMEOUT_USEC=140000000") == true)
    #expect(daemon.exitCode() == 0)
  }

  @Test("one that cannot start says why in its log and to the service manager")
  func tellsWhyNot() throws {
    let address = OwnAddress.next()
    let first = try DaemonProcess([LiveStation.link("a", address)])
    first.manager.wait(for: "READY=1")
    let second = try DaemonProcess([LiveStation.link("a", address)])
    #expect(second.exitCode() == 71)
    let texts = second.manager.rest()
    #expect(texts.contains { $0.hasPrefix("STATUS=\(address):10017: bind failed") })
    #expect(texts.contains("ERRNO=\(EADDRINUSE)"))
    let fatal = second.folder.events("daemon").last
    #expect(fatal?.contains(#""action":"fatal""#) == true && fatal?.contains("Address already in use") == true)
    first.signal(SIGTERM)
    #expect(first.exitCode() == 0)
  }
}
