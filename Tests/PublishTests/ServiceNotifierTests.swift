import Glibc
import Publish
import Testing

@Suite("Notices to the service manager, sd_notify(3)")
struct ServiceNotifierTests {
  /// The service manager's end.
  private final class Manager {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)

    init(_ name: String) throws {
      let address = try unwrap(UnixSocketAddress(serviceManagerPath: name))
      guard unsafe address.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0 else {
        throw SocketFailure(errno: errno)
      }
    }

    deinit { close(descriptor) }

    func datagram() -> String? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  @Test("messages sent together are one datagram, to a path as to an abstract name", arguments: [false, true])
  func sendsTogether(isAbstract: Bool) throws {
    let directory = TemporaryDirectory()
    let name = isAbstract ? "@downlinkd-test-\(getpid())" : directory.file("notify")
    let manager = try Manager(name)
    let notifier = ServiceNotifier { $0 == "NOTIFY_SOCKET" ? name : nil }
    #expect(notifier.isActive)
    #expect(notifier.send(.ready, .status("2 links, 0 problems")))
    #expect(manager.datagram() == "READY=1\nSTATUS=2 links, 0 problems")
    #expect(notifier.send(.reloading(monotonicMicroseconds: 123_456)))
    #expect(manager.datagram() == "RELOADING=1\nMONOTONIC_USEC=123456")
    #expect(notifier.send(.watchdog))
    #expect(manager.datagram() == "WATCHDOG=1")
    #expect(notifier.send(.stopping, .errno(28)))
    #expect(manager.datagram() == "STOPPING=1\nERRNO=28")
    #expect(manager.datagram() == nil)
  }

  @Test("a status is one line of at most 80 characters")
  func boundsStatus() throws {
    let directory = TemporaryDirectory()
    let manager = try Manager(directory.file("notify"))
    let notifier = ServiceNotifier { $0 == "NOTIFY_SOCKET" ? directory.file("notify") : nil }
    notifier.send(.status("a\nREADY=1" + String(repeating: "x", count: 100)))
    #expect(manager.datagram() == "STATUS=a READY=1" + String(repeating: "x", count: 71))
  }

  @Test("without a service manager nothing is sent", arguments: [nil, "", "relative", "@"])
  func isSilent(name: String?) {
    let notifier = ServiceNotifier { $0 == "NOTIFY_SOCKET" ? name : nil }
    #expect(!notifier.isActive)
    #expect(!notifier.send(.ready))
  }

  @Test("a service manager that has gone is no trouble")
  func survivesMissingSocket() {
    let notifier = ServiceNotifier { $0 == "NOTIFY_SOCKET" ? "/nonexistent/notify" : nil }
    #expect(!notifier.send(.ready))
  }

  @Test("the watchdog period is for this process only")
  func readsWatchdog() {
    let mine = String(getpid())
    #expect(period(["WATCHDOG_USEC": "30000000"]) == 30_000_000)
    #expect(period(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": mine]) == 30_000_000)
    #expect(period(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
    #expect(period(["WATCHDOG_USEC": "0"]) == nil)
    #expect(period(["WATCHDOG_USEC": "often"]) == nil)
    #expect(period([:]) == nil)
  }

  private func period(_ environment: [String: String]) -> UInt64? {
    ServiceNotifier { environment[$0] }.watchdogMicroseconds
  }
}

@Suite("Lines on standard error")
struct ConsoleLogTests {
  @Test("a line is key=value, with the priority of syslog unless it goes to a terminal")
  func writesLines() throws {
    let directory = TemporaryDirectory()
    let descriptor = unsafe open(directory.file("err"), O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let console = ConsoleLog(descriptor: descriptor)
    console.write(
      EventRecord(
        .daemon, severity: .notice, time: 0, body: #"{"action":"ready","config":"/etc/a b.yaml","quote":"a\"b"}"#))
    console.write(
      EventRecord(
        .frameReject, severity: .warning, time: 0, link: "dss1", scid: 42,
        body: #"{"reason":"fecf","count":3,"ratio":0.5,"list":[1],"errors":["a b","c"],"text":"a\u001bb"}"#))
    ConsoleLog(descriptor: descriptor, hasPriorityPrefix: false).write(
      EventRecord(.daemon, severity: .error, time: 0, body: #"{"reason":"two\nlines"}"#))
    #expect(
      try directory.text("err") == #"""
        <5>daemon action=ready config="/etc/a b.yaml" quote="a\"b"
        <4>frame_reject link=dss1 scid=42 reason=fecf count=3 ratio=0.5 errors="a b; c" text="a\x1bb"
        daemon reason="two\x0alines"

        """#)
  }
}
