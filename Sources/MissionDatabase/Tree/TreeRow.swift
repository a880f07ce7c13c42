/// A line of the text of a database.
enum TreeRow {
  case blank
  case heading(String)
  case entry(Entry)

  /// What stands in the columns.
  struct Entry {
    var indent = ""
    var position = ""
    var size = ""
    var name: String
    var type: String
    var encoding = ""
    var unit = ""
    var calibration = ""
    var notes: [String] = []

    init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// In the place of a size that is not the same in all packets.
  static let varying = "var"

  /// The lines, with columns as wide as they need to be, but not for the sake of a few.
  static func lines(_ rows: [TreeRow]) -> [String] {
    let entries = rows.compactMap { row -> Entry? in
      if case .entry(let entry) = row { return entry }
      return nil
    }
    let name = width(entries.map { $0.indent.count + $0.name.count }, atMost: 48)
    let widths = (
      position: width(entries.map(\.position.count), atMost: 10), size: width(entries.map(\.size.count), atMost: 8),
      type: width(entries.map(\.type.count), atMost: 24), encoding: width(entries.map(\.encoding.count), atMost: 32),
      unit: width(entries.map(\.unit.count), atMost: 12)
    )
    return rows.map { row in
      switch row {
      case .blank: return ""
      case .heading(let text): return text
      case .entry(let entry):
        let columns = [
          pad("\(entry.indent)\(entry.name)", name), padLeft(entry.position, widths.position),
          padLeft(entry.size, widths.size), pad(entry.type, widths.type), pad(entry.encoding, widths.encoding),
          pad(entry.unit, widths.unit),
          ([entry.calibration] + entry.notes).filter { !$0.isEmpty }.joined(separator: "; "),
        ]
        return trimmed(columns.filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
  }

  private static func width(_ counts: [Int], atMost most: Int) -> Int { min(counts.max() ?? 0, most) }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func trimmed(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }
}
