import StationConfiguration
import Testing

@Suite("The input of a link")
struct InputTests {
  private static func text(_ input: String, more: String = "") -> String { station(link: "input: { \(input) }") + more }

  private static func socket(_ host: String, _ port: UInt16) throws -> UDPDescription {
    UDPDescription(host: try #require(IPAddress(host)), port: port)
  }

  @Test("is a UDP socket, its options beside the address or below it")
  func readsSocket() throws {
    #expect(try link(Self.text("udp: \"127.0.0.1:10017\"")).input == .udp(Self.socket("127.0.0.1", 10_017)))
    #expect(try link(Self.text("udp: 127.0.0.1:1")).input == .udp(Self.socket("127.0.0.1", 1)))
    #expect(try link(Self.text("udp: \"[::1]:65535\"")).input == .udp(Self.socket("::1", 65_535)))
    var expected = try Self.socket("0.0.0.0", 10_017)
    expected.group = IPAddress("239.1.2.3")
    expected.interface = "eth0"
    expected.allowFrom = [try AddressBlock("192.0.2.7"), try AddressBlock("10.0.0.0/8")]
    expected.receiveBufferByteCount = 65_536
    let options = "group: 239.1.2.3, interface: eth0, allow_from: [192.0.2.7, 10.0.0.0/8], receive_buffer_bytes: 64KiB"
    #expect(try link(Self.text("udp: \"0.0.0.0:10017\", \(options)")).input == .udp(expected))
    #expect(try link(Self.text("udp: { host: 0.0.0.0, port: 10017, \(options) }")).input == .udp(expected))
    #expect(findings(Self.text("udp: { host: 0.0.0.0, port: 10017, \(options) }")) == [])
    #expect(expected.listen == "0.0.0.0:10017")
    #expect(try Self.socket("::1", 5).listen == "[::1]:5")
  }

  @Test("is a file, a capture or standard input")
  func readsFiles() throws {
    #expect(try link(Self.text("file: /a/b.frames")).input == .file(path: "/a/b.frames"))
    #expect(try link(Self.text("file: \"-\"")).input == .standardInput)
    #expect(try link(Self.text("pcap: a.pcap")).input == .pcap(path: "a.pcap", port: nil))
    #expect(try link(Self.text("pcap: a.pcap, port: 10017")).input == .pcap(path: "a.pcap", port: 10_017))
    #expect(try link(Self.text("pcap: { path: a.pcap, port: 1 }")).input == .pcap(path: "a.pcap", port: 1))
    #expect(try link(Self.text("frames_per_datagram: 58")).framesPerDatagram == 58)
  }

  @Test("may be absent for a replay, not for a service")
  func needsInputForService() {
    #expect(findings(station(), for: .replay) == [])
    #expect(findings(Self.text("format: frames"), for: .replay) == [])
    #expect(
      findings(station()) == [
        "3:5 'input' is missing in links[0] | write 'input: { udp: \"127.0.0.1:10017\" }', or the like"
      ])
    #expect(
      findings(Self.text("format: frames")) == [
        "5:12 'udp' is missing in links[0].input | "
          + "write 'udp: \"127.0.0.1:10017\"', or 'tcp', or 'file' or 'pcap' with a path"
      ])
  }

  @Test("names its senders when the network can reach it", arguments: ["0.0.0.0", "192.0.2.1", "[::]", "[fe80::1]"])
  func needsSenders(host: String) {
    let text = Self.text("udp: \"\(host):10017\"")
    #expect(findings(text, for: .replay) == [])
    let name = host.replacing("[", with: "").replacing("]", with: "")
    #expect(
      findings(text) == [
        "5:19 \(name) is open to the network, and 'allow_from' is missing | name the senders, such as"
          + " 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'udp', or bind to 127.0.0.1"
      ])
    #expect(findings(Self.text("udp: \"\(host):10017\", allow_from: [10.0.0.1]")) == [])
  }

  @Test("is warned of when it lets every sender in")
  func warnsOfEverySender() throws {
    let text = Self.text("udp: \"0.0.0.0:10017\", allow_from: [0.0.0.0/0]")
    #expect(
      findings(text) == [
        "5:49 warning: 0.0.0.0/0 lets every sender in"
          + " | the source of a datagram is easily forged: name the senders, and filter at the border"
      ])
    #expect(try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml").warnings.count == 1)
  }

  @Test(
    "is refused where it makes no sense",
    arguments: [
      ("udp: 127.0.0.1", "5:19 '127.0.0.1' has no port | write \"127.0.0.1:10017\", or \"[::1]:10017\" in quotes"),
      ("udp: 10017", "5:19 '10017' is not a text | put quotes around it: \"10017\""),
      (
        "udp: \"::1:10017\"",
        "5:19 '::1:10017' is not an address with a port | write \"127.0.0.1:10017\", or \"[::1]:10017\" in quotes"
      ),
      ("udp: [127.0.0.1]", "5:19 links[0].input.udp must be a text, not a list | write a text"),
      ("udp: \"127.0.0.1:0\"", "5:19 '0' is not a port | write a number in 1...65535 behind the colon"),
      ("udp: \"127.0.0.1:65536\"", "5:19 '65536' is not a port | write a number in 1...65535 behind the colon"),
      ("udp: \"127.0.0.1:010\"", "5:19 '010' is not a port | write a number in 1...65535 behind the colon"),
      ("udp: \"127.0.0.1:\"", "5:19 '' is not a port | write a number in 1...65535 behind the colon"),
      (
        "udp: localhost:10017",
        "5:19 'localhost' is not an IP address | "
          + "write numbers: 127.0.0.1 for this machine only, 0.0.0.0 for every address it has"
      ),
      (
        "udp: { port: 1 }",
        "5:19 'host' is missing in links[0].input.udp | write the address to bind to, such as 'host: 127.0.0.1'"
      ),
      (
        "udp: { host: 127.0.0.1 }",
        "5:19 'port' is missing in links[0].input.udp | write the port to bind to, such as 'port: 10017'"
      ),
      (
        "udp: { host: 127.0.0.1, port: 1, group: 224.0.0.1 }, group: 224.0.0.2",
        "5:47 'group' is written twice; the other is at downlinkd.yaml:5:67 | keep one of the two"
      ),
      (
        "udp: \"127.0.0.1:1\", port: 1",
        "5:34 'port' does not go with 'udp' | write it behind the address: 'udp: \"host:port\"'"
      ),
      ("udp: \"127.0.0.1:1\", file: a", "5:34 'file' does not go with 'udp' | a link has one input: make it two links"),
      (
        "udp: \"127.0.0.1:1\", interface: lo",
        "5:45 'interface' goes with 'group' only | bind to the address of the interface instead"
      ),
      (
        "udp: \"127.0.0.1:1\", group: 10.0.0.1",
        "5:41 '10.0.0.1' is not a multicast group | write an address in 224.0.0.0/4 or ff00::/8"
      ),
      (
        "udp: \"127.0.0.1:1\", group: \"ff02::1\"",
        "5:41 'ff02::1' is not a multicast group of the address to bind to | write both in IPv4, or both in IPv6"
      ),
      (
        "udp: \"127.0.0.1:1\", allow_from: []",
        "5:46 links[0].input.allow_from is an empty list | name the senders, such as [192.0.2.7, 10.0.0.0/8]"
      ),
      (
        "udp: \"127.0.0.1:1\", allow_from: [10.1.2.3/8]",
        "5:47 '10.1.2.3/8' is not a block of addresses | write 10.0.0.0/8, or the address alone"
      ),
      (
        "udp: \"127.0.0.1:1\", allow_from: [x]",
        "5:47 'x' is not a block of addresses | write an address or a block, such as 192.0.2.7 or 10.0.0.0/8"
      ),
      (
        "udp: \"127.0.0.1:1\", allow_from: 10.0.0.1",
        "5:46 links[0].input.allow_from must be a list, not '10.0.0.1' | "
          + "begin each item with '- ' on a line of its own, or write [item, item]"
      ),
      (
        "udp: \"127.0.0.1:1\", frames_per_datagram: 0",
        "5:55 links[0].input.frames_per_datagram is 0, which is not in 1...64 | write a number in 1...64"
      ),
      ("file: a, port: 1", "5:23 'port' does not go with 'file' | leave it out: it picks datagrams of a 'pcap'"),
      ("file: a, group: 224.0.0.1", "5:23 'group' does not go with 'file' | leave it out: it is for UDP"),
      ("pcap: a, port: 0", "5:29 links[0].input.port is 0, which is not in 1...65535 | write a number in 1...65535"),
      ("pcap: { port: 1 }", "5:20 'path' is missing in links[0].input.pcap | write the path of a pcap or pcapng file"),
      ("format: frame", "5:22 format must be 'frames' or 'cadus' or 'packets', not 'frame' | did you mean 'frames'?"),
    ])
  func refusesInput(input: String, finding: String) {
    #expect(findings(Self.text(input), for: .replay) == [finding])
  }

  @Test("does not want more frames in a datagram than fit into one")
  func boundsDatagrams() {
    #expect(
      findings(Self.text("frames_per_datagram: 59"), for: .replay) == [
        "4:34 59 frames of 1115 bytes do not fit into one datagram | "
          + "lower frames_per_datagram: a datagram carries 65507 bytes"
      ])
  }

  @Test(
    "is not wanted by two links",
    arguments: [("127.0.0.1:1", "0.0.0.0:1"), ("[::]:1", "[::1]:1")])
  func refusesTakenSocket(first: String, second: String) {
    let text =
      Self.text("udp: \"\(first)\"")
      + "  - { name: b, frames: { type: tm, length: 7 }, input: { udp: \"\(second)\" } }\n"
    #expect(
      findings(text, for: .replay) == [
        "6:63 \(second) is taken by the link at downlinkd.yaml:5:19 | give each link a port of its own"
      ])
  }

  @Test("may share a port with another group, address or family")
  func takesOtherSockets() {
    for (first, second) in [
      ("udp: \"127.0.0.1:1\"", "udp: \"127.0.0.2:1\""), ("udp: \"127.0.0.1:1\"", "udp: \"127.0.0.1:2\""),
      ("udp: \"0.0.0.0:1\"", "udp: \"[::]:1\""),
      ("udp: \"0.0.0.0:1\", group: 239.0.0.1", "udp: \"0.0.0.0:1\", group: 239.0.0.2"),
    ] {
      let text = Self.text(first) + "  - { name: b, frames: { type: tm, length: 7 }, input: { \(second) } }\n"
      #expect(findings(text, for: .replay) == [])
    }
  }
}
