import DownlinkService
import Foundation
import Glibc
import LinkHealth
import Publish
import StationConfiguration
import Synchronization
import Testing

@Suite("What is asked of a running daemon", .timeLimit(.minutes(10)))
struct DaemonControlTests {
  @Test("a disabled link hears nothing and holds no port, keeps its counters, and goes on when it is enabled")
  func switchesLink() throws {
    let (host, other) = (OwnAddress.next(), OwnAddress.next())
    let station = try LiveStation([LiveStation.link("a", host), LiveStation.link("b", other)])
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(1, to: other))
    try first.send(3)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 3 }
    #expect(
      try station.ask(.link, ["action": "disable", "name": "a"]).get()
        == #"{"link":"a","enabled":false,"changed":true}"#)
    #expect(station.status(of: "a") { $0.state == .disabled }.problems.isEmpty)
    do {
      // The port is free: another daemon may have it.
      let guest = try LiveStation([LiveStation.link("guest", host)])
      try first.send(2)
      guest.status(of: "guest") { $0.snapshot.ledger.datagrams.received == 2 }
      // As long as it has it, the link cannot be enabled, and stays as it was.
      #expect(throws: StatusError.self) { try station.ask(.link, ["action": "enable", "name": "a"]).get() }
      #expect(guest.stop() == 0)
    }
    try second.send(4)
    station.status(of: "b") { $0.snapshot.ledger.datagrams.received == 4 }
    // Nothing but a command enables it.
    #expect(try station.reload().get().contains(#""still_disabled":["a"]"#))
    #expect(station.status(of: "a").state == .disabled)
    _ = try station.ask(.link, ["action": "enable", "name": "a"]).get()
    try first.send(5)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 8 && $0.state != .disabled }
    #expect(station.stop() == 0)
    #expect(station.events("link").filter { $0.contains(#""action":"disabled""#) }.count == 1)
  }

  @Test("a link that the configuration disables begins when it is told to")
  func beginsDisabled() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([LiveStation.link("a", host, more: ", enabled: false")])
    station.status(of: "a") { $0.state == .disabled }
    _ = try station.ask(.link, ["action": "enable", "name": "a"]).get()
    try Spacecraft(1, to: host).send(3)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 3 }
    // The file is as it was: it does not take back what was commanded.
    _ = try station.reload().get()
    #expect(station.status(of: "a").state != .disabled)
    #expect(station.stop() == 0)
  }

  @Test("what makes no sense is refused with a hint")
  func refusesNonsense() throws {
    let station = try LiveStation([LiveStation.link("dss1", OwnAddress.next())])
    func refusal(_ command: ControlCommand, _ arguments: [String: String]) -> StatusError? {
      guard case .failure(let error) = station.ask(command, arguments) else { return nil }
      return error
    }
    #expect(refusal(.link, ["action": "disable", "name": "dss2"])?.code == .notFound)
    #expect(refusal(.link, ["action": "disable", "name": "dss2"])?.hint == "did you mean 'dss1'?")
    #expect(refusal(.link, ["action": "disabel", "name": "dss1"])?.hint == "did you mean 'disable'?")
    #expect(refusal(.link, ["action": "enable"])?.code == .badArgument)
    #expect(refusal(.logLevel, ["severity": "warn"])?.code == .badArgument)
    #expect(refusal(.reload, ["wait": "perhaps"])?.code == .badArgument)
    #expect(station.stop() == 0)
  }

  @Test("rotate and sync are answered when it is done")
  func rotates() throws {
    let station = try LiveStation([LiveStation.link("a", OwnAddress.next())])
    #expect(try station.ask(.sync).get() == #"{"written":true}"#)
    #expect(String(decoding: station.folder.bytes(of: "log/events.jsonl"), as: UTF8.self).contains(#""ready""#))
    #expect(try station.ask(.rotate).get() == #"{"written":true}"#)
    #expect(station.folder.names(in: "log").contains { $0.hasPrefix("events-") })
    #expect(try station.ask(.logLevel, ["severity": "error"]).get() == #"{"severity":"error"}"#)
    #expect(station.stop() == 0)
  }

  @Test("shutdown is answered, and stops in order")
  func shutsDown() throws {
    let station = try LiveStation([LiveStation.link("a", OwnAddress.next())])
    #expect(try station.ask(.shutdown).get() == #"{"stopping":true}"#)
    #expect(station.daemon.waitUntilEnded() == 0)
    #expect(station.events("daemon").last?.contains(#""action":"stop""#) == true)
  }

  @Test("a clock that is set makes one event, and rates and uptime do not notice")
  func noticesClockStep() throws {
    let step = SharedOffset()
    let clocks = StatusServer.Clocks(
      wall: { StatusServer.Clocks.system.wall() + step.nanoseconds }, monotonic: StatusServer.Clocks.system.monotonic)
    let station = try LiveStation([LiveStation.link("a", OwnAddress.next())], clocks: clocks)
    for (seconds, delta) in [(3600, 3600.0), (0, -3600.0)] {
      let before = station.events("clock").count
      step.set(seconds)
      while station.events("clock").count == before { usleep(10_000) }
      let event = try #require(station.events("clock").last)
      let key = try #require(event.range(of: #""clock":{"action":"step","delta_seconds":"#))
      let value = try #require(Double(event[key.upperBound...].prefix { $0 != "}" }))
      // Between the readings of the two clocks the test may have had to wait.
      #expect(abs(value - delta) < 60)
    }
    #expect(station.events("clock").count == 2)
    #expect(station.stop() == 0)
  }
}

private final class SharedOffset: Sendable {
  private let seconds = Atomic<Int>(0)

  var nanoseconds: Int64 { Int64(seconds.load(ordering: .relaxed)) * 1_000_000_000 }
  func set(_ value: Int) { seconds.store(value, ordering: .relaxed) }
}
