import FoundationEssentials
package import Publish

/// The schema of event and statistics records as it is shipped.
package enum EventSchema {
  private static let path = "systemd/schema/events.schema.json"

  /// The schema itself, as JSON.
  package static func document() throws -> JSONValue {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return try JSONReader.read(Array(Data(contentsOf: root.appending(path: path))))
  }

  /// What is wrong with the lines of a log, each with the number of its line.
  package static func violations(in text: String) throws -> [String] {
    let schema = JSONSchema(try document())
    return try text.split(separator: "\n").enumerated().flatMap { number, line in
      try schema.violations(of: JSONReader.read(Array(line.utf8))).map { "line \(number + 1): \($0)" }
    }
  }
}
