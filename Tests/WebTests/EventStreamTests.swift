import LinkHealth
import Publish
import Testing
import Web

@Suite("Events over HTTP", .timeLimit(.minutes(10)))
struct EventStreamTests {
  private static func watch(_ bench: WebBench, _ query: String = "", lastEventID: String? = nil) throws -> WebClient {
    let client = try bench.client()
    let field = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    client.send("GET /api/v1/watch\(query) HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n")
    let reply = try client.reply()
    #expect(reply.status == 200 && reply.fields["content-type"] == "text/event-stream")
    return client
  }

  @Test("the first word is who speaks; then events come, each under its number")
  func tellsEvents() throws {
    let bench = WebBench()
    let client = try Self.watch(bench)
    #expect(client.messages(through: "hello").last?.contains(#"data: {"class":"HELLO","daemon":"downlinkd""#) ?? false)
    bench.publish(bench.line(7))
    let messages = client.messages(through: "event")
    #expect(
      messages == [
        "id: r1-7\nevent: event\n"
          + #"data: {"class":"EVENT","timestamp":"2026-11-21T09:24:37.000000Z","seq":7,"pad":""}"#
      ])
  }

  @Test("only what was asked for is told")
  func filters() throws {
    let bench = WebBench()
    let client = try Self.watch(bench, "?types=frame_gap,link&links=dss1&stats_interval_seconds=1")
    _ = client.messages(through: "hello")
    bench.publish(
      bench.line(1, .packetGap), bench.line(2, .frameGap, link: "dss2"), bench.line(3, .daemon, link: nil),
      bench.line(4, .frameGap))
    #expect(client.messages(through: "event").map { $0.prefix(8) } == ["id: r1-4"])
    bench.server.publishStatistics(of: "dss2") { #"{"link":"dss2"}"# }
    bench.server.publishStatistics(of: "dss1") { #"{"link":"dss1"}"# }
    bench.server.publishStatistics(of: "dss1") { #"{"link":"too soon"}"# }
    #expect(client.messages(through: "stats") == [#"event: stats"# + "\n" + #"data: {"class":"STATS","link":"dss1"}"#])
  }

  @Test("what is wrong with a question is told before any event")
  func refuses() throws {
    let bench = WebBench()
    let reply = try bench.client().get("/api/v1/watch?types=nothing")
    #expect(reply.status == 400 && reply.code == "bad_argument")
  }

  @Test("who comes back is told what was missed, of what is held, and how much is not")
  func resumes() throws {
    let bench = WebBench()
    for number in 1...1003 as ClosedRange<UInt64> { bench.server.publish(bench.line(number)) }
    bench.server.tick()
    // The last thousand are held, 4 to 1003.
    let near = try Self.watch(bench, lastEventID: "r1-1001")
    let messages = near.messages(through: "event")
    #expect(!messages.contains { $0.hasPrefix("event: lost") })
    #expect(messages.last?.hasPrefix("id: r1-1002\n") ?? false)
    let far = try Self.watch(bench, lastEventID: "r1-1")
    #expect(far.messages(through: "lost").last == "event: lost\n" + #"data: {"class":"LOST","events":2}"#)
    // The numbers go on over a restart.
    let old = try Self.watch(bench, lastEventID: "r0-1")
    #expect(old.messages(through: "lost").last == "event: lost\n" + #"data: {"class":"LOST","events":2}"#)
    // Nothing was missed, or nobody knows what.
    for id in ["r1-1003", "nonsense", "r1-"] {
      let client = try Self.watch(bench, lastEventID: id)
      _ = client.messages(through: "hello")
      bench.publish(bench.line(2000))
      #expect(client.messages(through: "event").first?.hasPrefix("id: r1-2000") ?? false)
    }
  }

  @Test("a log that was taken away is told anew")
  func resumesAfterLoss() throws {
    let bench = WebBench()
    bench.publish(bench.line(1), bench.line(2))
    let client = try Self.watch(bench, lastEventID: "r0-900")
    #expect(client.messages(through: "event").last?.hasPrefix("id: r1-1\n") ?? false)
  }

  @Test("a stream with nothing to say shows every fifteen seconds that it is there")
  func beats() throws {
    let bench = WebBench()
    let client = try Self.watch(bench)
    _ = client.messages(through: "hello")
    bench.pass(seconds: 15)
    #expect(client.chunk() == ": \n\n")
  }

  @Test("who does not read loses the oldest, is told how many, and after ten seconds is let go with a last word")
  func evicts() throws {
    let bench = WebBench()
    let slow = try WebClient(port: try #require(bench.server.localPort), receiveBufferByteCount: 4096)
    slow.send("GET /api/v1/watch HTTP/1.1\r\nHost: localhost\r\n\r\n")
    while bench.server.counters.streamCount < 1 { bench.server.tick() }
    var number: UInt64 = 0
    // Until nothing more goes into the kernel, a mebibyte and more of it.
    for _ in 0..<200 {
      number += 1
      bench.publish(bench.line(number, padding: 10_000))
    }
    while bench.server.counters.evictedStreamCount < 1 { bench.pass(seconds: 10) }
    let text = String(decoding: slow.rest(), as: UTF8.self)
    #expect(text.contains("event: bye\n" + #"data: {"class":"BYE","reason":"slow"}"#))
    #expect(text.contains("event: lost\n"))
    #expect(text.hasSuffix("0\r\n\r\n"))
    #expect(bench.server.counters.lostEventCount > 0 && bench.server.counters.streamCount == 0)
  }

  @Test("the end of the daemon is told, and not waited for")
  func saysGoodbye() throws {
    let bench = WebBench()
    let client = try Self.watch(bench)
    _ = client.messages(through: "hello")
    bench.server.stop()
    #expect(client.messages(through: "bye").last == "event: bye\n" + #"data: {"class":"BYE","reason":"shutdown"}"#)
  }

  @Test("events that find the server too far behind are counted, and told as lost")
  func boundsBacklog() throws {
    let bench = WebBench { $0.backlogCapacity = 0 }
    let client = try Self.watch(bench)
    _ = client.messages(through: "hello")
    bench.publish(bench.line(1))
    #expect(bench.server.counters.unpublishedCount == 1)
  }
}
