import StationConfiguration
import Testing

@Suite("Live captures, groups and rates")
struct LiveInputTests {
  private static func text(_ input: String) -> String { station(link: "input: { \(input) }") }

  @Test("a capture is an interface and a port, its options below or beside it")
  func readsCapture() throws {
    var expected = CaptureDescription(interface: "eth0", port: 10_017)
    #expect(try link(Self.text("pcap: { interface: eth0, port: 10017 }")).input == .capture(expected))
    expected.allowFrom = [try AddressBlock("192.0.2.0/24")]
    expected.receiveBufferByteCount = 1 << 20
    expected.maximumDatagramsPerSecond = 5000
    expected.isPromiscuous = true
    let options = "allow_from: [192.0.2.0/24], receive_buffer_bytes: 1MiB, max_datagrams_per_second: 5000"
    let below = "pcap: { interface: eth0, port: 10017, \(options), promiscuous: true }"
    let beside = "pcap: { interface: eth0, port: 10017 }, \(options), promiscuous: true"
    #expect(try link(Self.text(below)).input == .capture(expected))
    #expect(try link(Self.text(beside)).input == .capture(expected))
    #expect(findings(Self.text(beside)) == [])
    #expect(findings(Self.text("pcap: { interface: lo, port: 1 }")) == [])
    #expect(expected.place == "eth0:10017")
  }

  @Test(
    "a capture that makes no sense is refused",
    arguments: [
      (
        "pcap: { interface: eth0, port: 1 }",
        "5:33 eth0 is open to the network, and 'allow_from' is missing | name the senders, such as"
          + " 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'pcap', or capture on lo"
      ),
      (
        "pcap: { interface: lo }",
        "5:20 'port' is missing in links[0].input.pcap"
          + " | write the port that the datagrams are sent to, such as 'port: 10017'"
      ),
      (
        "pcap: { interface: lo, port: 1, path: a.pcap }",
        "5:46 unknown key 'path' in links[0].input.pcap"
          + " | leave it out, or 'interface': a link captures on an interface, or reads a file"
      ),
      (
        "pcap: { interface: \"a/b\", port: 1 }, allow_from: [10.0.0.1]",
        "5:33 'a/b' is not a network interface | write a name such as eth0"
      ),
      (
        "pcap: { interface: lo, port: 1 }, group: 239.1.2.3",
        "5:48 'group' does not go with 'pcap: { interface: ... }' | leave it out: join the group with 'udp'"
      ),
      (
        "pcap: { interface: lo, port: 1, promiscuous: yes }",
        "5:59 links[0].input.pcap.promiscuous must be true or false, not 'yes' | write true"
      ),
    ])
  func refusesCapture(input: String, finding: String) {
    #expect(findings(Self.text(input)) == [finding])
  }

  @Test("a group may be of named sources and on several interfaces, and its sources are its senders")
  func readsSources() throws {
    let text = Self.text(
      "udp: \"0.0.0.0:1\", group: 232.1.2.3, interface: [eth0, eth1], source: [192.0.2.7, 192.0.2.8]")
    #expect(findings(text) == [])
    guard case .udp(let udp) = try link(text).input else {
      Issue.record("no UDP")
      return
    }
    #expect(udp.interfaces == ["eth0", "eth1"])
    #expect(udp.sources.map(\.description) == ["192.0.2.7", "192.0.2.8"])
    #expect(udp.allowFrom == [])
    #expect(udp.senders.map(\.description) == ["192.0.2.7/32", "192.0.2.8/32"])
    #expect(udp.probeIntervalSeconds == 60)
    let ipv6 = Self.text("udp: \"[::]:1\", group: \"ff35::1\", interface: eth0, source: \"fd00::7\"")
    #expect(findings(ipv6) == [])
    guard case .udp(let one) = try link(ipv6).input else {
      Issue.record("no UDP")
      return
    }
    #expect(one.senders.map(\.description) == ["fd00::7/128"])
  }

  @Test(
    "groups, sources, rates and probes that make no sense are refused",
    arguments: [
      (
        "udp: \"127.0.0.1:1\", group: 239.1.2.3",
        "5:19 a socket bound to 127.0.0.1 does not hear the group 239.1.2.3 | bind to 0.0.0.0, or to the group itself"
      ),
      (
        "udp: \"239.1.2.3:1\", allow_from: [10.0.0.1]",
        "5:19 239.1.2.3 is a multicast group that nobody joins | write 'group: 239.1.2.3' beside 'udp'"
      ),
      (
        "udp: \"[::]:1\", group: \"ff02::5\", allow_from: [fd00::1]",
        "5:36 ff02::5 is a group of IPv6, and 'interface' is missing"
          + " | name it, such as 'interface: eth0': the kernel does not tell when one that it chose is gone"
      ),
      (
        "udp: \"[::]:1\", group: \"ff15::5\", allow_from: [fd00::1]",
        "5:36 ff15::5 is a group of IPv6, and 'interface' is missing"
          + " | name it, such as 'interface: eth0': the kernel does not tell when one that it chose is gone"
      ),
      (
        "udp: \"[ff02::5]:1\", group: \"ff02::5\", interface: eth0, allow_from: [fd00::1]",
        "5:19 a socket bound to ff02::5 hears on one interface, until that is made anew | bind to [::]"
      ),
      (
        "udp: \"127.0.0.1:1\", source: 10.0.0.1",
        "5:42 'source' goes with 'group' only | name senders with 'allow_from' instead"
      ),
      (
        "udp: \"0.0.0.0:1\", group: 239.1.2.3, source: 10.0.0.0/8",
        "5:58 '10.0.0.0/8' is not the address of a sender | write addresses, such as 192.0.2.7; blocks cannot be joined"
      ),
      (
        "udp: \"0.0.0.0:1\", group: 239.1.2.3, source: \"fd00::1\"",
        "5:58 fd00::1 is not of the family of the address to bind to | write both in IPv4, or both in IPv6"
      ),
      (
        "udp: \"0.0.0.0:1\", group: 239.1.2.3, source: 10.0.0.1, allow_from: [192.0.2.0/24]",
        "5:58 the source 10.0.0.1 is not in 'allow_from', so none of its datagrams would be taken"
          + " | add it, or leave 'allow_from' out: 'source' is a list too"
      ),
      (
        "udp: \"127.0.0.1:1\", probe_interval: 9s",
        "5:50 a probe_interval below 10s leaves no time to wait for an answer"
          + " | write 10s or more, or 0 to send no probes"
      ),
      (
        "udp: \"127.0.0.1:1\", max_datagrams_per_second: 0",
        "5:60 links[0].input.max_datagrams_per_second is 0, which is not in 1...10000000 | "
          + "write a number in 1...10000000"
      ),
      (
        "tcp: \"127.0.0.1:1\", max_datagrams_per_second: 10",
        "5:34 'max_datagrams_per_second' does not go with 'tcp' | leave it out: it is for UDP and live captures"
      ),
    ])
  func refuses(input: String, finding: String) {
    #expect(findings(Self.text(input)) == [finding])
  }

  @Test("where keys stand that a host may have something against is kept")
  func keepsPlaces() throws {
    let text = Self.text("udp: \"0.0.0.0:1\", group: 239.1.2.3, interface: eth7, allow_from: [10.0.0.1]")
    let station = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    let place = try #require(station.places["links[0].input.interface"])
    #expect((place.file, place.line, place.column) == ("downlinkd.yaml", 5, 61))
    #expect(station.places["links[0].input.group"]?.column == 39)
  }
}
