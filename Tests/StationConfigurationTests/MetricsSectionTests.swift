import StationConfiguration
import Testing

@Suite("The section about metrics")
struct MetricsSectionTests {
  private func findings(_ metrics: String) -> [String] {
    StationConfigurationTests.findings(
      "metrics: { \(metrics) }\n" + station(link: "input: { udp: \"127.0.0.1:10017\" }"))
  }

  @Test("takes a file only where node_exporter would read it")
  func wantsSuffix() {
    #expect(findings("textfile: /tmp/a.prom") == [])
    for path in ["/tmp/a.txt", "/tmp/.prom", "/tmp/a.prom.tmp"] {
      #expect(
        findings("textfile: \(path)") == [
          "1:23 '\(path)' is not read by node_exporter | "
            + "let its name end in .prom, such as /var/lib/prometheus/node-exporter/downlinkd.prom"
        ])
    }
    #expect(findings("textfile: a.prom") == ["1:23 'a.prom' is not an absolute path | begin it with '/'"])
  }

  @Test("lists at most five hundred parameters and five hundred application processes")
  func boundsLists() {
    func list(_ count: Int, _ prefix: String) -> String {
      (0..<count).map { "\(prefix)\($0)" }.joined(separator: ", ")
    }
    #expect(findings("parameters: [\(list(500, "P"))], apids: [\(list(500, ""))]") == [])
    for key in ["parameters: [\(list(501, "P"))]", "apids: [\(list(501, ""))]"] {
      let found = findings(key)
      #expect(found.count == 1 && found[0].contains("501 items, and 500 at most can be | list what somebody looks at"))
    }
  }

  @Test("names nothing twice, and no application process that there is not")
  func refusesRepeats() {
    #expect(findings("parameters: [A, B, A]") == ["1:32 A is listed twice | leave one of them out"])
    #expect(findings("apids: [7, 0x7]") == ["1:24 7 is listed twice | leave one of them out"])
    // 2047 is that of idle packets.
    #expect(
      findings("apids: [2047]") == [
        "1:21 metrics.apids[0] is 2047, which is not in 0...2046 | write a number in 0...2046"
      ])
    #expect(findings("apids: 7").count == 1)
  }

  @Test("bounds the series")
  func boundsSeries() {
    for count in [1000, 1_000_000] { #expect(findings("max_series: \(count)") == []) }
    for count in [999, 1_000_001] {
      #expect(
        findings("max_series: \(count)") == [
          "1:25 metrics.max_series is \(count), which is not in 1000...1000000 | write a number in 1000...1000000"
        ])
    }
  }
}
