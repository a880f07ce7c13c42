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
      .deletingLastPathComponent().deletingLastPathComponent()
    return package.appendingPathComponent("../shared/corpus", isDirectory: true).standardizedFileURL
  }()

  static let isPresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("truth").path)

  /// What a test that is passed over for want of the corpus says.
  static let absence: Comment = "no corpus at DOWNLINKD_CORPUS, nor at ../shared/corpus beside the package"

  /// Every item that is frames, units that hold frames, packets, or a capture of them.
  static let frameItems = items("tm-") + items("aos-")
  static let packetItems = items("pkt-")
  static let captureItems = items("pcap")
  static let unitItems = items("cadu-")
  static let itemCount = frameItems.count + packetItems.count + captureItems.count + unitItems.count

  /// Whether no item is missing: a list without cases has none that fail.
  static let isComplete =
    frameItems.count >= 26 && packetItems.count >= 8 && captureItems.count >= 4
    && unitItems.count >= 9

  private static func items(_ prefix: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("truth").path)
    return (names ?? []).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
      .sorted()
  }

  static func path(_ file: String) -> String { folder.appendingPathComponent(file).path }

  static func bytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(file)))
  }

  /// What is known of an item.
  static func item<Truth: Decodable>(_ name: String, _ type: Truth.Type) throws -> CorpusItem<Truth> {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      CorpusItem<Truth>.self, from: Data(contentsOf: folder.appendingPathComponent("truth/\(name).json")))
  }
}
