import DownlinkService
import Foundation
import Glibc
import Ingest
import LinkHealth
import Publish
import TestSupport
import Testing

@Suite("What one run of the daemon leaves to the next", .timeLimit(.minutes(10)))
struct HeritageTests {
  @Test("after a stop the totals go on from counters.json, and continuity begins anew")
  func goesOnFromFile() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let first = try station.run(try station.daemon()) { try station.send(5, to: $0) }
    #expect(first.snapshot.ledger.datagrams.received == 5)
    let file = try JSONReader.read(station.folder.bytes(of: "state/counters.json"))
    #expect(file["class"] == .string("COUNTERS") && file["ended_in_order"] == .bool(true))
    let second = try station.run(try station.daemon()) { try station.send(3, to: $0) }
    #expect(second.snapshot.ledger.datagrams.received == 3)
    #expect(second.life.earlier.datagrams == 5 && second.life.restartCount == 1 && second.life.crashCount == 0)
    #expect(second.life.since / 1_000_000_000 == first.life.since / 1_000_000_000)
    let third = try station.run(try station.daemon())
    #expect(third.life.earlier.datagrams == 8 && third.life.restartCount == 2)
    #expect(station.folder.names(in: "state") == ["counters.json", "passes"])
  }

  enum Damage: CaseIterable { case text, empty, cut, otherClass, otherVersion, negative, huge, link, pipe, directory }

  @Test("a counters.json that cannot be used is put aside, and the daemon runs", arguments: Damage.allCases)
  func putsAside(damage: Damage) throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    _ = try station.run(try station.daemon()) { try station.send(5, to: $0) }
    let good = String(decoding: station.folder.bytes(of: "state/counters.json"), as: UTF8.self)
    let path = station.folder.path("state/counters.json")
    try FileManager.default.removeItem(atPath: path)
    switch damage {
    case .text: _ = try station.folder.write(Array("hello".utf8), to: "state/counters.json")
    case .empty: _ = try station.folder.write([], to: "state/counters.json")
    case .cut: _ = try station.folder.write(Array(good.utf8.dropLast(20)), to: "state/counters.json")
    case .otherClass:
      _ = try station.folder.write(Array(good.replacing("COUNTERS", with: "STATUS").utf8), to: "state/counters.json")
    case .otherVersion:
      let text = good.replacing(#""schema_version":1"#, with: #""schema_version":2"#)
      #expect(text != good)
      _ = try station.folder.write(Array(text.utf8), to: "state/counters.json")
    case .negative:
      let text = good.replacing(#""datagrams":5"#, with: #""datagrams":-5"#)
      #expect(text != good)
      _ = try station.folder.write(Array(text.utf8), to: "state/counters.json")
    case .huge:
      _ = try station.folder.write([], to: "state/counters.json")
      #expect(unsafe truncate(path, 1 << 40) == 0)
    case .link: #expect(unsafe symlink("/dev/zero", path) == 0)
    case .pipe: #expect(unsafe mkfifo(path, 0o600) == 0)
    case .directory: #expect(unsafe mkdir(path, 0o700) == 0)
    }
    let status = try station.run(try station.daemon()) { try station.send(2, to: $0) }
    #expect(status.life.earlier.datagrams == 0)
    #expect(station.folder.names(in: "state") == ["counters.json", "counters.json.bad", "passes"])
    let events = String(decoding: station.folder.bytes(of: "log/events.jsonl"), as: UTF8.self)
    #expect(events.contains("totals_refused"))
    let next = try station.run(try station.daemon())
    #expect(next.life.earlier.datagrams == 2)
  }

  @Test("a state directory that cannot be made is a problem in words, and the daemon runs")
  func runsWithoutDirectory() throws {
    var station = try StationRuns()
    defer { station.manager.end() }
    station.stateDirectory = "/dev/null/state"
    let daemon = try station.daemon()
    let status = try station.run(daemon) { try station.send(2, to: $0) }
    #expect(status.snapshot.ledger.datagrams.received == 2)
    let problem = try #require(daemon.board.problems.first { $0.code == .totalsNotKept })
    #expect(problem.message.contains("/dev/null/state"))
  }

  @Test("the next process goes on with the socket and the ledger, and puts nothing into the store again")
  func goesOnFromMemory() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    let first = try station.run(try station.daemon(port: port, inherited: [])) { try station.send(5, to: $0) }
    #expect(first.snapshot.ledger.datagrams.received == 5)
    #expect(station.manager.kept.map(\.name).sorted() == ["link-dss1", "state-dss1"])
    // Nobody runs, and the kernel keeps what comes.
    try station.send(4, to: port)
    let second = try station.run(try station.daemon(port: port, inherited: station.manager.handOver()))
    #expect(second.snapshot.ledger.datagrams.received == 9)
    #expect(second.life.restartCount == 1 && second.life.earlier == LinkTotals())
    #expect(station.manager.putCount == 2)
    // Another port: the old socket is nobody's, and the ledger goes on all the same.
    let other = try StationRuns.freePort()
    let third = try station.run(try station.daemon(port: other, inherited: station.manager.handOver())) {
      try station.send(1, to: $0)
    }
    #expect(third.snapshot.ledger.datagrams.received == 10)
    #expect(station.manager.putCount == 3)
    #expect(station.manager.kept.map(\.name).sorted() == ["link-dss1", "state-dss1"])
  }

  @Test("memory of another version is refused, and that is said; the socket is gone on with all the same")
  func refusesOtherVersion() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0)).localPort
    _ = try station.run(try station.daemon(port: port, inherited: [])) { try station.send(5, to: $0) }
    let socket = try #require(station.manager.kept.first { $0.name == "link-dss1" })
    let kept = try #require(station.manager.kept.first { $0.name == "state-dss1" })
    var state = try #require(ReceiveMemory.adopt(dup(kept.descriptor), slotByteCount: 2048)?.load())
    // "dlkept", and the version in the last two bytes, least significant first.
    #expect(state.prefix(8) == [2, 0, 0x74, 0x70, 0x65, 0x6B, 0x6C, 0x64])
    state[0] = 3
    let memory = try ReceiveMemory.make(slotByteCount: 2048, isKept: true)
    #expect(memory.save(state))
    try station.send(4, to: port)
    let inherited = [
      InheritedDescriptor(descriptor: dup(try #require(memory.descriptor)), name: "state-dss1"),
      InheritedDescriptor(descriptor: dup(socket.descriptor), name: "link-dss1"),
    ]
    let next = try station.run(try station.daemon(port: port, inherited: inherited))
    // What an earlier run has counted is in counters.json, too.
    #expect(next.snapshot.ledger.datagrams.received == 4 && next.life.earlier.datagrams == 5)
    let events = String(decoding: station.folder.bytes(of: "log/events.jsonl"), as: UTF8.self)
    #expect(events.contains("the memory that an earlier process left does not say how the link was"))
  }

  @Test("what an earlier process has received is no sign that anything is heard now")
  func staysQuiet() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0)).localPort
    _ = try station.run(try station.daemon(port: port, inherited: [])) { try station.send(5, to: $0) }
    let next = try station.run(try station.daemon(port: port, inherited: station.manager.handOver()))
    #expect(next.snapshot.ledger.datagrams.received == 5)
    #expect(next.state == .quiet)
    // What was rejected by that process is no problem of this one.
    #expect(!next.problems.contains { $0.code == .everythingRejected || $0.code == .someRejected })
    let events = String(decoding: station.folder.bytes(of: "log/events.jsonl"), as: UTF8.self)
    #expect(events.components(separatedBy: #""action":"receiving""#).count == 2)
  }

  @Test("whatever stands in the memory, the daemon runs: it goes on with the totals, or begins anew")
  func survivesMemory() throws {
    let station = try StationRuns()
    defer { station.manager.end() }
    let port = try StationRuns.freePort()
    _ = try station.run(try station.daemon(port: port, inherited: [])) { try station.send(5, to: $0) }
    let kept = try #require(station.manager.kept.first { $0.name == "state-dss1" })
    let socket = try #require(station.manager.kept.first { $0.name == "link-dss1" })
    // Datagrams of frames of 256 bytes are given 2048.
    let good = try #require(ReceiveMemory.adopt(dup(kept.descriptor), slotByteCount: 2048)?.load())
    var random = SeededGenerator(seed: 6)
    for round in 0..<300 {
      var state = good
      switch round % 3 {
      case 0: state[Int.random(in: state.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: state = Array(state.prefix(Int.random(in: state.indices, using: &random)))
      default:
        for _ in 0..<8 {
          state[Int.random(in: 0..<200, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
      }
      let memory = try ReceiveMemory.make(slotByteCount: 2048, isKept: true)
      #expect(memory.save(state))
      let inherited = [
        InheritedDescriptor(descriptor: dup(try #require(memory.descriptor)), name: "state-dss1"),
        InheritedDescriptor(descriptor: dup(socket.descriptor), name: "link-dss1"),
      ]
      let status = try station.run(try station.daemon(port: port, inherited: inherited)) {
        try station.send(1, to: $0)
      }
      #expect(status.snapshot.ledger.datagrams.received >= 1)
      #expect(status.life.earlier.datagrams >= 0)
    }
  }
}
