import StationConfiguration
import Testing

@Suite("The section about the web server")
struct WebSectionTests {
  private func findings(_ web: String) -> [String] {
    StationConfigurationTests.findings("web: { \(web) }\n" + station(link: "input: { udp: \"127.0.0.1:10017\" }"))
  }

  private func web(_ text: String) throws -> WebConfiguration? {
    try StationConfiguration.parse(text: "web: { \(text) }\n" + station(), fileName: "downlinkd.yaml", for: .replay).web
  }

  @Test("is off when it is not there")
  func isOff() throws {
    let station = try StationConfiguration.parse(text: station(), fileName: "downlinkd.yaml", for: .replay)
    #expect(station.web == nil)
  }

  @Test("reads what is there, and has defaults for the rest")
  func reads() throws {
    let short = try #require(try web("listen: \"127.0.0.1:9610\""))
    #expect("\(short.address)" == "127.0.0.1" && short.port == 9610 && short.hostNames == [] && short.privacy == nil)
    #expect(short.maximumConnectionCount == 512 && short.maximumConnectionCountPerAddress == 64)
    let long = try #require(
      try web(
        "listen: \"[::1]:1\", hosts: [a.example, B], token_file: /t, tls: { certificate: /c, key: /k, client_ca: /a }, "
          + "max_connections: 4096, max_connections_per_address: 1"))
    #expect("\(long.address)" == "::1" && long.hostNames == ["a.example", "B"] && long.tokenPath == "/t")
    #expect(
      long.privacy
        == WebConfiguration.Privacy(certificatePath: "/c", keyPath: "/k", clientAuthorityPath: "/a"))
    #expect(long.maximumConnectionCount == 4096 && long.maximumConnectionCountPerAddress == 1)
  }

  @Test("is open to the network only with TLS, and with a token or certificates of clients")
  func refusesExposure() {
    let tls = "tls: { certificate: /c, key: /k }"
    let noTLS =
      "1:16 0.0.0.0 is open to the network, and 'tls' is missing | write 'tls: {certificate: FILE, key: FILE}' beside "
      + "it, or listen on 127.0.0.1 behind a proxy"
    let noToken =
      "1:16 0.0.0.0 is open to the network, and nobody is asked who they are | write 'token_file: FILE' beside it, or "
      + "'client_ca: FILE' below 'tls'"
    #expect(findings("listen: \"0.0.0.0:9610\"") == [noTLS, noToken])
    #expect(findings("listen: \"0.0.0.0:9610\", \(tls)") == [noToken])
    #expect(findings("listen: \"0.0.0.0:9610\", token_file: /t") == [noTLS])
    #expect(findings("listen: \"0.0.0.0:9610\", token_file: /t, \(tls)") == [])
    #expect(findings("listen: \"192.0.2.1:9610\", tls: { certificate: /c, key: /k, client_ca: /a }") == [])
    #expect(findings("listen: \"127.0.0.1:9610\", token_file: /t") == [])
  }

  @Test("refuses what is no address, no name, no path and no file pair")
  func refuses() {
    #expect(findings("hosts: [a]").map { $0.prefix(24) } == ["1:6 'listen' is missing "])
    #expect(findings("listen: \"localhost:9610\"").count == 1)
    #expect(findings("listen: \"127.0.0.1\"").count == 1)
    #expect(findings("listen: \"224.0.0.1:9610\"").contains { $0.contains("is a multicast group") })
    #expect(findings("listen: \"127.0.0.1:9610\", token_file: t").contains { $0.contains("is not an absolute path") })
    #expect(
      findings("listen: \"127.0.0.1:9610\", token: secret").contains { $0.contains("a secret does not stand here") })
    #expect(
      findings("listen: \"127.0.0.1:9610\", tls: { certificate: /c }").contains {
        $0.contains("'key' is missing in web.tls")
      })
    for name in ["\"*.example\"", "\"http://a\"", "\"a:80\""] {
      #expect(
        findings("listen: \"127.0.0.1:9610\", hosts: [\(name)]").contains { $0.contains("is not the name of a host") },
        "\(name)")
    }
  }

  @Test("does not take the port that a TCP link listens on")
  func sharesNoPort() {
    let text =
      "web: { listen: \"127.0.0.1:9610\" }\n"
      + station(link: "input: { tcp: { listen: \"127.0.0.1:9610\" }, format: cadus }")
    #expect(StationConfigurationTests.findings(text).contains { $0.contains("port 9610 is taken by the link") })
  }

  @Test("bounds the connections", arguments: ["max_connections", "max_connections_per_address"])
  func boundsConnections(key: String) {
    for count in [1, 4096] { #expect(findings("listen: \"127.0.0.1:9610\", \(key): \(count)") == []) }
    for count in [0, 4097] { #expect(findings("listen: \"127.0.0.1:9610\", \(key): \(count)").count == 1) }
  }
}
