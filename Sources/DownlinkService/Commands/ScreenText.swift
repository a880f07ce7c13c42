/// How lines that `explain` and `mdb` say are shown: folded where they are wider than a screen, and in ASCII where a
/// terminal may know nothing else.
package struct ScreenText: Sendable {
  /// The width of the terminal; absent where lines go to a file or another program, which gets them whole.
  package var columnCount: Int?
  /// Whether signs beyond ASCII that are not part of a name are replaced.
  package var isASCII = false

  package init() {}

  /// One line or several.
  package func lines(of line: String) -> [String] {
    let line = isASCII ? Self.ascii(line) : line
    guard let columnCount, line.count > columnCount, columnCount >= Self.smallestColumnCount else { return [line] }
    let indentation = line.prefix { $0 == " " }.count
    let hanging = String(repeating: " ", count: min(indentation + 4, columnCount / 2))
    var lines: [String] = []
    var rest = Array(line)[...]
    while rest.count > columnCount {
      let end = Self.end(ofLineIn: rest, columnCount, behind: lines.isEmpty ? indentation : hanging.count)
      lines.append(Self.trimmed(rest[..<end]))
      rest = Array(hanging) + rest[end...].drop { $0 == " " }
    }
    if rest.contains(where: { $0 != " " }) { lines.append(Self.trimmed(rest)) }
    return lines
  }

  /// The whole of a text, each line with its end.
  package func text(of text: String) -> String {
    guard columnCount != nil || isASCII else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      lines(of: String(line)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// Where a line is broken: before the last space that leaves enough, else in a word.
  private static func end(ofLineIn line: ArraySlice<Character>, _ columnCount: Int, behind indentation: Int) -> Int {
    let end = line.startIndex + columnCount
    let space = line[..<(end + 1)].lastIndex(of: " ")
    guard let space, space > line.startIndex + indentation else { return end }
    return space
  }

  private static func trimmed(_ line: ArraySlice<Character>) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// The signs of our own; names are as they are.
  private static func ascii(_ line: String) -> String {
    guard !line.utf8.allSatisfy({ $0 < 0x80 }) else { return line }
    return line.reduce(into: "") { text, character in text += replacements[character] ?? String(character) }
  }

  private static let replacements: [Character: String] = ["…": "...", "→": "->", "×": "x", "−": "-", "·": "."]
  /// Below it, nothing would be left of a line.
  private static let smallestColumnCount = 20
}
