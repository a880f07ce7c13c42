import LinkHealth
import Publish
import Testing
import Web

@Suite("What the web server refuses, conventions §5 and faults 31", .timeLimit(.minutes(10)))
struct RefusalTests {
  /// A request that is refused: what is sent, the status and the word.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let status: Int
    let code: String
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "a body by length", text: "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n", status: 413,
      code: "body_refused"),
    Case(
      name: "a body in pieces", text: "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
      status: 413, code: "body_refused"),
    Case(
      name: "POST", text: "POST /api/v1/links HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", status: 405,
      code: "method_not_allowed"),
    Case(name: "DELETE", text: "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 405, code: "method_not_allowed"),
    Case(
      name: "a method that is none", text: "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 405,
      code: "method_not_allowed"),
    Case(
      name: "another host", text: "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", status: 421,
      code: "host_not_allowed"),
    Case(name: "no host", text: "GET / HTTP/1.1\r\n\r\n", status: 400, code: "bad_request"),
    Case(
      name: "two hosts", text: "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", status: 400,
      code: "bad_request"),
    Case(
      name: "another server's address", text: "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 400,
      code: "bad_request"),
    Case(name: "another version", text: "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", status: 400, code: "bad_request"),
    Case(name: "what is not HTTP", text: "\u{16}\u{03}\u{01} hello\r\n\r\n", status: 400, code: "bad_request"),
    Case(
      name: "a field without a name", text: "GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n", status: 400,
      code: "bad_request"),
    Case(
      name: "a request line of 4097 bytes",
      text: "GET /" + String(repeating: "a", count: 4097 - 15) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 414,
      code: "target_too_long"),
    Case(
      name: "fields without an end",
      text: "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 9000),
      status: 431, code: "head_too_large"),
  ]

  @Test("is answered with its status and its word, and the connection ends", arguments: cases)
  func refuses(refused: Case) throws {
    let bench = WebBench()
    let client = try bench.client()
    client.send(refused.text)
    let reply = try client.reply()
    #expect(reply.status == refused.status && reply.code == refused.code)
    #expect(reply.fields["connection"] == "close")
    if refused.status == 405 { #expect(reply.fields["allow"] == "GET, HEAD") }
    client.finish()
    #expect(client.rest().isEmpty)
    #expect(try bench.client().get("/healthz").status == 200)
  }

  @Test("a head of 8192 bytes is taken, one of 8193 is not")
  func boundsHead() throws {
    let bench = WebBench()
    let head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
    for (count, status) in [(8192, 200), (8193, 431)] {
      let client = try bench.client()
      client.send(head + String(repeating: "a", count: count - head.utf8.count - 4) + "\r\n\r\n")
      #expect(try client.reply().status == status)
    }
  }

  @Test("who does not finish a request within five seconds is told so, and let go")
  func timesOut() throws {
    let bench = WebBench()
    let client = try bench.client()
    // The beginning of the second request comes with the first, whose answer says that it was looked at.
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHo")
    #expect(try client.reply().status == 200)
    bench.settle()
    bench.pass(seconds: 4)
    // A byte now and then does not help.
    client.send("st: localhost\r\nX:")
    bench.pass(seconds: 1)
    let reply = try client.reply()
    #expect(reply.status == 408 && reply.code == "request_timeout")
    client.finish()
    #expect(client.rest().isEmpty)
    #expect(bench.server.counters.count(.headTimeout) == 1)
  }

  @Test("who says nothing is let go without a word: after five seconds, or a minute after an answer")
  func closesIdle() throws {
    let bench = WebBench()
    let silent = try bench.client()
    while bench.server.counters.connectionCount < 1 { bench.server.tick() }
    bench.pass(seconds: 5)
    #expect(silent.isAtEnd)
    let idle = try bench.client()
    _ = try idle.get("/healthz")
    bench.settle()
    bench.pass(seconds: 59)
    #expect(try idle.get("/healthz").status == 200)
    bench.settle()
    bench.pass(seconds: 60)
    #expect(idle.isAtEnd)
  }

  @Test("more connections than there may be, or than one address may have, are turned away in words")
  func boundsConnections() throws {
    for (adjust, refusal) in [
      ({ $0.connectionCapacity = 2 }, WebCounters.Refusal.connections),
      ({ $0.connectionCapacityPerAddress = 2 }, .connectionsOfAddress),
    ] as [((inout WebOptions) -> Void, WebCounters.Refusal)] {
      let bench = WebBench(adjust)
      var clients = [try bench.client(), try bench.client()]
      for client in clients { #expect(try client.get("/healthz").status == 200) }
      let third = try bench.client()
      let reply = try third.reply()
      #expect(reply.status == 503 && reply.code == "too_many_connections" && reply.fields["retry-after"] == "1")
      #expect(bench.server.counters.count(refusal) == 1)
      clients.removeAll()
      while bench.server.counters.connectionCount > 0 { bench.server.tick() }
      #expect(try bench.client().get("/healthz").status == 200)
    }
  }

  @Test("who asks for much and takes nothing is let go after ten seconds, and the others are not made to wait")
  func closesStalled() throws {
    let bench = WebBench { $0.answerByteCount = 3 << 20 }
    let greedy = try WebClient(port: try #require(bench.server.localPort), receiveBufferByteCount: 4096)
    let request = "GET /api/v1/counters HTTP/1.1\r\nHost: localhost\r\n\r\n"
    greedy.send(String(repeating: request, count: 40))
    let other = try bench.client()
    #expect(try other.get("/healthz").status == 200)
    // It takes nothing: the kernel is full, and time passes.
    while bench.server.counters.stalledCount < 1 { bench.pass(seconds: 10) }
    #expect(try bench.client().get("/healthz").status == 200)
  }
}
