import Testing

/// What fits a screen can be read.
enum SizeRule {
  static func violations(in file: SourceFile) -> [Violation] {
    var violations: [Violation] = []
    let lineCount = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    if lineCount > 400 {
      violations.append(file.violation(400, "\(lineCount) lines, and 400 is the limit: split the file by topic"))
    }
    for (index, line) in file.lines.enumerated() where line.count > 120 {
      violations.append(file.violation(index, "\(line.count) columns, and 120 is the limit: break the line"))
    }
    for function in functions(in: file) where function.count > 60 {
      violations.append(
        file.violation(
          function.lowerBound, "a function of \(function.count) lines, and 60 is the limit: give its parts names"))
    }
    return violations
  }

  /// The lines from each `func`, `init`, `deinit` or `subscript` to the brace that closes its body.
  static func functions(in file: SourceFile) -> [ClosedRange<Int>] {
    let code = Array(file.codeLines.joined(separator: "\n").utf8)
    var functions: [ClosedRange<Int>] = []
    var line = 0
    var word: [UInt8] = []
    for (index, byte) in code.enumerated() {
      if isWordByte(byte) {
        word.append(byte)
        continue
      }
      defer { word = [] }
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard keywords.contains(String(decoding: word, as: UTF8.self)) else { continue }
      let start = index - word.count
      guard start == 0 || code[start - 1] != UInt8(ascii: "."), let end = endOfBody(in: code, from: index) else {
        continue
      }
      let first = byte == UInt8(ascii: "\n") ? line - 1 : line
      functions.append(first...(first + code[start...end].count { $0 == UInt8(ascii: "\n") }))
    }
    return functions
  }

  private static let keywords: Set<String> = ["func", "init", "deinit", "subscript"]

  private static func isWordByte(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
      || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// The index of the brace that closes the body, or nothing for the requirement of a protocol, which has none.
  private static func endOfBody(in code: [UInt8], from start: Int) -> Int? {
    var parentheses = 0
    var braces = 0
    for (index, byte) in code[start...].enumerated() {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
      case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
      case UInt8(ascii: "}") where parentheses == 0 || braces > 0:
        braces -= 1
        if braces < 0 { return nil }
        if braces == 0 { return start + index }
      case UInt8(ascii: "\n") where parentheses == 0 && braces == 0:
        let next = code[(start + index)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        guard ["{", "->", "where ", "throws", "async"].contains(where: { next.starts(with: $0.utf8) }) else {
          return nil
        }
      default: break
      }
    }
    return nil
  }
}

@Suite("The size of files, lines and functions")
struct SizeTests {
  @Test("no file is above 400 lines, no line above 120 columns, no function above 60 lines")
  func holds() { expectNone(Tree.swiftFiles.flatMap(SizeRule.violations)) }

  @Test("a file of 401 lines is found, one of 400 is not")
  func findsLongFile() {
    #expect(lines(of: String(repeating: "\n", count: 401)) == [401])
    #expect(lines(of: String(repeating: "\n", count: 400)) == [])
  }

  @Test("a line of 121 columns is found, one of 120 is not")
  func findsLongLine() {
    #expect(lines(of: "\n" + String(repeating: "§", count: 121)) == [2])
    #expect(lines(of: "\n" + String(repeating: "§", count: 120)) == [])
  }

  @Test(
    "a function of 61 lines is found, one of 60 is not",
    arguments: [
      "func f() {", "init?(a: Int = { 1 }()) {", "subscript(index: Int) -> Int {", "deinit {",
      "static func < (a: A) -> Bool {",
    ])
  func findsLongFunction(head: String) {
    let body = { (count: Int) in "struct S {\n\(head)\n" + String(repeating: "g { \"}\" }\n", count: count) + "}\n}" }
    #expect(lines(of: body(59)) == [2])
    #expect(lines(of: body(58)) == [])
  }

  @Test("a requirement has no body, and a call of an initializer is none")
  func skipsRequirements() {
    let text = "protocol P {\n  func f() -> Int\n  init()\n}\nlet a = A.init() {\n}\nfunc g()\n  -> Int\n{\n}"
    #expect(SizeRule.functions(in: SourceFile(path: "Planted.swift", text: text)) == [6...9])
  }

  private func lines(of text: String) -> [Int] {
    SizeRule.violations(in: SourceFile(path: "Sources/CCSDSWire/Planted.swift", text: text)).map(\.line)
  }
}
