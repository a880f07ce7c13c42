import StationConfiguration
import Testing

@Suite("A TCP input")
struct TCPTests {
  private static func text(_ input: String) -> String { station(link: "input: { \(input) }") }

  private func connection(_ input: String) throws -> TCPDescription? {
    guard case .tcp(let description) = try link(Self.text(input)).input else { return nil }
    return description
  }

  @Test(
    "connects to an address or a name",
    arguments: [
      ("\"127.0.0.1:4935\"", "127.0.0.1", 4935, "127.0.0.1:4935"),
      ("127.0.0.1:1", "127.0.0.1", 1, "127.0.0.1:1"),
      ("\"[::1]:65535\"", "::1", 65_535, "[::1]:65535"),
      ("localhost:4935", "localhost", 4935, "localhost:4935"),
      ("modem-1.station_x.example:80", "modem-1.station_x.example", 80, "modem-1.station_x.example:80"),
      ("3com.example:80", "3com.example", 80, "3com.example:80"),
    ])
  func readsPeer(word: String, host: String, port: UInt16, endpoint: String) throws {
    let expected = TCPDescription(role: .connect, host: host, port: port)
    #expect(try connection("tcp: \(word)") == expected)
    #expect(try connection("tcp: { connect: \(word) }") == expected)
    #expect(findings(Self.text("tcp: \(word)")) == [])
    #expect(expected.endpoint == endpoint)
  }

  @Test("listens on an address, for peers that are named")
  func readsListener() throws {
    var expected = TCPDescription(role: .listen, host: "0.0.0.0", port: 10_020)
    expected.allowFrom = [try AddressBlock("192.0.2.7"), try AddressBlock("10.0.0.0/8")]
    expected.idleTimeoutSeconds = 300
    let options = "allow_from: [192.0.2.7, 10.0.0.0/8], idle_timeout: 5m"
    #expect(try connection("tcp: { listen: \"0.0.0.0:10020\", \(options) }") == expected)
    #expect(try connection("tcp: { listen: \"0.0.0.0:10020\" }, \(options)") == expected)
    #expect(findings(Self.text("tcp: { listen: \"0.0.0.0:10020\", \(options) }")) == [])
    #expect(findings(Self.text("tcp: { listen: \"[::1]:10020\" }")) == [])
  }

  @Test("has options with documented defaults and bounds")
  func readsOptions() throws {
    let plain = try #require(try connection("tcp: localhost:1"))
    #expect(plain.idleTimeoutSeconds == 0)
    #expect(plain.longestRetrySeconds == 30)
    #expect(plain.allowFrom == [])
    for (word, seconds) in [("0", 0.0), ("1s", 1), ("1d", 86_400)] {
      #expect(try connection("tcp: localhost:1, idle_timeout: \(word)")?.idleTimeoutSeconds == seconds)
    }
    for (word, seconds) in [("1", 1.0), ("1h", 3600)] {
      #expect(try connection("tcp: { connect: localhost:1, longest_retry: \(word) }")?.longestRetrySeconds == seconds)
    }
  }

