import Publish
import Testing

@Suite("Patterns that names of parameters are looked for with")
struct NamePatternTests {
  @Test(
    "a star stands for any characters, a question mark for one; case is no matter",
    arguments: [
      ("BUSV", "BUSV", true), ("busv", "BUSV", true), ("BUS", "BUSV", false), ("BUS*", "BUSV", true),
      ("*V", "BUSV", true), ("B*S*", "BUSV", true), ("B?SV", "BUSV", true), ("B?SV", "BSV", false),
      ("*", "", true), ("", "", true), ("", "a", false), ("?", "", false), ("**a**", "bab", true), ("*?", "a", true),
      ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXbXbX", false), ("?", "é", true), ("é", "É", false),
    ])
  func matches(pattern: String, name: String, isMatch: Bool) throws {
    #expect(try #require(NamePattern(pattern)).matches(name) == isMatch)
  }

  @Test(
    "without a slash it is for the last part of a name, with one for the whole of it",
    arguments: [
      ("BUSV", "Power/BUSV", true), ("Power", "Power/BUSV", false), ("*BUSV", "Power/BUSV", true),
      ("Power/*", "Power/BUSV", true), ("/SAT/*", "/SAT/Power/BUSV", true), ("*/BUSV", "Power/BUSV", true),
      ("Pow*SV", "Power/BUSV", false),
    ])
  func matchesPaths(pattern: String, name: String, isMatch: Bool) throws {
    #expect(try #require(NamePattern(pattern)).matches(name) == isMatch)
  }

  @Test("a pattern that is too long is none")
  func hasBound() {
    #expect(NamePattern(String(repeating: "a", count: 256)) != nil)
    #expect(NamePattern(String(repeating: "a", count: 257)) == nil)
  }

  @Test("what makes others try every way is done in no time")
  func isBounded() throws {
    let pattern = try #require(NamePattern(String(repeating: "*a", count: 128)))
    #expect(!pattern.matches(String(repeating: "a", count: 100) + String(repeating: "b", count: 5000)))
    #expect(pattern.matches(String(repeating: "a", count: 5000)))
  }
}
