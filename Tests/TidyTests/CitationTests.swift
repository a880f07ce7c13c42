import Testing

/// A document is cited in one issue, or the reader has two standards to compare.
enum CitationRule {
  /// Documents that we cite in several issues, because recordings follow either.
  static let allowed: Set<String> = []

  static func violations(in files: [SourceFile]) -> [Violation] {
    let citations = files.flatMap { file in
      file.lines.indices.flatMap { index in
        file.lines[index].matches(of: /CCSDS (\d+\.\d+)-([A-Z]+-\d+)/).map { match in
          (document: String(match.1), issue: String(match.2), file: file, index: index)
        }
      }
    }
    return Dictionary(grouping: citations, by: \.document).flatMap { document, citations -> [Violation] in
      let byIssue = Dictionary(grouping: citations, by: \.issue)
      guard byIssue.count > 1, !allowed.contains(document) else { return [] }
      let usual = byIssue.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key ?? ""
      return citations.filter { $0.issue != usual }.map {
        $0.file.violation(
          $0.index, "cites CCSDS \(document)-\($0.issue), other places \(document)-\(usual): read and cite one issue")
      }
    }
  }
}

@Suite("Citations of standards")
struct CitationTests {
  @Test("each document is cited in one issue")
  func holds() {
    // The planted lines below are not citations.
    expectNone(CitationRule.violations(in: Tree.files.filter { $0.name != "CitationTests.swift" }))
  }

  @Test("a second issue of a document is found where it is the rarer one")
  func findsSecondIssue() {
    let usual = SourceFile(
      path: "A.swift", text: "/// CCSDS 732.0-B-4 §4.1, CCSDS 132.0-B-3.\n/// CCSDS 732.0-B-4 §4.2")
    let other = SourceFile(path: "B.swift", text: "\n/// Standard: CCSDS 732.0-B-3 §4.1.2.")
    #expect(CitationRule.violations(in: [usual, other]).map { "\($0.path):\($0.line)" } == ["B.swift:2"])
    #expect(CitationRule.violations(in: [usual]) == [])
  }
}
