/// What a name means at a place: it is looked up in the space system there, then in each around it, as XTCE 1.1 says.
///
/// `a/b` is `b` in space system `a`, `../b` begins one space system further out, `/A/b` at the outermost one.
extension Declarations {
  /// The declaration that a name means.
  func find(_ reference: String, in table: Table, from system: Int) -> Int? {
    // Nearly every name is that of something in the same space system; the other paths are made where it is not.
    if !reference.hasPrefix("/"), reference.utf8.count <= Limits.pathByteCount, Self.isPlain(reference),
      let declaration = table.indexOfPath[systems[system].prefix + reference]
    {
      return declaration
    }
    for path in candidates(reference, from: system) {
      if let declaration = table.indexOfPath[path] { return declaration }
    }
    return nil
  }

  /// The full paths that a name may mean, the nearest first.
  func candidates(_ reference: String, from system: Int) -> [String] {
    guard !reference.isEmpty, reference.utf8.count <= Limits.pathByteCount else { return [] }
    var paths: [String] = []
    if reference.hasPrefix("/") {
      paths = [reference]
    } else if reference.hasPrefix("./") || reference.hasPrefix("../") {
      paths = [systems[system].prefix + reference]
    } else {
      var next: Int? = system
      while let system = next {
        paths.append(systems[system].prefix + reference)
        next = systems[system].parent
      }
      // Each file may have an outermost space system of its own.
      paths.append("/\(reference)")
    }
    return Self.isPlain(reference) ? paths : paths.compactMap(Self.normalized)
  }

  /// Whether it has neither `./` nor `//` in it.
  private static func isPlain(_ reference: String) -> Bool {
    var previous: UInt8 = 0
    for byte in reference.utf8 {
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
