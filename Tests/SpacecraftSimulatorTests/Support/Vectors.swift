import Foundation
import Testing

/// The test vectors of the standards, kept beside the recorded data and not in the repository.
enum Vectors {
  static let file: URL = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let corpus =
      ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"].map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? package.appendingPathComponent("../shared/corpus", isDirectory: true)
    return corpus.appendingPathComponent("../standards/08-test-vectors.json").standardizedFileURL
  }()

  static let arePresent = FileManager.default.fileExists(atPath: file.path)

  /// What a test that is passed over for want of the vectors says.
  static let absence: Comment = "no test vectors beside DOWNLINKD_CORPUS"

  /// The vectors of a group by their names.
  static func group(_ name: String) throws -> [String: [String: Any]] {
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let groups = try #require(document?["vectors"] as? [String: [[String: Any]]])
    let vectors = try #require(groups[name])
    return Dictionary(
      uniqueKeysWithValues: vectors.enumerated().map { ($1["id"] as? String ?? "\($0)", $1) })
  }
}
