/// A value of a YAML document with its position, nothing resolved.
struct YAMLNode {
  enum Content {
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
    /// An alias or another thing that was refused where it stands; there is no more to say about it.
    case refused
  }

  var content: Content
  var mark: SourceMark

  /// Whether the value was reported already, so that there is no more to say about it.
  var isRefused: Bool {
    if case .refused = content { return true }
    return false
  }

  /// How the value is called in a message that wanted another.
  var kindName: String {
    switch content {
    case .scalar(let text, _): text.isEmpty ? "nothing" : "'\(text.shortened)'"
    case .sequence: "a list"
    case .mapping: "a section of keys"
    case .refused: "an alias"
    }
  }
}

/// A key and its value.
struct YAMLEntry {
  var key: String
  var keyMark: SourceMark
  var value: YAMLNode
}

extension YAMLNode {
  /// Lays a later file over an earlier one: it wins key by key, and its links come after the others.
  mutating func merge(_ later: YAMLNode) {
    guard case .mapping(var entries) = content, case .mapping(let laterEntries) = later.content else {
      self = later
      return
    }
    for entry in laterEntries {
      guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
        entries.append(entry)
        continue
      }
      if entry.key == "links", case .sequence(let links) = entries[index].value.content,
        case .sequence(let laterLinks) = entry.value.content
      {
        entries[index].value.content = .sequence(links + laterLinks)
      } else if case .mapping = entries[index].value.content, case .mapping = entry.value.content {
        entries[index].value.merge(entry.value)
      } else {
        entries[index] = entry
      }
    }
    content = .mapping(entries)
  }
}

extension String {
  /// The text as it is quoted in a message: one line of at most forty characters.
  var shortened: String {
    var result = ""
    for (index, scalar) in unicodeScalars.enumerated() {
      if index == 40 { return result + "..." }
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.unicodeScalars.append(isControl ? " " : scalar)
    }
    return result
  }
}
