/// What is written in attributes and texts.
enum Literal {
  /// A whole number in decimal, or behind `0x`, `0o` or `0b` in another base, with a sign or without one.
  static func integer(_ text: String) -> Int64? {
    let text = trimmed(text)
    if let value = Int64(text) { return value }
    guard let digits = prefixedDigits(text) else { return nil }
    return Int64(digits.magnitude, radix: digits.radix).map { digits.isNegative ? -$0 : $0 }
  }

  /// A whole number that is too large for `integer`, but not for 64 bits without a sign.
  static func unsigned(_ text: String) -> UInt64? {
    let text = trimmed(text)
    if let value = UInt64(text) { return value }
    guard let digits = prefixedDigits(text), !digits.isNegative else { return nil }
    return UInt64(digits.magnitude, radix: digits.radix)
  }

  /// A number that is neither infinite nor none.
  static func number(_ text: String) -> Double? {
    let text = trimmed(text)
    guard let value = Double(text), value.isFinite else { return integer(text).map(Double.init) }
    return value
  }

  /// Whether it is a sign or none and then digits alone, however many.
  static func isWholeNumber(_ text: String) -> Bool {
    let text = trimmed(text)
    let digits =
      text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// Octets as pairs of hexadecimal digits.
  static func octets(_ text: String) -> [UInt8]? {
    var text = trimmed(text)[...]
    if text.hasPrefix("0x") || text.hasPrefix("0X") { text = text.dropFirst(2) }
    let digits = text.utf8.map { byte in Character(UnicodeScalar(byte)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      octets.append(UInt8(high << 4 | low))
    }
    return octets
  }

  /// Without white space around it.
  static func trimmed(_ text: String) -> String {
    guard let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace else { return text }
    let start = text.drop(while: \.isWhitespace)
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }

  private static func prefixedDigits(_ text: String) -> (isNegative: Bool, magnitude: Substring, radix: Int)? {
    let isNegative = text.hasPrefix("-")
    let rest = isNegative ? text.dropFirst() : text[...]
    let radix =
      switch rest.prefix(2).lowercased() {
      case "0x": 16
      case "0o": 8
      case "0b": 2
      default: 0
      }
    let digits = rest.dropFirst(2)
    // A second sign would be taken too.
    guard radix != 0, let first = digits.first, first.isHexDigit else { return nil }
    return (isNegative, digits, radix)
  }
}

extension String {
  /// At most so much of it as a message can hold, without what a terminal would obey.
  var shortened: String {
    let safe = unicodeScalars.prefix(61).map { $0.properties.generalCategory == .control ? "·" : Character($0) }
    return safe.count > 60 ? "\(String(safe.prefix(59)))…" : String(safe)
  }
}
