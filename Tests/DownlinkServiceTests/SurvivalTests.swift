import Foundation
import Glibc
import Ingest
import Publish
import SpacecraftSimulator
import Synchronization
import TestSupport
import Testing

@Suite("A daemon that is killed or restarted while frames arrive", .timeLimit(.minutes(10)))
struct SurvivalTests {
  private static let frameByteCount = 256
  private static let executable = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = max(0, unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1))
    let path = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/downlinkd"
  }()

  /// Sends frames that are all in order, until it is told to stop.
  private final class Spacecraft: Sendable {
    private let isOver = Atomic(false)
    private let sentCount = Atomic(0)
    private let failure = Mutex<(any Error)?>(nil)
    private let finished = DispatchSemaphore(value: 0)

    init(port: UInt16) {
      Foundation.Thread.detachNewThread {
        do { try self.send(to: port) } catch { self.failure.withLock { $0 = error } }
        self.finished.signal()
      }
    }

    var count: Int { sentCount.load(ordering: .relaxed) }

    func stop() throws -> Int {
      isOver.store(true, ordering: .relaxed)
      finished.wait()
      if let failure = failure.withLock({ $0 }) { throw failure }
      return count
    }

    private func send(to port: UInt16) throws {
      var scenario = Scenario.aosHighRate
      scenario.link.frameByteCount = frameByteCount
      scenario.link.frameCount = .max
      var simulation = try Simulation(scenario)
      let sender = try UDPSender(host: "127.0.0.1", port: port)
      var frame: [UInt8] = []
      while !isOver.load(ordering: .relaxed), simulation.next(into: &frame) != nil {
        try sender.send(unsafe frame.span.bytes)
        if sentCount.add(1, ordering: .relaxed).newValue % 8 == 0 { usleep(500) }
      }
    }
  }

  @Test("a link over TCP that is killed goes on with what it had counted a second before, and the next connection")
  func goesOnOverTCP() throws {
    let folder = try TemporaryFolder()
    let port = try TCPPeerListener().port
    let configuration = """
      station: test
      links:
        - name: dss1
          input: { tcp: { listen: "127.0.0.1:\(port)" } }
          frames: { type: tm, length: 64, spacecraft_id: 1 }
      logs: { directory: \(folder.path("log")) }
      status: { socket: \(folder.path("status.sock")) }
      """
    let manager = try ServiceManager(path: folder.path("notify"))
    defer { manager.end() }
    let service = ServiceManager.Service(
      manager,
      [Self.executable, "run", "--allow-root", "-c", try folder.write(Array(configuration.utf8), to: "station.yaml")])
    try service.start()
    var frame = TelemetryFrame(spacecraft: 1)
    func send(_ count: Int, andHalf: Bool = false) throws -> TCPPeer {
      let peer = try TCPPeer(connectingTo: port)
      try peer.send((0..<count).flatMap { _ in frame.next() })
      if andHalf { try peer.send(Array(frame.next()[..<40])) }
      return peer
    }
    func link(after time: JSONValue? = nil, frames: Int) throws -> JSONValue {
      while true {
        let link = try StatusQuestion.ask(folder.path("status.sock")).link
        if let link, link["as_of"] != time, link.count("totals", "frames") == frames { return link }
        usleep(10_000)
      }
    }
    let first = try send(100, andHalf: true)
    // A state is saved right after it was told of: when the next one is told of, it is.
    let told = try link(frames: 100)
    _ = try link(after: told["as_of"], frames: 100)
    service.end(SIGKILL)
    try service.start()
    let second = try send(20)
    let last = try link(frames: 120)
    #expect(last.count("crashes") == 1)
    #expect(last["earlier"] == nil)
    // Half of a frame that went with its connection.
    #expect(last.count("totals", "missing") == 1)
    #expect(last.count("ledger", "datagrams", "rejected", "truncated") == 1)
    #expect(folder.events("link").contains { $0.contains("the ledger goes on after a crash; what was sent since ") })
    #expect(manager.kept.map(\.name).sorted() == ["link-dss1", "state-dss1"])
    withExtendedLifetime((first, second)) {}
  }

  @Test("every datagram is in the ledger: sent = received + dropped by the kernel, and no gap but of what was dropped")
  func losesNothing() throws {
    let folder = try TemporaryFolder()
    let port = try StationRuns.freePort()
    let configuration = """
      station: test
      links:
        - name: dss1
          input: { udp: "127.0.0.1:\(port)" }
          coding: { error_control: crc16 }
          frames: { type: aos, length: \(Self.frameByteCount) }
      logs: { directory: \(folder.path("log")) }
      status: { socket: \(folder.path("status.sock")) }
      state: { directory: \(folder.path("state")) }
      """
    let manager = try ServiceManager(path: folder.path("notify"))
    defer { manager.end() }
    let service = ServiceManager.Service(
      manager,
      [Self.executable, "run", "--allow-root", "-c", try folder.write(Array(configuration.utf8), to: "station.yaml")])
    try service.start()
    let spacecraft = Spacecraft(port: port)
    let signals = [SIGKILL, SIGTERM, SIGKILL, SIGKILL, SIGTERM, SIGKILL]
    for signal in signals {
      let count = spacecraft.count
      while spacecraft.count < count + 300 { usleep(1000) }
      service.end(signal)
      try service.start()
    }
    let sentCount = try spacecraft.stop()
    // A restart takes all that is still in the socket.
    service.end(SIGTERM)
    try service.start()
    // Whoever is told that the daemon is ready sees its links, with all that was counted before.
    let status = try StatusQuestion.ask(folder.path("status.sock"))
    let link = try #require(status.link)
    let received = try #require(link.count("ledger", "datagrams", "received"))
    let dropped = try #require(link.count("ledger", "datagrams", "kernel_dropped"))
    #expect(received + dropped == sentCount)
    #expect(link.count("totals", "missing") == dropped)
    #expect(link.count("totals", "frames") == received)
    #expect(link["ledger"]?["frames"]?["rejected"] == .object([]))
    #expect(status["accounting"]?["balanced"] == .bool(true))
    #expect(link["earlier"] == nil)
    #expect(link.count("crashes") == signals.count { $0 == SIGKILL })
    #expect(link.count("restarts") == signals.count { $0 == SIGTERM } + 1)
    // Each was put into the store once, whatever happened since.
    #expect(manager.kept.map(\.name).sorted() == ["link-dss1", "state-dss1"])
    #expect(manager.putCount == 2)
  }
}
