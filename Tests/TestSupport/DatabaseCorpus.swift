import Foundation

/// The recorded mission databases, which are kept beside the repository and not in it.
package enum DatabaseCorpus {
  private static let folder: URL = {
    let environment = ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"].map { URL(fileURLWithPath: $0) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return environment ?? package.appendingPathComponent("../shared/corpus").standardizedFileURL
  }()

  package static let isPresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("data/mdb").path)
  /// What a test that is passed over for want of the corpus says.
  package static let absence = "no corpus with mission databases: set DOWNLINKD_CORPUS"

  /// A database with what others found in it.
  package struct Item: Sendable {
    /// The name of the item, such as `xtce-jpss`.
    package let id: String
    /// The path of the file in the corpus.
    package let path: String
    package let bytes: [UInt8]
    package let truth: Truth
  }

  /// What is known of a database; absent where the item does not say it.
  package struct Truth: Sendable {
    package var parameterCount: Int?
    package var containerCount: Int?
    package var spaceSystemCount: Int?
    package var parameterNames: [String]?
    package var containerNames: [String]?
    /// Why others refuse it.
    package var refusal: String?
  }

  /// All databases, by item.
  package static func items() throws -> [Item] {
    let truths = folder.appendingPathComponent("truth")
    let names = try FileManager.default.contentsOfDirectory(atPath: truths.path).sorted()
    return try names.compactMap { name in
      guard name.hasSuffix(".json"), ["mdb-", "xtce-", "xtcevec-"].contains(where: name.hasPrefix) else { return nil }
      return try item(String(name.dropLast(5)), Data(contentsOf: truths.appendingPathComponent(name)))
    }
  }

  private static func item(_ id: String, _ data: Data) throws -> Item? {
    guard let document = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let files = document["files"] as? [[String: Any]],
      let path = files.compactMap({ $0["file"] as? String }).first(where: { $0.hasSuffix(".xml") })
    else { return nil }
    let bytes = try Data(contentsOf: folder.appendingPathComponent(path))
    return Item(id: id, path: path, bytes: [UInt8](bytes), truth: truth(document["truth"] as? [String: Any] ?? [:]))
  }

  private static func truth(_ members: [String: Any]) -> Truth {
    var truth = Truth()
    let elements = members["xml_element_counts"] as? [String: Any] ?? [:]
    let counts = ["yamcs", "mdb_yamcs", "mdb"].compactMap { members[$0] as? [String: Any] }.first ?? [:]
    truth.parameterCount = counts["parameters"] as? Int ?? elements["Parameter"] as? Int
    truth.containerCount = counts["containers"] as? Int ?? elements["SequenceContainer"] as? Int
    // Yamcs counts two of its own.
    truth.spaceSystemCount = elements["SpaceSystem"] as? Int ?? (counts["space_systems"] as? Int).map { $0 - 2 }
    truth.parameterNames = counts["parameter_names"] as? [String]
    truth.containerNames = counts["container_names"] as? [String]
    truth.refusal = (counts["error"] as? [String])?.joined(separator: "\n")
    return truth
  }
}
