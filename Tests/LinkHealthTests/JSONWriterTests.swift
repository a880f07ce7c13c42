import LinkHealth
import Testing

@Suite("JSON writer, RFC 8259 §7")
struct JSONWriterTests {
  private static func quoted(_ value: String) -> String {
    var json = JSONWriter()
    json.element(value)
    return json.text
  }

  @Test(
    "quotes, backslashes and control characters are escaped, and nothing else is",
    arguments: [
      ("", #""""#),
      ("plain", #""plain""#),
      ("a\"b\\c", #""a\"b\\c""#),
      ("\n\r\t", #""\n\r\t""#),
      ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#),
      ("\u{8}\u{C}\u{1B}[31m", #""\u0008\u000c\u001b[31m""#),
      ("\u{7F}\u{80}\u{9F}", #""\u007f\u0080\u009f""#),
      ("</script>", #""</script>""#),
      ("Müller 月 🛰 e\u{301}", "\"Müller 月 🛰 e\u{301}\""),
      ("\r\n", #""\r\n""#),
    ])
  func escapes(value: String, expected: String) {
    #expect(Self.quoted(value).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test("a name is escaped like a value")
  func escapesNames() {
    var json = JSONWriter()
    json.object { $0.member("a\"\n", 1) }
    #expect(json.text == #"{"a\"\n":1}"#)
  }

  @Test("members and elements are parted by commas, at every depth")
  func nests() {
    var json = JSONWriter()
    json.object {
      $0.member("a", 1)
      $0.object("b") { _ in }
      $0.array("c") { array in
        array.element(1)
        array.element("x")
        array.object { $0.member("d", true) }
        array.array { _ in }
      }
      $0.member("e", false)
      $0.member("f", json: "[1]")
    }
    #expect(json.text == #"{"a":1,"b":{},"c":[1,"x",{"d":true},[]],"e":false,"f":[1]}"#)
  }

  @Test("numbers are written whole, and those that are not finite are left out")
  func writesNumbers() {
    var json = JSONWriter()
    json.object {
      $0.member("max", Int64.max)
      $0.member("min", Int64.min)
      $0.member("u", UInt64.max)
      $0.member("half", 0.5)
      $0.member("nan", Double.nan)
      $0.member("inf", -Double.infinity)
      $0.member("last", 0)
    }
    #expect(
      json.text
        == #"{"max":9223372036854775807,"min":-9223372036854775808,"u":18446744073709551615,"half":0.5,"last":0}"#)
  }
}
