/// Tells code from comments and literals, which is all the grammar that the rules need.
struct SwiftScanner {
  private let input: [UInt8]
  private var output: [UInt8]
  private var position = 0

  /// The same text, line for line and byte for byte, with spaces in place of comments and literals.
  static func blank(_ text: String) -> String {
    var scanner = SwiftScanner(text)
    scanner.code(isInterpolation: false)
    return String(decoding: scanner.output, as: UTF8.self)
  }

  private init(_ text: String) {
    input = Array(text.utf8)
    output = input
  }

  /// Walks over code to the end, or to the parenthesis that closes an interpolation.
  private mutating func code(isInterpolation: Bool) {
    var depth = 0
    while position < input.count {
      if lineComment() || blockComment() || regex() || string() { continue }
      if looks(at: "(") { depth += 1 }
      if looks(at: ")") {
        if depth == 0, isInterpolation { return }
        depth -= 1
      }
      position += 1
    }
  }

  private mutating func lineComment() -> Bool {
    guard looks(at: "//") else { return false }
    while position < input.count, !looks(at: "\n") { blank(1) }
    return true
  }

  /// A comment of several lines, which may hold others.
  private mutating func blockComment() -> Bool {
    guard looks(at: "/*") else { return false }
    var depth = 0
    repeat {
      if looks(at: "/*") {
        depth += 1
        blank(2)
      } else if looks(at: "*/") {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && position < input.count
    return true
  }

  /// A pattern between slashes: the first stands where a value is due, the second on the same line.
  private mutating func regex() -> Bool {
    guard looks(at: "/"), !looks(at: "/ "), !looks(at: "/=") else { return false }
    let before = input[..<position].last { $0 != UInt8(ascii: " ") } ?? UInt8(ascii: "\n")
    let line = input[(position + 1)...].prefix { $0 != UInt8(ascii: "\n") }
    guard "(,=:[{\n".utf8.contains(before), line.contains(UInt8(ascii: "/")) else { return false }
    blank(1)
    while position < input.count, !looks(at: "/") { blank(looks(at: "\\") ? 2 : 1) }
    blank(1)
    return true
  }

  /// A string, raw or not, of one line or several. The code between `\(` and `)` is left standing.
  private mutating func string() -> Bool {
    let hashes = String(repeating: "#", count: input[position...].prefix { $0 == UInt8(ascii: "#") }.count)
    guard looks(at: hashes + "\"") else { return false }
    blank(hashes.utf8.count)
    let quotes = looks(at: "\"\"\"") ? "\"\"\"" : "\""
    blank(quotes.utf8.count)
    while position < input.count, !looks(at: quotes + hashes) {
      if looks(at: "\\\(hashes)(") {
        blank(hashes.utf8.count + 2)
        code(isInterpolation: true)
        blank(1)
      } else {
        blank(looks(at: "\\\(hashes)") ? hashes.utf8.count + 2 : 1)
      }
    }
    blank(quotes.utf8.count + hashes.utf8.count)
    return true
  }

  private func looks(at text: String) -> Bool { input[position...].starts(with: text.utf8) }

  private mutating func blank(_ byteCount: Int) {
    for _ in 0..<byteCount where position < input.count {
      if input[position] != UInt8(ascii: "\n") { output[position] = UInt8(ascii: " ") }
      position += 1
    }
  }
}
