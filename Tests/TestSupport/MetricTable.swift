/// The table of `systemd/prometheus/metrics.md`, which freezes what every metric is.
package enum MetricTable {
  /// A row of it.
  package struct Row: Equatable, Sendable {
    package var name: String
    package var type: String
    package var labels: [String]
    package var help: String

    package init(name: String, type: String, labels: [String], help: String) {
      self.name = name
      self.type = type
      self.labels = labels
      self.help = help
    }
  }

  /// In their order.
  package static func rows() throws -> [Row] {
    try PackageFile.text("systemd/prometheus/metrics.md").split(separator: "\n").compactMap { line in
      guard let match = line.wholeMatch(of: /\| `(\w+)` \| (\w+) \| (.*) \| (.+) \|/) else { return nil }
      let labels = match.3.split(separator: " ").map { String($0.filter { $0 != "`" }) }
      return Row(name: String(match.1), type: String(match.2), labels: labels, help: String(match.4))
    }
  }

  /// The names of all series that there can be.
  package static func seriesNames() throws -> Set<String> {
    Set(
      try rows().flatMap { row in
        row.type == "histogram" ? ["_bucket", "_sum", "_count"].map { row.name + $0 } : [row.name]
      })
  }
}
