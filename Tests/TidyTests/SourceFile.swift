import FoundationEssentials

/// A text file of the package: what the rules read.
struct SourceFile {
  /// The path from the root of the package.
  let path: String
  /// The lines as they are.
  let lines: [Substring]
  /// The lines with spaces in place of all comments and literals, for rules about code.
  let codeLines: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    codeLines =
      path.hasSuffix(".swift")
      ? SwiftScanner.blank(text).split(separator: "\n", omittingEmptySubsequences: false) : lines
  }

  /// The name of the file without its folders.
  var name: Substring { path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...] }

  /// The folder under `Sources` or `Tests`, which is the target's name.
  var target: Substring { path.split(separator: "/").dropFirst().first ?? "" }

  /// A violation for each line that the pattern matches.
  func violations(of pattern: Regex<Substring>, in lines: [Substring], _ advice: String) -> [Violation] {
    // The default word boundary sees none between `a.` and `b`.
    let pattern = pattern.wordBoundaryKind(.simple)
    return lines.indices.filter { lines[$0].contains(pattern) }.map { violation($0, advice) }
  }

  /// - Parameter index: The index of the line, from 0.
  func violation(_ index: Int, _ advice: String) -> Violation { Violation(path: path, line: index + 1, advice: advice) }
}

/// The package on disk.
enum Tree {
  /// Three folders up from here.
  static let root = String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }) + "/"

  /// What stands at the top, less what Git ignores.
  static let topLevel =
    (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted().filter { name in
      !["Package.resolved", ".git", ".swiftpm"].contains(name) && !name.hasPrefix(".build")
    } ?? []

  /// The paths of all files, from the root.
  static let paths = topLevel.flatMap { top in
    isFolder(top)
      ? (try? FileManager.default.subpathsOfDirectory(atPath: root + top))?.sorted().map { "\(top)/\($0)" } ?? []
      : [top]
  }.filter { !isFolder($0) }

  /// All files that are text.
  static let files = paths.compactMap { path in
    (try? String(contentsOfFile: root + path, encoding: .utf8)).map { SourceFile(path: path, text: $0) }
  }

  static let swiftSources = files.filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
  static let swiftFiles = files.filter { $0.path.hasSuffix(".swift") }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: root + path, isDirectory: &isFolder) && isFolder
  }
}
