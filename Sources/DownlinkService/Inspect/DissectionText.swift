/// A dissection as lines for a person: one for each field, in columns that never move.
///
///     frame 1, byte 0, 44 bytes
///       primary header
///             0.0  transfer frame version number   00            TM
///       ! at 0.2: what is wrong
///         found this, expected that
///         hint: what to do
enum DissectionText {
  static func lines(_ heading: UnitHeading, _ dissection: Dissection) -> [String] {
    let count = dissection.allProblems.count
    var lines = [line(heading) + (count == 0 ? "" : ": \(Digits.plural(count, "problem"))")]
    lines += self.lines(problems: dissection.problems)
    for section in dissection.sections { lines += self.lines(section) }
    return lines
  }

  /// What does not fit the unit as a whole.
  static func lines(problems: [Dissection.Problem]) -> [String] { problems.flatMap { self.lines($0) } }

  /// A section under its title.
  static func lines(_ section: Dissection.Section) -> [String] {
    ["  \(section.title)"] + section.items.flatMap { self.lines($0) }
  }

  private static func line(_ heading: UnitHeading) -> String {
    let position =
      switch heading.position {
      case .byte(let offset): "byte \(offset)"
      case .record(let number): "record \(number)"
      }
    return ["\(heading.kind.rawValue) \(heading.number)", position, heading.time, Digits.bytes(heading.byteCount)]
      .compactMap { $0 }.joined(separator: ", ")
  }

  private static func lines(_ item: Dissection.Item) -> [String] {
    switch item {
    case .field(let field):
      let start = aligned(Digits.place(field.bitOffset), 11, toTheRight: true)
      return ["\(start)  \(aligned(field.name, 30))  \(aligned(field.raw, 12))  \(field.meaning)"]
    case .note(let text): return ["    \(text)"]
    case .problem(let problem): return lines(problem)
    case .bytes(let dump): return lines(dump)
    }
  }

  private static func lines(_ problem: Dissection.Problem) -> [String] {
    [
      "  ! at \(Digits.place(problem.bitOffset)): \(problem.what)",
      "    found \(problem.found), expected \(problem.expected)",
      "    hint: \(problem.hint)",
    ]
  }

  /// Sixteen bytes to a line, behind the offset of the first.
  static func lines(_ dump: Dissection.ByteDump) -> [String] {
    var lines: [String] = []
    for start in stride(from: 0, to: dump.bytes.count, by: 16) {
      let row = dump.bytes[start..<min(start + 16, dump.bytes.count)]
      let groups = stride(from: row.startIndex, to: row.endIndex, by: 8).map { group in
        row[group..<min(group + 8, row.endIndex)].map(Digits.hex).joined(separator: " ")
      }
      let text = String(decoding: row.map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
      let offset = aligned(String(dump.byteOffset + start), 9, toTheRight: true)
      lines.append("\(offset)    \(aligned(groups.joined(separator: "  "), 48))  \(text)")
    }
    let rest = dump.totalByteCount - dump.bytes.count
    if rest > 0 { lines.append("\(aligned("…", 9, toTheRight: true))    \(Digits.bytes(rest)) more") }
    return lines
  }

  private static func aligned(_ text: String, _ width: Int, toTheRight: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return toTheRight ? padding + text : text + padding
  }
}
