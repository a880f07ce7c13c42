/// A JSON value from the daemon, asked for by name. What is missing or of another type is simply not there.
package indirect enum Document: Equatable, Sendable {
  /// One member of an object, in its place.
  package struct Member: Equatable, Sendable {
    /// What it is called.
    package let name: String
    /// What it is.
    package let value: Document
  }

  case null
  case bool(Bool)
  /// A number as it was written.
  case number(String)
  case string(String)
  case array([Document])
  case object([Member])

  subscript(name: String) -> Document? { members.first { $0.name == name }?.value }

  var members: [Member] { if case .object(let members) = self { members } else { [] } }
  var elements: [Document] { if case .array(let elements) = self { elements } else { [] } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

  /// A value without parts as a person reads it; `nil` for arrays and objects.
  var plainText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): String(value)
    case .null, .array, .object: nil
    }
  }

  /// The count under this name, 0 if there is none.
  func count(_ name: String) -> Int { self[name]?.int ?? 0 }

  /// The text under this name, empty if there is none.
  func text(_ name: String) -> String { self[name]?.string ?? "" }
}

extension Sequence<Int> {
  /// All of it together; what is more than there are numbers for stays the greatest.
  var total: Int {
    reduce(0) { sum, next in
      let (result, isOverflow) = sum.addingReportingOverflow(next)
      return isOverflow ? (next < 0 ? Int.min : Int.max) : result
    }
  }
}
