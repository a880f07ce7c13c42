import Foundation
import Testing

/// The recorded data that the tests agree with, kept beside the repository and not in it.
///
/// `DOWNLINKD_CORPUS` names its folder; without it, `../shared/corpus` beside the package.
enum Corpus {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"] {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.appendingPathComponent("../shared/corpus", isDirectory: true).standardizedFileURL
  }()

  static let isPresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("truth").path)

  /// What a test that is passed over for want of the corpus says.
  static let absence: Comment = "no corpus at DOWNLINKD_CORPUS, nor at ../shared/corpus beside the package"

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  static func truth<Truth: Decodable>(_ item: String, as type: Truth.Type) throws -> Truth {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: folder.appendingPathComponent("truth/\(item).json")))
  }
}
