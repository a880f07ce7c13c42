import StationConfiguration
import Testing

@Suite("The YAML that is read")
struct SyntaxTests {
  private static let valid = station()

  @Test("may begin with a byte order mark and end its lines with CR LF or CR")
  func takesEveryLineEnd() throws {
    let plain = try link(Self.valid)
    #expect(try link("\u{FEFF}" + Self.valid) == plain)
    #expect(try link(Self.valid.split(separator: "\n").joined(separator: "\r\n")) == plain)
    #expect(try link(Self.valid.split(separator: "\n").joined(separator: "\r")) == plain)
    #expect(findings("\u{FEFF}station: a\r\nlinks: []\r\nx1: 2\r\n").last?.hasPrefix("3:1 unknown key 'x1'") == true)
  }

  @Test("has a value", arguments: ["", "\n\n", "# nothing but words\n", "---\n", "\u{FEFF}", "---\n...\n"])
  func refusesEmptyFile(text: String) {
    let hint = "a first station takes ten lines: see /usr/share/doc/downlinkd/examples/minimal.yaml"
    #expect(findings(text) == ["1:1 the file is empty | \(hint)"])
  }

  @Test(
    "is UTF-8 text without control characters",
    arguments: [
      ([0xFF], "a byte here is not UTF-8 text | save the file as UTF-8"),
      ([0xC3], "a byte here is not UTF-8 text | save the file as UTF-8"),
      ([0xED, 0xA0, 0x80], "a byte here is not UTF-8 text | save the file as UTF-8"),
      ([0x00], "a NUL byte is not text | delete it; perhaps the file is not the configuration"),
      ([0x1B], "control character 0x1b is not text | delete it"),
      ([0x7F], "control character 0x7f is not text | delete it"),
      ([0xC2, 0x85], "control character 0x85 is not text | delete it"),
      ([0xE2, 0x80, 0xA8], "a Unicode line separator is not a line end here | break the line with Enter"),
      (
        [0xEF, 0xBB, 0xBF], "a byte order mark in the middle of the file | delete it; it is invisible in most editors"
      ),
      ([0xEF, 0xBF, 0xBF], "U+FFFF is not a character | delete it"),
    ] as [([UInt8], String)])
  func refusesWhatIsNoText(bytes: [UInt8], finding: String) {
    let text = Array("# \u{E9}\u{1F6F0}\n# ".utf8) + bytes + Array("\n\(Self.valid)".utf8)
    #expect(findings(bytes: text, for: .replay).first == "2:3 \(finding)")
  }

  @Test("is not UTF-16", arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
  func refusesUTF16(bytes: [UInt8]) {
    #expect(findings(bytes: bytes).first == "1:1 the file is UTF-16 | save it as UTF-8")
  }

  @Test(
    "has no anchors, aliases, tags, merge keys or directives",
    arguments: [
      ("description: &x text", "5:18 anchors are not supported | delete it, and write the value out where it is used"),
      ("description: *x", "5:18 aliases are not supported | write the value out here"),
      ("*x : text", "5:5 aliases are not supported | write the value out here"),
      ("description: !!str text", "5:18 tags are not supported | delete it: every key knows the type of its value"),
      ("description: ! text", "5:18 tags are not supported | delete it: every key knows the type of its value"),
      ("limits: !a {}", "5:13 tags are not supported | delete it: every key knows the type of its value"),
      (
        "virtual_channels: !a [vcid: 1]",
        "5:23 tags are not supported | delete it: every key knows the type of its value"
      ),
      ("<<: { a: 1 }", "5:5 merge keys are not supported | write the keys out here"),
      ("? [a, b]\n    : 1", "5:7 a key must be a word, not a list | write 'key: value'"),
      ("{ a: 1 }: 1", "5:5 a key must be a word, not a section of keys | write 'key: value'"),
      ("\"\": 1", "5:5 a key is missing before ':' | write 'key: value'"),
      (
        "quiet_after: 1\n    quiet_after: 2",
        "6:5 duplicate key 'quiet_after'; the first is at line 5, column 5 | keep one of the two"
      ),
    ])
  func refusesCleverness(line: String, finding: String) {
    #expect(findings(station(link: line), for: .replay) == [finding])
  }

  @Test("takes the characters of aliases, tags and keys as text in quotes and comments")
  func takesQuotedIndicators() throws {
    let link = try link(station(link: "description: \"&a *b !c <<: 1\" # &a *b"))
    #expect(link.description == "&a *b !c <<: 1")
  }

  @Test("has no directives, and one document")
  func refusesDirectivesAndDocuments() {
    #expect(
      findings("%YAML 1.2\n%TAG ! x\n---\n\(Self.valid)", for: .replay) == [
        "1:1 YAML directives are not supported | delete the line",
        "2:1 YAML directives are not supported | delete the line",
      ])
    #expect(
      findings("\(Self.valid)---\n\(Self.valid)", for: .replay) == [
        "5:1 a second document begins here | one file holds one document: put the rest into conf.d/"
      ])
    #expect(
      findings("\(Self.valid)...\n%TAG ! x\n", for: .replay) == [
        "6:1 the document above has ended before this | write one section of keys"
      ])
    #expect(findings("---\n\(Self.valid)...\n# the end\n", for: .replay) == [])
  }

  @Test("is at most 1 MiB long, 10,000 values large and 32 sections deep")
  func boundsFile() {
    let long = Array("station: ".utf8) + [UInt8](repeating: 0x61, count: 10_000_000)
    #expect(
      findings(bytes: long) == [
        "1:1048577 the file is longer than 1048576 bytes | "
          + "a configuration takes a few kilobytes; perhaps this is another file"
      ])
    let full = Self.valid + String(repeating: "#", count: 1_048_576 - Self.valid.utf8.count)
    #expect(findings(full, for: .replay) == [])
    #expect(findings(full + "#", for: .replay).count == 1)
    let wide = "x: [" + String(repeating: "a,", count: 9996) + "a]\n"
    #expect(findings(wide).contains { $0.contains("more than 10000 values") } == false)
    #expect(
      findings("y: 1\n" + wide).contains(
        "2:19995 the file has more than 10000 values | split the station into several daemons"))
    let deep = "x: " + String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
    #expect(findings(deep).contains { $0.contains("deep") } == false)
    #expect(
      findings("x: " + String(repeating: "[", count: 32) + String(repeating: "]", count: 32)).contains(
        "1:35 sections are nested more than 32 deep | no key of this language needs it"))
  }

  @Test(
    "nested without end is refused where it begins",
    arguments: ["[", "{a: ", "- ", "? ", "[{b: ", "[[[[\n"])
  func refusesDeepNesting(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    #expect(findings(text).contains { $0.contains("sections are nested more than 32 deep") })
  }

  @Test("takes no time for an alias bomb")
  func refusesAliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    let found = findings(text)
    #expect(found.contains("1:5 anchors are not supported | delete it, and write the value out where it is used"))
    #expect(found.contains("2:10 aliases are not supported | write the value out here"))
    #expect(found.count == 200)
  }
}
