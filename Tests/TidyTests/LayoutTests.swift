import FoundationEssentials
import Testing

/// What stands where: the top of the package, the index of the fixtures, and nothing of one machine only.
enum LayoutRule {
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "Fixtures", "systemd", "README.md",
    ".ci", ".github", ".swift-format", ".editorconfig", ".gitignore",
  ]

  static func violations(inTopLevel names: [String]) -> [Violation] {
    names.filter { !topLevel.contains($0) }.map {
      Violation(path: $0, line: 1, advice: "not one of the folders of this package: it has a place inside one of them")
    }
  }

  /// The paths of one machine, put together here so that this file holds none.
  static func machinePathViolations(in file: SourceFile) -> [Violation] {
    let folders = ["work", "home", "root", "Users"].map { "/\($0)/" }
    return file.lines.indices.filter { index in folders.contains { file.lines[index].contains($0) } }.map {
      file.violation($0, "a path of one machine: make it relative to the package, or an argument")
    }
  }

  /// - Parameters:
  ///   - index: The lines `- \`path\`: what it is`; a path that ends in a slash stands for all files in the folder.
  ///   - paths: The files, from the folder of the index, without the index.
  static func violations(inIndex index: SourceFile, of paths: [String]) -> [Violation] {
    let entries = index.lines.enumerated().compactMap { line, text in
      text.firstMatch(of: /^- `([^`]+)`: \S/).map { (line: line, path: String($0.1)) }
    }
    func covers(_ entry: String, _ path: String) -> Bool {
      entry.hasSuffix("/") ? path.hasPrefix(entry) : path == entry
    }
    let unlisted = paths.filter { path in !entries.contains { covers($0.path, path) } }.map {
      Violation(
        path: "Fixtures/\($0)", line: 1, advice: "not in Fixtures/INDEX.md: say there what it is and how it was made")
    }
    let absent = entries.filter { entry in !paths.contains { covers(entry.path, $0) } }.map {
      index.violation($0.line, "lists `\($0.path)`, which is not there: restore it or drop the line")
    }
    return unlisted + absent
  }
}

@Suite("The layout of the package")
struct LayoutTests {
  @Test("nothing stands at the top but what was designed")
  func topHolds() { expectNone(LayoutRule.violations(inTopLevel: Tree.topLevel)) }

  @Test("no file names a folder of one machine")
  func pathsHold() { expectNone(Tree.files.flatMap(LayoutRule.machinePathViolations)) }

  @Test("Fixtures/INDEX.md lists each fixture, and only what is there")
  func indexHolds() throws {
    let index = try #require(Tree.files.first { $0.path == "Fixtures/INDEX.md" })
    let paths = Tree.paths.filter { $0.hasPrefix("Fixtures/") && $0 != index.path }
    expectNone(LayoutRule.violations(inIndex: index, of: paths.map { String($0.dropFirst("Fixtures/".count)) }))
  }

  @Test("the rules have files to read")
  func treeIsRead() {
    #expect(Tree.swiftSources.count > 10)
    #expect(Tree.files.contains { $0.path == "Package.swift" })
    #expect(Tree.files.contains { $0.path == ".ci/run" })
  }

  @Test("a foreign name at the top is found")
  func findsForeignTopLevel() {
    #expect(LayoutRule.violations(inTopLevel: ["Package.swift", "docs", "Sources"]).map(\.path) == ["docs"])
  }

  @Test("a path of one machine is found", arguments: ["work", "home", "root", "Users"])
  func findsMachinePath(folder: String) {
    let file = SourceFile(path: ".ci/run", text: "cd ..\ncd /\(folder)/me")
    #expect(LayoutRule.machinePathViolations(in: file).map(\.line) == [2])
  }

  @Test("a fixture without a line and a line without a fixture are found")
  func findsIndexMismatch() {
    let index = SourceFile(
      path: "Fixtures/INDEX.md", text: "# Index\n- `a.bin`: A.\n- `Fuzz/`: Seeds.\n- `gone`: B.\n- `x`:\n")
    let violations = LayoutRule.violations(inIndex: index, of: ["a.bin", "Fuzz/frame/tm", "b.bin", "x"])
    #expect(violations.map { "\($0.path):\($0.line)" } == ["Fixtures/b.bin:1", "Fixtures/x:1", "Fixtures/INDEX.md:4"])
  }
}
