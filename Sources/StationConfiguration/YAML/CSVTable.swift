/// A table of comma-separated values as the list of sections that it stands for: the first line names the keys.
///
/// Standard: RFC 4180, with fields of one line.
struct CSVTable {
  private static let rowCapacity = 10_000

  /// Reads a table; what is wrong with it goes to `problems`.
  static func read(_ bytes: [UInt8], name: String, into problems: inout ProblemCollector) -> YAMLNode? {
    let (text, blemishes) = SourceText.cleaned(bytes, name: name)
    let source = problems.add(text)
    for blemish in blemishes {
      problems.report(blemish.message, at: SourceMark(source: source, text: blemish.mark), hint: blemish.hint)
    }
    var keys: [YAMLNode]?
    var items: [YAMLNode] = []
    for line in 1...text.lineCount where items.count < rowCapacity {
      let characters = Array(text.characters(of: line))
      guard characters.contains(where: { $0 != " " && $0 != "\t" }), characters.first != "#" else { continue }
      let fields = fields(of: characters, line: line, source: source, &problems)
      guard let keys else {
        keys = fields
        continue
      }
      let mark = SourceMark(source: source, text: TextMark(line: line, column: 1))
      guard fields.count == keys.count else {
        problems.report(
          "\(fields.count) fields, where the first line names \(keys.count)", at: mark,
          hint: "write as many commas in each line; a field may be empty")
        continue
      }
      items.append(YAMLNode(content: .mapping(entries(keys, fields)), mark: mark))
    }
    guard let keys else {
      problems.report(
        "the table is empty", at: SourceMark(source: source, text: TextMark(line: 1, column: 1)),
        hint: "begin with a line such as start,end,spacecraft_id,link,label")
      return nil
    }
    return YAMLNode(content: .sequence(items), mark: keys.first?.mark ?? items[0].mark)
  }

  /// Empty fields are as good as none.
  private static func entries(_ keys: [YAMLNode], _ fields: [YAMLNode]) -> [YAMLEntry] {
    zip(keys, fields).compactMap { key, field in
      guard case .scalar(let name, _) = key.content, case .scalar(let value, let isPlain) = field.content,
        !value.isEmpty || !isPlain
      else { return nil }
      return YAMLEntry(key: name, keyMark: key.mark, value: field)
    }
  }

  private static func fields(
    of characters: [Unicode.Scalar], line: Int, source: Int, _ problems: inout ProblemCollector
  ) -> [YAMLNode] {
    var fields: [YAMLNode] = []
    var index = 0
    while index <= characters.count {
      while index < characters.count, characters[index] == " " { index += 1 }
      let mark = SourceMark(source: source, text: TextMark(line: line, column: index + 1))
      var value = String.UnicodeScalarView()
      let isQuoted = index < characters.count && characters[index] == "\""
      if isQuoted {
        index += 1
        var isOpen = true
        while isOpen, index < characters.count {
          if characters[index] != "\"" {
            value.append(characters[index])
          } else if index + 1 < characters.count, characters[index + 1] == "\"" {
            value.append("\"")
            index += 1
          } else {
            isOpen = false
          }
          index += 1
        }
        if isOpen { problems.report("a quote is not closed", at: mark, hint: "close it on the same line") }
      }
      while index < characters.count, characters[index] != "," {
        if !isQuoted { value.append(characters[index]) }
        index += 1
      }
      if !isQuoted { while value.last == " " || value.last == "\t" { value.removeLast() } }
      fields.append(YAMLNode(content: .scalar(String(value), isPlain: !isQuoted), mark: mark))
      index += 1
    }
    return fields
  }
}
