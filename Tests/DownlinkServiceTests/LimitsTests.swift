import DownlinkService
import Foundation
import Glibc
import Ingest
import LinkHealth
import Publish
import StationConfiguration
import TestSupport
import Testing

@Suite("Everything that is bounded is in the answer to 'queues'", .timeLimit(.minutes(10)))
struct LimitsTests {
  private struct Limit: Hashable {
    let resource: String
    let link: String?
    let capacity: Int
    let policy: String
  }

  /// The limits as a client sees them, with how often each was reached.
  private static func limits(_ station: LiveStation) throws -> [Limit: Int] {
    let answer = try JSONReader.read(Array(station.answer(.queues).utf8))
    guard case .array(let items) = answer["limits"] else { return [:] }
    var limits: [Limit: Int] = [:]
    for item in items {
      let limit = Limit(
        resource: try #require(item["resource"]?.string), link: item["link"]?.string,
        capacity: try #require(item["capacity"]?.integer), policy: try #require(item["policy"]?.string))
      if let use = item["use"]?.integer { #expect(use >= 0 && use <= limit.capacity) }
      #expect(limits.updateValue(try #require(item["hits"]?.integer), forKey: limit) == nil)
    }
    return limits
  }

  /// What a link may hold, with the defaults that the example configuration names.
  private static func linkLimits(_ name: String) -> [Limit] {
    [
      ("master_channels", 16, "unlisted"), ("virtual_channels", 64, "unlisted"),
      ("application_processes", 2048, "unlisted"), ("quarantined_frames", 64, "drop_oldest"),
      ("access_points", 256, "discard"), ("packet_bytes", 65_542, "discard"),
      ("service_data_unit_bytes", 16 << 20, "discard"), ("passes", 64, "drop_oldest"),
      ("gaps_of_a_pass", 100, "counted"), ("frame_gaps_of_a_report", 4096, "counted"),
      ("packet_gaps_of_a_report", 4096, "counted"), ("control_word_changes_of_a_report", 512, "counted"),
      ("limit_violations_of_a_report", 128, "counted"), ("interruptions_of_a_report", 16, "counted"),
      ("rejected_units", 114, "drop_oldest"), ("rejected_unit_bytes", 233_472, "drop_oldest"),
    ].map { Limit(resource: $0.0, link: name, capacity: $0.1, policy: $0.2) }
  }

  private static func socketLimits(_ name: String) -> [Limit] {
    [
      ("clients", 3, "refuse"), ("clients_of_a_user", 2, "refuse"), ("client_pending_bytes", 262_144, "drop_oldest"),
      ("request_bytes", 4096, "refuse"), ("reply_bytes", 1_048_576, "refuse"), ("commands", 16, "refuse"),
      ("events_to_publish", 4096, "drop_newest"),
    ].map { Limit(resource: "\($0.0):\(name)", link: nil, capacity: $0.1, policy: $0.2) }
  }

  @Test("each has its bound and what happens there, of the configuration where that says so")
  func listsLimits() throws {
    let (host, listener) = (OwnAddress.next(), try TCPPeerListener())
    let station = try LiveStation(
      [
        "{ name: datagrams, input: { udp: \"\(host):10017\", receive_buffer_bytes: 64KiB, "
          + "max_datagrams_per_second: 70 }, frames: { type: tm, length: 64 } }",
        "{ name: stream, input: { tcp: \"127.0.0.1:\(listener.port)\" }, frames: { type: tm, length: 64 } }",
      ], logs: ", max_total_bytes: 3MiB, max_file_bytes: 1MiB", status: ", max_clients: 3, max_clients_per_user: 2")
    var expected = Self.linkLimits("datagrams") + Self.linkLimits("stream")
    expected += Self.socketLimits("status") + Self.socketLimits("control")
    expected += [
      // The kernel grants twice what it is asked for.
      Limit(resource: "kernel_receive_buffer_bytes", link: "datagrams", capacity: 131_072, policy: "drop_newest"),
      Limit(resource: "datagram_bytes", link: "datagrams", capacity: 2048, policy: "discard"),
      Limit(resource: "senders", link: "datagrams", capacity: 256, policy: "unlisted"),
      Limit(
        resource: "datagrams_of_a_sender_per_second", link: "datagrams", capacity: 70, policy: "discard"),
      Limit(resource: "connections", link: "stream", capacity: 1, policy: "refuse"),
      // Without a state directory as many as are in memory.
      Limit(resource: "pass_reports", link: nil, capacity: 16, policy: "drop_oldest"),
      Limit(resource: "links_with_totals", link: nil, capacity: 256, policy: "drop_oldest"),
      Limit(resource: "event_lines_per_second", link: nil, capacity: 50, policy: "counted"),
      Limit(resource: "console", link: nil, capacity: 256, policy: "drop_newest"),
    ]
    for log in ["events", "stats"] {
      expected += [
        Limit(resource: "log_backlog:" + log, link: nil, capacity: 4096, policy: "drop_newest"),
        Limit(resource: "log_bytes:" + log, link: nil, capacity: 3 << 20, policy: "drop_oldest"),
      ]
    }
    var limit = rlimit()
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    expected.append(
      Limit(resource: "file_descriptors", link: nil, capacity: Int(clamping: limit.rlim_cur), policy: "refuse"))
    #expect(Set(try Self.limits(station).keys) == Set(expected))
    #expect(station.stop() == 0)
  }

  @Test("whoever runs into a bound is counted there")
  func countsHits() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [
        "{ name: a, input: { udp: \"\(host):10017\", max_datagrams_per_second: 70 }, frames: { type: tm, length: 64 } }"
      ],
      status: ", max_clients: 3, max_clients_per_user: 2")
    func hits(_ resource: String) throws -> Int? {
      try Self.limits(station).first { $0.key.resource == resource }?.value
    }
    let clients = try (0..<3).map { _ in try WaitingClient(station.folder.path("s")) }
    try Spacecraft(1, to: host).send(200)
    let sender = try UDPSender(host: host, port: 10017)
    let long = [UInt8](repeating: 0, count: 3000)
    try sender.send(unsafe long.span.bytes)
    let link = station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 201 }
    let rejected = link.snapshot.ledger.datagrams.rejected
    #expect(rejected[.rateLimited] > 0)
    while try hits("datagrams_of_a_sender_per_second") != rejected[.rateLimited] { usleep(10_000) }
    // The long one came when there was room for no more, or it was too long.
    #expect(try hits("datagram_bytes") == rejected[.oversize])
    while try hits("clients_of_a_user:status") != 1 { usleep(10_000) }
    #expect(try hits("clients:status") == 0)
    try clients[0].send(String(repeating: "x", count: 5000))
    while try hits("request_bytes:status") != 1 { usleep(10_000) }
    #expect(station.stop() == 0)
  }
}

/// A client that says nothing by itself.
private final class WaitingClient {
  private let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)

  init(_ path: String) throws {
    guard let address = UnixSocketAddress(path: path),
      unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0
    else { throw PeerError.system("connect", errno) }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw PeerError.system("write", errno) }
  }
}
