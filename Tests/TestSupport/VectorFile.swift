import Foundation

/// The test vectors that are kept beside the corpus and not in the repository, each with how it was verified.
package enum VectorFile {
  private static let url: URL = {
    let corpus = ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"].map { URL(fileURLWithPath: $0) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return (corpus ?? package.appendingPathComponent("../shared/corpus"))
      .appendingPathComponent("../standards/08-test-vectors.json").standardizedFileURL
  }()

  package static let isPresent = FileManager.default.fileExists(atPath: url.path)
  /// What a test that is passed over for want of the vectors says.
  package static let absence = "no standards/08-test-vectors.json beside the corpus"

  /// The vectors of a group, in their order.
  package static func group(_ name: String) throws -> [TestVector] {
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let groups = document?["vectors"] as? [String: Any]
    return (groups?[name] as? [[String: Any]] ?? []).map(TestVector.init(members:))
  }
}

extension VectorFile {
  /// The bytes and the numbers, with all their digits, of the vectors of a group.
  package static func numbers(_ name: String) throws -> [(bytes: [UInt8], value: Double)] {
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let vectors = (document?["vectors"] as? [String: Any])?[name] as? [[String: Any]]
    return (vectors ?? []).compactMap { vector in
      // Numbers of many digits are kept as decimal ones, and what those say themselves of their value is not exact.
      guard let digits = vector["hex"] as? String, let value = vector["value"] as? NSNumber,
        let number = Double(value.stringValue)
      else { return nil }
      return (TestVector.bytes(digits), number)
    }
  }

  /// The vectors of a group by what they are called.
  package static func groupByID(_ name: String) throws -> [String: TestVector] {
    Dictionary(uniqueKeysWithValues: try group(name).map { ($0.id, $0) })
  }
}

/// One vector: numbers and texts by name. Numbers that are written as text come out as text.
package struct TestVector {
  private let texts: [String: String]
  /// The members of `fields`, numbers in decimal.
  package let fields: [String: String]
  private let lists: [String: [String]]

  fileprivate init(members: [String: Any]) {
    texts = members.compactMapValues(Self.text)
    fields = (members["fields"] as? [String: Any] ?? [:]).compactMapValues(Self.text)
    lists = members.compactMapValues { ($0 as? [Any])?.compactMap(Self.text) }
  }

  /// What it is called.
  package var id: String { self["id"] ?? "" }

  package subscript(name: String) -> String? { texts[name] }

  package func integer(_ name: String) -> Int? { texts[name].flatMap { Int($0) } }

  /// The elements of a member that is a list.
  package func list(_ name: String) -> [String]? { lists[name] }

  /// The bytes of a member in hexadecimal.
  package func bytes(_ name: String) -> [UInt8]? { texts[name].map(Self.bytes) }

  package static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private static func text(_ value: Any) -> String? {
    if let text = value as? String { return text }
    // A number or a truth value, which is written as 0 or 1.
    return (value as? NSNumber).map { "\($0.int64Value)" }
  }
}
