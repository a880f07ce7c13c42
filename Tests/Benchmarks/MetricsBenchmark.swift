import CCSDSLink
import CCSDSWire
import LinkHealth

/// Writing the metrics of a station, which a scrape does every few seconds, on the publisher's side.
enum MetricsBenchmark {
  private static let linkCount = 64

  static func contests() -> [Contest] {
    let station = station()
    let document = MetricsDocument(station, .text)
    return [
      Contest(
        name: "metrics of \(linkCount) links, \(document.seriesCount) series, \(document.bytes.count) bytes",
        byteCount: document.bytes.count, unit: "document", unitCount: 1,
        contenders: [
          Contender(name: "text") { UInt64(MetricsDocument(station, .text).seriesCount) },
          Contender(name: "openmetrics") { UInt64(MetricsDocument(station, .openMetrics).seriesCount) },
        ])
    ]
  }

  /// Links of AOS frames, each with four virtual channels that are named and have frames.
  private static func station() -> StationSnapshot {
    var station = StationSnapshot()
    station.links = (0..<linkCount).map { index in
      var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: 1115)
      parameters.spacecraftIDs = [SpacecraftID(42)]
      parameters.virtualChannels = (0..<4).map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
      var channel = PhysicalChannel(parameters: parameters)
      var sink = Sink()
      for count in 0..<UInt8(200) {
        let header: [UInt8] = [0x4A, 0x80 | count % 4, 0, 0, count / 4, 0, 0x07, 0xFE]
        let frame = header + [UInt8](repeating: 0x55, count: 1107)
        channel.receive(unsafe frame.span.bytes, at: nil, into: &sink)
      }
      return StationSnapshot.Link(
        LinkSnapshot(
          name: "link-\(index)", ledger: sink.ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
          latency: LatencyHistogram(), evidence: RejectionEvidence(), parameters: .frames(parameters)))
    }
    return station
  }

  /// Folds everything into a ledger.
  private struct Sink: LinkSink {
    var ledger = LossLedger(quietAfterSeconds: 60)

    mutating func observe(_ event: LinkEvent) { ledger.fold(event) }
    mutating func take(packet: RawSpan, _ observation: PacketObservation) {}
    mutating func take(frame: RawSpan) {}
  }
}
