import CCSDSLink
import DownlinkService
import Ingest
import LinkHealth
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

@Suite("A link over TCP")
struct TCPLinkTests {
  /// Frames of 256 bytes, and who receives them.
  private struct Recording {
    static let frameCount = 60
    let frames: [[UInt8]]
    let parameters: PhysicalChannelParameters

    init() throws {
      var scenario = Scenario.aosHighRate
      scenario.link.frameByteCount = 256
      scenario.link.frameCount = Self.frameCount
      var simulation = try Simulation(scenario)
      var frames: [[UInt8]] = []
      var frame: [UInt8] = []
      while simulation.next(into: &frame) != nil { frames.append(frame) }
      self.frames = frames
      parameters = scenario.physicalChannel
    }

    func link(_ tcp: TCPDescription) -> LinkConfiguration {
      LinkConfiguration(name: "dss1", input: .tcp(tcp), parameters: .frames(parameters))
    }

    func connecting(to port: UInt16) -> LinkConfiguration {
      var tcp = TCPDescription(role: .connect, host: "127.0.0.1", port: port)
      tcp.longestRetrySeconds = 0.01
      return link(tcp)
    }
  }

  @Test("frames arrive whole however the stream is cut, and the ledger balances", arguments: [1, 255, 257, 1000])
  func receivesStream(pieceByteCount: Int) throws {
    let recording = try Recording()
    #expect(recording.frames.count == Recording.frameCount)
    let server = try TCPPeerListener()
    let link = try LiveLink(recording.connecting(to: server.port))
    let peer = try server.accept()
    let bytes = recording.frames.flatMap { $0 }
    for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
      try peer.send(Array(bytes[start..<min(start + pieceByteCount, bytes.count)]))
    }
    try link.wait { $0.snapshot.ledger.frames.received == Recording.frameCount }
    let last = try link.stop().snapshot
    #expect(last.ledger.frames.received == Recording.frameCount)
    #expect(last.ledger.frames.rejected.total == 0)
    #expect(last.missingFrameCount == 0)
    #expect(last.latency.count == Recording.frameCount)
    #expect(last.breaches == [])
  }

  @Test(
    "the halves of a frame on two connections are not joined, and nothing is counted twice", arguments: [false, true])
  func doesNotJoinHalves(resets: Bool) throws {
    let recording = try Recording()
    let server = try TCPPeerListener()
    let link = try LiveLink(recording.connecting(to: server.port))
    let frames = recording.frames
    let parts: [[UInt8]] = [
      frames[..<20].flatMap { $0 } + frames[20][..<100], Array(frames[20][100...]), frames[21...].flatMap { $0 },
    ]
    var connectionCount = 0
    for part in parts {
      let peer = try server.accept()
      try peer.send(part)
      connectionCount += 1
      if resets {
        // A reset takes with it what has not arrived: so it waits for that.
        let byteCount = parts[..<connectionCount].reduce(0) { $0 + $1.count }
        try link.wait { $0.snapshot.ledger.datagrams.byteCount >= byteCount - 256 }
        peer.reset()
      } else {
        peer.close()
      }
    }
    try link.wait { $0.snapshot.ledger.frames.received == Recording.frameCount - 1 }
    let last = try link.stop().snapshot
    #expect(last.ledger.frames.received == Recording.frameCount - 1)
    #expect(last.ledger.frames.rejected.total == 0)
    #expect(last.missingFrameCount == 1)
    #expect(last.virtualChannelDuplicateCount == 0)
    // A reset may overtake the half of a frame that was sent right before it, and take it along.
    let lost = Recording.frameCount * 256 - last.ledger.datagrams.byteCount
    let truncated = last.ledger.datagrams.rejected[.truncated]
    let possible = [0: 2, 100: 1, 156: 1, 256: 0]
    #expect(resets ? possible[lost] == truncated : lost == 0 && truncated == 2)
    #expect(last.breaches == [])
  }

  @Test("the status says where the connection stands, and events and problems why")
  func showsConnection() throws {
    let recording = try Recording()
    try TCPPeerListener.withRefusingPort { port in
      let link = try LiveLink(recording.connecting(to: port))
      let refused = try link.wait { !$0.problems.filter { $0.code == .disconnected }.isEmpty }
      #expect(refused.state == .down)
      #expect(refused.transport == "tcp")
      #expect(refused.endpoint == "127.0.0.1:\(port)")
      let problem = try #require(refused.problems.first { $0.code == .disconnected })
      #expect(problem.severity == .critical)
      #expect(problem.message == "not connected to 127.0.0.1:\(port): the peer refuses the connection")
      #expect(problem.hint.hasPrefix("start the server of the peer, or check the port"))
      let server = try TCPPeerListener(port: port)
      let peer = try server.accept()
      try peer.send(recording.frames[0])
      let connected = try link.wait { $0.snapshot.ledger.frames.received == 1 }
      #expect(connected.state != .down)
      #expect(!connected.problems.contains { $0.code == .disconnected })
      let text = connected.json(atMost: 1 << 20)
      #expect(text.contains(#""transport":"tcp","endpoint":"127.0.0.1:\#(port)","#))
      #expect(text.contains(#""connection":{"state":"connected","peer":"127.0.0.1:\#(port)","connects":1,"#))
      peer.close()
      try link.wait { $0.connection?.lastFailure == .closed }
      #expect(try link.stop().connection?.connection == .stopped)
      let events = link.events
      #expect(events.contains { $0.contains(#""reason":"the peer refuses the connection""#) })
      #expect(events.contains { $0.contains(#""reason":"connected""#) && $0.contains(#""action":"up""#) })
      #expect(
        events.contains {
          $0.contains(#""reason":"the peer closed the connection""#) && $0.contains(#""action":"down""#)
        })
      #expect(events.filter { $0.contains("refuses") }.count == 1)
      withExtendedLifetime(server) {}
    }
  }

  @Test("a link that listens says where, and that nobody is there until somebody is")
  func listens() throws {
    let recording = try Recording()
    let link = try LiveLink(recording.link(TCPDescription(role: .listen, host: "127.0.0.1", port: 0)))
    let port = link.owner.localPort
    let alone = try link.status()
    #expect(alone.listen == "127.0.0.1:\(port)")
    #expect(alone.state == .down)
    #expect(alone.problems.first { $0.code == .disconnected }?.severity == .warning)
    let peer = try TCPPeer(connectingTo: port)
    try peer.send(recording.frames[0])
    let status = try link.wait { $0.snapshot.ledger.frames.received == 1 }
    #expect(status.state != .down)
    #expect(try link.stop().snapshot.breaches == [])
  }

  @Test("a peer that is not on the list is sent away, and that is told")
  func refusesAddress() throws {
    let recording = try Recording()
    var tcp = TCPDescription(role: .listen, host: "127.0.0.1", port: 0)
    tcp.allowFrom = [try AddressBlock("10.0.0.0/8")]
    let link = try LiveLink(recording.link(tcp))
    let peer = try TCPPeer(connectingTo: link.owner.localPort)
    try peer.waitForEnd()
    #expect(try link.stop().connection?.addressRefusalCount == 1)
    #expect(link.events.contains { $0.contains(#""action":"refused""#) && $0.contains("source_not_allowed") })
  }
}

extension LinkSnapshot {
  fileprivate var virtualChannelDuplicateCount: Int {
    ledger.virtualChannels.reduce(0) { $0 + $1.continuity.duplicates }
  }
}
