import Dispatch
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("The end of a TCP input")
struct TCPShutdownTests {
  @Test("before it began, and twice")
  func stopsBeforeBeginning() throws {
    for role in [TCPInput.Role.connect, .listen] {
      let station = try TCPStation(TCPInput(role: role, host: "127.0.0.1", port: 0))
      try station.stop()
      station.start()
      try station.stop()
      #expect(station.heard.events.isEmpty)
    }
    _ = try TCPStation(TCPInput(role: .listen, host: "127.0.0.1", port: 0))
  }

  @Test("while it waits for the next attempt")
  func stopsWaiting() throws {
    try TCPPeerListener.withRefusingPort { port in
      let station = try TCPStation.connecting(to: port) { $0.longestRetrySeconds = 3600 }
      try station.wait { !$0.failures.isEmpty }
      #expect(station.status.connection == .waiting)
      try station.stop()
    }
  }

  @Test("while it connects to a peer that does not answer")
  func stopsConnecting() throws {
    // The backlog of one is full: what comes then is not answered.
    let server = try TCPPeerListener(backlog: 0)
    let first = try TCPPeer(connectingTo: server.port)
    let station = try TCPStation.connecting(to: server.port)
    try station.wait(for: .connecting)
    try station.stop()
    #expect(station.heard.events.isEmpty)
    withExtendedLifetime(first) {}
  }

  @Test("a peer that does not answer is given up, and tried again")
  func givesUpConnecting() throws {
    let server = try TCPPeerListener(backlog: 0)
    let first = try TCPPeer(connectingTo: server.port)
    let station = try TCPStation.connecting(to: server.port) { $0.attemptTimeoutSeconds = 0.02 }
    #expect(try station.wait { $0.failures.count >= 2 }.failures.allSatisfy { $0 == .unanswered })
    try station.stop()
    withExtendedLifetime(first) {}
  }

  @Test("while a name is looked up")
  func stopsResolving() throws {
    let station = try TCPStation.connecting(to: 1) { $0.host = "downlinkd.invalid" }
    try station.stop()
  }

  @Test("while connected, what the kernel holds is still lent")
  func lendsTheRest() throws {
    let station = try TCPStation.listening()
    let peer = try TCPPeer(connectingTo: station.stream.localPort)
    try peer.send([1])
    try station.wait { $0.bytes.count == 1 }
    let bytes = [UInt8].pattern(50_000)
    try peer.send(bytes)
    try station.stop()
    #expect(station.heard.bytes == [1] + bytes)
    try peer.waitForEnd()
  }

  @Test("in the midst of a stream that never ends")
  func stopsInMidstream() throws {
    let station = try TCPStation.listening()
    let port = station.stream.localPort
    let ended = DispatchSemaphore(value: 0)
    DispatchQueue(label: "sender").async { @Sendable in
      let bytes = [UInt8](repeating: 5, count: 1 << 20)
      if let peer = try? TCPPeer(connectingTo: port) { while (try? peer.send(bytes)) != nil {} }
      ended.signal()
    }
    try station.wait { $0.bytes.count > 3 << 20 }
    try station.stop()
    #expect(ended.wait(timeout: .now() + 60) == .success)
  }

  @Test("no descriptor is left behind by a thousand connections of each kind and end")
  func leaksNothing() async {
    // In a process of its own, because descriptors belong to all of it.
    await #expect(processExitsWith: .success) {
      let before = descriptorCount()
      let listening = try TCPStation.listening()
      for number in 1...1000 {
        let peer = try TCPPeer(connectingTo: listening.stream.localPort)
        if number % 3 == 0 { try peer.send([1]) }
        if number % 2 == 0 { peer.reset() } else { peer.close() }
      }
      try listening.wait { $0.connections.count == 1000 && $0.failures.count == 1000 }
      try listening.stop()
      let server = try TCPPeerListener()
      let connecting = try TCPStation.connecting(to: server.port) { $0.longestRetrySeconds = 0.0001 }
      for number in 1...1000 {
        let peer = try server.accept()
        if number % 3 == 0 { try peer.send([1]) }
        if number % 2 == 0 { peer.reset() } else { peer.close() }
      }
      try connecting.wait { $0.failures.count >= 1000 }
      try connecting.stop()
      withExtendedLifetime(server) {}
      // The server itself, and what Dispatch opens once and for all: the epoll and its kin.
      guard descriptorCount() <= before + 6 else { exit(1) }
    }
  }
}

private func descriptorCount() -> Int { (0..<4096).count { fcntl(Int32($0), F_GETFD) >= 0 } }
