import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

@Suite("How many series of metrics there are")
struct MetricBoundTests {
  private static func station(_ snapshot: LinkSnapshot) -> StationSnapshot {
    var station = StationSnapshot()
    station.links = [.init(snapshot, applicationProcesses: [ApplicationProcessID(7)])]
    return station
  }

  private static func read(_ snapshot: LinkSnapshot) -> Exposition {
    Exposition(MetricsDocument(station(snapshot), .text).text, .text)
  }

  @Test("depends on the configuration alone: identifiers at random make none")
  func ignoresTheWire() {
    var generator = SeededGenerator(seed: 61)
    // Every spacecraft and every channel is taken, and one of each is named.
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 32)
    parameters.limits.masterChannelCount = 1024
    parameters.limits.virtualChannelCount = 4096
    let channel = VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))
    var bench = Bench(parameters)
    let before = MetricsDocument(Self.station(bench.snapshot()), .text)
    for index in 0..<100_000 {
      var frame = generator.bytes(32)
      frame[0] &= 0x3F
      // Twice each, or nobody believes them.
      for _ in 0..<2 { bench.receive(frame, at: Double(index) / 1000) }
    }
    let snapshot = bench.snapshot()
    #expect(snapshot.ledger.virtualChannels.count > 1000)
    #expect(MetricsDocument(Self.station(snapshot), .text).seriesCount == before.seriesCount)
    // Where a channel is named and the spacecraft is not, the wire says which spacecraft it is.
    parameters.virtualChannels = [channel]
    let named = StationMaker.idle("a", .frames(parameters))
    #expect(Self.read(named).samples("downlinkd_vc_frames_total") == [])
  }

  @Test("what is configured is there before anything came, with 0, and what is not is counted together")
  func startsAtZero() {
    var bench = Bench(StationMaker.telemetryParameters())
    let before = Self.read(bench.snapshot())
    let labels = before.samples("downlinkd_vc_frames_total").map { $0.labels.map(\.value) }
    #expect(labels == [["test", "100", "0"], ["test", "100", "1"]])
    #expect(before.samples("downlinkd_vc_frames_total").map(\.value) == [0, 0])
    #expect(before.samples("downlinkd_mc_frames_missing_total").map { $0.labels.map(\.value) } == [["test", "100"]])
    #expect(before.samples("downlinkd_apid_packets_total").map { $0.labels.map(\.value) } == [["test", "100", "7"]])
    #expect(
      before.samples("downlinkd_frames_rejected_total").compactMap { $0.label("reason") }
        == ["length", "header_ec", "version", "fecf", "scid", "quarantined"])
    // Channels 1 and 5: the second is not named, and no frames of it are looked into.
    for count in 0..<4 {
      for channel in [1, 5] {
        let packet = FrameMaker.packet(apid: channel == 1 ? 7 : 8, count: count, data: [UInt8](repeating: 0, count: 50))
        bench.receive(
          FrameMaker.tm(
            vcid: channel, master: count * 2 + (channel == 5 ? 1 : 0), count: count, pointer: 0, zone: packet))
      }
    }
    let after = Self.read(bench.snapshot())
    #expect(after.families.flatMap(\.samples).count == before.families.flatMap(\.samples).count)
    #expect(after.sum("downlinkd_vc_frames_total", ["vcid": "1"]) == 4)
    #expect(after.sum("downlinkd_vc_frames_total", ["vcid": "0"]) == 0)
    #expect(after.sum("downlinkd_unlisted_vc_frames_total") == 4)
    #expect(after.sum("downlinkd_apid_packets_total", ["apid": "7"]) == 4)
  }

  @Test("a bound cuts off the end of the catalog, counts it, and leaves what is written whole")
  func cutsOff() {
    let station = StationMaker.station()
    let all = MetricsDocument(station, .openMetrics)
    #expect(all.omittedCount == 0)
    for limit in [0, 3, 10, 57, 100, all.seriesCount - 1] {
      let document = MetricsDocument(station, .openMetrics, limit: limit, earlierOmittedCount: 1000)
      let read = Exposition(document.text, .openMetrics)
      #expect(read.faults == [])
      // Those about the document are always there.
      #expect(document.seriesCount <= max(3, limit))
      #expect(document.seriesCount + document.omittedCount == all.seriesCount)
      #expect(read.sum("downlinkd_metrics_series") == Double(document.seriesCount))
      #expect(read.sum("downlinkd_metrics_series_omitted_total") == Double(1000 + document.omittedCount))
      #expect(read.sum("downlinkd_metrics_series_limit") == Double(limit))
    }
  }

  @Test("a frame that was missing and came late takes nothing back: a counter never goes down")
  func neverGoesBack() {
    var bench = Bench(StationMaker.telemetryParameters())
    var last: [String: Double] = [:]
    // Count 3 comes after 5, and 7 never.
    for (time, count) in [0, 1, 2, 4, 5, 3, 6, 8].enumerated() {
      let packet = FrameMaker.packet(apid: 7, count: count, data: [UInt8](repeating: 0, count: 50))
      bench.receive(
        FrameMaker.tm(vcid: 1, master: count, count: count, pointer: 0, zone: packet), at: Double(time) / 10)
      for family in Self.read(bench.snapshot()).families where family.type == "counter" {
        for sample in family.samples {
          let key = "\(sample.name)\(sample.labels)"
          #expect(sample.value >= last[key] ?? 0, "\(key)")
          last[key] = sample.value
        }
      }
    }
    let read = Self.read(bench.snapshot())
    #expect(read.sum("downlinkd_vc_frames_missing_total", ["vcid": "1"]) == 2)
    #expect(read.sum("downlinkd_vc_frames_recovered_total", ["vcid": "1"]) == 1)
    #expect(read.sum("downlinkd_vc_frames_out_of_order_total", ["vcid": "1"]) == 1)
    #expect(read.sum("downlinkd_vc_frame_gaps_total", ["vcid": "1"]) == 2)
    #expect(read.sum("downlinkd_frames_missing_total") == 2 && read.sum("downlinkd_frames_recovered_total") == 1)
    #expect(read.sum("downlinkd_mc_frames_missing_total", ["scid": "100"]) == 2)
  }
}
