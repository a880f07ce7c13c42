import Testing

/// What must not stand in the sources.
enum BanRule {
  static func violations(in file: SourceFile) -> [Violation] {
    var violations =
      file.violations(
        of: /\w+!(?:[^=]|$)|[)\]]!(?:[^=]|$)/, in: file.codeLines, "`!` traps: handle what may be absent or fail")
      + file.violations(
        of: /\bfatalError\(/, in: file.codeLines, "a broken invariant is a `precondition` that says which")
      + file.violations(of: /\b(?:TODO|FIXME|XXX)\b/, in: file.lines, "make it an issue, or do it now")
    if file.target.hasPrefix("CCSDS"), file.name != "BigEndianFields.swift" {
      violations += file.violations(
        of: /\bunsafeLoad/, in: file.codeLines, "unchecked loads stand in BigEndianFields.swift only: use its accessors"
      )
    }
    return violations
  }
}

@Suite("What must not stand in the sources")
struct BanTests {
  @Test("nothing that traps on bad input, no unchecked load outside its file, no note to self")
  func holds() { expectNone(Tree.swiftSources.flatMap(BanRule.violations)) }

  @Test(
    "each of them is found",
    arguments: [
      "try! f()", "a as! Int", "fatalError()", "let a = b!", "f()!.g", "a[0]!", "var a: Int!", "// TODO: later",
      "// XXX",
      "bytes.unsafeLoad(as: UInt8.self)", "bytes.unsafeLoadUnaligned(as: UInt16.self)",
    ])
  func finds(line: String) {
    let file = SourceFile(path: "Sources/CCSDSWire/Planted.swift", text: "let a = 1\n\(line)\n")
    #expect(BanRule.violations(in: file).map(\.line) == [2])
  }

  @Test(
    "what only looks like one is left alone",
    arguments: [
      "a != b", "!a", "a!=b", "// try! it, or fatalError(", "print(\"stop!\")", "if !isEmpty { }",
    ])
  func passes(line: String) {
    #expect(BanRule.violations(in: SourceFile(path: "Sources/CCSDSWire/Planted.swift", text: line)) == [])
  }

  @Test("the file of big-endian fields may load unchecked")
  func allowsLoadsInTheirFile() {
    let file = SourceFile(path: "Sources/CCSDSWire/BigEndianFields.swift", text: "bytes.unsafeLoad(as: UInt8.self)")
    #expect(BanRule.violations(in: file) == [])
  }
}
