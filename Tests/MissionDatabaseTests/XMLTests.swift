import MissionDatabase
import Testing

@Suite("XML that is not read, because of what it is or what it would cost")
struct XMLTests {
  @Test(
    "a DOCTYPE is refused where it stands, whatever is in it",
    arguments: [
      "<!DOCTYPE SpaceSystem [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
      "<!DOCTYPE SpaceSystem [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
      "<!DOCTYPE SpaceSystem SYSTEM \"http://127.0.0.1/x.dtd\">",
      "<!DOCTYPE SpaceSystem>",
    ])
  func refusesDoctype(declaration: String) throws {
    let problems = XTCEText.problems("<?xml version=\"1.0\"?>\n \(declaration)<SpaceSystem name=\"&b;&x;\"/>")
    #expect(problems.count == 1)
    let first = try #require(problems.first)
    #expect(first.hasPrefix("test.xml:2:2: error: a DOCTYPE is not read"))
  }

  @Test("an entity that nobody declared is refused with its line")
  func refusesUndefinedEntity() {
    #expect(
      XTCEText.problems("<SpaceSystem\nname=\"S\">&x;</SpaceSystem>") == [
        "test.xml:2:10: error: the XML is not well-formed: undefined entity\n"
      ])
  }

  @Test("elements may lie 64 deep within each other, and not deeper")
  func boundsDepth() throws {
    let nested = { (depth: Int) in
      "<SpaceSystem name=\"S\">" + String(repeating: "<a>", count: depth - 1)
        + String(repeating: "</a>", count: depth - 1) + "</SpaceSystem>"
    }
    #expect(XTCEText.problems(nested(64)) == [])
    // 22 characters, and 63 times 3.
    #expect(
      XTCEText.problems(nested(65)) == [
        "test.xml:1:212: error: <a>: elements lie deeper than 64 within each other\n"
      ])
    // The same without any end: what is refused is refused before it is all read.
    let endless = String(repeating: "<SpaceSystem name=\"a\">", count: 100_000)
    #expect(XTCEText.problems(endless).first?.contains("deeper than 64") == true)
  }

  @Test("space systems may lie 16 deep within each other")
  func boundsSpaceSystems() {
    let nested = { (depth: Int) in
      String(repeating: "<SpaceSystem name=\"a\">", count: depth) + String(repeating: "</SpaceSystem>", count: depth)
    }
    #expect(XTCEText.problems(nested(16)) == [])
    #expect(XTCEText.problems(nested(17)).first?.contains("deeper than 16 within each other") == true)
  }

  @Test("an attribute of 16 KiB is read, and a longer one refused")
  func boundsAttributes() {
    let text = { (count: Int) in "<SpaceSystem name=\"S\" x=\"\(String(repeating: "a", count: count))\"/>" }
    #expect(XTCEText.problems(text(16_384)) == [])
    #expect(XTCEText.problems(text(16_385)).first?.contains("longer than 16384 bytes") == true)
  }

  @Test("an element has 64 attributes at most")
  func boundsAttributeCount() {
    let text = { (count: Int) in
      "<SpaceSystem name=\"S\" \((1..<count).map { "a\($0)=\"\"" }.joined(separator: " "))/>"
    }
    #expect(XTCEText.problems(text(64)) == [])
    #expect(XTCEText.problems(text(65)).first?.contains("more than 64 attributes") == true)
  }

  @Test("a tag that does not end is refused after a mebibyte, and nothing of it is kept")
  func boundsTags() {
    let attributes = (0..<400_000).map { " a\($0)=\"\"" }.joined()
    #expect(XTCEText.problems("<SpaceSystem name=\"S\"\(attributes)/>").first?.contains("longer than 1048576") == true)
    let endless = "<SpaceSystem name=\"" + String(repeating: "a", count: 3_000_000)
    #expect(XTCEText.problems(endless).first?.contains("longer than 1048576 bytes") == true)
  }

  @Test("text of a mebibyte is read, and more refused")
  func boundsText() {
    let text = { (count: Int) in
      "<SpaceSystem name=\"S\"><LongDescription>\(String(repeating: "a", count: count))</LongDescription></SpaceSystem>"
    }
    #expect(XTCEText.problems(text(1 << 20)) == [])
    #expect(XTCEText.problems(text(1 << 20 + 1)).first?.contains("more than 1048576 bytes of text") == true)
  }

  @Test("more than 524,288 elements are refused before any is read, and without a line")
  func boundsElements() {
    let text = "<SpaceSystem name=\"S\">" + String(repeating: "<a/>", count: 1_000_000) + "</SpaceSystem>"
    #expect(
      XTCEText.problems(text) == [
        "test.xml: error: there are more than 524288 elements, those in comments included\n"
      ])
  }

  @Test("what elements and attributes are called differs a thousand times at most")
  func boundsVocabulary() {
    let text = "<SpaceSystem name=\"S\">" + (0..<2_000).map { "<a\($0)/>" }.joined() + "</SpaceSystem>"
    #expect(XTCEText.problems(text).first?.contains("more than 1000 names of elements and attributes") == true)
  }

  @Test(
    "what is not well-formed is refused where that shows",
    arguments: [
      ("", "test.xml:1:1: error: the XML is not well-formed: no element found\n"),
      (
        "<SpaceSystem name=\"S\">\n <a>\n</SpaceSystem>",
        "test.xml:3:3: error: the XML is not well-formed: mismatched tag\n"
      ),
      ("<SpaceSystem name=\"S\">", "test.xml:1:23: error: the XML is not well-formed: no element found\n"),
      (
        "<SpaceSystem name=\"S\" name=\"T\"/>",
        "test.xml:1:23: error: the XML is not well-formed: duplicate attribute\n"
      ),
      ("not XML", "test.xml:1:1: error: the XML is not well-formed: syntax error\n"),
    ])
  func refusesIllFormed(text: String, problem: String) {
    #expect(XTCEText.problems(text) == [problem])
  }

  @Test("an encoding that is not known is refused with what to do about it")
  func refusesUnknownEncoding() {
    let text = "<?xml version=\"1.0\" encoding=\"EBCDIC-X\"?><SpaceSystem name=\"S\"/>"
    #expect(XTCEText.problems(text).first?.hasSuffix("unknown encoding\nhint: convert it to UTF-8\n") == true)
  }

  @Test("columns count characters, also of several bytes")
  func countsCharacters() throws {
    let text =
      "<SpaceSystem name=\"S\"><!--äöü--><TelemetryMetaData><ParameterSet><Parameter name=\"p\"/>"
      + "</ParameterSet></TelemetryMetaData></SpaceSystem>"
    #expect(XTCEText.problems(text).first?.hasPrefix("test.xml:1:66: error: <Parameter>: ") == true)
  }

  /// Before the parameter stand 22 + 19 + 14 characters, and then what is between.
  @Test(
    "lines end with a line feed, a carriage return or both, and a tabulator is one character",
    arguments: [
      ("", "1:56"), ("\t\t", "1:58"), ("\n", "2:1"), ("\r", "2:1"), ("\r\n", "2:1"), ("\n\r", "3:1"),
      ("\r\r\n", "3:1"), ("\r\n\r\n  ", "3:3"), ("\n" + String(repeating: " ", count: 30), "2:31"),
      ("\n<!--" + String(repeating: "–", count: 9) + "-->", "2:17"),
    ])
  func countsLines(between: String, place: String) {
    let text =
      "<SpaceSystem name=\"S\"><TelemetryMetaData><ParameterSet>\(between)<Parameter name=\"p\"/>"
      + "</ParameterSet></TelemetryMetaData></SpaceSystem>"
    #expect(XTCEText.problems(text).first?.hasPrefix("test.xml:\(place): error: <Parameter>: ") == true)
  }

  /// A file of another encoding has its own bytes for each character.
  @Test("columns count characters in other encodings than UTF-8", arguments: [true, false])
  func countsForeignCharacters(isWide: Bool) {
    let head = "<?xml version=\"1.0\" encoding=\"\(isWide ? "UTF-16" : "ISO-8859-1")\"?>\n"
    let text =
      head + "<SpaceSystem name=\"S\"><!--äöü--><TelemetryMetaData><ParameterSet><Parameter name=\"p\"/>"
      + "</ParameterSet></TelemetryMetaData></SpaceSystem>"
    let wide: [UInt8] =
      [0xFE, 0xFF] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    let bytes = isWide ? wide : text.unicodeScalars.map { UInt8($0.value) }
    let found = #expect(throws: DatabaseErrors.self) { _ = try MissionDatabase.load([("test.xml", bytes)]) }
    // The same text as in UTF-8, one line further down.
    #expect(found?.problems.first?.place == DatabasePlace(file: "test.xml", line: 2, column: 66))
  }

  @Test("something else than XTCE is refused by its outermost element")
  func refusesOtherXML() {
    #expect(
      XTCEText.problems("<html><body/></html>") == [
        """
        test.xml:1:1: error: <html>: the outermost element is <html> and not <SpaceSystem>
        hint: is this an XTCE file?

        """
      ])
  }

  @Test("no file at all is no database")
  func refusesNothing() {
    #expect(throws: DatabaseErrors.self) { _ = try MissionDatabase.load([]) }
  }
}
