import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// The identities of the ledger, on the metrics themselves and against the simulator's own account.
@Suite("The metrics of an impaired link add up", .timeLimit(.minutes(10)))
struct MetricAccountTests {
  private static func run(_ seed: UInt64) throws -> (Exposition, SimulationTruth) {
    let scenario = Scenario.random(seed: seed)
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel))
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      unsafe pipeline.receive(datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
    }
    // Nothing is brought to an end: what is held is in the metrics too.
    let snapshot = pipeline.snapshot()
    var station = StationSnapshot()
    station.links = [
      .init(
        snapshot,
        applicationProcesses: simulation.truth.applications.map { ApplicationProcessID($0.applicationProcessID) })
    ]
    return (Exposition(MetricsDocument(station, .openMetrics).text, .openMetrics), simulation.truth)
  }

  @Test("datagrams, frames and bytes, each once", arguments: 1...UInt64(Sanitizer.count(40, or: 10)))
  func addsUp(seed: UInt64) throws {
    let (metrics, truth) = try Self.run(seed)
    #expect(metrics.faults == [])
    func sum(_ name: String) -> Int { Int(metrics.sum("downlinkd_" + name)) }
    // What the simulator has sent and not lost is received.
    #expect(sum("datagrams_received_total") == truth.datagrams.received, "seed \(seed)")
    #expect(
      sum("datagrams_received_total") == sum("datagrams_rejected_total") + sum("datagrams_accepted_total"),
      "seed \(seed)")
    #expect(
      sum("frames_received_total")
        == sum("frames_rejected_total") + sum("frames_idle_total") + sum("vc_frames_total")
        + sum("unlisted_vc_frames_total") + sum("frames_held"), "seed \(seed)")
    #expect(sum("frames_received_total") > 100 && sum("frames_missing_total") >= 0)
    #expect(
      sum("data_field_bytes_total")
        == sum("packet_bytes_total") + sum("unlisted_vc_packet_bytes_total") + sum("packets_idle_bytes_total")
        + sum("discarded_bytes_total") + sum("reassembly_buffer_bytes"), "seed \(seed)")
    #expect(sum("data_field_bytes_total") == truth.zoneBytes.received, "seed \(seed)")
    #expect(
      sum("packets_total") + sum("unlisted_vc_packets_total") == truth.packets.delivered, "seed \(seed)")
    #expect(sum("accounting_balanced") == 1)
  }

  @Test("missing frames are those that were withheld", arguments: 1...UInt64(Sanitizer.count(40, or: 10)))
  func findsWhatIsMissing(seed: UInt64) throws {
    let (metrics, truth) = try Self.run(seed)
    let lost = metrics.sum("downlinkd_frames_missing_total") - metrics.sum("downlinkd_frames_recovered_total")
    #expect(Int(lost) == truth.virtualChannels.reduce(0) { $0 + $1.missing }, "seed \(seed)")
    for sample in metrics.samples("downlinkd_vc_frames_missing_total") {
      let labels = ["scid": sample.label("scid") ?? "", "vcid": sample.label("vcid") ?? ""]
      let channels = truth.virtualChannels.filter {
        String($0.name.spacecraftID) == labels["scid"] && String($0.name.virtualChannelID) == labels["vcid"]
      }
      let recovered = metrics.sum("downlinkd_vc_frames_recovered_total", labels)
      #expect(Int(sample.value - recovered) == channels.reduce(0) { $0 + $1.missing }, "seed \(seed) \(labels)")
      #expect(
        Int(metrics.sum("downlinkd_vc_frame_gaps_total", labels)) == channels.reduce(0) { $0 + $1.gaps },
        "seed \(seed) \(labels)")
    }
  }
}
