import CCSDSLink
import CCSDSWire
import LinkHealth

/// Stations with something of everything, for their metrics.
enum StationMaker {
  /// Links of every kind: TM with channels that are named, AOS with coding, USLP, and packets.
  static func station() -> StationSnapshot {
    var station = StationSnapshot()
    station.build.version = "1.2.3"
    station.build.swift = "6.3"
    station.links = [telemetry(), orbital(), lunar(), relay()].map { snapshot in
      var link = StationSnapshot.Link(snapshot, applicationProcesses: [7, 9].map(ApplicationProcessID.init))
      link.transport = "udp"
      link.isPassExpected = true
      link.limits = [ResourceLimit("virtual_channels", use: 1, capacity: 64, .unlisted, hitCount: 3)]
      link.sinks = [sink()]
      link.decoding = decoding()
      link.connections = connections()
      return link
    }
    station.logs = [.init(name: "events"), .init(name: "stats")]
    station.queues = [.init(name: "console", depth: 1, capacity: 256, droppedCount: 2)]
    station.clients.connected = [("status", 1)]
    station.clients.evicted = [("slow", 2)]
    station.clients.requests = [("status", 3)]
    station.web = web()
    station.suppressedEvents = [("frame_gap", 4)]
    station.limits = [ResourceLimit("clients:status", use: 1, capacity: 64, .refuse, hitCount: 5)]
    station.parameters = [.init(link: "tm", name: "BUSV", value: 28.5, updatedAt: 1_000_000_000, level: "watch")]
    station.parameterLevels = ["normal", "watch", "warning"]
    station.process = .init()
    station.textfile = .init(writeCount: 1, errorCount: 0)
    return station
  }

  private static func web() -> StationSnapshot.Web {
    var web = StationSnapshot.Web()
    web.responses = [("200", 1)]
    web.refused = [("host", 1)]
    web.evicted = [("slow", 1)]
    return web
  }

  private static func decoding() -> StationSnapshot.Decoding {
    var decoding = StationSnapshot.Decoding()
    decoding.packets = [("whole", 8), ("short", 1)]
    decoding.alarms = [("watch", 1)]
    return decoding
  }

  private static func sink() -> StationSnapshot.Sink {
    var sink = StationSnapshot.Sink(name: "127.0.0.1:10018")
    sink.dropped = [("no_room", 1)]
    return sink
  }

  private static func connections() -> StationSnapshot.Connections {
    var connections = StationSnapshot.Connections()
    connections.refused = [("busy", 1)]
    return connections
  }

  /// A link of nothing but its configuration.
  static func idle(_ name: String, _ parameters: LinkParameters) -> LinkSnapshot {
    LinkSnapshot(
      name: name, ledger: LossLedger(quietAfterSeconds: 60), heldFrameCount: 0, pendingByteCount: 0,
      masterChannelMissing: [], latency: LatencyHistogram(), evidence: RejectionEvidence(), parameters: parameters)
  }

  /// TM frames of one spacecraft, two channels of which are named, with a time in their packets.
  static func telemetryParameters() -> PhysicalChannelParameters {
    var parameters = Bench.parameters(.tm, 64)
    parameters.virtualChannels = [0, 1].map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
    parameters.packets.timeCode = .selfIdentified(agencyEpoch: .gps)
    return parameters
  }

  private static func telemetry() -> LinkSnapshot { idle("tm", .frames(telemetryParameters())) }

  private static func orbital() -> LinkSnapshot {
    var parameters = Bench.parameters(.aos, 446)
    parameters.coding = CodingReportTests.coding()
    return idle("aos", .frames(parameters))
  }

  private static func lunar() -> LinkSnapshot { idle("uslp", .frames(Bench.parameters(.uslp, 128))) }

  private static func relay() -> LinkSnapshot { idle("packets", .packets(PacketStreamParameters())) }
}
