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
    let text = Self.shown(row["label"]?.string ?? row["value"]?.plainText ?? row["raw"]?.plainText.map { "raw \($0)" })
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
    return .init(level.isEmpty && row.count("count") > 0 ? "-" : level, emphasis)
  }

  private func age(_ row: Document, _ name: String, _ asOf: String) -> String {
    row[name]?.string.map { Moment.age($0, at: asOf) } ?? "-"
  }

  /// A value of a bounded length that cannot move the cursor.
  private static func shown(_ value: String?) -> String {
    guard let value else { return "-" }
    let text = String(value.unicodeScalars.prefix(longestValue)).harmless
    return value.unicodeScalars.count > longestValue ? text + "…" : text
  }

  private static let longestValue = 40
}
