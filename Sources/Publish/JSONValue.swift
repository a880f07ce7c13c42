/// A JSON value read from a bounded text. The members of an object keep their order.
package enum JSONValue: Equatable, Sendable {
  /// A member of an object.
  package struct Member: Equatable, Sendable {
    /// The name, without its quotes and escapes.
    package let name: String
    /// The value that stands after the colon.
    package let value: JSONValue

    /// A member as it was read.
    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// The member of an object with this name.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text, if this is a string.
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The number, if this is a number without a fraction or an exponent that fits into an `Int`.
  package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
}
