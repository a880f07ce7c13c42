import Glibc

/// The last values of parameters as a table, or one in a line.
struct ParameterText {
  let paint: Paint

  /// What the daemon has told.
  struct Rows {
    var asOf = ""
    var parameters: [Document] = []
    /// How many the databases describe, and how many of them the pattern is for; absent where the daemon does not say.
    var describedCount: Int?
    var fittingCount: Int?
    /// Whether only those were asked for that are beyond a limit.
    var areAlarmsOnly = false

    /// Why there is nothing to ask for; nothing as long as there may be something.
    func obstacle(pattern: String?) -> (message: String, hint: String)? {
      guard parameters.isEmpty else { return nil }
      if describedCount == 0 {
        return (
          "there is no mission database", "write 'mission_database: [FILE.xml]' to the link, and reload"
        )
      }
      guard fittingCount == 0, let pattern else { return nil }
      return (
        "no parameter has a name that fits '\(pattern)'",
        "'downlinkd mdb FILE.xml' lists those of a database; put patterns in quotes"
      )
    }
  }

  /// - Parameter columns: How wide the window is; absent where lines may be of any length.
  func lines(_ rows: Rows, columns: Int?) -> [String] {
    guard !rows.parameters.isEmpty else {
      guard let count = rows.describedCount else { return ["no parameters"] }
      return [
        rows.areAlarmsOnly
          ? "no parameter is beyond a limit" : "of \(count.grouped) parameters none has come yet"
      ]
    }
    let hasLinks = Set(rows.parameters.map { $0.text("link") }).count > 1
    let headings = ["name", "value", "unit", "limits", "made", "received", "count"]
    var table = TextTable((hasLinks ? ["link"] : []) + headings, leftAlignedColumnCount: hasLinks ? 5 : 4)
    for row in rows.parameters {
      var cells: [TextTable.Cell] = [
        .init(row.text("name")), value(row), .init(row.text("unit")), level(row),
        .init(age(row, "time", rows.asOf)), .init(age(row, "received", rows.asOf)), .init(row.count("count").grouped),
      ]
      if hasLinks { cells.insert(.init(row.text("link")), at: 0) }
      table.append(cells)
    }
    return table.lines(paint).map { line in columns.map { WatchText.cut(line, to: $0) } ?? line }
  }

  /// One value in one line, as it comes.
  func line(_ row: Document) -> String {
    let moment = row["time"]?.string ?? row["received"]?.string
    let words = [
      moment.map { paint(Moment.short($0), .quiet) }, row.text("link"), row.text("name"), painted(value(row)),
      row.text("unit"), painted(level(row)),
    ]
    return words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func painted(_ cell: TextTable.Cell) -> String { paint(cell.text, cell.emphasis) }

  private func value(_ row: Document) -> TextTable.Cell {
    guard row.count("count") > 0 else { return .init("never received", .quiet) }
    let text = Self.shown(
      row["label"]?.string ?? row["value"].flatMap(Self.short) ?? row["raw"]?.plainText.map { "raw \($0)" })
    let fault = row.text("validity")
    let isGood = fault == "valid" && row["suspect"]?.bool != true
    let remark = fault == "valid" ? "" : " (\(fault.split(separator: "_").joined(separator: " ")))"
    let doubt = row["suspect"]?.bool == true ? " (suspect)" : ""
    return .init(text + remark + doubt, isGood ? .plain : .caution)
  }

  private func level(_ row: Document) -> TextTable.Cell {
    let level = row.text("limit_level")
    let emphasis: Emphasis =
      switch level {
      case "normal": .good
      case "watch", "warning": .caution
      case "": .plain
      default: .alarm
      }
    guard !["", "normal"].contains(level) else {
      return .init(level.isEmpty && row.count("count") > 0 ? "-" : level, emphasis)
    }
    let violated = row["violates"]?.string ?? Self.limits(of: row, level)
    return .init(violated.map { "\(level): \(Self.shown($0))" } ?? level, emphasis)
  }

  private func age(_ row: Document, _ name: String, _ asOf: String) -> String {
    row[name]?.string.map { Moment.age($0, at: asOf) } ?? "-"
  }

  /// The limits of this level that are in force, where the daemon does not say which of them is violated.
  private static func limits(of row: Document, _ level: String) -> String? {
    let words = (row["limits"]?.elements ?? []).filter { $0.text("level") == level }.compactMap { limit -> String? in
      let isInside = limit["inside"] != nil
      guard let range = limit["inside"] ?? limit["outside"] else { return nil }
      let ends = range.members.map { "\(Self.ends[$0.name] ?? "")\(Self.short($0.value) ?? "")" }
      return "\(isInside ? "within" : "outside") \(ends.joined(separator: " "))"
    }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private static let ends = [
    "min_exclusive": "above ", "max_inclusive": "to ", "max_exclusive": "to below ",
  ]

  /// A value as a person reads it: of a number with a fraction seven digits say more than any sensor can.
  private static func short(_ value: Document) -> String? {
    guard case .number(let text) = value, text.contains("."), text.utf8.count > significantDigitCount,
      let number = Double(text), number.isFinite, number != 0
    else { return value.plainText }
    let decimals = significantDigitCount - 1 - Int(log10(number.magnitude).rounded(.down))
    // Powers of ten are exact up to here, and so are whole numbers.
    guard decimals <= 22, number.magnitude < 1e15 else { return text }
    let scale = pow(10, Double(max(0, decimals)))
    return String((number * scale).rounded() / scale)
  }

  private static let significantDigitCount = 7

  /// A value of a bounded length that cannot move the cursor.
  private static func shown(_ value: String?) -> String {
    guard let value else { return "-" }
    let text = String(value.unicodeScalars.prefix(longestValue)).harmless
    return value.unicodeScalars.count > longestValue ? text + "…" : text
  }

  private static let longestValue = 40
}