  @Test("names its peers when the network can reach it", arguments: ["0.0.0.0", "192.0.2.1", "[::]"])
  func needsPeers(host: String) {
    let text = Self.text("tcp: { listen: \"\(host):10020\" }")
    #expect(findings(text, for: .replay) == [])
    let name = host.filter { !"[]".contains($0) }
    #expect(
      findings(text) == [
        "5:29 \(name) is open to the network, and 'allow_from' is missing | name the peers, such as"
          + " 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'listen', or listen on 127.0.0.1"
      ])
    #expect(findings(Self.text("tcp: { listen: \"\(host):10020\", allow_from: [10.0.0.1] }")) == [])
    #expect(findings(Self.text("allow_from: [10.0.0.1], tcp: { listen: \"\(host):10020\" }")) == [])
  }

  private static let peerHint = "write \"modem.example:4935\", or \"[::1]:4935\" in quotes"
  private static let nameHint = "write numbers, such as 192.0.2.7, or a name, such as modem.example"
  private static let someoneHint =
    "write the address or name of the peer, such as 127.0.0.1 for this machine"

  @Test(
    "is refused where it makes no sense",
    arguments: [
      ("tcp: modem", "5:19 'modem' has no port | \(peerHint)"),
      ("tcp: \"::1:4935\"", "5:19 '::1:4935' is not an address with a port | \(peerHint)"),
      ("tcp: \"modem:0\"", "5:19 '0' is not a port | write a number in 1...65535 behind the colon"),
      ("tcp: \"modem:65536\"", "5:19 '65536' is not a port | write a number in 1...65535 behind the colon"),
      ("tcp: \"1.2.3:4935\"", "5:19 '1.2.3' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \"256.1.1.1:4935\"", "5:19 '256.1.1.1' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \"a b:4935\"", "5:19 'a b' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \"-a:4935\"", "5:19 '-a' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \"a..b:4935\"", "5:19 'a..b' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \":4935\"", "5:19 '' is not an IP address or a host name | \(nameHint)"),
      ("tcp: \"0.0.0.0:4935\"", "5:19 nobody can be connected to at 0.0.0.0 | \(someoneHint)"),
      ("tcp: \"224.0.0.1:4935\"", "5:19 nobody can be connected to at 224.0.0.1 | \(someoneHint)"),
      ("tcp: 4935", "5:19 '4935' is not a text | put quotes around it: \"4935\""),
      ("tcp: [a]", "5:19 links[0].input.tcp must be a text, not a list | write a text"),
      (
        "tcp: {}",
        "5:19 'connect' is missing in links[0].input.tcp | "
          + "write 'connect: \"modem.example:4935\"', or 'listen: \"127.0.0.1:4935\"'"
      ),
      (
        "tcp: { connect: \"a:1\", listen: \"127.0.0.1:1\" }",
        "5:37 'listen' does not go with 'connect' | "
          + "keep 'connect' when we open the connection, 'listen' when the peer does"
      ),
      (
        "tcp: { listen: \"localhost:1\" }",
        "5:29 'localhost' is not an IP address | "
          + "write numbers: 127.0.0.1 for this machine only, 0.0.0.0 for every address it has"
      ),
      (
        "tcp: { listen: \"224.0.0.1:1\" }",
        "5:29 224.0.0.1 is a multicast group, and TCP has none | write an address of this machine, such as 127.0.0.1"
      ),
      (
        "tcp: { connect: \"a:1\", allow_from: [10.0.0.1] }",
        "5:37 'allow_from' goes with 'listen' only | leave it out: we connect to that peer and no other"
      ),
      (
        "tcp: \"a:1\", allow_from: [10.0.0.1]",
        "5:26 'allow_from' goes with 'listen' only | leave it out: we connect to that peer and no other"
      ),
      (
        "tcp: { listen: \"127.0.0.1:1\", longest_retry: 5s }",
        "5:44 'longest_retry' goes with 'connect' only | leave it out: it is the peer who tries again"
      ),
      (
        "tcp: { connect: \"a:1\", idle_timeout: 5s }, idle_timeout: 6s",
        "5:37 'idle_timeout' is written twice; the other is at downlinkd.yaml:5:57 | keep one of the two"
      ),
      (
        "tcp: { host: a, connect: \"a:1\" }",
        "5:21 unknown key 'host' in links[0].input.tcp | write 'connect: \"host:port\"'"
      ),
      (
        "tcp: \"a:1\", idle_timeout: 500ms",
        "5:40 an idle_timeout below a second breaks connections that are well | write 1s or more, or 0 to wait for ever"
      ),
      (
        "tcp: \"a:1\", idle_timeout: 25h",
        "5:40 links[0].input.idle_timeout is 25h, which is not in 0...1d | "
          + "write seconds, or such as 90s, 5m or 1h, in 0...1d"
      ),
      (
        "tcp: \"a:1\", longest_retry: 0",
        "5:41 links[0].input.longest_retry is 0, which is not in 1s...1h | "
          + "write seconds, or such as 90s, 5m or 1h, in 1s...1h"
      ),
      (
        "tcp: \"a:1\", frames_per_datagram: 2",
        "5:26 'frames_per_datagram' does not go with 'tcp' | leave it out: a TCP stream has no datagrams"
      ),
      ("tcp: \"a:1\", port: 2", "5:26 'port' does not go with 'tcp' | write it behind the host: 'tcp: \"host:port\"'"),
      ("tcp: \"a:1\", file: b", "5:26 'file' does not go with 'tcp' | a link has one input: make it two links"),
      (
        "udp: \"127.0.0.1:1\", tcp: \"a:1\"",
        "5:34 'tcp' does not go with 'udp' | a link has one input: make it two links"
      ),
      ("tcp: \"a:1\", group: 224.0.0.1", "5:26 'group' does not go with 'tcp' | leave it out: it is for UDP"),
      (
        "udp: \"127.0.0.1:1\", idle_timeout: 5s",
        "5:34 'idle_timeout' does not go with 'udp' | leave it out: it is for TCP"
      ),
      (
        "file: a, allow_from: [10.0.0.1]",
        "5:23 'allow_from' does not go with 'file' | leave it out: it is for sockets and live captures"
      ),
    ])
  func refusesInput(input: String, finding: String) {
    #expect(findings(Self.text(input), for: .replay) == [finding])
  }

  @Test("a host name has at most 253 characters, and 63 between two dots")
  func boundsNames() {
    let label = String(repeating: "a", count: 63)
    let longest = "\(label).\(label).\(label).\(String(repeating: "b", count: 61))"
    #expect(findings(Self.text("tcp: \(longest):1")) == [])
    #expect(findings(Self.text("tcp: \(longest)b:1")).count == 1)
    #expect(findings(Self.text("tcp: \(label)a:1")).count == 1)
  }

  @Test("shares no port with another listener, but with UDP, and with those who connect")
  func refusesTakenPorts() {
    let other = { (input: String) in "  - { name: b, frames: { type: tm, length: 7 }, input: { \(input) } }\n" }
    let listener = Self.text("tcp: { listen: \"127.0.0.1:1\" }")
    #expect(
      findings(listener + other("tcp: { listen: \"0.0.0.0:1\" }"), for: .replay) == [
        "6:73 0.0.0.0:1 is taken by the link at downlinkd.yaml:5:29 | give each link a port of its own"
      ])
    for input in [
      "tcp: { listen: \"127.0.0.2:1\" }", "tcp: { listen: \"127.0.0.1:2\" }", "udp: \"127.0.0.1:1\"",
      "tcp: \"127.0.0.1:1\"",
    ] {
      #expect(findings(listener + other(input), for: .replay) == [])
    }
    #expect(findings(Self.text("tcp: a:1") + other("tcp: a:1"), for: .replay) == [])
  }

  @Test("may carry frames, CADUs or packets", arguments: [InputFormat.frames, .cadus, .packets])
  func takesEveryFormat(format: InputFormat) throws {
    let frames = format == .packets ? "" : "    frames: { type: tm, length: 99 }\n"
    let text = """
      station: test
      links:
        - name: a
          input: { tcp: "a:1", format: \(format.rawValue) }
      \(frames)
      """
    #expect(findings(text) == [])
    #expect(try link(text).format == format)
  }
}
