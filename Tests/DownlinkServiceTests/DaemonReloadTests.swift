import DownlinkService
import Foundation
import Glibc
import LinkHealth
import Publish
import StationConfiguration
import Testing

@Suite("A reload", .timeLimit(.minutes(10)))
struct DaemonReloadTests {
  @Test("that adds, changes, renames and removes links leaves the others as they are, and says what it did")
  func changesLinks() throws {
    let hosts = (0..<5).map { _ in OwnAddress.next() }
    let station = try LiveStation([
      LiveStation.link("kept", hosts[0]), LiveStation.link("changed", hosts[1]), LiveStation.link("old", hosts[2]),
      LiveStation.link("gone", hosts[3]),
    ])
    let spacecraft = try hosts[0..<4].map { try Spacecraft(1, to: $0) }
    for craft in spacecraft { try craft.send(3) }
    for name in ["kept", "changed", "old", "gone"] {
      station.status(of: name) { $0.snapshot.ledger.datagrams.received == 3 }
    }
    try station.write([
      LiveStation.link("added", hosts[4]), LiveStation.link("kept", hosts[0], more: ", description: now described"),
      LiveStation.link("changed", hosts[1], more: ", quiet_after: 5s"), LiveStation.link("new", hosts[2]),
    ])
    let added = #""started":["added","new"]"#
    #expect(
      try station.reload().get()
        == #"{"links":{"kept":["kept"],\#(added),"changed":["changed"],"stopped":["old","gone"]}}"#)
    for craft in spacecraft[0..<3] { try craft.send(2) }
    station.status(of: "kept") { $0.snapshot.ledger.datagrams.received == 5 }
    station.status(of: "changed") { $0.snapshot.ledger.datagrams.received == 2 }
    station.status(of: "new") { $0.snapshot.ledger.datagrams.received == 2 }
    station.status(of: "added")
    #expect(station.daemon.board.links.map(\.snapshot.name) == ["added", "kept", "changed", "new"])
    #expect(station.stop() == 0)
    #expect(station.events("config").filter { $0.contains(#""action":"reload_ok","errors":[]"#) }.count == 1)
    // Those that ended have left their counters.
    let statistics = String(decoding: station.folder.bytes(of: "log/stats.jsonl"), as: UTF8.self)
    for name in ["old", "gone"] { #expect(statistics.contains(#""link":"\#(name)""#)) }
  }

  @Test("keeps the totals of a link that changes, or that goes and comes back, to the last datagram")
  func keepsTotals() throws {
    let (host, other) = (OwnAddress.next(), OwnAddress.next())
    let station = try LiveStation([LiveStation.link("changes", host), LiveStation.link("goes", other)])
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(1, to: other))
    try first.send(3)
    try second.send(4)
    let before = station.status(of: "changes") { $0.snapshot.ledger.datagrams.received == 3 }.life
    station.status(of: "goes") { $0.snapshot.ledger.datagrams.received == 4 }
    // Nothing was written yet: that is done once a minute.
    try station.write([LiveStation.link("changes", host, more: ", quiet_after: 5s")])
    _ = try station.reload().get()
    let changed = station.status(of: "changes")
    #expect(changed.life.earlier.datagrams == 3 && changed.snapshot.ledger.datagrams.received == 0)
    #expect(changed.life.since == before.since)
    // Another port is another socket, which is not waited for by the one that ends.
    let elsewhere = OwnAddress.next()
    try station.write([LiveStation.link("changes", elsewhere), LiveStation.link("goes", other)])
    _ = try station.reload().get()
    #expect(station.status(of: "changes").life.earlier.datagrams == 3)
    #expect(station.status(of: "goes").life.earlier.datagrams == 4)
    #expect(station.stop() == 0)
  }

  @Test("says which links hear now that did not, and the other way round")
  func tellsSwitches() throws {
    let (host, other) = (OwnAddress.next(), OwnAddress.next())
    let off = ", enabled: false"
    let station = try LiveStation([LiveStation.link("a", host), LiveStation.link("b", other, more: off)])
    try station.write([LiveStation.link("a", host, more: off), LiveStation.link("b", other)])
    #expect(
      try station.reload().get()
        == #"{"links":{"kept":["a","b"],"started":[],"changed":[],"stopped":[],"enabled":["b"],"disabled":["a"]}}"#)
    #expect(station.stop() == 0)
  }

