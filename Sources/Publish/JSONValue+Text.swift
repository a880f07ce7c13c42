package import LinkHealth

extension JSONWriter {
  /// A member with a value that was read.
  package mutating func member(_ name: String, _ value: JSONValue) { member(name, json: value.text) }
}

extension JSONValue {
  /// As JSON again, members in their order.
  package var text: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return String(describing: value)
    case .string(let value):
      var json = JSONWriter()
      json.element(value)
      return json.text
    case .array(let elements):
      return "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      var json = JSONWriter()
      json.object { for member in members { $0.member(member.name, member.value) } }
      return json.text
    }
  }

  /// The same with every text replaced by what `change` makes of it, names of members left as they are.
  package func mappingStrings(_ change: (String) -> String) -> JSONValue {
    switch self {
    case .string(let value): .string(change(value))
    case .array(let elements): .array(elements.map { $0.mappingStrings(change) })
    case .object(let members):
      .object(members.map { Member(name: $0.name, value: $0.value.mappingStrings(change)) })
    case .null, .bool, .integer, .number: self
    }
  }
}
