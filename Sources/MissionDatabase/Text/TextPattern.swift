/// A pattern that texts are compared with: a regular expression, made into a table that takes one step for a character.
///
/// A text equals it as a whole or not at all. However the pattern is written, a text takes time by its length alone;
/// what would need more, such as a reference to what a group has matched, or a larger table, is refused when the
/// pattern is read.
package struct TextPattern: Sendable {
  private let alphabet: CharacterClasses
  /// For each state the next one by class of character.
  private let transitions: [UInt16]
  private let accepts: [Bool]
  /// What it took to make the table: a measure of time and room.
  package let stepCount: Int

  /// - Parameter expression: As ECMAScript writes it: characters, `.`, `[…]`, `\d \w \s` and their opposites, escapes,
  ///   groups, `|`, `* + ?`, `{n}`, `{n,}`, `{n,m}`, `^` at its beginning and `$` at its end.
  package init(_ expression: String) throws(TextPatternError) {
    let parsed = try PatternParser.parse(expression)
    let automaton = try PatternAutomaton(parsed)
    alphabet = automaton.alphabet
    transitions = automaton.transitions
    accepts = automaton.accepts
    stepCount = automaton.stepCount
  }

  /// Whether the whole text is as the pattern says.
  package func matches(_ text: consuming CharacterCursor) -> Bool {
    var state = 0
    while let scalar = text.next() {
      state = Int(transitions[state * alphabet.count + alphabet.index(of: scalar.value)])
      if state == Self.deadState { return false }
    }
    return accepts[state]
  }

  /// Whether the whole text is as the pattern says.
  package func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return matches(
      CharacterCursor(unsafe bytes.span.bytes, bitOffset: 0, bitCount: bytes.count * 8, .utf8))
  }

  /// Which no way leads out of.
  static let deadState = 1
}

/// Why a pattern cannot be used.
package struct TextPatternError: Error, Hashable, Sendable {
  /// What is wrong, and with which part.
  package var message: String

  init(_ message: String) { self.message = message }
}
