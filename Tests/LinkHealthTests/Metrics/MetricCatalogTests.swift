import LinkHealth
import TestSupport
import Testing

@Suite("The metrics there are")
struct MetricCatalogTests {
  private static let catalog = MetricCatalog.metrics + MetricCatalog.aboutDocument

  @Test("are those of the operator's table, by name, type, labels and help, in its order")
  func areThoseOfTheTable() throws {
    let rows = Self.catalog.map {
      MetricTable.Row(name: $0.name, type: $0.kind.rawValue, labels: $0.labels, help: $0.help)
    }
    let table = try MetricTable.rows()
    for (row, frozen) in zip(rows, table) { #expect(row == frozen) }
    #expect(rows.count == table.count)
  }

  @Test("have names by the rules of Prometheus", arguments: try MetricTable.rows())
  func hasGoodName(row: MetricTable.Row) {
    #expect(row.name.wholeMatch(of: /(downlinkd|process)(_[a-z]+)+/) != nil)
    #expect(row.name.hasSuffix("_total") == (row.type == "counter"))
    #expect(row.name.hasSuffix("_info") == (row.type == "info"))
    for suffix in ["_count", "_sum", "_bucket", "_created"] { #expect(!row.name.hasSuffix(suffix)) }
    for unit in ["milli", "micro", "nano", "minute", "hour", "kilo", "mega", "percent", "octet"] {
      #expect(!row.name.contains(unit))
    }
    #expect(Set(row.labels).count == row.labels.count)
    for label in row.labels { #expect(!["le", "quantile", "type", "service", "stage", "env"].contains(label)) }
    #expect(row.help.hasSuffix(".") && row.help.count > 10)
  }

  @Test("are none that another one's series could be taken for")
  func doNotClash() throws {
    let families = Self.catalog.map(\.familyName)
    #expect(Set(families).count == families.count)
    for family in families {
      for suffix in ["_total", "_created", "_info", "_count", "_sum", "_bucket"] {
        #expect(!families.contains(family + suffix))
      }
    }
  }

  @Test("have a series each, for a station that has something of everything, with the labels of the table")
  func areAllWritten() throws {
    let document = Exposition(MetricsDocument(StationMaker.station(), .text).text, .text)
    for row in try MetricTable.rows() {
      let samples = document.families.filter { $0.name == row.name }.flatMap(\.samples)
      #expect(!samples.isEmpty, "\(row.name)")
      for sample in samples { #expect(sample.labels.map(\.name).filter { $0 != "le" } == row.labels) }
    }
  }
}
