import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

@Suite("The text of metrics, Prometheus 0.0.4 and OpenMetrics 1.0")
struct ExpositionTests {
  private static func text(_ station: StationSnapshot, _ format: ExpositionFormat) -> String {
    MetricsDocument(station, format).text
  }

  @Test("keeps the rules of its format", arguments: ExpositionFormat.allCases)
  func keepsRules(format: ExpositionFormat) {
    let document = Exposition(
      Self.text(StationMaker.station(), format), format == .text ? .text : .openMetrics)
    #expect(document.faults == [])
    #expect(document.families.count == MetricCatalog.metrics.count + MetricCatalog.aboutDocument.count)
  }

  @Test("of both formats has the same series, but for what a family is called")
  func agrees() {
    let station = StationMaker.station()
    let text = Exposition(Self.text(station, .text), .text).families.flatMap(\.samples)
    let other = Exposition(Self.text(station, .openMetrics), .openMetrics).families.flatMap(\.samples)
    // What is not a number equals nothing.
    #expect(text.filter { !$0.value.isNaN } == other.filter { !$0.value.isNaN })
    #expect(text.map(\.name) == other.map(\.name))
  }

  @Test(
    "says whether rules are broken: the reader of these tests is no mirror",
    arguments: [
      "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a b\n# TYPE a gauge\na 1",
      "# HELP a b\n# TYPE a gauge\na{b=\"\n\"} 1\n",
      "# HELP a b\n# TYPE a gauge\na 1\na 1\n", "# HELP a b\n# TYPE a counter\na -1\n",
      "# HELP a b\n# TYPE a gauge\na inf\n", "# HELP a b\n# TYPE a number\na 1\n",
      "# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n", "# HELP a b\n# TYPE a gauge\na{b=\"c\" ,d=\"e\"} 1\n",
      "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
      "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_sum 1\na_count 1\n",
    ])
  func findsFaults(text: String) { #expect(Exposition(text, .text).faults != []) }

  @Test("says a histogram by its bounds, each with all below it, as seconds")
  func writesHistogram() {
    var latency = LatencyHistogram()
    // Two within 50 microseconds, one at the bound of 2.5 ms, one beyond a second.
    latency.record(nanoseconds: 20_000, count: 2)
    latency.record(nanoseconds: 2_500_000)
    latency.record(nanoseconds: 3_000_000_000)
    let snapshot = LinkSnapshot(
      name: "a", ledger: LossLedger(quietAfterSeconds: 60), heldFrameCount: 0, pendingByteCount: 0,
      masterChannelMissing: [], latency: latency, evidence: RejectionEvidence(),
      parameters: .packets(PacketStreamParameters()))
    var station = StationSnapshot()
    station.links = [.init(snapshot)]
    let lines = Self.text(station, .openMetrics).split(separator: "\n").filter { $0.contains("latency_seconds_") }
    let name = "downlinkd_frame_latency_seconds"
    #expect(
      lines == [
        "\(name)_bucket{link=\"a\",le=\"5e-05\"} 2", "\(name)_bucket{link=\"a\",le=\"0.0001\"} 2",
        "\(name)_bucket{link=\"a\",le=\"0.00025\"} 2", "\(name)_bucket{link=\"a\",le=\"0.0005\"} 2",
        "\(name)_bucket{link=\"a\",le=\"0.001\"} 2", "\(name)_bucket{link=\"a\",le=\"0.0025\"} 3",
        "\(name)_bucket{link=\"a\",le=\"0.005\"} 3", "\(name)_bucket{link=\"a\",le=\"0.01\"} 3",
        "\(name)_bucket{link=\"a\",le=\"0.025\"} 3", "\(name)_bucket{link=\"a\",le=\"0.1\"} 3",
        "\(name)_bucket{link=\"a\",le=\"1.0\"} 3", "\(name)_bucket{link=\"a\",le=\"+Inf\"} 4",
        "\(name)_sum{link=\"a\"} 3.00254", "\(name)_count{link=\"a\"} 4",
      ])
  }

  @Test(
    "writes what is no number, and what is too large for one, as the formats have it",
    arguments: [
      (Double?.none, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-28.125, "-28.125"),
      (1e300, "1e+300"), (0, "0.0"),
    ])
  func writesNumber(value: Double?, text: String) {
    var station = StationSnapshot()
    station.parameters = [.init(link: "a", name: "P", value: value)]
    for format in ExpositionFormat.allCases {
      let document = Self.text(station, format)
      #expect(document.contains("\ndownlinkd_parameter_value{link=\"a\",parameter=\"P\"} \(text)\n"))
      #expect(Exposition(document, format == .text ? .text : .openMetrics).faults == [])
    }
  }

  @Test("gives a label back as it was, whatever is in it, and has no control characters")
  func escapesLabels() throws {
    let name = "a\\b\"c\nd{e=\"f\"},Größe µ 𝛀"
    var station = StationSnapshot()
    station.parameters = [.init(link: "a", name: name, value: 1), .init(link: "a", name: "x\0\r\u{7F}y", value: 1)]
    for format in ExpositionFormat.allCases {
      let document = Exposition(Self.text(station, format), format == .text ? .text : .openMetrics)
      #expect(document.faults == [])
      let names = document.samples("downlinkd_parameter_value").compactMap { $0.label("parameter") }
      #expect(names == [name, "x\u{FFFD}\u{FFFD}\u{FFFD}y"])
    }
  }

  @Test("has the end that its format has")
  func ends() {
    #expect(Self.text(StationSnapshot(), .openMetrics).hasSuffix("\n# EOF\n"))
    #expect(!Self.text(StationSnapshot(), .text).contains("# EOF"))
  }
}
