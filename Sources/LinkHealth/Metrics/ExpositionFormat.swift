/// How metrics are written down.
///
/// The text format is Prometheus' own, version 0.0.4; the other is OpenMetrics 1.0. Both have the same series with the
/// same labels, so that it does not matter which of them is scraped. Exemplars and the `_created` series of
/// OpenMetrics are not written: the first would need the units, of which nothing is kept, and the second would double
/// the counters for what `downlinkd_link_since_timestamp_seconds` says once.
package enum ExpositionFormat: Sendable, CaseIterable {
  case text
  case openMetrics
}
