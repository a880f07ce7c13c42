import CCSDSLink
import StationConfiguration
import Testing

@Suite("A value is what its key wants, and never guessed at")
struct ScalarTests {
  @Test(
    "a whole number is plain decimal or hexadecimal",
    arguments: [("7", 7), ("1115", 1115), ("0x45B", 1115), ("0X45b", 1115), ("+8", 8), ("65507", 65_507)])
  func readsInteger(word: String, value: Int) throws {
    guard case .frames(let channel) = try link(station(frames: "type: tm, length: \(word)")).parameters else {
      Issue.record("no frames")
      return
    }
    #expect(channel.frameByteCount == value)
  }

  @Test(
    "anything else is refused as a whole number",
    arguments: [
      ("010", "'010' is ambiguous: some YAML readers take it for octal 8 | write 10, or 8 if octal was meant"),
      ("00", "'00' begins with a zero | write 0"),
      ("007", "'007' begins with a zero | write 7"),
      ("0089", "'0089' begins with a zero | write 89"),
      ("0o17", "'0o17' is not decimal or hexadecimal | write 15"),
      ("0b11", "'0b11' is not decimal or hexadecimal | write 3"),
      ("1_115", "'1_115' has '_' in a number | write 1115"),
      (
        "12:30",
        "'12:30' is ambiguous: some YAML readers take it for 750, in base 60 | write a plain number, such as 750"
      ),
      (
        "1:02:03",
        "'1:02:03' is ambiguous: some YAML readers take it for 3723, in base 60 | write a plain number, such as 3723"
      ),
      ("1e3", "'1e3' is not a plain number | write 1000"),
      ("1e-3", "'1e-3' is not a plain number | write digits and one point only"),
      ("1.", "'1.' is not a plain number | write 1"),
      ("'1115'", "'1115' in quotes is a text | write 1115 without quotes"),
      ("\"1115\"", "'1115' in quotes is a text | write 1115 without quotes"),
      ("1.5", "L must be a whole number, not '1.5' | write digits only, such as 7, or 0x and hexadecimal digits"),
      ("true", "L must be a whole number, not 'true' | write digits only, such as 7, or 0x and hexadecimal digits"),
      ("no", "L must be a whole number, not 'no' | write digits only, such as 7, or 0x and hexadecimal digits"),
      (".inf", "L must be a whole number, not '.inf' | write digits only, such as 7, or 0x and hexadecimal digits"),
      ("0x", "L must be a whole number, not '0x' | write digits only, such as 7, or 0x and hexadecimal digits"),
      (
        "1115 bytes",
        "L must be a whole number, not '1115 bytes' | write digits only, such as 7, or 0x and hexadecimal digits"
      ),
      ("~", "L has no value | write a whole number, or leave the key out"),
      ("[1115]", "L must be a whole number, not a list | write a whole number"),
      ("{ a: 1 }", "L must be a whole number, not a section of keys | write a whole number"),
      ("-1", "L is -1, which is not in 7...65507 | write a number in 7...65507"),
      ("99999999999999999999", "L is 99999999999999999999, which is not in 7...65507 | write a number in 7...65507"),
    ])
  func refusesInteger(word: String, finding: String) {
    let text = station(frames: "type: tm, length: \(word)")
    let expected = finding.replacing(
      "L ", with: "links[0].frames.length ", maxReplacements: finding.hasPrefix("L ") ? 1 : 0)
    #expect(findings(text, for: .replay) == ["4:33 \(expected)"])
  }

