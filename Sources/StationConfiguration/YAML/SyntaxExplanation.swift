/// What a syntax error means to the person who made it.
struct SyntaxExplanation {
  var message: String
  var mark: TextMark
  var hint: String

  init(_ error: YAMLSyntaxError) {
    let start = error.contextMark ?? error.mark
    let isElsewhere = start.line != error.mark.line
    mark = error.mark
    switch error.problem {
    case "mapping values are not allowed in this context":
      message = "a ':' is not expected here"
      hint = "check the indentation, or put quotes around a text with ': ' in it"
    case "could not find expected ':'":
      mark = start
      message = "a ':' is missing after this key"
      hint = "write 'key: value', with a space after the colon"
    case "did not find expected key":
      message = "a key is expected here"
      hint = "the keys of a section begin in the same column"
    case "did not find expected '-' indicator":
      message = "a list item is expected here"
      hint = "the items of a list begin with '- ' in the same column"
    case "block sequence entries are not allowed in this context":
      message = "a list item is not expected here"
      hint = "begin the list on a line of its own, or put quotes around a '-' that is a value"
    case "did not find expected ',' or '}'":
      if isElsewhere { mark = start }
      message = isElsewhere ? "'{' is never closed" : "a ',' or '}' is missing here"
      hint = "write { key: value, key: value }"
    case "did not find expected ',' or ']'":
      if isElsewhere { mark = start }
      message = isElsewhere ? "'[' is never closed" : "a ',' or ']' is missing here"
      hint = "write [value, value]"
    case "found unexpected end of stream", "found unexpected document indicator":
      mark = start
      message = "the quote is never closed"
      hint = "close the quote on the same line"
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      message = "the backslash begins no known escape"
      hint = "use single quotes, in which a backslash is a backslash"
    case "did not find expected alphabetic or numeric character":
      mark = start
      message = "'&' and '*' begin anchors and aliases, which are not supported"
      hint = "put quotes around the text"
    case "found character that cannot start any token":
      message = "no value begins with this character"
      hint = "put quotes around the text"
    case let problem where problem.hasPrefix("Maximum nesting level"):
      message = "sections are nested more than \(YAMLTreeBuilder.deepestNesting) deep"
      hint = "no key of this language needs it"
    case "did not find expected node content":
      message = "a value is expected here"
      hint = "check brackets and commas"
    default:
      message = error.problem
      hint = "put quotes around text with special characters in it"
    }
  }
}

extension SourceText {
  /// Blanks a line, but for the dashes before it, and the deeper lines below, so that the rest can be read.
  ///
  /// - Returns: Whether there was anything to blank.
  mutating func blankBlock(at number: Int) -> Bool {
    var indentation = contentColumn(of: number)
    guard let first = line(number).firstIndex(where: { $0 != 0x20 }) else { return false }
    let start = first - line(number).startIndex
    // Nothing but dashes is left from the last time: they are the trouble.
    if !line(number).dropFirst(indentation).contains(where: { $0 != 0x20 }) { indentation = start }
    blank(line: number, from: indentation)
    var next = number + 1
    while next <= lineCount {
      let line = line(next)
      let isBlank = !line.contains { $0 != 0x20 && $0 != 0x09 }
      guard isBlank || line.prefix(indentation + 1).allSatisfy({ $0 == 0x20 }) else { break }
      blank(line: next, from: 0)
      next += 1
    }
    return true
  }

  /// Spaces and list dashes before the first word of a line.
  func contentColumn(of number: Int) -> Int {
    let line = Array(line(number))
    var column = 0
    while column < line.count {
      let isDash = line[column] == UInt8(ascii: "-") && column + 1 < line.count && line[column + 1] == 0x20
      guard line[column] == 0x20 || isDash else { break }
      column += 1
    }
    return column
  }
}
