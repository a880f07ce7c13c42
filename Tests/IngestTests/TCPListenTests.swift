import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Listening by TCP")
struct TCPListenTests {
  @Test("one peer after the other is received from")
  func receivesFromSuccessivePeers() throws {
    let station = try TCPStation.listening()
    for number in UInt8(1)...5 {
      let peer = try TCPPeer(connectingTo: station.stream.localPort)
      try peer.send([number, number])
      try station.wait { $0.bytes.count == Int(number) * 2 }
      if number % 2 == 0 { peer.reset() } else { peer.close() }
      try station.wait { $0.failures.count == Int(number) }
    }
    #expect(station.heard.connections == (UInt8(1)...5).map { [$0, $0] })
    #expect(station.status.connection == .listening)
    #expect(station.status.connectionCount == 5)
    try station.stop()
  }

  @Test("a second peer is sent away while the first one sends, and counted")
  func refusesSecondPeer() throws {
    let station = try TCPStation.listening { $0.replaceableAfterSeconds = 3600 }
    let first = try TCPPeer(connectingTo: station.stream.localPort)
    try first.send([1])
    try station.wait { $0.bytes.count == 1 }
    let second = try TCPPeer(connectingTo: station.stream.localPort)
    try second.waitForEnd()
    try first.send([2])
    let heard = try station.wait { $0.bytes.count == 2 }
    #expect(heard.connections == [[1, 2]])
    #expect(heard.failures.isEmpty)
    #expect(station.status.busyRefusalCount == 1)
    #expect(station.status.connectionCount == 1)
    try station.stop()
  }

  @Test("a peer that connects again while its first connection is silent replaces it")
  func replacesHalfOpenConnection() throws {
    let station = try TCPStation.listening { $0.replaceableAfterSeconds = 0 }
    let first = try TCPPeer(connectingTo: station.stream.localPort)
    try first.send([1])
    try station.wait { $0.bytes.count == 1 }
    let second = try TCPPeer(connectingTo: station.stream.localPort)
    try first.waitForEnd()
    try second.send([2])
    let heard = try station.wait { $0.bytes.count == 2 }
    #expect(heard.connections == [[1], [2]])
    #expect(heard.failures == [.replaced])
    try station.stop()
  }

  @Test("a peer that closed and connects again at once is not sent away")
  func admitsQuickReconnection() throws {
    let station = try TCPStation.listening { $0.replaceableAfterSeconds = 3600 }
    for number in 0..<200 {
      let peer = try TCPPeer(connectingTo: station.stream.localPort)
      try peer.send([UInt8(number)])
      peer.close()
    }
    let heard = try station.wait { $0.failures.count == 200 }
    #expect(heard.connections == (0..<200).map { [UInt8($0)] })
    #expect(station.status.busyRefusalCount == 0)
    try station.stop()
  }

  @Test("a peer that is not allowed is sent away unread, and counted")
  func refusesAddress() throws {
    let input = TCPInput(role: .listen, host: "127.0.0.1", port: 0)
    let station = try TCPStation(input) { $0.low != 0x7f00_0001 }
    station.start()
    let peer = try TCPPeer(connectingTo: station.stream.localPort)
    try peer.waitForEnd()
    #expect(station.status.addressRefusalCount == 1)
    #expect(station.heard.connections.isEmpty)
    try station.stop()
  }

  @Test("a port in use is known at once")
  func refusesPortInUse() throws {
    let station = try TCPStation.listening()
    let port = station.stream.localPort
    #expect(throws: IngestError.system(call: "listen", errno: EADDRINUSE, address: "127.0.0.1:\(port)")) {
      _ = try TCPStation(TCPInput(role: .listen, host: "127.0.0.1", port: port))
    }
    try station.stop()
    // And free again as soon as it has stopped, though a connection may linger.
    try TCPStation(TCPInput(role: .listen, host: "127.0.0.1", port: port)).stop()
  }
}
