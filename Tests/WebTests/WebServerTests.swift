import Dispatch
import LinkHealth
import Publish
import Testing
import Web

@Suite("The web server, conventions §5", .timeLimit(.minutes(10)))
struct WebServerTests {
  @Test("a command is answered with the document of the status socket, and its errors are those of the socket")
  func answersCommands() throws {
    let bench = WebBench()
    let client = try bench.client()
    let links = try client.get("/api/v1/links")
    #expect(links.status == 200 && links.text == #"{"links":[{"name":"dss1"}]}"#)
    #expect(links.fields["content-type"] == "application/json")
    // Arguments keep their names; the connection goes on.
    #expect(try client.get("/api/v1/apids?link=a%22b").text == #""a"b""#)
    let missing = try client.get("/api/v1/vcs")
    #expect(missing.status == 404)
    #expect(
      missing.text == #"{"error":{"code":"not_found","message":"no link 'dss9'","hint":"did you mean 'dss1'?"}}"#)
    let unknown = try client.get("/api/v1/link")
    #expect(
      unknown.status == 404 && unknown.code == "unknown_command" && unknown.text.contains("did you mean 'links'?"))
    let argument = try client.get("/api/v1/links?lnik=x")
    #expect(argument.status == 400 && argument.code == "bad_argument")
    let long = try client.get("/api/v1/config")
    #expect(long.status == 500 && long.code == "internal")
    #expect(try client.get("/api/v1/version").text.contains(#""run_id":"r1""#))
    // Commands that change something are not known here.
    #expect(try client.get("/api/v1/shutdown").status == 404)
  }

  @Test("metrics come in the format that was asked for")
  func answersMetrics() throws {
    let bench = WebBench()
    let client = try bench.client()
    let plain = try client.get("/metrics")
    #expect(plain.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8" && plain.text == "up 1\n")
    let open = try client.get("/metrics", "Accept: application/openmetrics-text; version=1.0.0")
    #expect(open.fields["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    #expect(open.text == "# EOF\n")
  }

  @Test("health and readiness are a status and a line for each reason")
  func answersHealth() throws {
    let bench = WebBench()
    let client = try bench.client()
    #expect(try client.get("/healthz").text == "ok\n")
    bench.ail(["the daemon has not looked after its links for 11 s"])
    let ailing = try client.get("/healthz")
    #expect(ailing.status == 503 && ailing.text == "the daemon has not looked after its links for 11 s\n")
    let ready = try client.get("/readyz")
    #expect(ready.status == 503 && ready.text == "link 'dss1' is down\n")
  }

  @Test("every answer says that it is not to be kept, and what it may not do in a browser")
  func protects() throws {
    let bench = WebBench()
    let client = try bench.client()
    for path in ["/", "/page.js", "/metrics", "/api/v1/links", "/nothing"] {
      let fields = try client.get(path).fields
      #expect(fields["cache-control"] == "no-store" && fields["x-content-type-options"] == "nosniff", "\(path)")
      #expect(fields["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self';") ?? false)
      #expect(fields["access-control-allow-origin"] == nil && fields["date"] != nil && fields["server"] == nil)
    }
  }

  @Test("while one question waits for a disk others are answered, and its own connection in order")
  func answersWhileWaiting() throws {
    let bench = WebBench()
    let (slow, quick) = (try bench.client(), try bench.client())
    let request = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
    slow.send(request("/api/v1/passes?id=p") + request("/healthz"))
    #expect(try quick.get("/api/v1/links").status == 200)
    // A minute later it waits still: it is not the client that takes nothing.
    bench.pass(seconds: 60)
    bench.gate.signal()
    #expect(try slow.reply().text == #"{"id":"p"}"#)
    #expect(try slow.reply().text == "ok\n")
    #expect(bench.server.counters.waitingCount == 0)
  }

  @Test("no more questions wait for a disk than may; the next is told to come again, and who left is not answered")
  func boundsWaiting() throws {
    let bench = WebBench { $0.waitingCapacity = 2 }
    let clients = try (0..<3).map { _ in try bench.client() }
    for client in clients.prefix(2) { client.send("GET /api/v1/passes?id=p HTTP/1.1\r\nHost: localhost\r\n\r\n") }
    while bench.server.counters.waitingCount < 2 { bench.server.tick() }
    let refused = try clients[2].get("/api/v1/passes?id=p")
    #expect(refused.status == 503 && refused.code == "busy" && refused.fields["retry-after"] == "1")
    #expect(bench.server.counters.refusedWaitingCount == 1)
    // What does not wait is answered all the same.
    #expect(try clients[2].get("/api/v1/passes").status == 200)
    for _ in 0..<2 { bench.gate.signal() }
    for client in clients.prefix(2) { #expect(try client.reply().status == 200) }
  }

  @Test("answers are counted by their status code, of which there is a closed set")
  func countsAnswers() throws {
    let bench = WebBench()
    let client = try bench.client()
    for path in ["/healthz", "/api/v1/links", "/nothing", "/api/v1/links?a=b"] { _ = try client.get(path) }
    let counters = bench.server.counters
    #expect(counters.count(ofCode: 200) == 2 && counters.count(ofCode: 404) == 1 && counters.count(ofCode: 400) == 1)
    let codes = counters.snapshot.responses
    #expect(codes.map(\.code) == WebCounters.codes.map(String.init))
    #expect(codes.reduce(0) { $0 + $1.count } == 4)
    #expect(counters.snapshot.refused.map(\.reason) == WebCounters.Refusal.allCases.map(\.rawValue))
  }

  @Test("the page comes with the right types")
  func servesPage() throws {
    let bench = WebBench()
    let client = try bench.client()
    for (path, type) in [
      ("/", "text/html; charset=utf-8"), ("/page.css", "text/css; charset=utf-8"),
      ("/page.js", "text/javascript; charset=utf-8"), ("/favicon.svg", "image/svg+xml"),
    ] {
      let reply = try client.get(path)
      #expect(reply.status == 200 && reply.fields["content-type"] == type && !reply.body.isEmpty, "\(path)")
    }
    #expect(try client.get("/").text.hasPrefix("<!DOCTYPE html>"))
    #expect(try client.get("/index.html").status == 404)
  }

  @Test("HEAD is GET without its body")
  func answersHead() throws {
    let bench = WebBench()
    let client = try bench.client()
    let head = try client.get("/api/v1/links", method: "HEAD")
    #expect(head.status == 200 && head.fields["content-length"] == "27")
    #expect(try client.get("/api/v1/links").body.count == 27)
  }

  @Test("what is long is packed for those who ask for it, and for nobody else")
  func packs() throws {
    let bench = WebBench()
    let client = try bench.client()
    #expect(try client.get("/api/v1/counters").body.count == 1_000_002)
    let packed = try client.get("/api/v1/counters", "Accept-Encoding: gzip")
    #expect(packed.fields["content-encoding"] == "gzip" && packed.fields["vary"] == "Accept-Encoding")
    #expect(packed.body.count < 10_000 && packed.body.prefix(3) == [0x1F, 0x8B, 8])
    #expect(try client.get("/api/v1/links", "Accept-Encoding: gzip").fields["content-encoding"] == nil)
  }

  @Test("requests that come all at once are answered one after the other")
  func answersPipeline() throws {
    let bench = WebBench()
    let client = try bench.client()
    let request = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
    client.send(request("/healthz") + request("/api/v1/counters") + request("/api/v1/links"))
    #expect(try client.reply().text == "ok\n")
    #expect(try client.reply().body.count == 1_000_002)
    #expect(try client.reply().body.count == 27)
  }

  @Test("who sends no more still gets the answer, and then the end")
  func answersHalfClosed() throws {
    let bench = WebBench()
    let client = try bench.client()
    client.send("GET /api/v1/counters HTTP/1.1\r\nHost: localhost\r\n\r\n")
    client.finish()
    #expect(try client.reply().body.count == 1_000_002)
    #expect(client.isAtEnd)
  }

  @Test("HTTP/1.0 needs no host, and the connection ends with the answer")
  func answersOldClients() throws {
    let bench = WebBench()
    let client = try bench.client()
    client.send("GET /healthz HTTP/1.0\r\n\r\n")
    #expect(try client.reply().text == "ok\n")
    #expect(client.isAtEnd)
  }

  @Test("a token opens everything, and nothing but the health is open without it")
  func asksForToken() throws {
    let directory = TokenFile("0123456789abcdef\n", mode: 0o600)
    let bench = WebBench { $0.tokenPath = directory.path }
    let client = try bench.client()
    let denied = try client.get("/api/v1/nothing")
    #expect(denied.status == 401 && denied.code == "unauthorized" && denied.fields["www-authenticate"] != nil)
    #expect(try client.get("/api/v1/links?token=0123456789abcdef").status == 401)
    #expect(try client.get("/api/v1/links", "Authorization: Bearer 0123456789abcdef").status == 200)
    #expect(try client.get("/healthz").status == 200)
    #expect(bench.server.counters.count(.token) == 2)
  }

  @Test("a token that others may read is none, and the server does not listen")
  func refusesOpenToken() {
    let directory = TokenFile("0123456789abcdef\n", mode: 0o644)
    let bench = WebBench { $0.tokenPath = directory.path }
    #expect(bench.server.localPort == nil)
    #expect(bench.server.trouble?.message == "the token file \(directory.path) may be read by others")
  }

  @Test("a port in use is said in words, and tried again until it is free")
  func retriesPort() throws {
    var first: WebBench? = WebBench()
    let port = try #require(first?.server.localPort)
    let second = WebBench { $0.port = port }
    #expect(
      second.server.trouble?.message == "the web server cannot listen on 127.0.0.1 port \(port): Address already in use"
    )
    second.clock.now += 5_000_000_000
    second.server.retry()
    #expect(second.server.localPort == nil)
    first = nil
    second.server.retry()
    #expect(second.server.localPort == nil, "five seconds have not passed")
    second.clock.now += 5_000_000_000
    second.server.retry()
    #expect(second.server.localPort == port && second.server.trouble == nil)
    #expect(try second.client().get("/healthz").status == 200)
  }

  @Test("other terms hold from the next request on, and another address for those who come")
  func configures() throws {
    let bench = WebBench()
    let client = try bench.client()
    #expect(try client.get("/healthz", "Host: localhost").status == 400)
    let port = try #require(bench.server.localPort)
    var options = WebOptions(host: "127.0.0.1", port: port)
    options.hostNames = ["station.example"]
    bench.server.configure(options)
    #expect(bench.server.localPort == port)
    let again = try bench.client()
    again.send("GET /healthz HTTP/1.1\r\nHost: station.example\r\n\r\n")
    #expect(try again.reply().status == 200)
    bench.server.configure(nil)
    #expect(bench.server.localPort == nil && bench.server.options == nil)
    #expect(again.rest().isEmpty)
  }
}
