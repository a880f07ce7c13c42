/// The path and the arguments of a request, such as `/api/v1/vcs?link=dss1`.
package struct RequestTarget: Equatable {
  /// Why a target is none.
  package enum Malformed: Error, Equatable {
    /// It does not begin with a slash.
    case notAPath
    /// A percent sign is not followed by two hexadecimal digits, or what is written so is not UTF-8.
    case badEscape
    /// An argument is there twice.
    case repeated(String)
  }

  /// As it was written.
  package let path: String
  /// By their names.
  package let arguments: [String: String]

  package init(_ text: String) throws(Malformed) {
    guard text.utf8.first == UInt8(ascii: "/") else { throw .notAPath }
    let end = text.utf8.firstIndex(of: UInt8(ascii: "#")) ?? text.endIndex
    let parts = text[..<end].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    var arguments: [String: String] = [:]
    for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(sides[0])
      let value = sides.count > 1 ? try Self.decoded(sides[1]) : ""
      guard arguments.updateValue(value, forKey: name) == nil else { throw .repeated(name) }
    }
    self.arguments = arguments
  }

  /// Without its percent signs; a plus sign stands for a space.
  private static func decoded(_ text: Substring) throws(Malformed) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
          throw .badEscape
        }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .badEscape }
    return text
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x41 + 10
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}
