/// A JSON value read from a bounded text. The members of an object keep their order.
enum JSONValue: Equatable, Sendable {
  struct Member: Equatable, Sendable {
    let name: String
    let value: JSONValue
  }

  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// The member of an object with this name.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var integer: Int? { if case .integer(let value) = self { value } else { nil } }
}
