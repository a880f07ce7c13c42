import CCSDSLink
import LinkHealth
import Testing

@Suite("Report detail: what there is many of gives way, and is counted")
struct ReportDetailTests {
  /// Two passes of a TM channel, each with one frame missing and a packet of one application process in each frame.
  private static func report(_ detail: ReportDetail) -> String {
    var bench = Bench(Bench.parameters(.tm, 19))
    for (second, count) in [(1, 0), (2, 2), (1001, 3), (1002, 5)] {
      let packet: [UInt8] = [0x00, 0x07, 0xC0, UInt8(count), 0x00, 0x04, 1, 2, 3, 4, 5]
      bench.receive(FrameMaker.tm(master: count, count: count, pointer: 0, zone: packet), at: Double(second))
    }
    let snapshot = bench.snapshot()
    #expect(snapshot.isBalanced)
    var json = JSONWriter()
    json.object { snapshot.write(to: &$0, problems: [], detail: detail) }
    return json.text
  }

  @Test("everything has the gaps of every pass")
  func writesEverything() {
    let report = Self.report(.everything)
    #expect(report.split(separator: #""expected":"#).count == 3)
    #expect(!report.contains("omitted"))
  }

  @Test("only the newest pass keeps its gaps; those of the others are counted")
  func keepsNewestGaps() {
    let report = Self.report(.newestGaps)
    #expect(report.split(separator: #""expected":"#).count == 2)
    #expect(report.contains(#""missing":1,"gaps":[],"gaps_omitted":1},{"start":"1970-01-01T00:16:41.000000Z""#))
    #expect(report.contains(#""apids":[{"#))
  }

  @Test("then application processes go, then channels and the last gaps")
  func leavesOut() {
    let channels = Self.report(.channels)
    #expect(channels.contains(#""apids":[],"apids_omitted":1,"#))
    #expect(channels.contains(#""virtual_channels":[{"#))
    #expect(channels.split(separator: #""expected":"#).count == 2)
    let counts = Self.report(.counts)
    #expect(counts.contains(#""virtual_channels":[],"virtual_channels_omitted":1,"#))
    #expect(counts.contains(#""apids":[],"apids_omitted":1,"#))
    #expect(!counts.contains("expected"))
  }
}
