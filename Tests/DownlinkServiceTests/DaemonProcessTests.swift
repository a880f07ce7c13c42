import Foundation
import Glibc
import Testing

@Suite("A daemon under a service manager", .timeLimit(.minutes(10)))
struct DaemonProcessTests {
  @Test("fifty reloads by HUP, under load, cost the link that stays nothing, and no descriptor")
  func reloadsUnderLoad() throws {
    let (host, other, shared) = (OwnAddress.next(), OwnAddress.next(), OwnAddress.next())
    let stays = LiveStation.link("stays", host)
    let sharing = (1...3).map { (id: Int) in LiveStation.link("s\(id)", shared, spacecraft: id) }
    let daemon = try DaemonProcess([stays] + sharing)
    daemon.manager.wait(for: "READY=1")
    let before = daemon.descriptorCount
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(2, to: shared))
    for round in 1...50 {
      let links = round % 2 == 1 ? [stays, sharing[1], LiveStation.link("added", other)] : [stays] + sharing
      try daemon.folder.writeStation(links)
      daemon.signal(SIGHUP)
      try first.send(50)
      try second.send(50)
      let texts = daemon.manager.wait(for: "READY=1")
      let reloading = try #require(texts.first { $0.hasPrefix("RELOADING=1") })
      #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
    }
    // What was given up last may be closed a moment after that was said.
    while daemon.descriptorCount != before { usleep(10_000) }
    daemon.signal(SIGTERM)
    #expect(daemon.exitCode() == 0)
    #expect(daemon.folder.events("config").filter { $0.contains(#""action":"reload_ok""#) }.count == 50)
    for (link, craft) in [("stays", first), ("s2", second)] {
      let received = daemon.folder.count("received", of: link)
      #expect(received + daemon.folder.count("kernel_dropped", of: link) == craft.sentCount)
    }
  }

  @Test("a reload in vain says READY too, and USR1 reopens the logs and reloads nothing")
  func answersSignals() throws {
    let daemon = try DaemonProcess([LiveStation.link("a", OwnAddress.next())])
    daemon.manager.wait(for: "READY=1")
    try daemon.folder.writeStation(["{ name: a }"])
    daemon.signal(SIGHUP)
    #expect(daemon.manager.wait(for: "READY=1").contains { $0.hasPrefix("RELOADING=1") })
    let log = daemon.folder.path("log/events.jsonl")
    try FileManager.default.moveItem(atPath: log, toPath: log + ".old")
    daemon.signal(SIGUSR1)
    while !FileManager.default.fileExists(atPath: log) { usleep(10_000) }
    daemon.signal(SIGTERM)
    let rest = daemon.manager.wait(for: "STOPPING=1")
    #expect(!rest.contains { $0.contains("RELOADING") })
    #expect(daemon.exitCode() == 0)
  }

  @Test("a record that was being written when an earlier one died is cut off, and the log itself says so")
  func reportsTornTail() throws {
    // A file that is a day old would be followed by another.
    let now = ISO8601DateFormatter().string(from: Date()).replacingOccurrences(of: "Z", with: ".000000Z")
    let whole =
      #"{"timestamp":"\#(now)","event_type":"daemon","severity":"info","seq":7,"#
      + #""run_id":"00","daemon":{"action":"start","version":"0"}}"#
    let torn = #"{"timestamp":"2026-11-21T0"#
    let daemon = try DaemonProcess([LiveStation.link("a", OwnAddress.next())], eventLog: whole + "\n" + torn)
    daemon.manager.wait(for: "READY=1")
    daemon.signal(SIGTERM)
    #expect(daemon.exitCode() == 0)
    let told = daemon.folder.events("log").filter { $0.contains(#""action":"truncated""#) }
    #expect(told.count == 1)
    #expect(told.first?.hasSuffix(#""bytes":\#(torn.utf8.count),"cut_bytes":\#(torn.utf8.count)}}"#) == true)
    #expect(daemon.folder.events("daemon").first == whole)
  }
}
