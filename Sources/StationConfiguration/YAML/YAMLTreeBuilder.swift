/// Grows a tree from events, within bounds, and names what this configuration language has no use for.
struct YAMLTreeBuilder {
  /// Values and keys of one file.
  static let largestNodeCount = 10_000
  /// Sections in sections.
  static let deepestNesting = 32

  /// Something to report, once it is sure that this tree is the one that counts.
  struct Finding {
    var message: String
    var mark: SourceMark
    var path: String
    var hint: String?
  }

  private enum PendingKey {
    case key(String, SourceMark)
    /// Its value is read, and dropped.
    case refused
  }

  /// A sequence or mapping whose end has not come yet.
  private struct Level {
    var isMapping: Bool
    var mark: SourceMark
    var items: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    var keyMarks: [String: SourceMark] = [:]
    var pendingKey: PendingKey?
  }

  private(set) var findings: [Finding] = []
  private var root: YAMLNode?
  private var levels: [Level] = []
  private var nodeCount = 0
  private let positions: PositionMap
  /// Broken lines were blanked, so that an empty value may not be what was written.
  private let hasGaps: Bool

  init(_ positions: PositionMap, hasGaps: Bool) {
    self.positions = positions
    self.hasGaps = hasGaps
  }

  /// The tree as far as it has come.
  mutating func finish() -> YAMLNode? {
    while !levels.isEmpty { closeLevel() }
    return root
  }

  /// Takes one event in.
  ///
  /// - Returns: Whether there is room for more.
  mutating func accept(_ event: YAMLEvent) -> Bool {
    let mark = positions[event.start]
    switch event.kind {
    case .streamStart, .streamEnd, .documentStart, .documentEnd: return true
    case .sequenceEnd, .mappingEnd:
      closeLevel()
      return true
    case .alias:
      guard countNode(at: mark) else { return false }
      find("aliases are not supported", mark, "write the value out here")
      attach(YAMLNode(content: .refused, mark: mark))
    case .scalar(let text, let isPlain):
      guard countNode(at: mark) else { return false }
      checkProperties(event, mark)
      acceptScalar(text, isPlain: isPlain, mark)
    case .sequenceStart, .mappingStart:
      guard countNode(at: mark) else { return false }
      guard levels.count < Self.deepestNesting else {
        find("sections are nested more than \(Self.deepestNesting) deep", mark, "no key of this language needs it")
        return false
      }
      checkProperties(event, mark)
      var isMapping = false
      if case .mappingStart = event.kind { isMapping = true }
      levels.append(Level(isMapping: isMapping, mark: mark))
    }
    return true
  }

  // MARK: Helpers

  private mutating func countNode(at mark: SourceMark) -> Bool {
    nodeCount += 1
    guard nodeCount > Self.largestNodeCount else { return true }
    find("the file has more than \(Self.largestNodeCount) values", mark, "split the station into several daemons")
    return false
  }

  private mutating func checkProperties(_ event: YAMLEvent, _ mark: SourceMark) {
    if event.hasAnchor {
      find("anchors are not supported", mark, "delete it, and write the value out where it is used")
    }
    if event.hasTag { find("tags are not supported", mark, "delete it: every key knows the type of its value") }
  }

  private mutating func acceptScalar(_ text: String, isPlain: Bool, _ mark: SourceMark) {
    guard let last = levels.indices.last, levels[last].isMapping, levels[last].pendingKey == nil else {
      let isGap = hasGaps && isPlain && text.isEmpty
      attach(YAMLNode(content: isGap ? .refused : .scalar(text, isPlain: isPlain), mark: mark))
      return
    }
    levels[last].pendingKey = .refused
    if isPlain && text == "<<" {
      find("merge keys are not supported", mark, "write the keys out here")
    } else if text.isEmpty {
      find("a key is missing before ':'", mark, "write 'key: value'")
    } else if let first = levels[last].keyMarks[text] {
      let place = "line \(first.text.line), column \(first.text.column)"
      find("duplicate key '\(text.shortened)'; the first is at \(place)", mark, "keep one of the two")
    } else {
      levels[last].keyMarks[text] = mark
      levels[last].pendingKey = .key(text, mark)
    }
  }

  private mutating func closeLevel() {
    guard let level = levels.popLast() else { return }
    attach(YAMLNode(content: level.isMapping ? .mapping(level.entries) : .sequence(level.items), mark: level.mark))
  }

  private mutating func attach(_ node: YAMLNode) {
    guard let last = levels.indices.last else {
      root = root ?? node
      return
    }
    guard levels[last].isMapping else {
      levels[last].items.append(node)
      return
    }
    switch levels[last].pendingKey {
    case .key(let key, let mark):
      levels[last].entries.append(YAMLEntry(key: key, keyMark: mark, value: node))
      levels[last].pendingKey = nil
    case .refused:
      levels[last].pendingKey = nil
    case nil:
      if !node.isRefused { find("a key must be a word, not \(node.kindName)", node.mark, "write 'key: value'") }
      levels[last].pendingKey = .refused
    }
  }

  private mutating func find(_ message: String, _ mark: SourceMark, _ hint: String?) {
    guard findings.count <= ProblemCollector.capacity else { return }
    findings.append(Finding(message: message, mark: mark, path: path, hint: hint))
  }

  /// The path of the value that is being read.
  private var path: String {
    var path = ""
    for level in levels {
      if !level.isMapping {
        path += "[\(level.items.count)]"
      } else if case .key(let key, _) = level.pendingKey {
        path += path.isEmpty ? key.shortened : ".\(key.shortened)"
      }
    }
    return path
  }
}
