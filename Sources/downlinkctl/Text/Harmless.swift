extension String {
  /// The text on one line that cannot move the cursor: a sign stands for each control character in it.
  var harmless: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars { text.append(scalar.isControl ? "\u{FFFD}" : scalar) }
    return String(text)
  }

  /// The same for a text of several lines, which stay lines.
  var harmlessLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).harmless }.joined(separator: "\n")
  }
}

extension Unicode.Scalar {
  /// Whether it tells a terminal what to do, instead of being shown.
  var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
