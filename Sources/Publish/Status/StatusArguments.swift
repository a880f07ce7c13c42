/// The arguments of one request, asked for by name and type.
package struct StatusArguments: Equatable, Sendable {
  /// One argument as the client wrote it.
  package enum Value: Equatable, Sendable {
    /// From a JSON request.
    case json(JSONValue)
    /// From a line of bare words, where everything is text.
    case word(String)
  }

  private let values: [String: Value]

  /// No arguments.
  package init() { values = [:] }

  /// - Parameter values: The arguments by name.
  package init(_ values: [String: Value]) { self.values = values }

  /// Whether there are none.
  package var isEmpty: Bool { values.isEmpty }

  /// Whether there is one of this name.
  package func has(_ name: String) -> Bool { values[name] != nil }

  /// A text.
  package func string(_ name: String) throws(StatusError) -> String? {
    switch values[name] {
    case nil: return nil
    case .word(let text), .json(.string(let text)): return text
    case .json: throw mistyped(name, "a string")
    }
  }

  /// An integer, from 0 up to `maximum`.
  package func count(_ name: String, upTo maximum: Int = 9_007_199_254_740_991) throws(StatusError) -> Int? {
    let value: Int?
    switch values[name] {
    case nil: return nil
    case .word(let text): value = Int(text)
    case .json(let json): value = json.integer
    }
    guard let value, (0...maximum).contains(value) else { throw mistyped(name, "an integer from 0 to \(maximum)") }
    return value
  }

  /// True or false, where it was written as that.
  package func flag(_ name: String) -> Bool? {
    if case .json(.bool(let value)) = values[name] { value } else { nil }
  }

  /// A finite number.
  package func number(_ name: String) throws(StatusError) -> Double? {
    switch values[name] {
    case nil: return nil
    case .json(.integer(let value)): return Double(value)
    case .json(.number(let value)): return value
    case .word(let text):
      guard let value = Double(text), value.isFinite else { throw mistyped(name, "a number") }
      return value
    case .json: throw mistyped(name, "a number")
    }
  }

  /// A list of strings: an array, or one string with commas in it.
  package func list(_ name: String) throws(StatusError) -> [String]? {
    switch values[name] {
    case nil: return nil
    case .word(let text), .json(.string(let text)):
      return text.split(separator: ",").map(String.init)
    case .json(.array(let elements)):
      let strings = elements.compactMap(\.string)
      guard strings.count == elements.count else { throw mistyped(name, "a list of strings") }
      return strings
    case .json: throw mistyped(name, "a list of strings")
    }
  }

  /// All of them on one line for a log, `name=value` in the order of the names, cut at so many bytes.
  package func summary(atMost byteCount: Int) -> String {
    let words = values.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text(of: $0.value))" }
    let text = words.joined(separator: " ")
    guard text.utf8.count > byteCount else { return text }
    // A scalar that was cut in two at the end becomes a replacement character, and goes.
    let kept = String(decoding: text.utf8.prefix(byteCount), as: UTF8.self)
    return (kept.last == "\u{FFFD}" ? String(kept.dropLast()) : kept) + "…"
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .word(let text), .json(.string(let text)): text
    case .json(.integer(let number)): String(number)
    case .json(.number(let number)): String(describing: number)
    case .json(.bool(let flag)): String(flag)
    case .json(.null): "null"
    case .json(.array(let elements)): "[\(elements.count) elements]"
    case .json(.object(let members)): "{\(members.count) members}"
    }
  }

  private func mistyped(_ name: String, _ expected: String) -> StatusError {
    StatusError(.badArgument, "'\(name)' must be \(expected)")
  }
}
