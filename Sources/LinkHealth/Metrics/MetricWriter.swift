/// Writes the series of metrics one after the other, as many as there may be.
///
/// Standard: OpenMetrics 1.0 §ABNF; Prometheus text format 0.0.4.
struct MetricWriter {
  private let format: ExpositionFormat
  /// How many series there may be.
  private let limit: Int
  private(set) var bytes: [UInt8] = []
  private(set) var seriesCount = 0
  /// The series that there was no room for.
  private(set) var omittedCount = 0
  private var name = ""
  private var labels: [String] = []

  init(_ format: ExpositionFormat, limit: Int) {
    self.format = format
    self.limit = limit
    bytes.reserveCapacity(1 << 16)
  }

  /// Writes what a metric is: its series come next.
  mutating func begin(_ metric: Metric) {
    name = metric.name
    labels = metric.labels
    let family = format == .openMetrics ? metric.familyName : metric.name
    append("# HELP \(family) ")
    appendEscaped(metric.help, quotes: format == .openMetrics)
    append("\n# TYPE \(family) \(format == .text && metric.kind == .info ? "gauge" : metric.kind.rawValue)\n")
  }

  /// Writes a series, with the values of the labels in their order.
  mutating func add(_ value: MetricValue, _ labelValues: String...) {
    guard takeRoom(1) else { return }
    write(value, name, "", labelValues, bound: nil)
  }

  /// Writes a series that there is always room for: about the metrics themselves.
  mutating func addAlways(_ value: MetricValue) {
    seriesCount += 1
    write(value, name, "", [], bound: nil)
  }

  /// Writes a histogram, whole or not at all.
  ///
  /// - Parameters:
  ///   - counts: Of each bucket alone; the last one has no bound.
  ///   - bounds: The upper bounds of the others, as text.
  ///   - sum: Of all values.
  mutating func add(counts: [Int], bounds: [String], sum: Double, _ labelValues: String...) {
    guard takeRoom(counts.count + 2) else { return }
    var total = 0
    for (index, count) in counts.enumerated() {
      total += count
      write(.count(total), name, "_bucket", labelValues, bound: index < bounds.count ? bounds[index] : "+Inf")
    }
    write(.number(sum), name, "_sum", labelValues, bound: nil)
    write(.count(total), name, "_count", labelValues, bound: nil)
  }

  /// Ends the document.
  mutating func end() {
    if format == .openMetrics { append("# EOF\n") }
  }

  private mutating func takeRoom(_ count: Int) -> Bool {
    guard seriesCount + count <= limit else {
      omittedCount += count
      return false
    }
    seriesCount += count
    return true
  }

  // MARK: Text

  private mutating func write(
    _ value: MetricValue, _ name: String, _ suffix: String, _ labelValues: [String], bound: String?
  ) {
    append(name)
    append(suffix)
    var separator = "{"
    for (label, value) in zip(labels, labelValues) {
      append(separator)
      append(label)
      append("=\"")
      appendEscaped(value, quotes: true)
      append("\"")
      separator = ","
    }
    if let bound { append("\(separator)le=\"\(bound)\"") }
    append(labelValues.isEmpty && bound == nil ? " " : "} ")
    switch value {
    case .count(let count): append(String(count))
    case .number(let number): append(Self.text(of: number))
    }
    append("\n")
  }

  /// A number as both formats write it.
  static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    return number.isFinite ? String(describing: number) : number < 0 ? "-Inf" : "+Inf"
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a text in which what would end it has a backslash; other control characters are nobody's to write.
  private mutating func appendEscaped(_ text: String, quotes: Bool) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\"") where quotes: append("\\\"")
      case 0..<0x20, 0x7F: append("\u{FFFD}")
      default: bytes.append(byte)
      }
    }
  }
}

extension Metric {
  /// What OpenMetrics calls it: the name that all its series begin with.
  package var familyName: String {
    switch kind {
    case .counter: String(name.dropLast("_total".count))
    case .info: String(name.dropLast("_info".count))
    case .gauge, .histogram: name
    }
  }
}
