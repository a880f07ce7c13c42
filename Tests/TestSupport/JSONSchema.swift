package import Publish

/// Checks values against a JSON Schema of 2020-12: as much of the language as our schemas use, and not a word more.
///
/// A keyword that is not known here is a violation by itself, so that a schema cannot promise what nobody checks.
package struct JSONSchema {
  /// What a value is found to be under one schema.
  private struct Finding {
    var violations: [String] = []
    /// The members of an object that some schema has spoken about.
    var evaluated: Set<String> = []

    mutating func add(_ other: Finding) {
      violations += other.violations
      evaluated.formUnion(other.evaluated)
    }
  }

  private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

  private let root: JSONValue
  private let isClosed: Bool

  /// - Parameters:
  ///   - root: A schema, read from its text.
  ///   - isClosed: Whether an object may have no member but those that the schema names, where it names any: a schema
  ///     leaves room for later versions, and this version has to be described as a whole.
  package init(_ root: JSONValue, isClosed: Bool = false) {
    (self.root, self.isClosed) = (root, isClosed)
  }

  /// What is wrong with a value, each with the place where it is; nothing when it is as the schema says.
  package func violations(of value: JSONValue) -> [String] { check(value, root, at: "$").violations }

  private func check(_ value: JSONValue, _ schema: JSONValue, at path: String) -> Finding {
    guard case .object(let keywords) = schema else {
      return schema == .bool(true) ? Finding() : Finding(violations: ["\(path): nothing may be here"])
    }
    var finding = Finding()
    for keyword in keywords where keyword.name != "additionalProperties" && keyword.name != "unevaluatedProperties" {
      finding.add(check(value, keyword, at: path))
    }
    checkOthers(value, schema, &finding, at: path)
    return finding
  }

  /// The members that no other keyword has spoken about.
  private func checkOthers(_ value: JSONValue, _ schema: JSONValue, _ finding: inout Finding, at path: String) {
    guard case .object(let members) = value else { return }
    let named = Set(schema["properties"]?.memberNames ?? [])
    if isClosed, !named.isEmpty, schema["additionalProperties"] == nil, schema["unevaluatedProperties"] == nil {
      for member in members where !named.contains(member.name) {
        finding.violations.append("\(path): \(member.name) is in no schema")
      }
    }
    for (keyword, known) in [("additionalProperties", named), ("unevaluatedProperties", finding.evaluated)] {
      guard let rule = schema[keyword] else { continue }
      for member in members where !known.contains(member.name) {
        finding.violations += check(member.value, rule, at: "\(path).\(member.name)").violations
        finding.evaluated.insert(member.name)
      }
    }
  }

  private func check(_ value: JSONValue, _ keyword: JSONValue.Member, at path: String) -> Finding {
    switch (keyword.name, keyword.value) {
    case ("$ref", .string(let name)):
      guard let target = definition(name) else { return Finding(violations: ["\(path): there is no \(name)"]) }
      return check(value, target, at: path)
    case ("type", .string(let type)):
      return Self.finding(value.isOf(type), "\(path): \(value) is no \(type)")
    case ("const", let constant): return Self.finding(value == constant, "\(path): \(value) is not \(constant)")
    case ("enum", .array(let values)): return Self.finding(values.contains(value), "\(path): \(value) is not foreseen")
    case ("minimum", let bound): return Self.finding(Self.isOrdered(bound, value), "\(path): \(value) is too small")
    case ("maximum", let bound): return Self.finding(Self.isOrdered(value, bound), "\(path): \(value) is too large")
    case ("minLength", .integer(let count)):
      return Self.finding(value.string.map { $0.unicodeScalars.count >= count } ?? true, "\(path): too short")
    case ("pattern", .string(let pattern)):
      guard let text = value.string else { return Finding() }
      let isMatch = (try? Regex(pattern).firstMatch(in: text)) != nil
      return Self.finding(isMatch, "\(path): '\(text)' does not match \(pattern)")
    case ("required", .array(let names)):
      guard case .object = value else { return Finding() }
      let absent = names.compactMap(\.string).filter { value[$0] == nil }
      return Finding(violations: absent.map { "\(path): \($0) is missing" })
    case ("properties", .object(let properties)): return check(value, properties, at: path)
    case ("items", let schema):
      guard case .array(let elements) = value else { return Finding() }
      return Finding(
        violations: elements.enumerated().flatMap { check($1, schema, at: "\(path)[\($0)]").violations })
    case ("oneOf", .array(let schemas)): return check(value, oneOf: schemas, at: path)
    case (let name, _) where Self.annotations.contains(name): return Finding()
    default: return Finding(violations: ["\(path): the keyword \(keyword.name) is not known here"])
    }
  }

  private func check(_ value: JSONValue, _ properties: [JSONValue.Member], at path: String) -> Finding {
    guard case .object = value else { return Finding() }
    var finding = Finding()
    for property in properties {
      guard let member = value[property.name] else { continue }
      finding.evaluated.insert(property.name)
      finding.violations += check(member, property.value, at: "\(path).\(property.name)").violations
    }
    return finding
  }

  /// The closest of several schemas tells what is wrong when none fits.
  private func check(_ value: JSONValue, oneOf schemas: [JSONValue], at path: String) -> Finding {
    let findings = schemas.map { check(value, $0, at: path) }
    let fitting = findings.filter(\.violations.isEmpty)
    guard fitting.count != 1 else { return fitting[0] }
    guard fitting.isEmpty else { return Finding(violations: ["\(path): \(fitting.count) of the schemas fit, not one"]) }
    return findings.min { $0.violations.count < $1.violations.count } ?? Finding(violations: ["\(path): no schema"])
  }

  private func definition(_ reference: String) -> JSONValue? {
    guard reference.hasPrefix("#/") else { return nil }
    return reference.dropFirst(2).split(separator: "/").reduce(root) { $0?[String($1)] }
  }

  private static func finding(_ isFitting: Bool, _ violation: @autoclosure () -> String) -> Finding {
    isFitting ? Finding() : Finding(violations: [violation()])
  }

  private static func isOrdered(_ smaller: JSONValue, _ larger: JSONValue) -> Bool {
    guard let smaller = smaller.double, let larger = larger.double else { return true }
    return smaller <= larger
  }
}

extension JSONValue {
  /// The names of an object's members.
  package var memberNames: [String] { if case .object(let members) = self { members.map(\.name) } else { [] } }

  fileprivate var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .bool, .string, .array, .object: nil
    }
  }

  fileprivate func isOf(_ type: String) -> Bool {
    switch self {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .number(let value): type == "number" || type == "integer" && value.rounded() == value
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }
}
