/// Every metric there is, in the order in which they are written: what matters most comes first, so that it is there
/// even when there is no room for all.
package enum MetricCatalog {
  /// Those that are made of a station.
  package static let metrics: [Metric] =
    StationMetrics.metrics + ProcessMetrics.metrics + LogMetrics.metrics + QueueMetrics.metrics + ClientMetrics.metrics
    + WebMetrics.metrics + LinkMetrics.metrics + DatagramMetrics.metrics + FrameMetrics.metrics + ChannelMetrics.metrics
    + PacketMetrics.metrics + LatencyMetrics.metrics + CodingMetrics.metrics + ServiceDataMetrics.metrics
    + SinkMetrics.metrics + ApplicationProcessMetrics.metrics + OnboardClockMetrics.metrics + ParameterMetrics.metrics

  /// Those about the document that they stand in: it always has them.
  package static let aboutDocument = [
    Metric(.gauge, "downlinkd_metrics_series", "Series in this document.") { _, _ in },
    Metric(.gauge, "downlinkd_metrics_series_limit", "Series that a document may have, as configured.") { _, _ in },
    Metric(
      .counter, "downlinkd_metrics_series_omitted_total", "Series left out because a document had no room for them."
    ) { _, _ in },
  ]
}
