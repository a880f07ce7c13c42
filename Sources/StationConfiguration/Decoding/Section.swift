/// The keys that a section may have.
struct Vocabulary {
  /// How the section is called in a message.
  var name: String
  var keys: [String]
  /// Keys of the language that this version cannot do yet, each with what to do instead.
  var later: [String: String] = [:]
  /// Keys that belong elsewhere, each with where.
  var elsewhere: [String: String] = [:]
}

/// A mapping of known keys with the path that leads to it.
struct Section {
  var path: String
  var mark: SourceMark
  private var entries: [String: YAMLEntry] = [:]

  init(path: String, mark: SourceMark, entries: [YAMLEntry] = []) {
    self.path = path
    self.mark = mark
    for entry in entries { self.entries[entry.key] = self.entries[entry.key] ?? entry }
  }

  /// The value of a key; nothing when it is absent.
  func value(_ key: String) -> YAMLNode? { entries[key]?.value }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// Whether there are no keys at all, known or not.
  var isEmpty: Bool { entries.isEmpty }

  /// Where a key stands, or where its section begins.
  func mark(of key: String) -> SourceMark { entries[key]?.keyMark ?? mark }

  /// Where the value of a key stands, or where its section begins.
  func valueMark(of key: String) -> SourceMark { entries[key]?.value.mark ?? mark }

  /// The path of a key in this section.
  func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
