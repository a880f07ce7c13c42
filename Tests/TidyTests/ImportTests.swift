import Testing

/// Who may import whom: arrows point inward, and the core knows no operating system.
enum ImportRule {
  /// What each target may import besides the standard library. A target that is not here may not exist.
  static let allowed: [String: Set<String>] = [
    "CCSDSWire": [],
    "CCSDSCoding": ["CCSDSWire", "CKernels"],
    "CCSDSLink": ["CCSDSWire", "CCSDSCoding"],
    "LinkHealth": ["CCSDSLink", "CCSDSCoding", "CCSDSWire"],
    "MissionDatabase": ["CCSDSWire", "CExpat", "CMath"],
    "StationConfiguration": ["CCSDSLink", "CCSDSCoding", "CCSDSWire", "CYaml", "Glibc"],
    "Ingest": ["CLibpcap", "CLinux", "Glibc", "Dispatch", "Synchronization"],
    "Publish": ["LinkHealth", "CLinux", "CZlib", "Glibc", "Dispatch", "Synchronization"],
    "Web": [
      "LinkHealth", "Publish", "CPage", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "Glibc", "Dispatch",
      "Synchronization",
    ],
    "SpacecraftSimulator": [],
    "DownlinkService": [
      "CCSDSWire", "CCSDSCoding", "CCSDSLink", "LinkHealth", "MissionDatabase", "StationConfiguration", "Ingest",
      "Publish", "SpacecraftSimulator", "CLinux", "Glibc", "Dispatch", "Synchronization",
    ],
    "downlinkd": [
      "DownlinkService", "StationConfiguration", "LinkHealth", "CCSDSLink", "Publish", "Web", "ArgumentParser", "Glibc",
      "Dispatch",
    ],
    "downlinkctl": ["ArgumentParser", "Glibc", "Dispatch"],
  ]

  static func violations(in file: SourceFile) -> [Violation] {
    guard let allowed = allowed[String(file.target)] else {
      return [
        file.violation(0, "this target is not in the import table: give it a row in Tests/TidyTests/ImportTests.swift")
      ]
    }
    let pattern =
      #/
      ^\s* (?:@\w+(?:\([^)]*\))?\s+)* (?:(?:public|package|internal|fileprivate|private)\s+)?
      import\s+ (?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)? (\w+)
      /#
    return file.codeLines.indices.compactMap { index in
      guard let module = file.codeLines[index].firstMatch(of: pattern)?.1, !allowed.contains(String(module)) else {
        return nil
      }
      return file.violation(
        index, "\(file.target) may not import \(module): move the code outward, or pass what it needs as a value")
    }
  }
}

@Suite("The import table of the architecture")
struct ImportTests {
  @Test("each target imports only what lies inward of it")
  func holds() { expectNone(Tree.swiftSources.flatMap(ImportRule.violations)) }

  @Test(
    "a module that is not allowed is found in every spelling of an import",
    arguments: [
      "import Foundation", "package import Dispatch", "internal import Glibc", "@preconcurrency public import Glibc",
      "import struct Foundation.Date", "  import Ingest", "@_spi(Some) import Glibc",
    ])
  func findsForbiddenImport(line: String) {
    let file = SourceFile(path: "Sources/CCSDSLink/Planted.swift", text: "import CCSDSWire\n\(line)\n// import Yams\n")
    #expect(ImportRule.violations(in: file).map(\.line) == [2])
  }

  @Test("a target without a row in the table is found")
  func findsUnknownTarget() {
    #expect(ImportRule.violations(in: SourceFile(path: "Sources/Helpers/Planted.swift", text: "")).count == 1)
  }
}
