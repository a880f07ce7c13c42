import DownlinkService
import Foundation
import Glibc
import Ingest
import Publish
import StationConfiguration
import Testing

/// Runs of daemons in this process, one after the other, with the same directories and the same service manager.
struct StationRuns {
  let folder: TemporaryFolder
  let manager: ServiceManager
  var stateDirectory: String

  init() throws {
    folder = try TemporaryFolder()
    manager = try ServiceManager(path: folder.path("notify"))
    stateDirectory = folder.path("state")
  }

  /// - Parameters:
  ///   - port: 0 for one that the kernel chooses.
  ///   - inherited: What the service manager hands over; absent, there is none.
  func daemon(
    port: UInt16 = 0, inherited: [InheritedDescriptor]? = nil, change: (inout UDPDescription) -> Void = { _ in }
  ) throws -> Daemon {
    try daemon(port: port, kept: kept(inherited), change: change)
  }

  /// - Parameter activated: A socket that is handed over by a unit of its own; nobody keeps anything else.
  func daemon(port: UInt16, activated: Int32) throws -> Daemon {
    let socket = InheritedDescriptor(descriptor: dup(activated), name: "downlinkd.socket")
    return try daemon(port: port, kept: KeptDescriptors([socket], store: DescriptorStore { _ in nil }))
  }

  /// A daemon whose service manager takes nothing, as there is none at its address.
  func daemonWithoutManager() throws -> Daemon {
    try daemon(port: 0, kept: KeptDescriptors([], store: DescriptorStore { _ in folder.path("nobody") }))
  }

  private func daemon(
    port: UInt16, kept: KeptDescriptors, change: (inout UDPDescription) -> Void = { _ in }
  ) throws -> Daemon {
    var station = try configuration("{ udp: \"127.0.0.1:\(port == 0 ? 1 : port)\" }")
    if case .udp(var udp) = station.links[0].input {
      udp.port = port
      change(&udp)
      station.links[0].input = .udp(udp)
    }
    return try daemon(station, kept)
  }

  /// - Parameter port: What is listened to.
  func daemon(listeningAt port: UInt16, inherited: [InheritedDescriptor]?) throws -> Daemon {
    try daemon(try configuration("{ tcp: { listen: \"127.0.0.1:\(port)\" } }"), kept(inherited))
  }

  /// - Parameter port: Where datagrams to it are captured on lo.
  func daemon(capturing port: UInt16, inherited: [InheritedDescriptor]?) throws -> Daemon {
    try daemon(try configuration("{ pcap: { interface: lo, port: \(port) } }"), kept(inherited))
  }

  /// - Parameters:
  ///   - links: Links of TM frames of 64 bytes, each of the spacecraft with this number.
  ///   - port: What all of them hear.
  func daemon(sharing links: [(name: String, spacecraft: Int)], port: UInt16, inherited: [InheritedDescriptor]) throws
    -> Daemon
  {
    let items = links.map {
      "{ name: \($0.name), input: { udp: \"127.0.0.1:\(port)\" },"
        + " frames: { type: tm, length: 64, spacecraft_id: \($0.spacecraft) } }"
    }
    return try daemon(try configuration(links: "[\(items.joined(separator: ", "))]"), kept(inherited))
  }

  private func configuration(_ input: String) throws -> StationConfiguration {
    try configuration(links: "[{ name: dss1, input: \(input), frames: { type: aos, length: 256 } }]")
  }

  private func configuration(links: String) throws -> StationConfiguration {
    let text = """
      station: test
      links: \(links)
      logs: { directory: \(folder.path("log")) }
      status: { socket: \(folder.path("status.sock")) }
      state: { directory: \(stateDirectory) }
      """
    return try StationConfiguration.parse(text: text, fileName: "test")
  }

  private func kept(_ inherited: [InheritedDescriptor]?) -> KeptDescriptors {
    inherited.map { KeptDescriptors($0, store: manager.store) }
      ?? KeptDescriptors([], store: DescriptorStore { _ in nil })
  }

  private func daemon(_ station: StationConfiguration, _ kept: KeptDescriptors) throws -> Daemon {
    var options = Daemon.Options(configurationPath: "test")
    options.kept = kept
    return try Daemon(station, options)
  }

  /// Runs a daemon for as long as `body` takes, and gives the last status of its link.
  func run(_ daemon: Daemon, _ body: (UInt16) throws -> Void = { _ in }) throws -> LinkStatus {
    try daemon.start(catchingSignals: false)
    try body(daemon.localPorts[0])
    daemon.stop()
    #expect(daemon.waitUntilEnded() == 0)
    return try #require(daemon.board.links.first)
  }

  func send(_ count: Int, to port: UInt16) throws {
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    let datagram = [UInt8](repeating: 7, count: 100)
    for _ in 0..<count { try unsafe sender.send(datagram.span.bytes) }
  }

  /// A UDP port that was free a moment ago.
  static func freePort() throws -> UInt16 { try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0)).localPort }

  /// What `counters.json` says now.
  func counters() throws -> JSONValue { try JSONReader.read(folder.bytes(of: "state/counters.json")) }
}
