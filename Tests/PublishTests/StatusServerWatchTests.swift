import Glibc
import Publish
import Testing

@Suite("Status socket: events, and the bounds on clients")
struct StatusServerWatchTests {
  @Test("whoever watches gets the events of the types and links it asked for")
  func pushesEvents() throws {
    let bench = try ServerBench()
    let all = try bench.client()
    let some = try bench.client()
    #expect(
      all.ask("watch stats_interval_seconds=0")
        == #"{"class":"REPLY","ok":true,"result":{"types":["daemon","link","frame_reject","frame_gap","packet_gap","#
        + #""packet_reject","frame_sync","codeblock_reject","parameter","clock","log","config","#
        + #""client","replay","stats"],"#
        + #""stats_interval_seconds":0.0}}"#)
    #expect(
      some.ask(#"{"id":1,"cmd":"watch","args":{"types":["frame_gap"],"links":["dss2"],"stats_interval_seconds":5}}"#)
        == #"{"class":"REPLY","id":1,"ok":true,"result":{"types":["frame_gap"],"links":["dss2"],"#
        + #""stats_interval_seconds":5.0}}"#)
    bench.server.publish(bench.line(1, .link))
    bench.server.publish(bench.line(2, .frameGap, link: "dss2"))
    bench.server.publish(bench.line(3, .daemon, link: nil))
    let second =
      #"{"class":"EVENT","timestamp":"2026-11-21T09:24:12.000000Z","event_type":"frame_gap","n":2,"pad":""}"#
    #expect(
      all.line() == #"{"class":"EVENT","timestamp":"2026-11-21T09:24:11.000000Z","event_type":"link","n":1,"pad":""}"#)
    #expect(all.line() == second)
    #expect(
      all.line() == #"{"class":"EVENT","timestamp":"2026-11-21T09:24:13.000000Z","event_type":"daemon","n":3,"pad":""}"#
    )
    #expect(some.line() == second)
    #expect(some.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
  }

  @Test("statistics come at the interval asked for")
  func pushesStatistics() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    _ = client.ask("watch stats_interval_seconds=2")
    for number in 0..<5 {
      bench.server.publishStatistics(#"{"n":\#(number)}"#)
      bench.settle()
      bench.clock.advance(seconds: 1)
    }
    #expect(client.line() == #"{"class":"STATS","n":0}"#)
    #expect(client.line() == #"{"class":"STATS","n":2}"#)
    #expect(client.line() == #"{"class":"STATS","n":4}"#)
  }

  @Test("late clients can ask for the last events, by number, type, link and time")
  func remembersEvents() throws {
    let bench = try ServerBench()
    for number in 0..<1003 { bench.server.publish(bench.line(number, number == 1001 ? .clock : .link)) }
    let client = try bench.client()
    #expect(
      client.ask("events 2")
        == #"{"class":"REPLY","ok":true,"result":{"events":["#
        + #"{"timestamp":"2026-11-21T09:24:11.000000Z","event_type":"clock","n":1001,"pad":""},"#
        + #"{"timestamp":"2026-11-21T09:24:12.000000Z","event_type":"link","n":1002,"pad":""}]}}"#)
    #expect(
      client.ask("events type=clock")
        == #"{"class":"REPLY","ok":true,"result":{"events":["#
        + #"{"timestamp":"2026-11-21T09:24:11.000000Z","event_type":"clock","n":1001,"pad":""}]}}"#)
    #expect(client.ask("events link=dss9") == #"{"class":"REPLY","ok":true,"result":{"events":[]}}"#)
    let all = try unwrap(client.ask("events 1000"))
    #expect(all.contains(#""n":3,"#) && !all.contains(#""n":2,"#))
    #expect(
      client.ask("events since=2026-11-21T09:25:00.000000Z") == #"{"class":"REPLY","ok":true,"result":{"events":[]}}"#)
  }

  @Test("a client that reads late is told how many events it has lost, to the last one")
  func tellsLoss() throws {
    let bench = try ServerBench { $0.outboundByteCount = 8192 }
    let client = try bench.client()
    _ = client.ask("watch stats_interval_seconds=0")
    for number in 0..<2000 { bench.server.publish(bench.line(number, padding: 1000)) }
    bench.settle()
    var received = 0
    var lost = 0
    while received + lost < 2000, let line = client.line() {
      let value = try JSONReader.read(Array(line.utf8))
      if value["class"] == .string("LOST") { lost += value["events"]?.integer ?? 0 } else { received += 1 }
    }
    #expect(received + lost == 2000)
    #expect(lost > 1000)
    #expect(client.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
  }

  @Test("a client that takes nothing for ten seconds is let go, with a last word")
  func evictsSlowClient() throws {
    let bench = try ServerBench { $0.outboundByteCount = 8192 }
    let slow = try bench.client()
    let quick = try bench.client()
    _ = slow.ask("watch stats_interval_seconds=0")
    for number in 0..<2000 { bench.server.publish(bench.line(number, padding: 1000)) }
    bench.settle()
    bench.clock.advance(seconds: 9)
    bench.server.tick()
    #expect(bench.server.counters.evictedSlowCount == 0)
    bench.clock.advance(seconds: 1)
    bench.server.tick()
    #expect(bench.server.counters.evictedSlowCount == 1)
    let lines = slow.linesToEnd()
    #expect(lines.last == #"{"class":"BYE","reason":"slow"}"#)
    #expect(lines.dropLast().last?.hasPrefix(#"{"class":"LOST","events":"#) == true)
    #expect(quick.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    #expect(
      bench.notices.elements.map(\.body) == [
        #"{"action":"evict","uid":\#(getuid()),"pid":\#(getpid())}"#
      ])
    #expect(bench.notices.elements.map(\.repeatedReason) == ["slow"])
  }

  @Test("the sixty-fifth client is greeted and sent away")
  func boundsClients() throws {
    let bench = try ServerBench { $0.clientCapacityPerUser = 100 }
    var clients: [TestClient] = []
    for _ in 0..<64 { clients.append(try bench.client()) }
    let lines = try bench.client().linesToEnd()
    #expect(lines == [#"{"class":"BYE","reason":"busy","message":"64 clients are connected already"}"#])
    clients.removeLast()
    #expect(clients[0].ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    bench.settle()
    let newcomer = try bench.client()
    withExtendedLifetime(clients) {
      #expect(newcomer.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    }
  }

  @Test("one user has at most sixteen connections")
  func boundsClientsPerUser() throws {
    let bench = try ServerBench()
    let clients = try (0..<16).map { _ in try bench.client() }
    #expect(
      try bench.client().linesToEnd() == [
        #"{"class":"BYE","reason":"busy","message":"this user has 16 connections already"}"#
      ])
    #expect(clients[15].ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    #expect(bench.server.counters.deniedCount == 1)
    // The optimizer ends what is not used any more, and a client that ends is gone.
    withExtendedLifetime(clients) { #expect(bench.server.counters.clientCount == 16) }
  }

  @Test("a stopped server says goodbye and takes its socket with it")
  func saysGoodbye() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    bench.server.stop()
    #expect(client.linesToEnd() == [#"{"class":"BYE","reason":"shutdown"}"#])
    #expect(try bench.directory.names() == [])
  }
}
