extension StationDecoder {
  // MARK: Text

  /// A text of one line; nothing when it is absent, or wrong and reported.
  mutating func text(_ key: String, in section: Section, capacity: Int) -> String? {
    guard let node = section.value(key) else { return nil }
    return text(node, path: section.path(key), capacity: capacity)
  }

  /// A text that must be there; empty, and reported, when it is not.
  mutating func requiredText(_ key: String, in section: Section, hint: String, capacity: Int) -> String {
    guard section.has(key) else {
      reportMissing(key, in: section, hint: hint)
      return ""
    }
    return text(key, in: section, capacity: capacity) ?? ""
  }

  /// A value as a text of one line.
  mutating func text(_ node: YAMLNode, path: String, capacity: Int) -> String? {
    guard let (word, isPlain) = scalar(node, path: path, wanted: "a text") else { return nil }
    var refusal: (message: String, hint: String)?
    if isPlain {
      switch ScalarReading(word) {
      case .text: break
      case .null: refusal = ("\(path) has no value", "write a text, or leave the key out")
      case .integer, .decimal, .boolean:
        refusal = ("'\(word.shortened)' is not a text", "put quotes around it: \"\(word.shortened)\"")
      case .refusedBoolean:
        refusal = (
          "'\(word)' is ambiguous: some YAML readers take it for a boolean", "put quotes around it: \"\(word)\""
        )
      case .refusedNumber(let message, _): refusal = (message, "put quotes around a text: \"\(word.shortened)\"")
      }
    } else if word.isEmpty {
      refusal = ("\(path) is empty", "write a text, or leave the key out")
    }
    if refusal == nil, word.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
      refusal = ("\(path) must be one line without control characters", "write it on one line")
    } else if refusal == nil, word.utf8.count > capacity {
      refusal = ("\(path) is \(word.utf8.count) bytes long", "write at most \(capacity) bytes")
    }
    guard let refusal else { return word }
    problems.report(refusal.message, at: node.mark, path: path, hint: refusal.hint)
    return nil
  }

  /// An absolute path.
  mutating func path(_ key: String, in section: Section, capacity: Int) -> String? {
    guard let path = text(key, in: section, capacity: capacity) else { return nil }
    guard path.hasPrefix("/") else {
      report("'\(path.shortened)' is not an absolute path", key: key, in: section, hint: "begin it with '/'")
      return nil
    }
    return path
  }

  /// One of a few words; those of later versions, and those of other programs, come with what to do instead.
  mutating func word(
    _ key: String, in section: Section, _ words: [String], later: [String: String] = [:],
    instead: [String: String] = [:]
  ) -> String? {
    guard let node = section.value(key) else { return nil }
    let path = section.path(key)
    let choice = words.map { "'\($0)'" }.joined(separator: " or ")
    guard let (word, _) = scalar(node, path: path, wanted: choice) else { return nil }
    if words.contains(word) { return word }
    if let hint = later[word] {
      problems.report("\(key) '\(word)' is not supported by this version", at: node.mark, path: path, hint: hint)
    } else {
      let nearest = Suggestion.nearest(to: word, among: words + later.keys.sorted())
      let hint = instead[word.lowercased()] ?? nearest.map { "did you mean '\($0)'?" } ?? "write \(choice)"
      problems.report("\(key) must be \(choice), not \(node.kindName)", at: node.mark, path: path, hint: hint)
    }
    return nil
  }

  // MARK: Numbers

  /// A whole number, decimal or `0x` hexadecimal.
  mutating func integer(_ key: String, in section: Section, _ range: ClosedRange<Int>) -> Int? {
    guard let node = section.value(key) else { return nil }
    return integer(node, path: section.path(key), range)
  }

  /// A value as a whole number in a range.
  mutating func integer(
    _ node: YAMLNode, path: String, _ range: ClosedRange<Int>, rangeHint: String? = nil
  ) -> Int? {
    guard let (word, isPlain) = scalar(node, path: path, wanted: "a whole number") else { return nil }
    let reading = ScalarReading(word)
    var refusal: (message: String, hint: String)
    switch reading {
    case .integer(let value) where isPlain:
      if range.contains(value) { return value }
      let bounds = "\(range.lowerBound)...\(range.upperBound)"
      refusal = ("\(path) is \(word.shortened), which is not in \(bounds)", rangeHint ?? "write a number in \(bounds)")
    case .integer: refusal = ("'\(word.shortened)' in quotes is a text", "write \(word.shortened) without quotes")
    case .refusedNumber(let message, let hint): refusal = (message, hint)
    case .null: refusal = ("\(path) has no value", "write a whole number, or leave the key out")
    case .decimal, .boolean, .refusedBoolean, .text:
      refusal = (
        "\(path) must be a whole number, not \(node.kindName)",
        "write digits only, such as \(range.lowerBound), or 0x and hexadecimal digits"
      )
    }
    problems.report(refusal.message, at: node.mark, path: path, hint: refusal.hint)
    return nil
  }

  /// One of a few numbers.
  mutating func choice(_ key: String, in section: Section, _ values: [Int], hint: String? = nil) -> Int? {
    guard let node = section.value(key),
      let value = integer(node, path: section.path(key), Int.min...Int.max)
    else { return nil }
    if values.contains(value) { return value }
    let names = values.map(String.init)
    let choice = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    report(
      "\(section.path(key)) must be \(choice), not \(value)", key: key, in: section, hint: hint ?? "write \(choice)")
    return nil
  }

  /// `true` or `false`, and nothing else.
  mutating func boolean(_ key: String, in section: Section) -> Bool? {
    guard let node = section.value(key) else { return nil }
    let path = section.path(key)
    guard let (word, isPlain) = scalar(node, path: path, wanted: "true or false") else { return nil }
    var hint = "write true or false"
    switch ScalarReading(word) {
    case .boolean(let value):
      if isPlain { return value }
      hint = "write \(value) without quotes"
    case .refusedBoolean(let value): hint = "write \(value)"
    case .integer, .refusedNumber, .decimal, .null, .text: break
    }
    problems.report("\(path) must be true or false, not \(node.kindName)", at: node.mark, path: path, hint: hint)
    return nil
  }

  /// A word and whether it stood without quotes; nothing, reported, for a list or section.
  mutating func scalar(_ node: YAMLNode, path: String, wanted: String) -> (word: String, isPlain: Bool)? {
    if case .scalar(let word, let isPlain) = node.content { return (word, isPlain) }
    if !node.isRefused {
      problems.report(
        "\(path) must be \(wanted), not \(node.kindName)", at: node.mark, path: path, hint: "write \(wanted)")
    }
    return nil
  }
}
