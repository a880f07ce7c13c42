/// What a plain word could be taken for; nothing is guessed beyond this.
enum ScalarReading {
  case integer(Int)
  /// A number, but not one that is written here as it must be; the hint says how.
  case refusedNumber(String, hint: String)
  case decimal(Double)
  case boolean(Bool)
  /// `yes`, `no`, `on`, `off` and their like: a boolean in some YAML, a text in other.
  case refusedBoolean(Bool)
  /// An empty value, `~` or `null`.
  case null
  case text

  /// Longer words are texts, and too long for any number that makes sense.
  private static let wordCapacity = 40

  init(_ word: String) {
    guard word.utf8.count <= Self.wordCapacity else {
      self = .text
      return
    }
    switch word {
    case "true": self = .boolean(true)
    case "false": self = .boolean(false)
    case "", "~", "null", "Null", "NULL": self = .null
    default:
      switch word.lowercased() {
      case "yes", "y", "on", "true": self = .refusedBoolean(true)
      case "no", "n", "off", "false": self = .refusedBoolean(false)
      default: self = Self.number(word) ?? .text
      }
    }
  }

  private static func number(_ word: String) -> ScalarReading? {
    let sign = word.first == "-" ? "-" : ""
    let body = word.first == "-" || word.first == "+" ? String(word.dropFirst()) : word
    guard let first = body.utf8.first, first.isDecimalDigit || first == UInt8(ascii: ".") else { return nil }
    if body.utf8.allSatisfy(\.isDecimalDigit) {
      guard body.utf8.count == 1 || first != UInt8(ascii: "0") else { return octal(body, sign) }
      return .integer(clamped(body, radix: 10, sign))
    }
    let (prefix, rest) = (body.prefix(2).lowercased(), body.dropFirst(2))
    if prefix == "0x", !rest.isEmpty, rest.utf8.allSatisfy(\.isHexadecimalDigit) {
      return .integer(clamped(String(rest), radix: 16, sign))
    }
    if prefix == "0o" || prefix == "0b", !rest.isEmpty, rest.utf8.allSatisfy(\.isDecimalDigit) {
      let value = Int(rest, radix: prefix == "0o" ? 8 : 2)
      return .refusedNumber(
        "'\(word.shortened)' is not decimal or hexadecimal",
        hint: value.map { "write \(sign)\($0)" } ?? "write it in decimal")
    }
    if body.utf8.contains(UInt8(ascii: "_")), body.utf8.allSatisfy({ $0.isDecimalDigit || $0 == UInt8(ascii: "_") }) {
      return .refusedNumber(
        "'\(word.shortened)' has '_' in a number", hint: "write \(sign)\(body.replacing("_", with: "").shortened)")
    }
    return sexagesimal(word) ?? decimal(body, sign)
  }

  private static func octal(_ body: String, _ sign: String) -> ScalarReading {
    let trimmed = String(body.drop { $0 == "0" })
    let decimal = trimmed.isEmpty ? "0" : trimmed
    guard let octal = Int(body, radix: 8), octal > 7 else {
      return .refusedNumber("'\(body.shortened)' begins with a zero", hint: "write \(sign)\(decimal.shortened)")
    }
    return .refusedNumber(
      "'\(body.shortened)' is ambiguous: some YAML readers take it for octal \(octal)",
      hint: "write \(sign)\(decimal.shortened), or \(sign)\(octal) if octal was meant")
  }

  /// `12:30` was 750 in YAML 1.1, counted in sixties.
  private static func sexagesimal(_ word: String) -> ScalarReading? {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    let isDigits = { (part: Substring) in (1...9).contains(part.utf8.count) && part.utf8.allSatisfy(\.isDecimalDigit) }
    guard (2...3).contains(parts.count), parts.allSatisfy(isDigits) else { return nil }
    let value = parts.reduce(0) { $0 * 60 + (Int($1) ?? 0) }
    return .refusedNumber(
      "'\(word)' is ambiguous: some YAML readers take it for \(value), in base 60",
      hint: "write a plain number, such as \(value)")
  }

  private static func decimal(_ body: String, _ sign: String) -> ScalarReading? {
    let isDecimal = body.utf8.allSatisfy { $0.isDecimalDigit || $0 == UInt8(ascii: ".") }
    let words: Set<UInt8> = [0x2E, 0x45, 0x65, 0x2B, 0x2D]
    guard body.utf8.count <= 32, body.utf8.allSatisfy({ $0.isDecimalDigit || words.contains($0) }),
      let value = Double(sign + body)
    else { return nil }
    if isDecimal, body.first != ".", body.last != "." { return .decimal(value) }
    let whole = Int(exactly: value)
    return .refusedNumber(
      "'\(body.shortened)' is not a plain number",
      hint: whole.map { "write \($0)" } ?? "write digits and one point only")
  }

  /// Numbers too large for us are larger than any that is allowed.
  private static func clamped(_ digits: String, radix: Int, _ sign: String) -> Int {
    Int(sign + digits, radix: radix) ?? (sign.isEmpty ? .max : .min)
  }
}

extension UInt8 {
  fileprivate var isDecimalDigit: Bool { (0x30...0x39).contains(self) }
}
