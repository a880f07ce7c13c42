import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("The mission database of a link, and what is done with its parameters")
struct MissionTests {
  @Test("one file or several; relative ones are from where the configuration is")
  func readsFiles() throws {
    for (text, files) in [
      ("mission_database: a.xml", ["a.xml"]), ("mission_database: [a.xml, /mdb/b.xml]", ["a.xml", "/mdb/b.xml"]),
    ] {
      #expect(try link(station(link: text)).mission == MissionConfiguration(files: files))
    }
    let text = station(link: "mission_database: [mdb/a.xml, /b.xml]")
    let parsed = try StationConfiguration.parse(text: text, fileName: "/etc/downlinkd/downlinkd.yaml", for: .replay)
    #expect(parsed.links[0].mission?.files == ["/etc/downlinkd/mdb/a.xml", "/b.xml"])
    #expect(parsed.places["links[0].mission_database"]?.line == 5)
  }

  @Test("without one there is none")
  func hasNone() throws {
    #expect(try link(station()).mission == nil)
  }

  @Test("everything that can be said of parameters")
  func readsParameters() throws {
    let text = station(
      link: "mission_database: a.xml", "parameters:", "  root_container: /SAT/Packet", "  lenient: true",
      "  stored_virtual_channels: [2, 63]", "  clock_set_back_after: 10m", "  limit_sets:",
      "    - from: 2026-03-01T00:00:00Z", "      mission_database: b.xml",
      "    - { from: \"2016-12-31T23:59:60Z\", mission_database: [c.xml, d.xml] }")
    var mission = MissionConfiguration(files: ["a.xml"])
    mission.rootContainer = "/SAT/Packet"
    mission.isLenient = true
    mission.storedChannels = [VirtualChannelID(2), VirtualChannelID(63)]
    mission.clockSetBackSeconds = 600
    // Days since 1958-01-01, by `date -d`: 21550 to 2017, 24896 to 2026-03-01. TAI was 36 s ahead of UTC before the
    // leap second at the end of 2016, which is the last second of 37, and is 37 s ahead since.
    let leap = try #require(TAIInstant(seconds: 21_550 * 86_400 + 36))
    let spring = try #require(TAIInstant(seconds: 24_896 * 86_400 + 37))
    mission.limitSets = [
      LimitSetConfiguration(validFrom: leap, files: ["c.xml", "d.xml"]),
      LimitSetConfiguration(validFrom: spring, files: ["b.xml"]),
    ]
    #expect(try link(text).mission == mission)
  }

  @Test("a database describes one spacecraft: a link that is to carry several is refused, where the database is named")
  func refusesSeveralSpacecraft() throws {
    func text(_ identifiers: String) -> String {
      """
      station: s
      links:
        - name: a
          frames: { type: aos, length: 100, spacecraft_id: \(identifiers) }
          mission_database: a.xml
      """
    }
    #expect(try link(text("0x2a")).mission != nil)
    let found = findings(text("[0x2a, 0x2b]"), for: .replay)
    #expect(found.count == 1, "\(found)")
    #expect(
      found.first?.hasPrefix("5:23 a mission database describes one spacecraft, and this link carries 2 | make a link")
        == true, "\(found)")
  }

  @Test("channels of stored data are those of the link, too, whose clock is not theirs")
  func tellsLinkOfStoredChannels() throws {
    let text = """
      station: s
      links:
        - name: a
          frames: { type: aos, length: 100, spacecraft_id: 0x2a }
          mission_database: a.xml
          parameters: { stored_virtual_channels: [7, 2] }
      """
    guard case .frames(let channel) = try link(text).parameters else {
      Issue.record("a link of frames is none")
      return
    }
    #expect(channel.storedVirtualChannels == [VirtualChannelID(2), VirtualChannelID(7)])
  }

  @Test(
    "what is wrong is told where it stands",
    arguments: [
      ("mission_database: []", "5:23 a mission database of 0 files | name 1 to 64 XTCE files"),
      ("mission_database: 7", "5:23 '7' is not a text | put quotes around it: \"7\""),
      ("mission_database: { file: a.xml }", "5:23 links[0].mission_database must be a list, not a section of keys"),
      ("parameters: { lenient: true }", "5:17 'parameters' needs a mission database"),
    ])
  func refuses(line: String, finding: String) {
    let found = findings(station(link: line), for: .replay)
    #expect(found.count == 1 && found[0].hasPrefix(finding), "\(found)")
  }

  @Test(
    "so is what is wrong with parameters",
    arguments: [
      ("stored_virtual_channels: [64]", "stored_virtual_channels[0] is 64, which is not in 0...63"),
      ("clock_set_back_after: 0", "which is not in 1s...1d"), ("lenient: perhaps", "lenient"),
      ("limit_sets: [{ from: 2026-03-01T00:00:00Z }]", "'mission_database' is missing"),
      ("limit_sets: [{ mission_database: b.xml }]", "'from' is missing"),
      ("limit_sets: [{ from: 2026-13-01T00:00:00Z, mission_database: b.xml }]", "must be a date and time"),
      ("limit_sets: [{ from: 2026-03-01T23:59:60Z, mission_database: b.xml }]", "must be a date and time"),
      (
        "limit_sets: [{ from: 2026-03-01T00:00:00Z, mission_database: b.xml }, "
          + "{ from: 2026-03-01T00:00:00.0Z, mission_database: c.xml }]", "another set begins at the same time"
      ),
      ("rootcontainer: x", "did you mean 'root_container'?"), ("mission_database: x", "write it beside 'parameters'"),
    ])
  func refusesParameters(line: String, finding: String) {
    let found = findings(station(link: "mission_database: a.xml", "parameters: { \(line) }"), for: .replay)
    #expect(found.count == 1 && found[0].contains(finding), "\(found)")
  }
}
