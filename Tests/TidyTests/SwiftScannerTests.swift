import Testing

@Suite("The scanner under the rules")
struct SwiftScannerTests {
  @Test(
    "comments and literals turn into spaces, code and line ends stay",
    arguments: [
      ("a // {\nb", "a     \nb"),
      ("a /* { /* } */ { */ b", "a                   b"),
      (#"f("{") }"#, #"f(   ) }"#),
      (#"f("\"{") }"#, #"f(     ) }"#),
      (#"f("\(g("}", h(1)))") {"#, #"f(   g(   , h(1))  ) {"#),
      ("f(#\"\"{\"#) }", "f(      ) }"),
      ("\"\"\"\n{ \"\n\"\"\" }", "   \n   \n    }"),
      (#"f(/[{"]/) }"#, "f(      ) }"),
      ("a / b { c / d }", "a / b { c / d }"),
    ])
  func blanks(text: String, code: String) {
    #expect(SwiftScanner.blank(text) == code)
  }
}
