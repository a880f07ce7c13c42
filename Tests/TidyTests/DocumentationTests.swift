import Testing

/// Each declaration that other targets see says what it is. An operator and an initializer need not: the one means what
/// it always means, the other takes what the properties explain.
enum DocumentationRule {
  static func violations(in file: SourceFile) -> [Violation] {
    let declaration =
      #/
      ^\s* (?:@\w+(?:\([^)]*\))?\s+)* package\s+ (?:\w+(?:\(\w+\))?\s+)*?
      (?:func(?!\s+[<=])|var|let|subscript|struct|enum|protocol|class|actor|typealias)\b
      /#
    let undocumented = file.codeLines.indices.filter {
      file.codeLines[$0].contains(declaration) && !isDocumented($0, in: file)
    }
    return undocumented.map {
      file.violation($0, "a `package` declaration without a comment: say in one sentence what it is")
    }
  }

  /// Whether the line above is documentation, attributes and conditions left out.
  private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
    let above = file.lines[..<index].last { !$0.contains(/^\s*(?:@|#if|#else)/) }
    return above?.contains(/^\s*\/\/\//) ?? false
  }
}

@Suite("Documentation of the CCSDS targets")
struct DocumentationTests {
  @Test("each package declaration has a comment")
  func holds() {
    expectNone(Tree.swiftSources.filter { $0.target.hasPrefix("CCSDS") }.flatMap(DocumentationRule.violations))
  }

  @Test(
    "a declaration without one is found",
    arguments: [
      "package let a = 1", "package private(set) var a = 1", "package static func f() {}",
      "package struct S {}", "package final class C {}", "@inlinable package func f() {}",
      "@_lifetime(copy a) package func f()",
      "  package mutating func f()", "package indirect enum E {}", "package nonisolated func f()",
    ])
  func findsUndocumented(line: String) {
    let file = SourceFile(path: "Sources/CCSDSWire/Planted.swift", text: "let a = 1\n\(line)\n")
    #expect(DocumentationRule.violations(in: file).map(\.line) == [2])
  }

  @Test(
    "a comment counts, also above attributes; what is not `package` needs none",
    arguments: [
      "/// A.\npackage let a = 1", "/// A.\n@inline(__always)\n@_lifetime(copy a)\npackage func f()", "let a = 1",
      "package import CCSDSWire", "package init(a: Int) {",
      "package static func < (left: A, right: A) -> Bool {", "package extension A {", "// package let a = 1",
    ])
  func passes(text: String) {
    #expect(DocumentationRule.violations(in: SourceFile(path: "Sources/CCSDSWire/Planted.swift", text: text)) == [])
  }
}
