import Publish
import TestSupport
import Testing

/// What stands in a query that is no name of a series.
private let words: Set<String> = [
  "sum", "min", "max", "by", "on", "unless", "or", "and", "rate", "increase", "time", "histogram_quantile",
  "label_values",
]

/// What others have to say: Prometheus of what it scrapes, and the station of its passes.
private let foreign: Set<String> = ["up", "station_pass_expected"]

/// The names of series in a query, of labels nothing.
private func seriesNames(_ query: String) -> Set<String> {
  var text = query.replacing(/\{[^}]*\}/, with: " ").replacing(/\[[^\]]*\]/, with: " ")
  text = text.replacing(/\b(by|on) \([^)]*\)/, with: " ").replacing(/"[^"]*"/, with: " ")
  // Of label_values, what comes second is a label.
  text = text.replacing(/,\s*\w+\s*\)/, with: ")")
  let names = text.matches(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/).map { String($0.output) }
  return Set(names).subtracting(words)
}

@Suite("Dashboard and alert rules")
struct DashboardTests {
  private static func strings(_ value: JSONValue, _ name: String) -> [String] {
    switch value {
    case .object(let members):
      members.flatMap { member -> [String] in
        guard member.name == name, let text = member.value.string else { return strings(member.value, name) }
        return [text]
      }
    case .array(let items): items.flatMap { strings($0, name) }
    case .string, .integer, .number, .bool, .null: []
    }
  }

  @Test("names are found in a query, and labels are not taken for them")
  func findsNames() {
    #expect(
      seriesNames("sum by (link, le) (rate(a_bucket{link=~\"$link\"}[5m])) / on (link) b_total > 0.5 unless c == 1")
        == ["a_bucket", "b_total", "c"])
    #expect(seriesNames("label_values(a_info{b=\"c\"}, link)") == ["a_info"])
  }

  @Test("the dashboard asks for metrics of the table alone, in every panel and variable")
  func asksForMetrics() throws {
    let dashboard = try PackageFile.json("systemd/grafana/downlinkd.json")
    let frozen = try MetricTable.seriesNames()
    let queries = Self.strings(dashboard, "expr") + Self.strings(dashboard, "definition")
    #expect(queries.count > 40)
    for query in queries {
      let names = seriesNames(query)
      #expect(!names.isEmpty && names.isSubset(of: frozen), "\(query)")
    }
  }

  @Test("the dashboard is of a schema that is written down, and asks a data source that is chosen")
  func isPortable() throws {
    let dashboard = try PackageFile.json("systemd/grafana/downlinkd.json")
    #expect(dashboard["schemaVersion"] == .integer(39))
    #expect(dashboard["uid"] == .string("downlinkd"))
    guard case .array(let panels)? = dashboard["panels"] else { return #expect(Bool(false), "no panels") }
    let identifiers = panels.compactMap { $0["id"]?.integer }
    #expect(Set(identifiers).count == panels.count)
    for panel in panels where panel["type"] != .string("row") {
      #expect(panel["datasource"]?["uid"] == .string("${datasource}"))
      #expect(panel["description"]?.string?.isEmpty == false && panel["title"]?.string?.isEmpty == false)
      let width = try #require(panel["gridPos"]?["w"]?.integer)
      let place = try #require(panel["gridPos"]?["x"]?.integer)
      #expect(width + place <= 24)
    }
    let rows = panels.filter { $0["type"] == .string("row") }.compactMap { $0["title"]?.string }
    #expect(
      rows == [
        "Health and problems", "Accounting: from what was sent to packets", "Virtual channels and coding",
        "Latency and queues", "Logs, clients and the process",
      ])
  }

  /// The rules: each with its lines.
  private static func rules() throws -> [(name: String, text: String)] {
    let text = try PackageFile.text("systemd/prometheus/downlinkd.rules.yaml")
    return text.split(separator: "      - alert: ").dropFirst().map { rule in
      (String(rule.prefix { $0 != "\n" }), String(rule))
    }
  }

  @Test("every rule asks for metrics of the table alone, and says what happened and what to do")
  func explainsRules() throws {
    let frozen = try MetricTable.seriesNames()
    let rules = try Self.rules()
    #expect(rules.count == 16)
    for (name, text) in rules {
      let expression = try #require(text.firstMatch(of: /expr: (?:>-\n)?((?:.|\n)*?)\n        (?:for|labels):/)?.1)
      let names = seriesNames(String(expression))
      #expect(!names.isEmpty && names.isSubset(of: frozen.union(foreign)), "\(name): \(names)")
      for key in ["summary: ", "description: ", "what_to_do: "] { #expect(text.contains(key), "\(name)") }
      #expect(text.contains("severity: critical") || text.contains("severity: warning"), "\(name)")
    }
  }

  @Test("every rule has a scenario in which it fires, and one in which it does not")
  func triesRules() throws {
    let scenarios = try PackageFile.text("systemd/prometheus/downlinkd.rules.test.yaml")
    for (name, _) in try Self.rules() {
      #expect(scenarios.contains(", alertname: \(name) }"), "\(name)")
      #expect(scenarios.contains("alertname: \(name)\n        exp_alerts:"), "\(name)")
    }
  }
}
