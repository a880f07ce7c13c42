import Dispatch
import Glibc
import Publish
import Testing

/// A server in a directory of its own, with clocks that stand still.
final class ServerBench {
  let directory = TemporaryDirectory()
  let clock = ManualClock()
  let notices = Collected<EventRecord>()
  let server: StatusServer
  private let queue = DispatchQueue(label: "server under test")

  var path: String { directory.file("status.sock") }

  /// - Parameters:
  ///   - carryOut: What a control socket does with its commands.
  ///   - isServing: Whether clients are admitted from the start.
  init(
    role: StatusServer.Role = .status(controlPath: "/run/downlinkd/control.sock"), serving isServing: Bool = true,
    _ adjust: (inout StatusServer.Options) -> Void = { _ in },
    carryOut: @escaping ControlCommand.Handler = ControlCommand.refusing
  ) throws {
    var options = StatusServer.Options(path: directory.file("status.sock"), role: role)
    options.hasTimer = false
    adjust(&options)
    server = StatusServer(
      options, identity: .init(version: "0.1.0", runID: "r1"), queue: queue,
      clocks: StatusServer.Clocks(wall: { [clock] in clock.now }, monotonic: { [clock] in clock.now }),
      notice: { [notices] in notices.append($0) },
      answer: { command, arguments in
        switch command {
        case .links: .success(#"{"links":[{"name":"dss1"}]}"#)
        case .counters: .success("\"\(String(repeating: "x", count: 1_000_000))\"")
        case .config: .success("\"\(String(repeating: "x", count: 1_100_000))\"")
        case .vcs: .failure(StatusError(.notFound, "no link 'dss9'", hint: "did you mean 'dss1'?"))
        default: .success("{}")
        }
      })
    try server.open(carryOut: carryOut)
    if isServing { server.serve() }
  }

  deinit { server.stop() }

  /// A client that has read the greeting.
  func client() throws -> TestClient {
    let client = try TestClient(path: path)
    _ = client.line()
    return client
  }

  func line(_ number: Int, _ type: EventType = .link, link: String? = "dss1", padding: Int = 0) -> EventLine {
    let text =
      #"{"timestamp":"2026-11-21T09:24:\#(10 + number % 50).000000Z","event_type":"\#(type.rawValue)","n":\#(number)"#
    return EventLine(
      eventType: type, link: link, text: text + #","pad":"\#(String(repeating: "x", count: padding))"}"#)
  }

  /// Keeps the server from doing anything.
  func hold() { queue.suspend() }

  /// Lets it go on.
  func release() { queue.resume() }

  /// Waits until the server has done everything that was asked of it so far.
  func settle() { server.tick() }
}

@Suite("Status socket protocol downlinkd-status/1, conventions §4")
struct StatusServerTests {
  @Test("the server speaks first")
  func greets() throws {
    let bench = try ServerBench()
    let client = try TestClient(path: bench.path)
    #expect(
      client.line()
        == #"{"class":"HELLO","daemon":"downlinkd","version":"0.1.0","proto":{"major":1,"minor":0},"run_id":"r1","#
        + #""now":"2026-11-21T09:24:37.251547Z"}"#)
  }

  @Test(
    "a request has one reply, with its id",
    arguments: [
      (
        #"{"id":7,"cmd":"links","args":{"link":"dss1"}}"#,
        #"{"class":"REPLY","id":7,"ok":true,"result":{"links":[{"name":"dss1"}]}}"#
      ),
      (#"{"id":"x","cmd":"links"}"#, #"{"class":"REPLY","id":"x","ok":true,"result":{"links":[{"name":"dss1"}]}}"#),
      ("links dss1", #"{"class":"REPLY","ok":true,"result":{"links":[{"name":"dss1"}]}}"#),
      ("links\r", #"{"class":"REPLY","ok":true,"result":{"links":[{"name":"dss1"}]}}"#),
      (
        "version",
        #"{"class":"REPLY","ok":true,"result":{"daemon":"downlinkd","version":"0.1.0","#
          + #""proto":{"major":1,"minor":0},"run_id":"r1"}}"#
      ),
      (
        "help links",
        #"{"class":"REPLY","ok":true,"result":{"commands":[{"name":"links","summary":"one summary per link","#
          + #""arguments":["link","limit","cursor"]}]}}"#
      ),
      (
        "link",
        #"{"class":"REPLY","ok":false,"error":{"code":"not_allowed","#
          + #""message":"'link' is not taken on this socket, which is read-only","#
          + #""hint":"send it to /run/downlinkd/control.sock, as root or the daemon's own user"}}"#
      ),
      (
        #"{"id":8,"cmd":"linx"}"#,
        #"{"class":"REPLY","id":8,"ok":false,"error":{"code":"unknown_command","message":"unknown command 'linx'","#
          + #""hint":"did you mean 'links'?"}}"#
      ),
      (
        #"{"id":9,"cmd":"vcs"}"#,
        #"{"class":"REPLY","id":9,"ok":false,"error":{"code":"not_found","message":"no link 'dss9'","#
          + #""hint":"did you mean 'dss1'?"}}"#
      ),
      (
        #"{"id":9,"#,
        #"{"class":"REPLY","ok":false,"error":{"code":"bad_json","#
          + #""message":"not a JSON object: it ends too early at byte 8"}}"#
      ),
      (
        #"{"id":1,"cmd":"events","args":{"n":1001}}"#,
        #"{"class":"REPLY","id":1,"ok":false,"error":{"code":"bad_argument","#
          + #""message":"'n' must be an integer from 0 to 1000"}}"#
      ),
      (
        "watch lnik",
        #"{"class":"REPLY","ok":false,"error":{"code":"bad_argument","message":"unknown event type 'lnik'","#
          + #""hint":"did you mean 'link'?"}}"#
      ),
      (
        "config",
        #"{"class":"REPLY","ok":false,"error":{"code":"internal","message":"the reply is larger than 1 MiB","#
          + #""hint":"ask for a part of it: 'links', 'vcs', 'apids' and 'counters' have 'link', "#
          + #"'limit' and 'cursor'"}}"#
      ),
      ("\0", #"{"class":"REPLY","ok":false,"error":{"code":"unknown_command","message":"unknown command '\u0000'"}}"#),
    ])
  func answers(request: String, reply: String) throws {
    let bench = try ServerBench()
    #expect(try bench.client().ask(request) == reply)
  }

  @Test("bytes that are not UTF-8 are bad JSON, and the connection goes on")
  func refusesBadUTF8() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    client.send([0xFF, 0xFE, 0x0A])
    #expect(
      client.line() == #"{"class":"REPLY","ok":false,"error":{"code":"bad_json","message":"the bytes are not UTF-8"}}"#)
    #expect(client.ask("links") == #"{"class":"REPLY","ok":true,"result":{"links":[{"name":"dss1"}]}}"#)
  }

  @Test("requests may come in pieces, and many at once")
  func assemblesRequests() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    for byte in "{\"id\":1,\"cmd\":\"links\"}\r\n".utf8 {
      client.send([byte])
      bench.settle()
    }
    #expect(client.line() == #"{"class":"REPLY","id":1,"ok":true,"result":{"links":[{"name":"dss1"}]}}"#)
    client.send((0..<500).map { "{\"id\":\($0),\"cmd\":\"status\"}\n" }.joined())
    for id in 0..<500 { #expect(client.line() == #"{"class":"REPLY","id":\#(id),"ok":true,"result":{}}"#) }
  }

  @Test("deep nesting is refused without a trap")
  func refusesDeepNesting() throws {
    let bench = try ServerBench()
    let reply = try bench.client().ask("{\"a\":" + String(repeating: "[", count: 4000))
    #expect(
      reply
        == #"{"class":"REPLY","ok":false,"error":{"code":"bad_json","#
        + #""message":"not a JSON object: nested deeper than 16 at byte 21"}}"#)
  }

  @Test("a request of 4096 bytes is served; one more, and the connection ends")
  func boundsRequests() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let request = #"{"id":1,"cmd":"links"}"#
    #expect(
      client.ask(request + String(repeating: " ", count: 4096 - request.utf8.count))
        == #"{"class":"REPLY","id":1,"ok":true,"result":{"links":[{"name":"dss1"}]}}"#)
    client.send(String(repeating: "x", count: 4097))
    #expect(
      client.linesToEnd() == [
        #"{"class":"REPLY","ok":false,"error":{"code":"too_long","message":"a request has at most 4096 bytes"}}"#
      ])
    #expect(bench.server.counters.evictedTooLongCount == 1)
  }

  @Test("a client that ends its side still gets its answers, the last line without an end included")
  func answersAfterEnd() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    client.send("links\ncounters\nstatus")
    client.endSending()
    let lines = client.linesToEnd()
    #expect(lines.map(\.utf8.count) == [64, 1_000_039, 39])
  }

  @Test("large replies one after the other wait for the client to read, and none is lost")
  func appliesBackPressure() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    client.send((0..<8).map { "{\"id\":\($0),\"cmd\":\"counters\"}\n" }.joined())
    bench.settle()
    for id in 0..<8 {
      let line = try unwrap(client.line())
      #expect(line.utf8.count == 1_000_046)
      #expect(line.hasPrefix(#"{"class":"REPLY","id":\#(id),"ok":true,"result":"xxx"#))
    }
  }

  @Test("who is connected can be asked")
  func listsClients() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    #expect(
      client.ask("clients")
        == #"{"class":"REPLY","ok":true,"result":{"clients":[{"id":1,"#
        + #""uid":\#(getuid()),"gid":\#(getgid()),"pid":\#(getpid()),"#
        + #""connected":"2026-11-21T09:24:37.251547Z","watching":false,"pending_bytes":0,"lost_events":0,"#
        + #""lost_parameters":0}],"#
        + #""socket":"status","limits":{"clients":64,"clients_per_user":16,"commands":16,"pending_bytes":262144},"#
        + #""totals":{"connected":1,"turned_away":{"busy":0,"not_allowed":0},"#
        + #""evicted":{"slow":0,"too_long":0,"idle":0},"lost_events":0,"lost_parameters":0,"unpublished_events":0,"#
        + #""refused_requests":0,"refused_commands":0,"accept_pauses":0}}}"#)
    #expect(bench.server.counters.requestCount(.clients) == 1)
  }
}
