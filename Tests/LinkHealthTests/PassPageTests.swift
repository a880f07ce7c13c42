import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("The page of a report")
struct PassPageTests {
  private static let hostile = "</title><script>alert(1)</script>\"'&\u{1B}[2J\u{202E}"

  /// A pass whose every text is hostile.
  private static var report: PassReport {
    var report = PassReport(link: "dss1")
    report.id = "dss1-20261121T092437Z"
    report.start = ReceptionTime(nanosecondsSince1970: 1_795_253_077_000_000_000)
    report.end = ReceptionTime(nanosecondsSince1970: 1_795_253_677_000_000_000)
    report.ending = .silence
    report.announced = ScheduledPass(
      start: ReceptionTime(nanosecondsSince1970: 1_795_253_000_000_000_000),
      end: ReceptionTime(nanosecondsSince1970: 1_795_254_000_000_000_000), label: hostile)
    let identity = VirtualChannelIdentity(spacecraftID: SpacecraftID(42), virtualChannelID: VirtualChannelID(1))
    report.channels = [PassChannel(key: PassChannelKey(identity), name: hostile)]
    return report
  }

  @Test("whatever stands in a text, no element and no attribute begins there")
  func escapes() {
    let html = PassPage(Self.report).html
    #expect(!html.contains("<script") && !html.contains("alert(1)<"))
    #expect(html.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"))
    #expect(!html.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    let text = PassText(Self.report).lines.joined(separator: "\n")
    #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E })
  }

  @Test("it asks for nothing: no script, no address, no other file")
  func isSelfContained() {
    let html = PassPage(Self.report).html
    for word in ["http:", "https:", "src=", "href=", "@import", "<link", "<iframe", "<img"] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'"))
  }

  @Test("the JSON of the report is one line, with its texts escaped")
  func escapesJSON() {
    let json = Self.report.json(.builtIn)
    #expect(!json.contains("\n") && json.contains(#"\u001b[2J"#))
  }

  @Test("a table has no field that a text could break: there are only numbers and times in it")
  func hasNoTextInTables() {
    #expect(GapList(Self.report).csv(.builtIn).split(separator: "\n").count == 1)
  }
}