  @Test("an empty value is none")
  func refusesEmptyValues() {
    #expect(
      findings(station(link: "description:", "quiet_after:", "frames:"), for: .replay) == [
        "5:17 links[0].description has no value | write a text, or leave the key out",
        "6:17 links[0].quiet_after has no value | write seconds, or such as 90s, 5m or 1h, or leave the key out",
        "7:5 duplicate key 'frames'; the first is at line 4, column 5 | keep one of the two",
      ])
  }

  @Test("a boolean is true or false")
  func readsBoolean() throws {
    for value in [true, false] {
      let link = try link(station(frames: "type: aos, length: 1115, ocf: \(value)"))
      guard case .frames(let channel) = link.parameters else { continue }
      #expect(channel.hasOperationalControlField == value)
    }
  }

  @Test(
    "nothing else is a boolean",
    arguments: [
      ("yes", "write true"), ("Yes", "write true"), ("on", "write true"), ("y", "write true"), ("True", "write true"),
      ("no", "write false"), ("NO", "write false"), ("off", "write false"), ("n", "write false"),
      ("FALSE", "write false"), ("1", "write true or false"), ("maybe", "write true or false"),
      ("\"true\"", "write true without quotes"),
    ])
  func refusesBoolean(word: String, hint: String) {
    let bare = word.replacing("\"", with: "")
    #expect(
      findings(station(frames: "type: aos, length: 1115, ocf: \(word)"), for: .replay) == [
        "4:45 links[0].frames.ocf must be true or false, not '\(bare)' | \(hint)"
      ])
  }

  @Test("a text may be plain or in quotes")
  func readsText() throws {
    #expect(try link(station(link: "description: 3.7 m antenna")).description == "3.7 m antenna")
    #expect(try link(station(link: "description: \"no\"")).description == "no")
    #expect(try link(station(link: "description: '010'")).description == "010")
    #expect(try link(station(link: "description: Đài mặt đất")).description == "Đài mặt đất")
  }

  @Test(
    "what some YAML reader takes for another type is not a text without quotes",
    arguments: [
      ("no", "'no' is ambiguous: some YAML readers take it for a boolean | put quotes around it: \"no\""),
      ("true", "'true' is not a text | put quotes around it: \"true\""),
      ("42", "'42' is not a text | put quotes around it: \"42\""),
      ("4.2", "'4.2' is not a text | put quotes around it: \"4.2\""),
      ("010", "'010' is ambiguous: some YAML readers take it for octal 8 | put quotes around a text: \"010\""),
      (
        "12:30",
        "'12:30' is ambiguous: some YAML readers take it for 750, in base 60 | put quotes around a text: \"12:30\""
      ),
      ("null", "D has no value | write a text, or leave the key out"),
      ("\"\"", "D is empty | write a text, or leave the key out"),
      ("[a]", "D must be a text, not a list | write a text"),
      ("\"a\\nb\"", "D must be one line without control characters | write it on one line"),
      ("\"a\\0b\"", "D must be one line without control characters | write it on one line"),
    ])
  func refusesText(word: String, finding: String) {
    let expected = finding.hasPrefix("D ") ? "links[0].description" + finding.dropFirst() : finding
    #expect(findings(station(link: "description: \(word)"), for: .replay) == ["5:18 \(expected)"])
  }

  @Test(
    "a duration is a number of seconds, or has a unit",
    arguments: [
      ("90", 90), ("90s", 90), ("\"90s\"", 90), ("2.5", 2.5), ("1500ms", 1.5), ("5m", 300), ("1.5h", 5400),
      ("1d", 86_400),
      ("5 m", 300),
    ] as [(String, Double)])
  func readsDuration(word: String, seconds: Double) throws {
    #expect(try link(station(link: "quiet_after: \(word)")).quietAfterSeconds == seconds)
  }

  @Test(
    "nothing else is a duration",
    arguments: [
      "'90'", "5 minutes", "5M", "m", "-5", "-5s", "1:30", "05", "5e1", "0x10s", "nan", "inf", ".5", "true", "1m30s",
      "999ms", "25h", "[5]", "\"\"",
    ])
  func refusesDuration(word: String) {
    let found = findings(station(link: "quiet_after: \(word)"), for: .replay)
    #expect(found.count == 1 && found[0].hasPrefix("5:18 "))
  }

  @Test(
    "a size is a number of bytes, or has a unit",
    arguments: [("65536", 65_536), ("64KiB", 65_536), ("1.5MiB", 1_572_864), ("1GiB", 1 << 30)])
  func readsSize(word: String, byteCount: Int) throws {
    let link = try link(station(link: "input: { udp: \"127.0.0.1:1\", receive_buffer_bytes: \(word) }"))
    guard case .udp(let socket) = link.input else {
      Issue.record("no socket")
      return
    }
    #expect(socket.receiveBufferByteCount == byteCount)
  }

  @Test(
    "nothing else is a size",
    arguments: [
      ("64K", "must be a size, not '64K' | write bytes, or such as 512KiB, 64MiB or 1GiB"),
      ("64MB", "must be a size, not '64MB' | write bytes, or such as 512KiB, 64MiB or 1GiB"),
      (
        "65535",
        "is 65535, which is not in 64KiB...1GiB | write bytes, or such as 512KiB, 64MiB or 1GiB, in 64KiB...1GiB"
      ),
      (
        "2GiB", "is 2GiB, which is not in 64KiB...1GiB | write bytes, or such as 512KiB, 64MiB or 1GiB, in 64KiB...1GiB"
      ),
    ])
  func refusesSize(word: String, finding: String) {
    let text = station(link: "input: { udp: \"127.0.0.1:1\", receive_buffer_bytes: \(word) }")
    #expect(findings(text, for: .replay) == ["5:56 links[0].input.receive_buffer_bytes \(finding)"])
  }
}