  @Test("that hands a socket over loses nothing of what is sent meanwhile")
  func losesNothing() throws {
    let (host, other) = (OwnAddress.next(), OwnAddress.next())
    let station = try LiveStation([LiveStation.link("a0", host), LiveStation.link("kept", other)])
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(1, to: other))
    var ended = 0
    for round in 1...30 {
      try first.send(20)
      try second.send(20)
      // The name alone is another: what waits in the socket goes to whoever reads it next.
      try station.write([LiveStation.link("a\(round)", host), LiveStation.link("kept", other)])
      _ = try station.reload().get()
      try first.send(5)
    }
    let sent = second.sentCount
    let kept = station.status(of: "kept") { $0.snapshot.ledger.datagrams.received == sent }
    #expect(kept.snapshot.ledger.datagrams.kernelDropped == 0)
    #expect(kept.snapshot.missingFrameCount == 0)
    #expect(station.stop() == 0)
    let last = station.daemon.board.links.first { $0.snapshot.name == "a30" }
    ended = last?.snapshot.ledger.datagrams.received ?? 0
    for round in 0..<30 { ended += station.folder.count("received", of: "a\(round)") }
    #expect(ended == first.sentCount)
  }

  @Test("of a bad file changes nothing, and says every problem to whoever asked, in the status and in the log")
  func refusesBadFile() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([LiveStation.link("a", host)])
    try station.write(["{ name: a, inptu: 1, frames: { type: tm, length: 3 } }"])
    guard case .failure(let error) = station.reload() else {
      Issue.record("it was taken")
      return
    }
    #expect(error.code == .configInvalid)
    #expect(
      error.message.contains("\(station.path):3:16: unknown key 'inptu' in links[0]; hint: did you mean 'input'?"))
    #expect(error.message.contains("length"))
    let status = station.answer(.status)
    #expect(status.contains(#""last_reload_ok":false"#))
    #expect(status.contains(#""code":"reload_failed""#))
    try Spacecraft(1, to: host).send(4)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 4 }
    try station.write([LiveStation.link("a", host)])
    _ = try station.reload().get()
    #expect(!station.answer(.status).contains("reload_failed"))
    #expect(station.answer(.status).contains(#""last_reload_ok":true,"last_reload":"#))
    #expect(station.status(of: "a").snapshot.ledger.datagrams.received == 4)
    #expect(station.stop() == 0)
    #expect(station.events("config").filter { $0.contains(#""action":"reload_failed""#) }.count == 1)
  }

  @Test("that needs a port which is in use changes nothing at all")
  func refusesTakenPort() throws {
    let (host, taken) = (OwnAddress.next(), OwnAddress.next())
    let other = try LiveStation([LiveStation.link("other", taken)])
    let station = try LiveStation([LiveStation.link("a", host)])
    try station.write([
      LiveStation.link("b", host), LiveStation.link("c", taken), LiveStation.link("d", OwnAddress.next()),
    ])
    guard case .failure(let error) = station.reload() else {
      Issue.record("it was taken")
      return
    }
    #expect(error.message.contains("\(taken):10017"))
    try Spacecraft(1, to: host).send(4)
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 4 }
    #expect(station.daemon.board.links.map(\.snapshot.name) == ["a"])
    #expect((station.stop(), other.stop()) == (0, 0))
  }

  @Test("applies intervals and bounds of logs, and says what waits for a restart")
  func appliesIntervals() throws {
    let station = try LiveStation([LiveStation.link("a", OwnAddress.next())])
    try station.write([LiveStation.link("a", OwnAddress.next())], more: "stats_interval: 1s")
    #expect(try !station.reload().get().contains("restart_needed"))
    let moved = String(decoding: station.folder.bytes(of: "downlinkd.yaml"), as: UTF8.self)
      .replacing("/log\"", with: "/elsewhere\"")
    _ = try station.folder.write(Array(moved.utf8), to: "downlinkd.yaml")
    #expect(try station.reload().get().contains(#""restart_needed":["logs.directory"]"#))
    #expect(station.answer(.logs).contains(station.folder.path("log")))
    let kept = moved.replacing("/elsewhere\"", with: "/log\"") + "state: { directory: /nonexistent/state }\n"
    _ = try station.folder.write(Array(kept.utf8), to: "downlinkd.yaml")
    #expect(try station.reload().get().contains(#""restart_needed":["state.directory"]"#))
    #expect(!station.answer(.config).contains("/nonexistent/state"))
    #expect(station.stop() == 0)
    #expect(station.folder.names(in: "elsewhere").isEmpty)
  }

  @Test("is refused while another one is under way")
  func refusesSecond() throws {
    let station = try LiveStation([LiveStation.link("a", OwnAddress.next())])
    let wait = StatusArguments(["wait": .word("wait")])
    // The first one may be over before this thread gets round to the second: then once more.
    var isRefused = false
    while !isRefused {
      let (first, second) = (AnswerBox(), AnswerBox())
      station.daemon.control(.reload, wait) { first.put($0) }
      station.daemon.control(.reload, wait) { second.put($0) }
      if case .failure(let error) = second.take() { isRefused = error.code == .busy }
      _ = try first.take().get()
    }
    #expect(station.stop() == 0)
  }
}
