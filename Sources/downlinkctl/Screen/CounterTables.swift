/// The virtual channels and the application processes of one link, with what has come of each.
struct CounterTables {
  let link: Document
  /// What is missing most comes first.
  let isWorstFirst: Bool

  func channels(columns width: Int) -> [ScreenLine] {
    let rows = sorted(link["virtual_channels"]?.elements ?? [], "frames")
    guard !rows.isEmpty else { return [ScreenLine("none yet", .quiet)] }
    var table = ScreenTable([
      .init(heading: "scid:vcid", rank: 0, isLeftAligned: true),
      .init(heading: "service", rank: 7, isLeftAligned: true),
      .init(heading: "frames", rank: 4), .init(heading: "missing", rank: 1), .init(heading: "complete", rank: 2),
      .init(heading: "", rank: 5), .init(heading: "gaps", rank: 6), .init(heading: "packets", rank: 8),
      .init(heading: "trust", rank: 3, isLeftAligned: true),
    ])
    for row in rows {
      let completeness = Completeness(of: row, "frames")
      table.append([
        ScreenLine(Tables.place(row)), ScreenLine(row.text("service")), ScreenLine(row.count("frames").grouped),
        Self.missing(row), completeness.percent, completeness.bar(columns: 10), ScreenLine(row.count("gaps").grouped),
        ScreenLine([row.count("packets"), row.count("idle_packets")].total.grouped), Self.trust(row),
      ])
    }
    return table.lines(columns: width) + omitted("virtual_channels_omitted")
  }

  func applicationProcesses(columns width: Int) -> [ScreenLine] {
    let rows = sorted(link["apids"]?.elements ?? [], "packets")
    guard !rows.isEmpty else { return [ScreenLine("none yet", .quiet)] }
    var table = ScreenTable([
      .init(heading: "scid:vcid:apid", rank: 0, isLeftAligned: true), .init(heading: "packets", rank: 4),
      .init(heading: "missing", rank: 1), .init(heading: "complete", rank: 2), .init(heading: "", rank: 5),
      .init(heading: "gaps", rank: 6), .init(heading: "bytes", rank: 7),
      .init(heading: "trust", rank: 3, isLeftAligned: true),
    ])
    for row in rows {
      let completeness = Completeness(of: row, "packets")
      table.append([
        ScreenLine("\(Tables.place(row)):\(row.count("apid"))"), ScreenLine(row.count("packets").grouped),
        Self.missing(row), completeness.percent, completeness.bar(columns: 10), ScreenLine(row.count("gaps").grouped),
        ScreenLine(row.count("bytes").grouped), Self.trust(row),
      ])
    }
    return table.lines(columns: width) + omitted("apids_omitted")
  }

  private func omitted(_ name: String) -> [ScreenLine] {
    let count = link.count(name)
    return count > 0 ? [ScreenLine("and \(count.grouped) more that the status leaves out", .quiet)] : []
  }

  private func sorted(_ rows: [Document], _ counted: String) -> [Document] {
    guard isWorstFirst else { return rows }
    let keyed = rows.enumerated().map { index, row in
      (row: row, share: Completeness(of: row, counted).share ?? 2, index: index)
    }
    return keyed.sorted { ($0.share, $0.index) < ($1.share, $1.index) }.map(\.row)
  }

  private static func missing(_ row: Document) -> ScreenLine {
    let missing = row.count("missing")
    guard let most = row["missing_at_most"]?.int, most > missing else {
      return ScreenLine(missing.grouped, missing > 0 ? .caution : .plain)
    }
    return ScreenLine("\(missing.grouped)-\(most.grouped)", .caution)
  }

  /// Nothing for a counter that counts: what is out of the ordinary stands out.
  private static func trust(_ row: Document) -> ScreenLine {
    let trust = row.text("trust")
    return ScreenLine(trust == "trusted" ? "" : trust, .caution)
  }
}
