import Foundation
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
        + #""client","replay","stats","pass"],"#
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
      bench.server.publishStatistics(of: "dss1") { #"{"n":\#(number)}"# }
      bench.settle()
      bench.clock.advance(seconds: 1)
    }
    #expect(client.line() == #"{"class":"STATS","n":0}"#)
    #expect(client.line() == #"{"class":"STATS","n":2}"#)
    #expect(client.line() == #"{"class":"STATS","n":4}"#)
  }

  @Test("whoever watches parameters gets the rows of those that its pattern is for, in lines of bounded length")
  func pushesParameters() throws {
    let bench = try ServerBench()
    let some = try bench.client()
    let none = try bench.client()
    let other = try bench.client()
    let every = try bench.client()
    _ = some.ask(#"{"cmd":"watch","args":{"parameters":"BUS*","stats_interval_seconds":0}}"#)
    _ = none.ask("watch stats_interval_seconds=0")
    _ = other.ask("watch stats_interval_seconds=0 links=dss2 parameters=*")
    _ = every.ask("watch stats_interval_seconds=0 parameters=*")
    let names = ["BUSV"] + (0..<100).map { "P\($0)" }
    bench.server.publishParameters(
      ParameterBatch(of: "dss1", names: names) {
        #"{"name":"\#($0)","value":"\#(String(repeating: "x", count: $0 == "BUSV" ? 0 : 1000))"}"#
      })
    bench.settle()
    #expect(
      some.line() == #"{"class":"PARAMETERS","link":"dss1","parameters":[{"name":"BUSV","value":""}]}"#)
    for client in [some, none, other] { #expect(client.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#) }
    var rowCount = 0
    while rowCount < names.count {
      let line = every.line() ?? ""
      #expect(line.utf8.count <= 34_000)
      rowCount += line.components(separatedBy: #""name""#).count - 1
    }
    #expect(rowCount == names.count)
    #expect(
      some.ask(#"{"cmd":"watch","args":{"parameters":"\#(String(repeating: "a", count: 257))"}}"#)
        == #"{"class":"REPLY","ok":false,"error":{"code":"bad_argument","#
        + #""message":"'parameters' must have at most 256 bytes"}}"#)
  }

  @Test("a client that does not keep up loses whole rows of parameters, is told how many, and loses no event by it")
  func losesRows() throws {
    let bench = try ServerBench { $0.outboundByteCount = 65_536 }
    let client = try bench.client()
    let quick = try bench.client()
    _ = client.ask("watch stats_interval_seconds=0 parameters=*")
    _ = quick.ask("watch stats_interval_seconds=0 parameters=*")
    bench.server.publish(bench.line(1))
    #expect(quick.line()?.hasPrefix(#"{"class":"EVENT""#) == true)
    let names = (0..<1000).map { "P\($0)" }
    let batchCount = 3
    for _ in 0..<batchCount {
      bench.server.publishParameters(
        ParameterBatch(of: "dss1", names: names) { #"{"name":"\#($0)\#(String(repeating: "x", count: 1000))"}"# })
      // One who reads gets all of it; another in its place has read nothing.
      #expect(try rows(of: quick, 1000) == (received: 1000, lost: 0))
    }
    bench.settle()
    // Others are served all the while.
    #expect(try bench.client().ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    #expect(client.line()?.hasPrefix(#"{"class":"EVENT""#) == true)
    let total = try rows(of: client, batchCount * names.count)
    #expect(total.received + total.lost == batchCount * names.count)
    #expect(total.lost > 0 && total.received > 0)
    let listed = try JSONReader.read(Array(try unwrap(client.ask("clients")).utf8))
    #expect(listed["result"]?["clients"]?.elements.compactMap { $0["lost_parameters"]?.integer }.max() == total.lost)
    #expect(listed["result"]?["clients"]?.elements.compactMap { $0["lost_events"]?.integer }.max() == 0)
  }

  /// What comes until so many rows are told of, one way or the other.
  private func rows(of client: TestClient, _ count: Int) throws -> (received: Int, lost: Int) {
    var (received, lost) = (0, 0)
    while received + lost < count {
      let value = try JSONReader.read(Array(try unwrap(client.line()).utf8))
      switch value["class"] {
      case .string("LOST"):
        #expect(value["events"]?.integer == 0)
        lost += value["parameters"]?.integer ?? 0
      case .string("PARAMETERS"): received += value["parameters"]?.elements.count ?? 0
      default: Issue.record("a line that is neither: \(value.text.prefix(100))")
      }
    }
    return (received, lost)
  }

  @Test("each link has its own turn, and who watches one link gets that one only")
  func pushesStatisticsOfEachLink() throws {
    let bench = try ServerBench()
    let all = try bench.client()
    let one = try bench.client()
    _ = all.ask("watch stats_interval_seconds=1")
    _ = one.ask(#"{"cmd":"watch","args":{"links":["dss2"],"stats_interval_seconds":1}}"#)
    for number in 0..<2 {
      for link in ["dss1", "dss2"] {
        bench.server.publishStatistics(of: link) { #"{"link":"\#(link)","n":\#(number)}"# }
      }
      bench.settle()
      bench.clock.advance(seconds: 1)
    }
    #expect(all.line() == #"{"class":"STATS","link":"dss1","n":0}"#)
    #expect(all.line() == #"{"class":"STATS","link":"dss2","n":0}"#)
    #expect(all.line() == #"{"class":"STATS","link":"dss1","n":1}"#)
    #expect(all.line() == #"{"class":"STATS","link":"dss2","n":1}"#)
    #expect(one.line() == #"{"class":"STATS","link":"dss2","n":0}"#)
    #expect(one.line() == #"{"class":"STATS","link":"dss2","n":1}"#)
  }

  @Test("statistics that nobody wants are not even written")
  func writesStatisticsOnDemand() throws {
    let bench = try ServerBench()
    let written = Collected<Int>()
    let client = try bench.client()
    bench.server.publishStatistics(of: "dss1") {
      written.append(1)
      return "{}"
    }
    _ = client.ask("watch stats_interval_seconds=0")
    bench.server.publishStatistics(of: "dss1") {
      written.append(2)
      return "{}"
    }
    // What is published is done before the next question is looked at.
    bench.server.tick()
    _ = client.ask("watch stats_interval_seconds=1")
    let others = try (0..<3).map { _ in try bench.client() }
    for other in others { _ = other.ask("watch stats_interval_seconds=1") }
    bench.server.publishStatistics(of: "dss1") {
      written.append(3)
      return "{}"
    }
    #expect(client.line() == #"{"class":"STATS"}"#)
    for other in others { #expect(other.line() == #"{"class":"STATS"}"#) }
    #expect(written.elements == [3])
  }

  @Test("a client that never asks anything is let go after a minute; one that has asked may stay")
  func evictsSilentClient() throws {
    let bench = try ServerBench()
    let silent = try bench.client()
    let asking = try bench.client()
    _ = asking.ask("status")
    bench.clock.advance(seconds: 59)
    bench.server.tick()
    #expect(bench.server.counters.evictedIdleCount == 0)
    bench.clock.advance(seconds: 1)
    bench.server.tick()
    #expect(silent.linesToEnd() == [#"{"class":"BYE","reason":"idle"}"#])
    bench.clock.advance(seconds: 3600)
    bench.server.tick()
    #expect(asking.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"#)
    #expect(bench.server.counters.evictedIdleCount == 1)
  }

  @Test("a crowd that is turned away fills no log")
  func summarizesDenials() throws {
    let bench = try ServerBench { $0.clientCapacity = 1 }
    let first = try bench.client()
    for _ in 0..<500 { _ = try bench.client().linesToEnd() }
    #expect(bench.notices.elements.count == 1)
    bench.clock.advance(seconds: 10)
    bench.server.tick()
    let bodies = bench.notices.elements.map(\.body)
    #expect(bodies.count == 2)
    #expect(bodies[0].hasPrefix(#"{"reason":"busy","count":1,"#))
    #expect(bodies[1].hasPrefix(#"{"reason":"busy","count":499,"#))
    withExtendedLifetime(first) {}
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
    let lost = try lines.dropLast().last.map { try JSONReader.read(Array($0.utf8))["events"]?.integer }
    #expect(
      bench.notices.elements.map(\.body) == [
        #"{"action":"evict","uid":\#(getuid()),"gid":\#(getgid()),"pid":\#(getpid()),"socket":"status","#
          + #""reason":"slow","lost_events":\#(try unwrap(lost ?? nil))}"#
      ])
    #expect(bench.server.counters.lastEvictionTime == bench.clock.now)
    #expect(bench.server.counters.lastEvictionUptime == bench.clock.now)
  }

  @Test("events beyond what may wait for the server are lost, counted, and told to whoever watches")
  func boundsBacklog() throws {
    let bench = try ServerBench { $0.backlogCapacity = 10 }
    let client = try bench.client()
    _ = client.ask("watch stats_interval_seconds=0")
    bench.hold()
    for number in 0..<25 { bench.server.publish(bench.line(number)) }
    bench.release()
    bench.settle()
    bench.server.publish(bench.line(25))
    let lines = (0..<12).compactMap { _ in client.line() }
    #expect(lines.filter { $0.hasPrefix(#"{"class":"EVENT""#) }.count == 11)
    #expect(lines.filter { $0 == #"{"class":"LOST","events":15}"# }.count == 1)
    #expect(bench.server.counters.unpublishedCount == 15)
  }

  @Test("whoever connects before the server serves is greeted when it does")
  func servesLater() throws {
    let bench = try ServerBench(serving: false)
    let client = try TestClient(path: bench.path)
    client.send("status\n")
    // Not even looking after its clients makes it serve one.
    bench.settle()
    bench.settle()
    #expect(bench.server.counters.connectCount == 0)
    bench.server.serve()
    #expect(client.line()?.hasPrefix(#"{"class":"HELLO""#) == true)
    #expect(client.line() == #"{"class":"REPLY","ok":true,"result":{}}"#)
  }

  @Test("of many that are let go at once the first have events of their own, and the rest one together")
  func summarizesEvictions() throws {
    let bench = try ServerBench {
      $0.outboundByteCount = 8192
      $0.clientCapacityPerUser = 64
    }
    let clients = try (0..<30).map { _ in try bench.client() }
    for client in clients { _ = client.ask("watch stats_interval_seconds=0") }
    for number in 0..<1000 { bench.server.publish(bench.line(number, padding: 1000)) }
    bench.settle()
    bench.clock.advance(seconds: 10)
    bench.server.tick()
    let bodies = bench.notices.elements.map(\.body)
    #expect(bodies.count == 21)
    #expect(bodies.last?.hasPrefix(#"{"action":"evict","socket":"status","reason":"slow","clients":10,"#) == true)
    let told = try bodies.reduce(0) { try $0 + (JSONReader.read(Array($1.utf8))["lost_events"]?.integer ?? 0) }
    #expect(told == Int(bench.server.counters.lostEventCount))
    withExtendedLifetime(clients) {}
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
    #expect(bench.server.counters.deniedForUserCount == 1 && bench.server.counters.deniedCount == 0)
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

extension JSONValue {
  fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
