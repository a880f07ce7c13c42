/// The metrics of a station, as one document.
package struct MetricsDocument: Sendable {
  /// How many series there may be unless the configuration says otherwise.
  package static let defaultSeriesLimit = 10_000

  /// UTF-8.
  package let bytes: [UInt8]
  /// The series in it.
  package let seriesCount: Int
  /// Those that there was no room for.
  package let omittedCount: Int

  /// Writes what the catalog has.
  ///
  /// - Parameters:
  ///   - limit: How many series there may be. What there is no room for is left out, from the end of the catalog, and
  ///     counted.
  ///   - earlierOmittedCount: What earlier documents had no room for.
  package init(
    _ station: StationSnapshot, _ format: ExpositionFormat, limit: Int = defaultSeriesLimit,
    earlierOmittedCount: Int = 0
  ) {
    let own = MetricCatalog.aboutDocument
    var writer = MetricWriter(format, limit: max(0, limit - own.count))
    for metric in MetricCatalog.metrics {
      writer.begin(metric)
      metric.read(station, &writer)
    }
    let omittedCount = writer.omittedCount
    let facts = [writer.seriesCount + own.count, limit, earlierOmittedCount + omittedCount]
    for (metric, fact) in zip(own, facts) {
      writer.begin(metric)
      writer.addAlways(.count(fact))
    }
    writer.end()
    bytes = writer.bytes
    seriesCount = writer.seriesCount
    self.omittedCount = omittedCount
  }

  /// The document as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}
