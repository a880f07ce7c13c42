import LinkHealth
import Publish

/// The schemas of all documents: those that are shipped as files, with their references led into one namespace.
enum OpenAPISchemas {
  private static let place = "#/components/schemas/"

  static func write(to json: inout JSONWriter) {
    for member in members(of: .documents) { json.member(member.name, member.value) }
    write(.status, as: "status", prefix: "", to: &json)
    write(.events, as: "event", prefix: "event_", to: &json)
  }

  /// Writes a schema under a name, and its definitions under theirs with a prefix.
  private static func write(_ file: SchemaFile, as name: String, prefix: String, to json: inout JSONWriter) {
    for member in members(of: file) where member.name == "$defs" {
      guard case .object(let definitions) = member.value else { continue }
      for definition in definitions { json.member(prefix + definition.name, moved(definition.value, prefix)) }
    }
    let own = members(of: file).filter { !["$defs", "$schema"].contains($0.name) }
    json.member(name, moved(.object(own), prefix))
  }

  private static func moved(_ schema: JSONValue, _ prefix: String) -> JSONValue {
    schema.mappingStrings { text in
      text.hasPrefix("#/$defs/") ? place + prefix + text.dropFirst("#/$defs/".count) : text
    }
  }

  private static func members(of file: SchemaFile) -> [JSONValue.Member] {
    guard case .object(let members)? = try? JSONReader.read(file.bytes) else { return [] }
    return members
  }
}
