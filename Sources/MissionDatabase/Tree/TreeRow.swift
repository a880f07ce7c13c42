/// A line of the text of a database.
package enum TreeRow: Sendable {
  case blank
  case heading(String)
  case container(ContainerRow)
  case entry(Entry)

  /// The line of a container, above its entries.
  package struct ContainerRow: Sendable {
    package let index: ContainerIndex
    /// How many containers it extends, one the other.
    package let depth: Int
    /// When a packet that goes on with it does; absent where it always does, or extends nothing.
    package var criterion: String?
    /// What it describes with those that it extends; absent where that is not the same in all packets.
    package var bitCount: Int?
    var title: String
    var facts: [String] = []

    var text: String { "\(title)  (\(facts.joined(separator: "; ")))" }
  }

  /// What stands in the columns.
  package struct Entry: Sendable {
    var indent = ""
    /// Where it begins, in bits from the beginning of the packet, or by which rule.
    package internal(set) var position = ""
    /// In bits.
    package internal(set) var size = ""
    package internal(set) var name: String
    package internal(set) var type: String
    package internal(set) var encoding = ""
    package internal(set) var unit = ""
    package internal(set) var calibration = ""
    /// Such as `0 OFF`.
    package internal(set) var labels: [String] = []
    /// Outside of this a value is invalid.
    package internal(set) var validRange: String?
    /// Such as `warning outside 26 to 34`.
    package internal(set) var alarms: [String] = []
    /// How often it comes, and when; other names, and what it is.
    package internal(set) var notes: [String] = []
    /// Whose values these are; absent for containers, and for parameters that a packet names.
    package internal(set) var parameter: ParameterIndex?
    /// The place of the entry in the database, or of the parameter where it lies in no container.
    package internal(set) var place: DatabasePlace?

    init(name: String, type: String) {
      self.name = name
      self.type = type
    }

    /// All that stands behind the columns.
    ///
    /// - Parameter labelCapacity: More labels are counted.
    fileprivate func remarks(labelCapacity: Int) -> String {
      var parts = [calibration]
      if !labels.isEmpty {
        let rest = labels.count - labelCapacity
        parts.append(labels.prefix(labelCapacity).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : ""))
      }
      if let validRange { parts.append("valid \(validRange)") }
      return (parts + alarms + notes).filter { !$0.isEmpty }.joined(separator: "; ")
    }
  }

  /// In the place of a size that is not the same in all packets.
  static let varying = "var"

  /// The lines, with columns as wide as they need to be, but not for the sake of a few.
  ///
  /// - Parameters:
  ///   - labelCapacity: So many labels of an enumeration are shown.
  ///   - hasHeadings: Whether the columns have names.
  static func lines(_ rows: [TreeRow], labelCapacity: Int, hasHeadings: Bool) -> [String] {
    let rows = hasHeadings && !rows.isEmpty ? [headings] + rows : rows
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
      case .container(let container): return container.text
      case .entry(let entry):
        let columns = [
          pad("\(entry.indent)\(entry.name)", name), padLeft(entry.position, widths.position),
          padLeft(entry.size, widths.size), pad(entry.type, widths.type), pad(entry.encoding, widths.encoding),
          pad(entry.unit, widths.unit), entry.remarks(labelCapacity: labelCapacity),
        ]
        return trimmed(columns.filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
  }

  private static var headings: TreeRow {
    var headings = Entry(name: "name", type: "type")
    headings.position = "at bit"
    headings.size = "bits"
    headings.encoding = "encoding"
    headings.unit = "unit"
    headings.calibration = "calibration; labels; valid range; alarms; notes"
    return .entry(headings)
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
