import MissionDatabase
import TestSupport
import Testing

@Suite("Patterns that texts are compared with")
struct TextPatternTests {
  /// Pattern, texts that are as it says, texts that are not: worked out by hand from ECMA-262 §22.2.
  static let cases: [(String, [String], [String])] = [
    ("OK", ["OK"], ["ok", "OKAY", "NOT OK", "", "O"]),
    ("", [""], ["a"]),
    ("a|b|", ["a", "b", ""], ["ab", "c"]),
    ("ERR.*", ["ERR", "ERROR 5"], ["err", "AN ERR", "ERR\n1"]),
    ("[A-C]x?[^0-9]", ["Ax!", "B!", "Cz"], ["A1", "Dx!", "A"]),
    ("(ab)+c*", ["ab", "ababcc"], ["", "abacc"]),
    ("(?:a|bc){2,3}", ["aa", "abc", "bcbcbc", "aaa"], ["a", "aaaa", "bcb"]),
    ("x{3}", ["xxx"], ["xx", "xxxx"]),
    ("x{2,}", ["xx", "xxxxxx"], ["x"]),
    (#"\d+\.\d\d"#, ["3.14", "10.00"], ["3x14", ".12", "3.1"]),
    (#"\w+\s\W"#, ["a_1 !", "Z\t-"], ["a  !", "a!"]),
    (#"\x41\u0042\\"#, ["AB\\"], ["AB"]),
    (#"^(a|b)$"#, ["a", "b"], ["ab", "^a$"]),
    (#"[\]\-\d]+"#, ["]-7"], ["a"]),
    ("[a-]+", ["a-a"], ["b"]),
    ("[]", [], ["", "a"]),
    ("[^]", ["a", "\n"], ["", "ab"]),
    ("Grüße|…", ["Grüße", "…"], ["Gruesse"]),
    (".", ["😀", "é"], ["", "\n", "ab"]),
  ]

  @Test("a text is as the pattern says, as a whole", arguments: cases.indices)
  func matches(index: Int) throws {
    let (expression, equal, different) = Self.cases[index]
    let pattern = try TextPattern(expression)
    for text in equal { #expect(pattern.matches(text), "\(expression) and \(text)") }
    for text in different { #expect(!pattern.matches(text), "\(expression) and \(text)") }
  }

  @Test(
    "what cannot be matched in one pass, or is no expression, is refused",
    arguments: [
      #"(a)\1"#, "(?=a)", "(?<!a)b", #"\bword"#, #"\p{L}"#, "a**", "*", "+a", "(a", "a)", "[a", "a{", "a{2", "a{3,2}",
      "a{1001}", "a^", "a$b", #"\"#, #"\x4"#, #"\ud800"#, "[z-a]", #"[\d-z]"#, #"\A"#, #"\Z"#,
    ])
  func refuses(expression: String) {
    #expect(throws: TextPatternError.self) { try TextPattern(expression) }
  }

  @Test(
    "no expression takes more than so many steps to be made into a table",
    arguments: [
      "((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000}", "(((((()){1000}){1000}){1000}){1000}){1000}",
      "(a|b)*a(a|b){40}", "(.*a){400}", String(repeating: "(", count: 10_000), String(repeating: "a|", count: 5000),
      String((0..<1000).map { Character(Unicode.Scalar(0x4E00 + $0) ?? "a") }), "(a?){500}a{500}",
    ])
  func boundsTable(expression: String) {
    #expect(throws: TextPatternError.self) { try TextPattern(expression) }
  }

  @Test("an expression that makes others try every way takes one step for a character")
  func matchesInOnePass() throws {
    let pattern = try TextPattern("(a*)*(a|aa)+b")
    #expect(!pattern.matches(String(repeating: "a", count: 100_000)))
    #expect(pattern.matches(String(repeating: "a", count: 100_000) + "b"))
  }

  @Test("no row of characters makes the reader of expressions trap", arguments: 0..<200)
  func survivesNonsense(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("ab()[]{}|*+?^$\\-,.12dwsxu🙂")
    for _ in 0..<50 {
      let expression = String(
        (0..<Int.random(in: 0..<24, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        })
      if let pattern = try? TextPattern(expression) { _ = pattern.matches("ab12") }
    }
  }
}
