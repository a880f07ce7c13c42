/// What a name means at a place: it is looked up in the space system there, then in each around it, as XTCE 1.1 says.
///
/// `a/b` is `b` in space system `a`, `../b` begins one space system further out, `/A/b` at the outermost one.
extension Declarations {
  /// The declaration that a name means.
  func find(_ reference: String, in table: Table, from system: Int) -> Int? {
    systems.find(reference, in: table, from: system)
  }

  /// The declaration with the name in the same space system, if there is one.
  func findNearest(_ reference: String, in table: Table, from system: Int) -> Int? {
    systems.findNearest(reference, in: table, from: system)
  }

  /// The full paths that a name may mean, the nearest first.
  func candidates(_ reference: String, from system: Int) -> [String] { systems.candidates(reference, from: system) }
}

extension [Declarations.System] {
  func find(_ reference: String, in table: Declarations.Table, from system: Int) -> Int? {
    // Nearly every name is that of something in the same space system; the other paths are made where it is not.
    if let declaration = findNearest(reference, in: table, from: system) { return declaration }
    for path in candidates(reference, from: system) {
      if let declaration = table.indexOfPath[path] { return declaration }
    }
    return nil
  }

  fileprivate func findNearest(_ reference: String, in table: Declarations.Table, from system: Int) -> Int? {
    guard reference.utf8.count <= Limits.pathByteCount, Self.isPlain(reference),
      reference.utf8.first != UInt8(ascii: "/")
    else { return nil }
    return table.indexOfPath[self[system].prefix + reference]
  }

  fileprivate func candidates(_ reference: String, from system: Int) -> [String] {
    guard !reference.isEmpty, reference.utf8.count <= Limits.pathByteCount else { return [] }
    var paths: [String] = []
    if reference.hasPrefix("/") {
      paths = [reference]
    } else if reference.hasPrefix("./") || reference.hasPrefix("../") {
      paths = [self[system].prefix + reference]
    } else {
      var next: Int? = system
      while let system = next {
        paths.append(self[system].prefix + reference)
        next = self[system].parent
      }
      // Each file may have an outermost space system of its own.
      paths.append("/\(reference)")
    }
    return Self.isPlain(reference) ? paths : paths.compactMap(Self.normalized)
  }

  /// Whether it has neither `./` nor `//` in it.
  private static func isPlain(_ reference: String) -> Bool {
    var previous: UInt8 = 0
    let bytes = reference.utf8.span
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: "/"), previous == UInt8(ascii: ".") || previous == UInt8(ascii: "/") { return false }
      previous = byte
    }
    return true
  }

  /// Without `.` and `..`; nothing where it leads out of everything.
  private static func normalized(_ path: String) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      switch part {
      case ".": continue
      case "..": if parts.popLast() == nil { return nil }
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }
}
