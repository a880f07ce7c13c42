extension StationDecoder {
  // MARK: Containers

  /// The section at a key; nothing, reported, when the value is something else.
  mutating func section(_ key: String, in parent: Section, _ vocabulary: Vocabulary) -> Section? {
    guard let node = parent.value(key) else { return nil }
    return section(node, path: parent.path(key), vocabulary)
  }

  /// A value as a section, with every key that is not in the vocabulary reported.
  mutating func section(_ node: YAMLNode, path: String, _ vocabulary: Vocabulary) -> Section? {
    switch node.content {
    case .refused: return nil
    case .mapping(let entries):
      for entry in entries { checkKey(entry, path: path, vocabulary) }
      return Section(path: path, mark: node.mark, entries: entries)
    case .scalar, .sequence:
      problems.report(
        "\(vocabulary.name) must be a section of keys, not \(node.kindName)", at: node.mark, path: path,
        hint: "its keys are \(vocabulary.keys.map { "'\($0)'" }.joined(separator: ", "))")
      return nil
    }
  }

  /// A value as a list; nothing, reported, when it is something else.
  mutating func list(_ node: YAMLNode, path: String) -> [YAMLNode]? {
    switch node.content {
    case .refused: return nil
    case .sequence(let items): return items
    case .scalar, .mapping:
      problems.report(
        "\(path) must be a list, not \(node.kindName)", at: node.mark, path: path,
        hint: "begin each item with '- ' on a line of its own, or write [item, item]")
      return nil
    }
  }

  private mutating func checkKey(_ entry: YAMLEntry, path: String, _ vocabulary: Vocabulary) {
    let key = entry.key
    guard !vocabulary.keys.contains(key) else { return }
    let keyPath = path.isEmpty ? key : "\(path).\(key.shortened)"
    if let hint = vocabulary.later[key] {
      problems.report("'\(key)' is not supported by this version", at: entry.keyMark, path: keyPath, hint: hint)
      return
    }
    let place = path.isEmpty ? "" : " in \(path)"
    var hint = vocabulary.elsewhere[Suggestion.snakeCase(key)]
    if hint == nil, !problems.isFull {
      let all = vocabulary.keys + vocabulary.later.keys.sorted()
      let nearest = Suggestion.nearest(to: key, among: all)
      hint = nearest.map { "did you mean '\($0)'?" }
      if let nearest { misspelt.insert(path.isEmpty ? nearest : "\(path).\(nearest)") }
    }
    problems.report(
      "unknown key '\(key.shortened)'\(place)", at: entry.keyMark, path: keyPath,
      hint: hint ?? "the keys here are \(vocabulary.keys.map { "'\($0)'" }.joined(separator: ", "))")
  }

  // MARK: Problems

  /// Keeps where the value of a key stands: this host may have something against it.
  mutating func remember(_ key: String, in section: Section) {
    places[section.path(key)] = section.valueMark(of: key)
  }

  /// Reports a problem at the value of a key.
  mutating func report(_ message: String, key: String, in section: Section, hint: String?) {
    problems.report(message, at: section.valueMark(of: key), path: section.path(key), hint: hint)
  }

  /// Reports that a key is missing, unless it is only misspelt, or may stand in a part that could not be read.
  mutating func reportMissing(_ key: String, in section: Section, hint: String) {
    guard !problems.hasUnreadText, !misspelt.contains(section.path(key)) else { return }
    let place = section.path.isEmpty ? "" : " in \(section.path)"
    problems.report("'\(key)' is missing\(place)", at: section.mark, path: section.path(key), hint: hint)
  }
}
