import StationConfiguration
import Testing

@Suite("A syntax error")
struct SyntaxErrorTests {
  @Test(
    "comes with its position and what to do, and the rest is read all the same",
    arguments: [
      (
        "description: a: b",
        "5:19 a ':' is not expected here | check the indentation, or put quotes around a text with ': ' in it"
      ),
      ("description", "5:5 a ':' is missing after this key | write 'key: value', with a space after the colon"),
      ("description: 'open", "5:18 the quote is never closed | close the quote on the same line"),
      ("description: \"open", "5:18 the quote is never closed | close the quote on the same line"),
      (
        "description: \"\\q\"",
        "5:19 the backslash begins no known escape | use single quotes, in which a backslash is a backslash"
      ),
      ("description: @home", "5:18 no value begins with this character | put quotes around the text"),
      (
        "description: &",
        "5:18 '&' and '*' begin anchors and aliases, which are not supported | put quotes around the text"
      ),
      ("limits: { virtual_channel_count: 1", "5:13 '{' is never closed | write { key: value, key: value }"),
      (
        "limits: { virtual_channel_count: 1 x: 2 }",
        "5:41 a ',' or '}' is missing here | write { key: value, key: value }"
      ),
      ("virtual_channels: [ { vcid: 1 }", "5:23 '[' is never closed | write [value, value]"),
      ("- description: a", "5:5 a key is expected here | the keys of a section begin in the same column"),
      (
        "description: - a",
        "5:18 a list item is not expected here | "
          + "begin the list on a line of its own, or put quotes around a '-' that is a value"
      ),
      ("description:\tab\n\tlimits: {}", "6:1 a tab in the indentation | indent with spaces: YAML allows no tabs"),
      (
        "virtual_channels:\n    -\tvcid: 1",
        "6:6 a tab stands where a space is needed | write spaces: YAML allows no tab here"
      ),
    ])
  func explainsSyntax(line: String, finding: String) {
    let text = station(link: line) + "unknown: 1\n"
    let found = findings(text, for: .replay)
    #expect(found.first == finding)
    #expect(found.last?.contains("unknown key 'unknown'") == true)
    #expect(found.count == 2)
  }

  @Test("is reported up to ten times, and nothing is called missing that may stand in what was not read")
  func reportsSeveral() {
    let text = "links:\n" + (0..<12).map { "  - name: link\($0): x\n" }.joined()
    let found = findings(text)
    #expect(found.count == 10)
    #expect(found.allSatisfy { $0.contains("a ':' is not expected here") })
    #expect(found.first?.hasPrefix("2:16 ") == true)
  }

  @Test("with tabs for indentation throughout is reported line by line, and the structure is understood")
  func understandsTabs() {
    let text = """
      station: test
      links:
      \t- name: a
      \t  frames:
      \t\t  type: tm
      \t\t  length: 0
      \t- name: b
      \t  frames: { type: tm, length: 1 }
      """
    let tab = "a tab in the indentation | indent with spaces: YAML allows no tabs"
    #expect(
      findings(text, for: .replay) == [
        "3:1 \(tab)", "4:1 \(tab)", "5:1 \(tab)", "6:1 \(tab)",
        "6:13 links[0].frames.length is 0, which is not in 7...65507 | write a number in 7...65507", "7:1 \(tab)",
        "8:1 \(tab)",
        "8:32 links[1].frames.length is 1, which is not in 7...65507 | write a number in 7...65507",
      ])
  }

  @Test("is shown with its line, shortened around the caret when it is long")
  func shortensLongLines() throws {
    let text = "station: \"" + String(repeating: "x", count: 5000) + "\" y\nlinks: []\n"
    let error = #expect(throws: ConfigurationErrors.self) {
      try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    }
    let excerpt = try #require(error?.problems.first?.excerpt)
    #expect(error?.problems.first?.column == 5013)
    #expect(excerpt.text == "..." + String(repeating: "x", count: 58) + "\" y")
    #expect(excerpt.caretIndentation == String(repeating: " ", count: 63))
  }
}
