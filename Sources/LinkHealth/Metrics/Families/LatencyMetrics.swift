/// How long units are on their way through this host.
enum LatencyMetrics {
  static let metrics = [
    Metric(
      .histogram, "downlinkd_frame_latency_seconds",
      "From the kernel's receive time of a unit until it was decoded.", labels: ["link"]
    ) { station, writer in
      for link in station.links {
        let latency = link.snapshot.latency
        writer.add(
          counts: latency.counts, bounds: bounds, sum: Double(latency.totalNanoseconds) / 1e9, link.name)
      }
    }
  ]

  private static let bounds = LatencyHistogram.upperBoundsInNanoseconds.map {
    MetricWriter.text(of: Double($0) / 1e9)
  }
}
