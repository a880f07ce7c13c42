import LinkHealth
import Testing
import Web

@Suite("What a client asks for, and how it wants it")
struct RequestTests {
  @Test("a target is a path and arguments")
  func readsTarget() throws {
    let target = try RequestTarget("/api/v1/vcs?link=a%20b+c&scid=42&flag#part")
    #expect(target.path == "/api/v1/vcs")
    #expect(target.arguments == ["link": "a b c", "scid": "42", "flag": ""])
  }

  @Test(
    "what is none is refused",
    arguments: [
      ("http://localhost/", RequestTarget.Malformed.notAPath), ("*", .notAPath), ("", .notAPath),
      ("/?a=%4", .badEscape),
      ("/?a=%zz", .badEscape), ("/?a=%ff", .badEscape), ("/?a=1&a=2", .repeated("a")),
    ])
  func refusesTarget(text: String, error: RequestTarget.Malformed) {
    #expect(throws: error) { try RequestTarget(text) }
  }

  @Test(
    "OpenMetrics is for those who ask for it, RFC 9110 §12.5.1",
    arguments: [
      // What Prometheus 2.42 and 3 send.
      (
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
          + "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", ExpositionFormat.openMetrics
      ),
      ("application/openmetrics-text; version=1.0.0, text/plain;q=0.5", .openMetrics),
      ("application/openmetrics-text", .openMetrics), ("*/*", .text), ("text/html,*/*;q=0.8", .text),
      ("application/openmetrics-text;q=0", .text), ("application/openmetrics-text;q=0.2,text/plain", .text),
      ("application/openmetrics-text;version=2.0.0", .text), ("", .text), (";q=1,,", .text),
      ("application/openmetrics-text;q=wrong", .text),
    ])
  func prefersFormat(accept: String, format: ExpositionFormat) {
    #expect(Preference.metricsFormat(accept: [accept]) == format)
  }

  @Test(
    "gzip is for those who ask for it, RFC 9110 §12.5.3",
    arguments: [
      ("gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("*", true), ("gzip;q=0, *", false), ("identity", false),
      ("", false), ("GZIP", true),
    ])
  func takesGzip(field: String, takes: Bool) {
    #expect(Preference.takesGzip(acceptEncoding: [field]) == takes)
  }

  @Test(
    "the server answers to its own names only",
    arguments: [
      ("localhost", true), ("LOCALHOST:9610", true), ("127.0.0.1:1", true), ("[::1]:9610", true), ("10.0.0.7", true),
      ("station.example", true), ("station.example.", true), ("evil.example", false), ("station.example.evil", false),
      ("127.0.0.1.evil.example", false), ("", false), (":9610", false), ("localhost:x", false), ("[::1", false),
      ("10.0.0.8", false), ("192.0.2.1", true),
    ])
  func allowsHost(field: String, isAllowed: Bool) {
    let names = HostNames(["Station.example"], listening: "10.0.0.7")
    #expect(names.allow(field, local: "192.0.2.1") == isAllowed)
  }

  @Test(
    "Base64, the vectors of RFC 4648 §10",
    arguments: [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar")])
  func readsBase64(text: String, bytes: String) {
    #expect(Base64.decoded(text[...]) == Array(bytes.utf8))
  }

  @Test("a token is shown as a bearer, or as the password that a browser asks for, RFC 6750 §2.1 and RFC 7617 §2")
  func showsToken() throws {
    let plain = try #require(AccessToken(Array(" 0123456789abcdef \n".utf8)))
    #expect(plain.isShown(by: "Bearer 0123456789abcdef") && plain.isShown(by: "bearer 0123456789abcdef"))
    // printf 'anybody:0123456789abcdef' | base64
    #expect(plain.isShown(by: "Basic YW55Ym9keTowMTIzNDU2Nzg5YWJjZGVm"))
    for wrong in [
      "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdeF", "Bearer 0123456789abcdef0",
      "0123456789abcdef", "Digest 0123456789abcdef", "Basic 0123456789abcdef", "Basic *",
    ] { #expect(!plain.isShown(by: wrong), "\(wrong)") }
    #expect(AccessToken(Array("tooshort\n".utf8)) == nil && AccessToken(Array("0123456789 abcdef".utf8)) == nil)
  }
}
