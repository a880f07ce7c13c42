/// What values are compared with.
extension XTCEReader {
  /// What a value is compared by.
  private enum Measure {
    case integer, float, text, octets
    /// One of the labels of a type, by its place.
    case labels(of: Int)
    case boolean(one: String, zero: String)
    case none(String)
  }

  /// A literal as the compared value's own type.
  func readOperand(
    _ text: String, _ instance: Instance, _ relation: Comparison.Relation, _ element: XMLElement
  ) -> Comparison.Operand? {
    let operand: Comparison.Operand?
    let expected: String
    switch measure(instance) {
    case .integer: (operand, expected) = (Self.integerOperand(text), "a number")
    case .float: (operand, expected) = (Literal.number(text).map(Comparison.Operand.float), "a number")
    case .text: (operand, expected) = (.text(text), "")
    case .octets: (operand, expected) = (Literal.octets(text).map(Comparison.Operand.octets), "bytes in hexadecimal")
    case .labels(let place): return readLabel(text, labels(of: place), relation, element)
    case .boolean(let one, let zero):
      let label = Self.booleanLabel(text, one: one, zero: zero) ?? text
      return readLabel(label, [one, zero], relation, element)
    case .none(let reason):
      refuse(element, reason)
      return nil
    }
    guard let operand else {
      refuse(element, "\"\(text.shortened)\" is not \(expected), which the parameter is")
      return nil
    }
    if case .text = operand, !isEquality(relation, element) { return nil }
    if case .octets = operand, !isEquality(relation, element) { return nil }
    return operand
  }

  /// Whether a value is a number; it is a problem where it is none.
  func isNumber(_ instance: Instance, _ element: XMLElement) -> Bool {
    switch measure(instance) {
    case .integer, .float: return true
    case .labels, .boolean:
      refuse(
        element, "the engineering value of the parameter is a label and not a number",
        hint: "write useCalibratedValue=\"false\" for its raw value")
    case .text, .octets: refuse(element, "the parameter is not a number")
    case .none(let reason): refuse(element, reason)
    }
    return false
  }

  private func measure(_ instance: Instance) -> Measure {
    let place = instance.target.type.value
    guard let kind = types[place]?.kind else { return .none("the parameter has no type") }
    switch kind {
    case .aggregate: return .none("the parameter is an aggregate: name one of its members")
    case .array: return .none("the parameter is an array: name one of its elements")
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime: break
    }
    if !instance.usesCalibrated {
      switch rawForms[place] {
      case .signed, .unsigned: return .integer
      case .float: return .float
      case .text: return .text
      case .octets: return .octets
      // A value that no packet holds is what it is.
      case .none: break
      }
    }
    switch kind {
    case .integer: return .integer
    case .float, .relativeTime: return .float
    case .enumerated: return .labels(of: place)
    case .boolean(let one, let zero): return .boolean(one: one, zero: zero)
    case .string: return .text
    case .binary: return .octets
    case .absoluteTime: return .none("a time is compared by its raw value only: write useCalibratedValue=\"false\"")
    case .aggregate, .array: return .none("the parameter has parts")
    }
  }

  /// There may be as many comparisons as labels: they are looked up.
  func labels(of place: Int) -> Set<String> {
    if let known = labels[place] { return known }
    guard case .enumerated(let ranges) = types[place]?.kind else { return [] }
    let found = Set(ranges.map(\.label))
    labels[place] = found
    return found
  }

  private func readLabel(
    _ text: String, _ labels: Set<String>, _ relation: Comparison.Relation, _ element: XMLElement
  ) -> Comparison.Operand? {
    guard isEquality(relation, element) else { return nil }
    if labels.contains(text) { return .text(text) }
    let lowercased = text.lowercased()
    let alike = labels.count > Self.comparableLabelCount ? nil : labels.filter { $0.lowercased() == lowercased }.min()
    refuse(
      element, "\"\(text.shortened)\" is not a label of the parameter",
      hint: alike.map { "is \"\($0.shortened)\" meant?" }
        ?? (Literal.integer(text) != nil ? "write useCalibratedValue=\"false\" to compare its raw value" : nil))
    return nil
  }

  /// Among more labels none is looked for that is nearly right.
  private static var comparableLabelCount: Int { 1_000 }

  /// The standard writes booleans as XML does, authors write them by their labels.
  private static func booleanLabel(_ text: String, one: String, zero: String) -> String? {
    switch text.lowercased() {
    case one.lowercased(): one
    case zero.lowercased(): zero
    case "true", "1": one
    case "false", "0": zero
    default: nil
    }
  }

  private func isEquality(_ relation: Comparison.Relation, _ element: XMLElement) -> Bool {
    if relation == .isEqual || relation == .isNotEqual { return true }
    refuse(element, "labels, texts and bytes are equal or not, and never \(relation.rawValue)")
    return false
  }

  private static func integerOperand(_ text: String) -> Comparison.Operand? {
    if let value = Literal.integer(text) { return .integer(value) }
    if let value = Literal.unsigned(text) { return .unsigned(value) }
    guard let value = Literal.number(text) else { return nil }
    return Int64(exactly: value).map(Comparison.Operand.integer) ?? .float(value)
  }
}
