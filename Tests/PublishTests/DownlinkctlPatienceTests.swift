import Dispatch
import FoundationEssentials
import Glibc
import Publish
import Synchronization
import Testing

@Suite("downlinkctl: a daemon that hangs, and a user who goes away", .serialized, .timeLimit(.minutes(10)))
struct DownlinkctlPatienceTests {
  @Test("where nobody takes up connections it gives up, with a hint")
  func givesUp() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let path = bench.directory.file("hung.sock")
    let address = try unwrap(UnixSocketAddress(path: path))
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(listener) }
    #expect(unsafe address.withSockaddr { unsafe bind(listener, $0, $1) } == 0 && listen(listener, 0) == 0)
    // All places for those who wait are taken.
    var waiting: [Int32] = []
    defer { for descriptor in waiting { close(descriptor) } }
    repeat {
      waiting.append(
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0))
    } while unsafe address.withSockaddr { unsafe connect(waiting[waiting.count - 1], $0, $1) } == 0
    let output = try bench.run("status", "--socket", path)
    #expect(output.exitCode == 69)
    #expect(output.errors.contains("hint: it may hang"))
    #expect(try bench.run("health", "--socket", path).exitCode == 3)
  }

  @Test("stopped and continued in a terminal, it goes on where it was")
  func survivesStop() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let child = try bench.start("events", "--follow", "--socket", bench.path)
    while bench.server.counters.requestCount(.events) == 0 { usleep(10_000) }
    for _ in 0..<3 {
      kill(child.process, SIGSTOP)
      while child.state != "T" { usleep(10_000) }
      kill(child.process, SIGCONT)
      while child.state == "T" { usleep(10_000) }
      usleep(100_000)
    }
    bench.server.publish(
      EventLine(
        eventType: .link, link: "dss1",
        text: #"{"timestamp":"2026-11-21T09:24:37.251547Z","event_type":"link","severity":"info","seq":9,"#
          + #""run_id":"r1","link":"dss1","link_state":{"action":"receiving"}}"#))
    while !child.output.contains("action=receiving") { usleep(10_000) }
    kill(child.process, SIGKILL)
    #expect(child.exitStatus() == SIGKILL)
  }
}
