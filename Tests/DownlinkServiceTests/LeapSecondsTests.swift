import CCSDSLink
import CCSDSWire
import DownlinkService
import FoundationEssentials
import LinkHealth
import StationConfiguration
import Testing

@Suite("The list of leap seconds of this host")
struct LeapSecondsTests {
  private static let second: Int64 = 1_000_000_000

  /// The list until 2017, with an expiry in seconds since 1900.
  private static func list(expiry: Int64) -> [UInt8] {
    var text = "#@ \(expiry)\n"
    for row in LeapSecondTable.builtIn.rows {
      // 1958-01-01 is 21,184 days after 1900-01-01.
      text += "\((row.day + 21_184) * 86_400) \(row.offset)\n"
    }
    return Array(text.utf8)
  }

  private static func station(timeCode: String) throws -> StationConfiguration {
    let text = """
      station: test
      links:
        - { name: a, input: { udp: "127.0.0.1:1" , format: packets }, packets: { time_code: \(timeCode) } }
      """
    return try StationConfiguration.parse(text: text, fileName: "test")
  }

  @Test("the list of the host counts when it holds for longer than what is built in")
  func takesLaterList() throws {
    let folder = try TemporaryFolder()
    // 2030-01-01 and 2026-06-28: seconds since 1900 are those of UNIX and 2,208,988,800.
    let later = try folder.write(Self.list(expiry: 1_893_456_000 + 2_208_988_800), to: "later")
    let earlier = try folder.write(Self.list(expiry: 1_782_604_800 + 2_208_988_800), to: "earlier")
    #expect(LeapSeconds(paths: [later]).path == later)
    #expect(LeapSeconds(paths: [earlier]).path == nil)
    #expect(LeapSeconds(paths: [earlier]).table == .builtIn)
    #expect(LeapSeconds(paths: [folder.path("none"), later]).path == later)
    // A host need not have one.
    let none = LeapSeconds(paths: [folder.path("none")])
    #expect(none.path == nil)
    #expect(none.refusals == [])
  }

  @Test("a damaged list is no failure: the next one, or what is built in, takes its place")
  func survivesDamage() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(Self.list(expiry: 1_893_456_000 + 2_208_988_800), to: "good")
    for (name, bytes) in [
      ("html", Array("<html>\n".utf8)), ("empty", []), ("long", [UInt8](repeating: 0x23, count: 1 << 20)),
    ] {
      let path = try folder.write(bytes, to: name)
      let leapSeconds = LeapSeconds(paths: [path, good])
      #expect(leapSeconds.path == good)
      #expect(leapSeconds.refusals.map(\.path) == [path])
      #expect(LeapSeconds(paths: [path]).table == .builtIn)
    }
    // What is no file cannot be read, and so is not there.
    #expect(LeapSeconds(paths: [folder.url.path]).path == nil)
  }

  @Test("an expired list is a problem from that moment on, where times are read, and nothing else")
  func expires() throws {
    let leapSeconds = LeapSeconds(paths: [])
    // 2027-06-28T00:00:00Z.
    let expiry: Int64 = 1_814_140_800 * Self.second
    let reading = try Self.station(timeCode: "cds")
    #expect(leapSeconds.problems(at: expiry - 1, of: reading) == [])
    let problems = leapSeconds.problems(at: expiry, of: reading)
    #expect(problems.map(\.code) == [.leapListExpired])
    #expect(problems.map(\.severity) == [.warning])
    #expect(problems.map(\.message) == ["the list of leap seconds (the one built in) expired on 2027-06-28"])
    #expect(problems.first?.since?.rfc3339 == "2027-06-28T00:00:00.000000Z")
    #expect(problems.first?.hint.contains("tzdata") == true)
    #expect(problems.first?.code.rawValue == "leap_list_expired")
    // Nobody needs it where no times are read.
    #expect(leapSeconds.problems(at: expiry, of: try Self.station(timeCode: "none")) == [])
  }

  @Test("check tells of a damaged list, and of one that has expired")
  func warns() throws {
    let folder = try TemporaryFolder()
    let bad = try folder.write(Array("x\n".utf8), to: "bad")
    let leapSeconds = LeapSeconds(paths: [bad])
    let reading = try Self.station(timeCode: "cds")
    let now: Int64 = 1_795_252_139 * Self.second
    #expect(leapSeconds.warnings(at: now, of: reading).map(\.file) == [bad])
    #expect(leapSeconds.warnings(at: now, of: reading).allSatisfy { $0.severity == .warning })
    #expect(leapSeconds.warnings(at: now + 31_536_000 * Self.second, of: reading).count == 2)
    #expect(leapSeconds.warnings(at: now, of: try Self.station(timeCode: "none")) == [])
  }
}
