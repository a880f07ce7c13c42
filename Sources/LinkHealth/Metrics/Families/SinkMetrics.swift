/// Good frames that go on to other systems, on links that have places for them.
enum SinkMetrics {
  static let metrics = [
    Metric(
      .counter, "downlinkd_sink_frames_sent_total", "Good frames that were sent on.", labels: ["link", "sink"]
    ) { station, writer in
      for link in station.links {
        for sink in link.sinks { writer.add(.count(sink.sentCount), link.name, sink.name) }
      }
    },
    Metric(
      .counter, "downlinkd_sink_frames_dropped_total", "Good frames that were to be sent on, and were not.",
      labels: ["link", "sink", "reason"]
    ) { station, writer in
      for link in station.links {
        for sink in link.sinks {
          for drop in sink.dropped { writer.add(.count(drop.count), link.name, sink.name, drop.reason) }
        }
      }
    },
  ]
}
