/// Attributes and texts as numbers and words; nothing where they are not, which is a problem then.
extension XTCEReader {
  /// A whole number in decimal; the default where the attribute is absent.
  func integer(
    _ attribute: String, of element: XMLElement, default standard: Int? = nil, in range: ClosedRange<Int>
  ) -> Int? {
    guard let text = element[attribute] else {
      if standard == nil { refuse(element, "it has no `\(attribute)`") }
      return standard
    }
    return integer(text, "`\(attribute)`", of: element, in: range)
  }

  /// A whole number that was written for something.
  func integer(
    _ text: String, _ subject: String, of element: XMLElement, in range: ClosedRange<Int>
  ) -> Int? {
    guard let value = Literal.integer(text).flatMap({ Int(exactly: $0) }) else {
      if Literal.isWholeNumber(text) {
        refuse(element, "\(subject) is \(text.shortened), and \(range.lowerBound) to \(range.upperBound) is supported")
      } else {
        refuse(element, "\(subject) is \"\(text.shortened)\", which is not a whole number")
      }
      return nil
    }
    guard range.contains(value) else {
      refuse(element, "\(subject) is \(value), and \(range.lowerBound) to \(range.upperBound) is supported")
      return nil
    }
    return value
  }

  /// A finite number; the default where the attribute is absent.
  func number(_ attribute: String, of element: XMLElement, default standard: Double? = nil) -> Double? {
    guard let text = element[attribute] else {
      if standard == nil { refuse(element, "it has no `\(attribute)`") }
      return standard
    }
    guard let value = Literal.number(text) else {
      refuse(element, "`\(attribute)` is \"\(text.shortened)\", which is not a number")
      return nil
    }
    return value
  }

  func boolean(_ attribute: String, of element: XMLElement, default standard: Bool) -> Bool? {
    switch element[attribute].map(Literal.trimmed) {
    case nil: return standard
    case "true", "1": return true
    case "false", "0": return false
    case let text?:
      refuse(element, "`\(attribute)` is \"\(text.shortened)\", which is neither true nor false")
      return nil
    }
  }

  /// What must be there.
  func required(_ attribute: String, of element: XMLElement) -> String? {
    if let text = element[attribute] { return text }
    refuse(element, "it has no `\(attribute)`")
    return nil
  }

  /// The one line that says what something is: its short description, or the beginning of its long one.
  static func summary(of element: XMLElement) -> String {
    let text =
      element["shortDescription"] ?? element.child("ShortDescription")?.text ?? element.child("LongDescription")?.text
      ?? ""
    guard !text.isEmpty else { return "" }
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > summaryCharacterCount ? "\(line.prefix(summaryCharacterCount - 1))…" : line
  }

  private static let summaryCharacterCount = 200
}
