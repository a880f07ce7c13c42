import CCSDSLink
import DownlinkService
import LinkHealth
import Publish
import Testing

@Suite("Links on one UDP socket", .timeLimit(.minutes(10)))
struct SharedSocketLinkTests {
  private func link(_ name: String, _ host: String, _ spacecraft: Int, more: String = "") -> String {
    LiveStation.link(name, host, spacecraft: spacecraft, more: more)
  }

  @Test("each datagram goes to exactly one ledger, by its spacecraft; nobody's go to the first")
  func tellsSpacecraftApart() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 513), link("c", host, 1023)])
    let counts = [1: 7, 513: 11, 1023: 13, 600: 5]
    for (spacecraft, count) in counts { try Spacecraft(UInt16(spacecraft), to: host).send(count) }
    let first = station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 12 }
    #expect(first.snapshot.ledger.frames.rejected[.spacecraft] == 5)
    #expect(first.snapshot.ledger.frames.received == 12)
    #expect(first.sharedWith == ["b", "c"])
    for (name, count) in [("b", 11), ("c", 13)] {
      let status = station.status(of: name) { $0.snapshot.ledger.datagrams.received == count }
      #expect(status.snapshot.ledger.frames.rejected.total == 0)
      #expect(status.snapshot.missingFrameCount == 0)
      #expect(status.listen == "\(host):10017")
    }
    #expect(station.answer(.status).contains(#""shared_with":["a","b"]"#))
    #expect(station.stop() == 0)
    #expect(station.daemon.board.isBalanced)
  }

  @Test("a reload that adds or removes one of them loses nothing of the others, the first included")
  func losesNothing() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 2)])
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(2, to: host))
    for round in 1...20 {
      try first.send(10)
      try second.send(10)
      let others = round % 2 == 1 ? [link("c", host, 3), link("b", host, 2)] : [link("b", host, 2)]
      try station.write([link("a", host, 1)] + others)
      _ = try station.reload().get()
    }
    let sent = first.sentCount
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == sent }
    // The first goes, and another one reads the socket.
    try station.write([link("b", host, 2)])
    for _ in 0..<5 { try second.send(10) }
    _ = try station.reload().get()
    try second.send(10)
    let all = second.sentCount
    let last = station.status(of: "b") { $0.snapshot.ledger.datagrams.received == all }
    #expect(last.snapshot.missingFrameCount == 0)
    #expect(last.sharedWith == [])
    #expect(station.stop() == 0)
  }

  @Test("a disabled one counts nothing, and the others go on, whichever it is", arguments: ["a", "b"])
  func disablesOne(name: String) throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 2)])
    let crafts = ["a": try Spacecraft(1, to: host), "b": try Spacecraft(2, to: host)]
    let other = name == "a" ? "b" : "a"
    _ = try station.ask(.link, ["action": "disable", "name": name]).get()
    try crafts[name]?.send(6)
    try crafts[other]?.send(4)
    station.status(of: other) { $0.snapshot.ledger.datagrams.received == 4 }
    let disabled = station.status(of: name) { $0.ignoredDatagramCount == 6 }
    #expect(disabled.snapshot.ledger.datagrams.received == 0)
    #expect(disabled.state == .disabled)
    _ = try station.ask(.link, ["action": "enable", "name": name]).get()
    try crafts[name]?.send(3)
    station.status(of: name) { $0.snapshot.ledger.datagrams.received == 3 }
    #expect(station.stop() == 0)
  }
}
