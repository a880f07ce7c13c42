package import Publish

/// The schema of event and statistics records as it is shipped.
package enum EventSchema {
  /// The schema itself, as JSON.
  package static func document() throws -> JSONValue { try PackageFile.json("systemd/schema/events.schema.json") }

  /// What is wrong with the lines of a log, each with the number of its line.
  package static func violations(in text: String) throws -> [String] {
    let schema = JSONSchema(try document())
    return try text.split(separator: "\n").enumerated().flatMap { number, line in
      try schema.violations(of: JSONReader.read(Array(line.utf8))).map { "line \(number + 1): \($0)" }
    }
  }
}
