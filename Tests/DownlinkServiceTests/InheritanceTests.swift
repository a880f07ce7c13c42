import DownlinkService
import Foundation
import Glibc
import Ingest
import LinkHealth
import Publish
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

@Suite("What is counted over several runs is counted once", .timeLimit(.minutes(10)))
struct InheritanceTests {
  @Test("what a socket had dropped for a run is not dropped again for the next, whatever is left of the memory")
  func countsDropsOnce() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    var input = UDPInput(host: "127.0.0.1", port: 0)
    input.receiveBufferByteCount = 8192
    let opener = try UDPReceiver.open(input)
    let port = opener.localPort
    try station.send(500, to: port)
    let first = try station.run(try station.daemon(port: port, activated: opener.fileDescriptor))
    let datagrams = first.snapshot.ledger.datagrams
    #expect(datagrams.kernelDropped > 0)
    #expect(datagrams.received + datagrams.kernelDropped == 500)
    // While nobody runs.
    try station.send(3, to: port)
    let second = try station.run(try station.daemon(port: port, activated: opener.fileDescriptor))
    #expect(second.life.earlier.datagrams + second.life.earlier.kernelDropped == 500)
    #expect(second.snapshot.ledger.datagrams.received == 3)
    #expect(second.snapshot.ledger.datagrams.kernelDropped == 0)
    // Another socket begins at no drops, whatever the last one had.
    let other = try UDPReceiver.open(input)
    try station.send(500, to: other.localPort)
    let third = try station.run(try station.daemon(port: other.localPort, activated: other.fileDescriptor))
    #expect(third.snapshot.ledger.datagrams.received + third.snapshot.ledger.datagrams.kernelDropped == 500)
  }

  @Test("a file that says a run has ended says so until the next one begins, and no longer")
  func tellsRunsThatDoNotEnd() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    _ = try station.run(try station.daemon())
    #expect(try station.counters()["ended_in_order"] == .bool(true))
    _ = try station.run(try station.daemon()) { _ in
      while try station.counters()["ended_in_order"] == .bool(true) { usleep(10_000) }
    }
    #expect(try station.counters()["ended_in_order"] == .bool(true))
  }

  @Test("links that are no more leave room in the file for those that there are")
  func keepsPresentLinks() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    _ = try station.run(try station.daemon()) { try station.send(5, to: $0) }
    let text = String(decoding: station.folder.bytes(of: "state/counters.json"), as: UTF8.self)
    let start = try #require(text.range(of: "{\"name\":\"dss1\"")).lowerBound
    let end = try #require(text.range(of: "}}]")).lowerBound
    let own = text[start..<end] + "}}"
    let others = (0..<256).map { own.replacing("dss1", with: "a\(1000 + $0)") }
    let full = text[..<start] + others.joined(separator: ",") + text[text.index(end, offsetBy: 2)...]
    _ = try station.folder.write(Array(full.utf8), to: "state/counters.json")
    _ = try station.run(try station.daemon()) { try station.send(3, to: $0) }
    let last = try station.run(try station.daemon())
    #expect(last.life.earlier.datagrams == 3)
    #expect(station.folder.names(in: "state") == ["counters.json", "passes"])
  }

  @Test("a reload that changes a link leaves its totals, and a link that comes back has them again")
  func inheritsAtReload() throws {
    let hosts = [OwnAddress.next(), OwnAddress.next()]
    let station = try LiveStation([LiveStation.link("a", hosts[0]), LiveStation.link("b", hosts[1])])
    let crafts = try hosts.map { try Spacecraft(1, to: $0) }
    for (name, craft) in zip(["a", "b"], crafts) {
      try craft.send(7)
      station.status(of: name) { $0.snapshot.ledger.datagrams.received == 7 }
    }
    let since = station.status(of: "a").life.since
    // The one is changed, and the other goes.
    let changed = LiveStation.link("a", hosts[0], more: ", quiet_after: 5s")
    try station.write([changed])
    _ = try station.reload().get()
    try crafts[0].send(2)
    let status = station.status(of: "a") {
      $0.snapshot.ledger.datagrams.received == 2 && $0.life.earlier.datagrams == 7
    }
    #expect(status.life.since == since)
    #expect(status.life.earlier.frames == 7)
    #expect(status.json(atMost: 1 << 20).contains(#""earlier":{"until":""#))
    // It moves to another address, and the other comes back.
    try station.write([
      LiveStation.link("a", OwnAddress.next(), more: ", quiet_after: 5s"), LiveStation.link("b", hosts[1]),
    ])
    _ = try station.reload().get()
    station.status(of: "a") { $0.life.earlier.datagrams == 9 && $0.snapshot.ledger.datagrams.received == 0 }
    station.status(of: "b") { $0.life.earlier.datagrams == 7 }
    #expect(station.stop() == 0)
    #expect(station.events("link").filter { $0.contains(#""action":"resumed""#) }.count == 3)
  }

  @Test("what an earlier run has counted neither arrives again nor is too much again")
  func isQuietAfterRestart() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    let first = try station.run(
      try station.daemon(port: port, inherited: []) { $0.maximumDatagramsPerSecond = 1 }
    ) { try station.send(200, to: $0) }
    #expect(first.state == .receiving)
    #expect(first.snapshot.ledger.datagrams.rejected[.rateLimited] > 0)
    #expect(first.problems.contains { $0.code == .rateLimited })
    let second = try station.run(
      try station.daemon(port: port, inherited: station.manager.handOver()) { $0.maximumDatagramsPerSecond = 1 })
    #expect(second.snapshot.ledger.datagrams.received == 200)
    #expect(second.state == .quiet)
    #expect(!second.problems.contains { $0.code == .rateLimited })
  }

  @Test("a state that there is no memory for is a problem in words, and the daemon runs")
  func runsWithoutMemory() async {
    // In a process of its own: a limit on the length of files is one on such memory too.
    await #expect(processExitsWith: .success) {
      _ = signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      _ = unsafe setrlimit(__rlimit_resource_t(1), &limit)
      let station = try StationRuns()
      let daemon = try station.daemon(port: try StationRuns.freePort(), inherited: [])
      let status = try station.run(daemon) { try station.send(2, to: $0) }
      guard status.snapshot.ledger.datagrams.received == 2 else { exit(2) }
      guard let problem = status.problems.first(where: { $0.code == .stateNotKept }) else { exit(3) }
      guard problem.message.contains("memfd_create failed: File too large") else { exit(4) }
    }
  }

  @Test("what the service manager does not take is a problem in words, and the daemon runs")
  func tellsOfRefusal() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let daemon = try station.daemonWithoutManager()
    #expect(try station.run(daemon) { try station.send(2, to: $0) }.snapshot.ledger.datagrams.received == 2)
    let problem = try #require(daemon.board.problems.first { $0.code == .stateNotKept })
    #expect(problem.message.hasSuffix(": link-dss1, state-dss1"))
  }

  @Test("links that share a socket go on in whatever order they are written")
  func goesOnInAnotherOrder() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    var frames = (TelemetryFrame(spacecraft: 1), TelemetryFrame(spacecraft: 2))
    func sendFive() throws {
      for _ in 0..<5 {
        try unsafe sender.send(frames.0.next().span.bytes)
        try unsafe sender.send(frames.1.next().span.bytes)
      }
    }
    let links = [("a", 1), ("b", 2)]
    _ = try station.run(try station.daemon(sharing: links, port: port, inherited: [])) { _ in try sendFive() }
    #expect(station.manager.kept.map(\.name).sorted() == ["link-a", "state-a"])
    let daemon = try station.daemon(sharing: links.reversed(), port: port, inherited: station.manager.handOver())
    _ = try station.run(daemon) { _ in try sendFive() }
    #expect(station.manager.kept.map(\.name).sorted() == ["link-b", "state-b"])
    for status in daemon.board.links {
      #expect(status.snapshot.ledger.datagrams.received == 10)
      #expect(status.snapshot.missingFrameCount == 0)
      #expect(status.life.restartCount == 1 && status.life.earlier == LinkTotals())
    }
  }

  // MARK: Probes

  @Test("a run that ends sends no probe that the next one would find")
  func sendsNoProbeAtTheEnd() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    let probing = try station.daemon(port: port, inherited: []) { $0.probeIntervalSeconds = 0.000_001 }
    #expect(try station.run(probing).snapshot.ledger.datagrams.received == 0)
    let silent = try station.daemon(port: port, inherited: station.manager.handOver()) { $0.probeIntervalSeconds = 0 }
    #expect(try station.run(silent).snapshot.ledger.datagrams.received == 0)
  }

  @Test("a probe of the process before is nobody's datagram, and one that nobody sent is a datagram")
  func knowsProbeOfEarlierProcess() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    _ = try station.run(try station.daemon(port: port, inherited: [])) { try station.send(5, to: $0) }
    let inherited = station.manager.handOver()
    let memory = try #require(inherited.first { $0.name == "state-dss1" })
    var state = try #require(ReceiveMemory.adopt(dup(memory.descriptor), slotByteCount: 2048)?.load())
    // Two probes wait in the socket; only of the first it is written down that it was sent.
    let sender = try ProbeSender(to: UDPInput(host: "127.0.0.1", port: port), port: port)
    let nonce: UInt128 = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210
    let source = try unsafe sender.send(SelfProbe.datagram(nonce: nonce).span.bytes)
    _ = try unsafe sender.send(SelfProbe.datagram(nonce: nonce + 1).span.bytes)
    // Behind the magic number, the end, the time, the socket and its drops: nonce, address, port and flags.
    let words = [UInt64(truncatingIfNeeded: nonce >> 64), UInt64(truncatingIfNeeded: nonce), 0, 0x7F00_0001]
    for (index, word) in (words + [1 << 17 | UInt64(source.port)]).enumerated() {
      for byte in 0..<8 { state[40 + 8 * index + byte] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte))) }
    }
    let left = try ReceiveMemory.make(slotByteCount: 2048, isKept: true)
    #expect(left.save(state))
    close(memory.descriptor)
    let next =
      inherited.filter { $0.name != "state-dss1" } + [
        InheritedDescriptor(descriptor: dup(try #require(left.descriptor)), name: "state-dss1")
      ]
    let status = try station.run(try station.daemon(port: port, inherited: next) { $0.probeIntervalSeconds = 0 })
    #expect(status.snapshot.ledger.datagrams.received == 6)
  }

  // MARK: Connections and captures

  @Test("the ledger of a capture goes on too", .enabled(if: geteuid() == 0, "capturing takes root"))
  func goesOnCapturing() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    // Somebody has the port, so that nothing refuses what is sent there.
    let holder = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0))
    func run(inherited: [InheritedDescriptor], until count: Int) throws -> LinkStatus {
      try station.run(try station.daemon(capturing: holder.localPort, inherited: inherited)) { _ in
        try station.send(5, to: holder.localPort)
        let path = station.folder.path("status.sock")
        while try StatusQuestion.ask(path).link?.count("totals", "datagrams") != count { usleep(10_000) }
      }
    }
    _ = try run(inherited: [], until: 5)
    #expect(station.manager.kept.map(\.name) == ["state-dss1"])
    let second = try run(inherited: station.manager.handOver(), until: 10)
    #expect(second.life.restartCount == 1 && second.life.earlier == LinkTotals())
    #expect(second.snapshot.isBalanced)
  }

  private static func frames(_ count: Int) throws -> [[UInt8]] {
    var scenario = Scenario.aosHighRate
    scenario.link.frameByteCount = 256
    scenario.link.frameCount = count
    var simulation = try Simulation(scenario)
    var frames: [[UInt8]] = []
    var frame: [UInt8] = []
    while simulation.next(into: &frame) != nil { frames.append(frame) }
    return frames
  }

  @Test("the ledger of a link over TCP goes on, peers wait while nobody runs, and what was cut off is told")
  func goesOnOverTCP() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let frames = try Self.frames(30)
    let port = try TCPPeerListener().port
    var peers: [TCPPeer] = []
    let first = try station.run(try station.daemon(listeningAt: port, inherited: [])) { port in
      let peer = try TCPPeer(connectingTo: port)
      peers.append(peer)
      // And a half.
      try peer.send(frames[..<10].flatMap { $0 } + frames[10][..<100])
      // So much of it has been read as soon as the rest of the frame before has been.
      while try StatusQuestion.ask(station.folder.path("status.sock")).link?.count("totals", "frames") != 10 {
        usleep(10_000)
      }
    }
    #expect(first.snapshot.ledger.frames.received == 10)
    #expect(first.snapshot.ledger.datagrams.rejected[.truncated] == 1)
    #expect(station.manager.kept.map(\.name).sorted() == ["link-dss1", "state-dss1"])
    let waiting = try TCPPeer(connectingTo: port)
    peers.append(waiting)
    try waiting.send(frames[12...].flatMap { $0 })
    let second = try station.run(try station.daemon(listeningAt: port, inherited: station.manager.handOver())) { _ in
      while try StatusQuestion.ask(station.folder.path("status.sock")).link?.count("totals", "frames") != 28 {
        usleep(10_000)
      }
    }
    #expect(second.snapshot.ledger.frames.received == 28)
    #expect(second.snapshot.ledger.datagrams.rejected[.truncated] == 1)
    #expect(second.snapshot.missingFrameCount == 2)
    #expect(second.life.restartCount == 1 && second.life.earlier == LinkTotals())
    #expect(second.snapshot.isBalanced)
    #expect(station.manager.putCount == 2)
    let events = String(decoding: station.folder.bytes(of: "log/events.jsonl"), as: UTF8.self)
    #expect(events.contains("the ledger goes on after a restart; what was sent since "))
    withExtendedLifetime(peers) {}
  }
}
