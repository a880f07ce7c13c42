import CCSDSLink
import CCSDSWire
import DownlinkService
import Ingest
import LinkHealth
import Publish
import StationConfiguration
import Testing

@Suite("The good frames of a link go to another station", .timeLimit(.minutes(10)))
struct FrameMirrorTests {
  private func sink(_ host: String, _ more: String = "") -> String {
    "{ kind: udp_frames, to: \"\(host):10017\"\(more) }"
  }

  private func link(_ name: String, _ host: String, _ sinks: [String] = []) -> String {
    LiveStation.link(
      name, host, more: sinks.isEmpty ? "" : ", sinks: [\(sinks.joined(separator: ", "))]")
  }

  @Test("what it receives of a link with losses, repeats and damage has the same ledger, without the damage")
  func hasTheSameLedger() throws {
    let (host, second, third) = (OwnAddress.next(), OwnAddress.next(), OwnAddress.next())
    let receiver = try LiveStation([link("all", second), link("some", third)])
    let station = try LiveStation([link("a", host, [sink(second), sink(third, ", spacecraft_id: 2")])])
    let sender = try UDPSender(host: host, port: 10017)
    var (first, other) = (TelemetryFrame(spacecraft: 1), TelemetryFrame(spacecraft: 2))
    var sentCount = 0
    func send(_ frame: [UInt8]) throws {
      try sender.send(unsafe frame.span.bytes)
      sentCount += 1
    }
    for number in 0..<200 {
      let (one, two) = (first.next(), other.next())
      // Of the first spacecraft 10 frames are missing, of the second 5; 20 of the second come twice.
      if number < 50 || number >= 60 { try send(one) }
      if number < 100 || number >= 105 { try send(two) }
      if (20..<40).contains(number) { try send(two) }
      // A byte of a frame too little: rejected, and not sent on.
      if number == 70 { try send(Array(one.dropLast())) }
    }
    let source = station.status(of: "a") { $0.snapshot.ledger.datagrams.received == sentCount }
    let all = receiver.status(of: "all") { $0.snapshot.ledger.datagrams.received == sentCount - 1 }
    let some = receiver.status(of: "some") { $0.snapshot.ledger.datagrams.received == 215 }
    #expect(source.snapshot.missingFrameCount == 15)
    #expect(source.snapshot.ledger.frames.rejected.total == 1)
    #expect(all.snapshot.missingFrameCount == 15)
    #expect(all.snapshot.ledger.frames.rejected.total == 0)
    #expect(all.snapshot.ledger.frames.accepted == source.snapshot.ledger.frames.accepted)
    #expect(all.snapshot.ledger.virtualChannels.map(\.frames) == source.snapshot.ledger.virtualChannels.map(\.frames))
    #expect(some.snapshot.missingFrameCount == 5)
    #expect(some.snapshot.ledger.virtualChannels.map(\.identity.spacecraftID.rawValue) == [2])
    let sinks = station.status(of: "a") { $0.sinks.first?.counts.sent == sentCount - 1 }.sinks
    #expect(sinks.map(\.counts.sent) == [sentCount - 1, 215])
    #expect(sinks.map(\.counts.dropped) == [0, 0])
    #expect(station.stop() == 0)
    #expect(receiver.stop() == 0)
  }

  @Test("a reload that adds or removes one changes nothing of the link, nor of the others")
  func reloads() throws {
    let (host, second, third) = (OwnAddress.next(), OwnAddress.next(), OwnAddress.next())
    let receiver = try LiveStation([link("b", second), link("c", third)])
    let station = try LiveStation([link("a", host, [sink(second)])])
    let spacecraft = try Spacecraft(1, to: host)
    try spacecraft.send(10)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 10 }
    try station.write([link("a", host, [sink(second), sink(third)])])
    _ = try station.reload().get()
    try spacecraft.send(10)
    receiver.status(of: "b") { $0.snapshot.ledger.datagrams.received == 20 }
    receiver.status(of: "c") { $0.snapshot.ledger.datagrams.received == 10 }
    try station.write([link("a", host, [sink(third)])])
    _ = try station.reload().get()
    try spacecraft.send(10)
    receiver.status(of: "c") { $0.snapshot.ledger.datagrams.received == 20 }
    let status = station.status(of: "a") { $0.sinks.count == 1 && $0.sinks[0].counts.sent == 20 }
    #expect(status.sinks.map(\.sink.endpoint) == ["\(third):10017"])
    #expect(status.snapshot.ledger.datagrams.received == 30)
    #expect(status.snapshot.missingFrameCount == 0)
    #expect(receiver.status(of: "b").snapshot.ledger.datagrams.received == 20)
    #expect(station.stop() == 0)
    #expect(receiver.stop() == 0)
  }

  @Test("where nobody listens the link loses nothing, and it is a problem with a hint")
  func tellsRefusals() throws {
    let (host, nobody) = (OwnAddress.next(), OwnAddress.next())
    let station = try LiveStation([link("a", host, [sink(nobody)])])
    let spacecraft = try Spacecraft(1, to: host)
    var status = station.status(of: "a")
    while !status.problems.contains(where: { $0.code == .sinkFails }) {
      try spacecraft.send(1)
      status = station.status(of: "a")
    }
    let problem = try #require(status.problems.first { $0.code == .sinkFails })
    #expect(problem.message.hasPrefix("nobody takes the frames at \(nobody):10017: "))
    #expect(problem.hint.hasPrefix("start the receiver"))
    let sent = spacecraft.sentCount
    let last = station.status(of: "a") { $0.snapshot.ledger.datagrams.received == sent }
    #expect(last.snapshot.missingFrameCount == 0)
    let counts = station.status(of: "a") {
      $0.sinks.first.map { $0.counts.sent + $0.counts.dropped == sent } ?? false
    }
    #expect(counts.sinks[0].refusalCount > 0)
    #expect(station.stop() == 0)
  }
}
