import StationConfiguration
import Testing

@Suite("A broken configuration")
struct BrokenConfigurationTests {
  /// Everything that operators and attackers are known to write, in one file.
  private static let everything = """
    station: hoa-lac
    unknwon: 1
    a: &a [x, x, x]
    b: &b [*a, *a]
    links:
      - name: dss1
        input: { udp: "127.0.0.1:10017" }
    \tframes: { type: aos, frame_lenght: 1113, length: long }
      - name: dss1
        input: { udp: "127.0.0.1:10018" }
        frames: { type: aos, length: 010, ocf: no }
        quiet_after: 12:30
    """

  /// What it is answered with: the place, the line, a caret below the column and a hint.
  private static let answer = """
    downlinkd.yaml:2:1: error: unknown key 'unknwon'
    unknwon: 1
    ^
    hint: the keys here are 'station', 'description', 'links', 'logs', 'status', 'state', 'metrics', 'passes', \
    'web', 'stats_interval', 'stop_timeout'
    downlinkd.yaml:3:1: error: unknown key 'a'
    a: &a [x, x, x]
    ^
    hint: the keys here are 'station', 'description', 'links', 'logs', 'status', 'state', 'metrics', 'passes', \
    'web', 'stats_interval', 'stop_timeout'
    downlinkd.yaml:3:4: error: anchors are not supported
    a: &a [x, x, x]
       ^
    hint: delete it, and write the value out where it is used
    downlinkd.yaml:4:1: error: unknown key 'b'
    b: &b [*a, *a]
    ^
    hint: the keys here are 'station', 'description', 'links', 'logs', 'status', 'state', 'metrics', 'passes', \
    'web', 'stats_interval', 'stop_timeout'
    downlinkd.yaml:4:4: error: anchors are not supported
    b: &b [*a, *a]
       ^
    hint: delete it, and write the value out where it is used
    downlinkd.yaml:4:8: error: aliases are not supported
    b: &b [*a, *a]
           ^
    hint: write the value out here
    downlinkd.yaml:4:12: error: aliases are not supported
    b: &b [*a, *a]
               ^
    hint: write the value out here
    downlinkd.yaml:8:1: error: a tab in the indentation
    \tframes: { type: aos, frame_lenght: 1113, length: long }
    ^
    hint: indent with spaces: YAML allows no tabs
    downlinkd.yaml:8:23: error: unknown key 'frame_lenght' in links[0].frames
    \tframes: { type: aos, frame_lenght: 1113, length: long }
    \t                     ^
    hint: did you mean 'length'?
    downlinkd.yaml:8:51: error: links[0].frames.length must be a whole number, not 'long'
    \tframes: { type: aos, frame_lenght: 1113, length: long }
    \t                                                 ^
    hint: write digits only, such as 7, or 0x and hexadecimal digits
    downlinkd.yaml:9:11: error: duplicate link 'dss1'; the first is at downlinkd.yaml:6:11
      - name: dss1
              ^
    hint: give each link a name of its own
    downlinkd.yaml:11:34: error: '010' is ambiguous: some YAML readers take it for octal 8
        frames: { type: aos, length: 010, ocf: no }
                                     ^
    hint: write 10, or 8 if octal was meant
    downlinkd.yaml:11:44: error: links[1].frames.ocf must be true or false, not 'no'
        frames: { type: aos, length: 010, ocf: no }
                                               ^
    hint: write false
    downlinkd.yaml:12:18: error: '12:30' is ambiguous: some YAML readers take it for 750, in base 60
        quiet_after: 12:30
                     ^
    hint: write a plain number, such as 750

    """

  @Test("reports every problem at once, each with its position, its line and a hint")
  func reportsEverything() {
    let error = #expect(throws: ConfigurationErrors.self) {
      try StationConfiguration.parse(text: Self.everything, fileName: "downlinkd.yaml")
    }
    #expect(error?.rendered == Self.answer)
  }

  @Test("is reported the same way every time")
  func reportsDeterministically() {
    let first = findings(Self.everything)
    for _ in 0..<20 { #expect(findings(Self.everything) == first) }
  }

  @Test("says with each problem which key it is about")
  func namesKeyPaths() {
    let error = #expect(throws: ConfigurationErrors.self) {
      try StationConfiguration.parse(text: Self.everything, fileName: "downlinkd.yaml")
    }
    let paths = error?.problems.map(\.keyPath)
    #expect(
      paths == [
        "unknwon", "a", "a", "b", "b", "b[0]", "b[1]", "", "links[0].frames.frame_lenght", "links[0].frames.length",
        "links[1].name", "links[1].frames.length", "links[1].frames.ocf", "links[1].quiet_after",
      ])
  }

  @Test("of thousands of problems keeps two hundred and counts the others")
  func boundsProblems() {
    let text = "station: a\nlinks: []\n" + (0..<3000).map { "key\($0): 1\n" }.joined()
    let error = #expect(throws: ConfigurationErrors.self) {
      try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    }
    #expect(error?.problems.count == 200)
    #expect(error?.omittedCount == 2801)
    #expect(error?.rendered.hasSuffix("... and 2801 more\n") == true)
  }
}
