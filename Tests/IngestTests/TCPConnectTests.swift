import Ingest
import TestSupport
import Testing

@Suite("Connecting by TCP")
struct TCPConnectTests {
  @Test("all bytes arrive, in order, however they are cut", arguments: [1, 7, 1000, 300_000])
  func receivesEverything(pieceByteCount: Int) throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port)
    let peer = try server.accept()
    let bytes = [UInt8].pattern(pieceByteCount == 1 ? 2000 : 3_000_000)
    for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
      try peer.send(Array(bytes[start..<min(start + pieceByteCount, bytes.count)]))
    }
    peer.close()
    let heard = try station.wait { !$0.failures.isEmpty }
    #expect(heard.connections.first == bytes)
    #expect(heard.turnCount > 0)
    try station.stop()
  }

  @Test("a peer that closes, or resets, is connected to again; the bytes of each connection are kept apart")
  func reconnects() throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port)
    var peer = try server.accept()
    try peer.send([1, 2, 3])
    peer.close()
    peer = try server.accept()
    try peer.send([4, 5])
    try station.wait { $0.bytes.count == 5 }
    peer.reset()
    peer = try server.accept()
    try peer.send([6])
    let heard = try station.wait { $0.bytes.count == 6 }
    #expect(heard.connections == [[1, 2, 3], [4, 5], [6]])
    #expect(heard.failures == [.closed, .reset])
    #expect(station.status.connectionCount == 3)
    #expect(station.status.lastFailure == .reset)
    try station.stop()
    #expect(station.status.connection == .stopped)
  }

  @Test("what came before a reset is not lost with it")
  func keepsBytesBeforeReset() throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port)
    let peer = try server.accept()
    try station.wait { $0.connections.count == 1 }
    // As much as is on its way at once: a reset takes with it what the peer has not sent yet.
    let bytes = [UInt8].pattern(10_000)
    try peer.send(bytes)
    peer.reset()
    let heard = try station.wait { !$0.failures.isEmpty }
    #expect(heard.failures.first == .reset)
    #expect(heard.bytes == bytes)
    try station.stop()
  }

  @Test("a port that refuses is tried again and again, and connected to when something listens there")
  func waitsForServer() throws {
    try TCPPeerListener.withRefusingPort { port in
      let station = try TCPStation.connecting(to: port)
      let heard = try station.wait { $0.failures.count >= 5 }
      #expect(heard.failures.allSatisfy { $0 == .refused })
      #expect(heard.connections.isEmpty)
      #expect(station.status.lastFailure == .refused)
      #expect(station.status.failedAttemptCount >= 5)
      let server = try TCPPeerListener(port: port)
      let peer = try server.accept()
      try peer.send([9])
      #expect(try station.wait { $0.bytes.count == 1 }.connections == [[9]])
      #expect(station.status.connection == .connected)
      #expect(station.status.peer == SocketAddress(ipv4: 0x7f00_0001, port: port))
      try station.stop()
    }
  }

  @Test("a connection on which nothing comes for too long is made anew")
  func breaksIdleConnection() throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port) { $0.idleTimeoutSeconds = 0.05 }
    let first = try server.accept()
    try first.send([1])
    let second = try server.accept()
    try first.waitForEnd()
    #expect(try station.wait { $0.connections.count >= 2 }.failures.first == .idle)
    withExtendedLifetime(second) {}
    try station.stop()
  }

  @Test("a peer that stalls is waited for")
  func waitsForStalledPeer() throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port)
    let peer = try server.accept()
    try peer.send([1])
    try station.wait { $0.bytes.count == 1 }
    #expect(station.status.connection == .connected)
    try peer.send([2])
    #expect(try station.wait { $0.bytes.count == 2 }.connections == [[1, 2]])
    try station.stop()
  }

  @Test(
    "a name that nobody knows, or that is a bad address, is a failed attempt with a reason",
    arguments: ["no such name.invalid", "127.1", "1.2.3.4.5", "010.0.0.1", "-"])
  func failsToResolve(name: String) throws {
    let station = try TCPStation.connecting(to: 1) { $0.host = name }
    let failure = try station.wait { !$0.failures.isEmpty }.failures[0]
    guard case .unresolved = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(failure.description.hasPrefix("the name cannot be looked up: "))
    try station.stop()
  }

  @Test("a name is looked up")
  func resolves() throws {
    let server = try TCPPeerListener()
    // "localhost" itself is not looked up; in capitals it is a name like any other.
    let station = try TCPStation.connecting(to: server.port) { $0.host = "LOCALHOST" }
    let peer = try server.accept()
    try peer.send([7])
    #expect(try station.wait { $0.bytes.count == 1 }.bytes == [7])
    try station.stop()
  }

  @Test("waits double from a tenth of a second to the limit, and begin anew after a success")
  func backsOff() {
    var backoff = RetryBackoff(longestSeconds: 3)
    #expect((0..<7).map { _ in backoff.next() } == [0.1, 0.2, 0.4, 0.8, 1.6, 3, 3])
    backoff.reset()
    #expect(backoff.next() == 0.1)
    var short = RetryBackoff(longestSeconds: 0.01)
    #expect([short.next(), short.next()] == [0.01, 0.01])
  }

  @Test("a peer that accepts and closes at once is tried ever more seldom; one that brings something is not")
  func backsOffFromUselessPeer() throws {
    let server = try TCPPeerListener()
    let station = try TCPStation.connecting(to: server.port) { $0.longestRetrySeconds = 30 }
    try server.accept().close()
    try station.wait { $0.failures.count == 1 }
    #expect(try #require(station.status.retrySeconds) <= 0.1)
    try server.accept().close()
    try station.wait { $0.failures.count == 2 }
    // The wait has grown to 0.2 s; what is left of it when asked is anybody's guess, so count connections instead.
    let peer = try server.accept()
    try peer.send([1])
    peer.close()
    try station.wait { $0.failures.count == 3 }
    #expect(try #require(station.status.retrySeconds) <= 0.1)
    try station.stop()
  }
}
