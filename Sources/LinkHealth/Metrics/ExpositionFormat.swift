/// How metrics are written down.
///
/// The text format is Prometheus' own, version 0.0.4; the other is OpenMetrics 1.0. Both have the same series with the
/// same labels, so that it does not matter which of them is scraped. Exemplars and the `_created` series of
/// OpenMetrics are not written: the first would need the units, of which nothing is kept, and the second would double
/// the counters for what `downlinkd_link_since_timestamp_seconds` says once.
package enum ExpositionFormat: Sendable, CaseIterable {
  case text
  case openMetrics

  /// What HTTP calls it.
  package var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// The one that a client likes best, by the `Accept` field of its request; the text format where it does not say.
  package init(accept: String?) {
    var best: [ExpositionFormat: Double] = [:]
    for range in (accept ?? "").split(separator: ",").prefix(Self.rangeCapacity) {
      guard let (format, quality) = Self.read(range) else { continue }
      best[format] = max(best[format] ?? 0, quality)
    }
    let openMetrics = best[.openMetrics] ?? 0
    self = openMetrics > 0 && openMetrics >= best[.text] ?? 0 ? .openMetrics : .text
  }

  /// Nobody asks for more.
  private static let rangeCapacity = 32

  /// A format that is asked for, and how much; nothing for others and for versions that nobody writes here.
  private static func read(_ range: Substring) -> (ExpositionFormat, Double)? {
    let parts = range.split(separator: ";").map { trimmed($0).lowercased() }
    let format: ExpositionFormat
    switch parts.first {
    case "application/openmetrics-text": format = .openMetrics
    case "text/plain": format = .text
    default: return nil
    }
    var quality = 1.0
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map { trimmed($0) }
      guard pair.count == 2 else { continue }
      switch pair[0] {
      case "q": quality = Double(pair[1]) ?? 0
      case "version" where format == .openMetrics && pair[1] != "1.0.0": return nil
      case "version" where format == .text && pair[1] != "0.0.4": return nil
      default: break
      }
    }
    return (format, min(1, max(0, quality)))
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
