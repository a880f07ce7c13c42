internal import CCSDSWire

/// What is told to Prometheus.
extension StationDecoder {
  private static let vocabulary = Vocabulary(
    name: "metrics", keys: ["textfile", "parameters", "apids", "max_series"],
    elsewhere: ["listen": "the page and the metrics are served by what is written below 'web'"])
  /// Of names in a list.
  private static let listCapacity = 500

  mutating func metrics(in station: Section) -> MetricsConfiguration {
    var metrics = MetricsConfiguration()
    guard let section = section("metrics", in: station, Self.vocabulary) else { return metrics }
    metrics.textfilePath = textfile(in: section)
    metrics.parameters =
      listed("parameters", in: section) { decoder, node, path in decoder.text(node, path: path, capacity: 1024) }
    if section.has("parameters") { remember("parameters", in: section) }
    // The last one is that of idle packets.
    metrics.applicationProcessIDs =
      listed("apids", in: section) { decoder, node, path in decoder.integer(node, path: path, 0...2046) }
      .map { ApplicationProcessID(UInt16($0)) }
    metrics.seriesLimit = integer("max_series", in: section, 1000...1_000_000) ?? metrics.seriesLimit
    return metrics
  }

  private mutating func textfile(in section: Section) -> String? {
    guard let path = path("textfile", in: section, capacity: 1024) else { return nil }
    remember("textfile", in: section)
    guard path.hasSuffix(".prom"), !path.hasSuffix("/.prom") else {
      report(
        "'\(path.shortened)' is not read by node_exporter", key: "textfile", in: section,
        hint: "let its name end in .prom, such as /var/lib/prometheus/node-exporter/downlinkd.prom")
      return nil
    }
    return path
  }

  /// A list of things that are all different.
  private mutating func listed<Item: Hashable>(
    _ key: String, in section: Section, _ read: (inout StationDecoder, YAMLNode, String) -> Item?
  ) -> [Item] {
    guard let node = section.value(key) else { return [] }
    let path = section.path(key)
    let items = list(node, path: path) ?? []
    guard items.count <= Self.listCapacity else {
      report(
        "\(items.count) items, and \(Self.listCapacity) at most can be", key: key, in: section,
        hint: "list what somebody looks at; `downlinkctl parameters` and `downlinkctl apids` have all of them")
      return []
    }
    var found: [Item] = []
    var known: Set<Item> = []
    for (index, item) in items.enumerated() {
      guard let value = read(&self, item, "\(path)[\(index)]") else { continue }
      if known.insert(value).inserted {
        found.append(value)
      } else {
        problems.report(
          "\(value) is listed twice", at: item.mark, path: "\(path)[\(index)]", hint: "leave one of them out")
      }
    }
    return found
  }
}
