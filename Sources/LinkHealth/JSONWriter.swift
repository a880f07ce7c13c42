/// Writes one JSON value, member by member, in the order given.
///
/// There is no `null`: what is unknown is left out. Numbers that are not finite are left out too. The caller keeps
/// the nesting right.
package struct JSONWriter: Sendable {
  package private(set) var text = ""
  private var needsComma = false

  package init() {}

  // MARK: Containers

  package mutating func object(_ name: String? = nil, _ members: (inout JSONWriter) -> Void) {
    open(name, "{")
    members(&self)
    close("}")
  }

  package mutating func array(_ name: String? = nil, _ elements: (inout JSONWriter) -> Void) {
    open(name, "[")
    elements(&self)
    close("]")
  }

  // MARK: Values

  package mutating func member(_ name: String, _ value: String) {
    begin(name)
    appendQuoted(value)
  }

  package mutating func member(_ name: String, _ value: Bool) {
    begin(name)
    text += value ? "true" : "false"
  }

  package mutating func member(_ name: String, _ value: some FixedWidthInteger) {
    begin(name)
    text += String(value)
  }

  package mutating func member(_ name: String, _ value: Double) {
    guard value.isFinite else { return }
    begin(name)
    text += String(describing: value)
  }

  /// A list of texts.
  package mutating func member(_ name: String, _ values: [String]) {
    array(name) { array in for value in values { array.element(value) } }
  }

  /// A member whose value is JSON already.
  package mutating func member(_ name: String, json: String) {
    begin(name)
    text += json
  }

  package mutating func element(_ value: String) {
    begin(nil)
    appendQuoted(value)
  }

  package mutating func element(_ value: some FixedWidthInteger) {
    begin(nil)
    text += String(value)
  }

  package mutating func element(json: String) {
    begin(nil)
    text += json
  }

  // MARK: Helpers

  private mutating func open(_ name: String?, _ bracket: String) {
    begin(name)
    text += bracket
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }

  private mutating func begin(_ name: String?) {
    if needsComma { text += "," }
    needsComma = true
    guard let name else { return }
    appendQuoted(name)
    text += ":"
  }

  private mutating func appendQuoted(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        text += "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
        text += String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
