import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("The section about passes")
struct PassTests {
  private func findings(_ passes: String) -> [String] {
    StationConfigurationTests.findings(
      "passes: { \(passes) }\n" + station(link: "input: { udp: \"127.0.0.1:10017\" }"))
  }

  private func passes(_ text: String) throws -> PassConfiguration {
    try StationConfiguration.parse(
      text: "passes: { \(text) }\n" + station(), fileName: "downlinkd.yaml", for: .replay
    ).passes
  }

  @Test("without it passes are followed, and as many reports kept as is usual")
  func hasDefaults() throws {
    let passes = try StationConfiguration.parse(text: station(), fileName: "downlinkd.yaml", for: .replay).passes
    #expect(passes.isEnabled && passes.lossAfterSeconds == nil && passes.schedule.isEmpty)
    #expect([passes.maximumReportCount, passes.maximumByteCount] == [1000, 268_435_456])
    #expect(passes.leadSeconds == 300)
  }

  @Test("its keys say when a pass is over and how much is kept")
  func readsKeys() throws {
    let passes = try passes("enabled: false, los_after: 45s, lead: 0, max_reports: 7, max_bytes: 1MiB")
    #expect(!passes.isEnabled && passes.lossAfterSeconds == 45 && passes.leadSeconds == 0)
    #expect([passes.maximumReportCount, passes.maximumByteCount] == [7, 1_048_576])
  }

  @Test("announced passes come in the order of their beginnings, in UTC")
  func readsSchedule() throws {
    let passes = try passes(
      "schedule: [{ start: 2026-03-01T06:00:00Z, end: 2026-03-01T06:10:00Z }, "
        + "{ start: 2026-03-01T04:12:00Z, end: 2026-03-01T04:24:00Z, spacecraft_id: 42, link: a, label: orbit 412 }]")
    // 2026-03-01 is day 20513 since 1970.
    let day: Int64 = 20_513 * 86_400
    #expect(
      passes.schedule.map(\.start.nanosecondsSince1970)
        == [day + 4 * 3600 + 12 * 60, day + 6 * 3600].map { $0 * 1_000_000_000 })
    #expect(passes.schedule.map(\.spacecraftID) == [SpacecraftID(42), nil])
    #expect(passes.schedule.map(\.link) == ["a", nil] && passes.schedule.map(\.label) == ["orbit 412", nil])
    #expect(passes.schedule(of: "b").count == 1)
  }

  @Test("what is wrong with an announced pass is said where it stands")
  func refusesNonsense() {
    #expect(
      findings("schedule: [{ start: 2026-03-01T06:00:00Z, end: 2026-03-01T05:00:00Z }]").map { $0.prefix(36) }
        == ["1:58 the pass ends before it begins "].map { $0.prefix(36) })
    #expect(
      findings("schedule: [{ start: 2026-03-01T06:00:00Z, end: 2026-03-01T07:00:00Z, link: b }]").first?
        .hasPrefix("1:86 there is no link 'b'") == true)
    #expect(
      findings("schedule: [{ begin: 2026-03-01T06:00:00Z, end: 2026-03-01T07:00:00Z }]")
        .contains { $0.hasPrefix("1:24 unknown key 'begin' in passes.schedule[0]") })
    #expect(
      findings("schedule: [{ start: soon, end: 2026-03-01T07:00:00Z }]").first?
        .hasPrefix("1:31 passes.schedule[0].start must be a date and time") == true)
    #expect(
      findings(
        "schedule: [{ start: 2026-03-01T06:00:00Z, end: 2026-03-01T07:00:00Z }, "
          + "{ start: 2026-03-01T06:30:00Z, end: 2026-03-01T08:00:00Z }]"
      ).first?.hasPrefix("1:91 it overlaps the pass at downlinkd.yaml:1:31") == true)
    #expect(findings("schedule: nowhere.csv").first?.hasPrefix("1:21 nowhere.csv cannot be opened") == true)
  }

  @Test("two spacecraft may be announced at one time, and two links")
  func allowsParallelPasses() {
    let times = "start: 2026-03-01T06:00:00Z, end: 2026-03-01T07:00:00Z"
    #expect(findings("schedule: [{ \(times), spacecraft_id: 1 }, { \(times), spacecraft_id: 2 }]") == [])
  }

  @Test("bounds what is kept", arguments: ["max_reports: 0", "max_reports: 100001", "max_bytes: 1KiB", "lead: 2h"])
  func boundsNumbers(key: String) {
    #expect(findings(key).count == 1)
  }
}
