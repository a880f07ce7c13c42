import CCSDSLink
import DownlinkService
import Glibc
import Ingest
import LinkHealth
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

@Suite("A live link and who sends to it", .timeLimit(.minutes(10)))
struct LiveInputTests {
  private func link(_ input: InputDescription) -> LinkConfiguration {
    LinkConfiguration(name: "a", input: input, parameters: .packets(PacketStreamParameters()))
  }

  private func loopback(_ change: (inout UDPDescription) -> Void = { _ in }) throws -> UDPDescription {
    var udp = UDPDescription(host: try #require(IPAddress("127.0.0.1")), port: 0)
    change(&udp)
    return udp
  }

  /// A space packet of seven bytes: telemetry of process 1, unsegmented, one byte of data.
  private static let packet: [UInt8] = [0x00, 0x01, 0xC0, 0x00, 0x00, 0x00, 0xAA]

  private func send(_ count: Int, to port: UInt16) throws {
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    let bytes = [[UInt8]](repeating: Self.packet, count: count).flatMap { $0 }
    try unsafe sender.sendBatch(bytes.span.bytes, byteCounts: [Int](repeating: Self.packet.count, count: count))
  }

  @Test("what is more than a sender may send is rejected unread, and a problem says so")
  func limitsRate() throws {
    // One a second, so that however slow this is, one of a burst of 200 hardly finds the bucket filled up again.
    let link = try LiveLink(link(.udp(loopback { $0.maximumDatagramsPerSecond = 1 })))
    try send(200, to: link.owner.localPort)
    let status = try link.wait { $0.snapshot.ledger.datagrams.received == 200 }
    let datagrams = status.snapshot.ledger.datagrams
    #expect(datagrams.accepted >= 64)
    #expect(datagrams.rejected[.rateLimited] == 200 - datagrams.accepted)
    #expect(status.snapshot.ledger.packets.completed == datagrams.accepted)
    #expect(datagrams.accepted < 200)
    #expect(status.problems.contains { $0.code == .rateLimited })
    #expect(status.json(atMost: 1 << 20).contains(#""sources":{"max_datagrams_per_second":1,"known":1,"#))
    #expect(try link.stop().snapshot.isBalanced)
  }

  @Test("a quiet socket is probed; the probe is heard, in no ledger, and nobody's datagram")
  func probes() throws {
    // The list of senders does not have to name this host for it.
    let udp = try loopback {
      $0.probeIntervalSeconds = 0.001
      $0.allowFrom = [try? AddressBlock("10.0.0.0/8")].compactMap { $0 }
    }
    let link = try LiveLink(link(.udp(udp)))
    let status = try link.wait { $0.admission.isProbeHeard == true }
    #expect(status.state == .quiet)
    #expect(status.snapshot.ledger.datagrams.received == 0)
    #expect(status.admission.probedAt != nil)
    let text = status.json(atMost: 1 << 20)
    #expect(text.contains(#""last_probe":""#))
    #expect(text.contains(#""probe_ok":true"#))
    try send(1, to: link.owner.localPort)
    try link.wait { $0.snapshot.ledger.datagrams.rejected[.sourceNotAllowed] == 1 }
    #expect(try link.stop().snapshot.isBalanced)
  }

  @Test(
    "sockets at any address, at the group, and of IPv6 are probed where they hear",
    arguments: [
      ("0.0.0.0", nil), ("::1", nil), ("::", nil), ("239.255.13.9", "239.255.13.9"), ("0.0.0.0", "239.255.13.9"),
      ("::", "ff15::9"), ("::", "ff02::9"),
    ]
      as [(String, String?)])
  func probesOtherSockets(host: String, group: String?) throws {
    var udp = UDPDescription(host: try #require(IPAddress(host)), port: 0)
    udp.group = group.flatMap { IPAddress($0) }
    udp.interfaces = group == nil ? [] : ["lo"]
    udp.probeIntervalSeconds = 0.001
    let link = try LiveLink(link(.udp(udp)))
    try link.wait { $0.admission.isProbeHeard == true }
    #expect(try link.stop().snapshot.ledger.datagrams.received == 0)
  }

  @Test("a socket that another program takes the datagrams of is deaf, which is told, and when it hears again too")
  func findsDeafness() throws {
    var udp = UDPDescription(host: try #require(IPAddress("0.0.0.0")), port: 0)
    udp.group = IPAddress("239.255.13.10")
    udp.interfaces = ["lo"]
    udp.probeIntervalSeconds = 0.001
    let link = try LiveLink(link(.udp(udp)))
    try link.wait { $0.admission.isProbeHeard == true }
    // Of sockets that share a port, the one bound last gets what is sent to this host.
    var thief = UDPInput(host: "0.0.0.0", port: link.owner.localPort)
    thief.group = "239.255.13.10"
    thief.interfaces = ["lo"]
    var receiver: UDPReceiver? = try UDPReceiver.open(thief)
    let deaf = try link.wait { $0.problems.contains { $0.code == .deafSocket } }
    #expect(deaf.problems.first { $0.code == .deafSocket }?.severity == .critical)
    #expect(deaf.admission.isProbeHeard == false)
    withExtendedLifetime(receiver) {}
    receiver = nil
    try link.wait { !$0.problems.contains { $0.code == .deafSocket } }
    _ = try link.stop()
    #expect(link.events.filter { $0.contains(#""action":"deaf""#) }.count == 1)
    #expect(link.events.filter { $0.contains(#""action":"hearing""#) }.count == 1)
  }

  @Test("a group is heard from the named sources only, and the socket takes nothing else either")
  func filtersSources() throws {
    for (source, count) in [("127.0.0.1", 1), ("127.0.0.9", 0)] {
      var udp = UDPDescription(host: try #require(IPAddress("0.0.0.0")), port: 0)
      udp.group = IPAddress("239.255.13.11")
      udp.interfaces = ["lo"]
      udp.sources = [try #require(IPAddress(source))]
      let link = try LiveLink(link(.udp(udp)))
      let port = link.owner.localPort
      let sender = try UDPSender(host: "239.255.13.11", port: port, interface: "127.0.0.1")
      try unsafe sender.send(Self.packet.span.bytes)
      // Straight to the socket, which the membership does not keep out.
      try send(1, to: port)
      let status = try link.wait { $0.snapshot.ledger.datagrams.received == 1 + count }
      #expect(status.snapshot.ledger.datagrams.accepted == 2 * count)
      #expect(status.snapshot.ledger.datagrams.rejected[.sourceNotAllowed] == 1 - count)
      _ = try link.stop()
    }
  }

  @Test("a link captures on lo what is sent to a port, once", .enabled(if: geteuid() == 0, "capturing takes root"))
  func captures() throws {
    let holder = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0))
    var capture = CaptureDescription(interface: "lo", port: holder.localPort)
    capture.allowFrom = [try AddressBlock("127.0.0.1")]
    let link = try LiveLink(link(.capture(capture)))
    try send(500, to: holder.localPort)
    let status = try link.wait { $0.snapshot.ledger.datagrams.received >= 500 }
    #expect(status.snapshot.ledger.datagrams.accepted == 500)
    #expect(status.snapshot.ledger.packets.completed == 500)
    #expect(status.snapshot.latency.count == 500)
    #expect(status.transport == "pcap")
    #expect(status.listen == "lo:\(holder.localPort)")
    #expect(status.state != .down)
    #expect(status.json(atMost: 1 << 20).contains(#""capture":{"state":"capturing","opens":1,"#))
    let last = try link.stop().snapshot
    #expect(last.isBalanced)
    #expect(last.ledger.datagrams.received == 500)
  }

  @Test("a link whose interface is missing is down, says why, and is not a failure to start")
  func waitsForInterface() throws {
    let link = try LiveLink(link(.capture(CaptureDescription(interface: "no-such-one", port: 1))))
    let status = try link.wait { $0.state == .down && !$0.problems.isEmpty }
    let problem = try #require(status.problems.first { $0.code == .inputFailed })
    #expect(problem.message == "nothing is captured on no-such-one:1: there is no such interface")
    _ = try link.stop()
    #expect(link.events.contains { $0.contains(#""action":"down""#) && $0.contains("no such interface") })
  }
}
