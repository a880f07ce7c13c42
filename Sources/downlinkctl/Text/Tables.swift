/// The tables of links, virtual channels and application processes.
struct Tables {
  let paint: Paint

  func links(_ links: [Document]) -> [String] {
    guard !links.isEmpty else { return ["no links"] }
    let isCoded = links.contains { $0["coding"] != nil }
    var headings = ["link", "state", "input", "frames/s", "bit/s", "frames", "missing", "rejected", "kernel drops"]
    if isCoded { headings.insert(contentsOf: ["lock", "margin"], at: 3) }
    var table = TextTable(headings + ["last frame"], leftAlignedColumnCount: isCoded ? 4 : 3)
    for link in links {
      let totals = link["totals"] ?? .null
      let rate = link["rates"]?["last1min"]
      var row: [TextTable.Cell] = [
        .init(link.text("name")), .init(link.text("state"), Self.emphasis(ofState: link.text("state"))),
        .init(Self.input(of: link)), Self.rate(of: link, rate),
        .init(rate?["bits_per_second"]?.double.map(Self.bitRate) ?? "-"), .init(Self.count(of: link, totals)),
        .loss(totals.count(Self.units(of: link) == "frames" ? "missing" : "packets_missing")),
        .loss((totals["rejected"]?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }),
        .loss(totals.count("kernel_dropped")), .init(Self.lastUnit(of: link)),
      ]
      if isCoded { row.insert(contentsOf: Self.coding(of: link), at: 3) }
      table.append(row)
    }
    return table.lines(paint)
  }

  /// A number that is not of frames says so.
  private static func rate(of link: Document, _ rate: Document?) -> TextTable.Cell {
    let units = units(of: link)
    guard let number = rate?["\(units)_per_second"]?.double?.tenths else { return .init("-") }
    return .init(units == "frames" ? number : "\(number) \(units)")
  }

  private static func count(of link: Document, _ totals: Document) -> String {
    let units = units(of: link)
    return totals.count(units).grouped + (units == "frames" ? "" : " \(units)")
  }

  /// Where the synchronizer stands, and how far the worst codeword of the last minute was from being lost.
  private static func coding(of link: Document) -> [TextTable.Cell] {
    let lock = link["coding"]?["lock_state"]?.string
    let margin = link["coding"]?["margin"]
    let symbols = margin?["margin_symbols"]?.int
    return [
      .init(lock ?? "-", lock.map(LedgerText.emphasis) ?? .plain),
      .init(
        symbols.map { "\($0) of \(margin?.count("correctable") ?? 0)" } ?? "-",
        symbols.map { $0 <= 1 ? .caution : .plain } ?? .plain),
    ]
  }

  /// - Parameters:
  ///   - hasLink: Whether there is a column for the link.
  ///   - rates: Frames per second by channel, where they are known; else there is no such column.
  func virtualChannels(_ channels: [Document], hasLink: Bool, rates: [String: Double]? = nil) -> [String] {
    guard !channels.isEmpty else { return ["  no virtual channels yet"] }
    var headings = ["scid:vcid", "service", "frames", "gaps", "missing", "duplicates", "packets", "trust"]
    if rates != nil { headings.insert("frames/s", at: 3) }
    var table = TextTable((hasLink ? ["link"] : []) + headings, leftAlignedColumnCount: hasLink ? 3 : 2)
    for channel in Self.inOrder(channels) {
      var row: [TextTable.Cell] = [
        .init(Self.place(channel)), .init(channel.text("service")), .init(channel.count("frames").grouped),
        .loss(channel.count("gaps")), Self.missing(channel), .loss(channel.count("duplicates")),
        .init([channel.count("packets"), channel.count("idle_packets")].total.grouped), Self.trust(channel),
      ]
      if let rates { row.insert(.init(rates[Self.place(channel)]?.tenths ?? "-"), at: 3) }
      table.append((hasLink ? [.init(channel.text("link"))] : []) + row)
    }
    return table.lines(paint)
  }

  func applicationProcesses(_ processes: [Document], hasLink: Bool) -> [String] {
    guard !processes.isEmpty else { return ["  no packets yet"] }
    let headings = ["scid:vcid:apid", "packets", "bytes", "last count", "gaps", "missing", "repeats", "trust"]
    var table = TextTable((hasLink ? ["link"] : []) + headings, leftAlignedColumnCount: hasLink ? 2 : 1)
    for process in Self.inOrder(processes) {
      table.append(
        (hasLink ? [.init(process.text("link"))] : []) + [
          .init("\(Self.place(process)):\(process.count("apid"))"), .init(process.count("packets").grouped),
          .init(process.count("bytes").grouped), .init("\(process.count("last_sequence_count"))"),
          .loss(process.count("gaps")), Self.missing(process), .loss(process.count("repeats")), Self.trust(process),
        ])
    }
    return table.lines(paint)
  }

  /// By number within each link; the links stay as the daemon has them.
  private static func inOrder(_ rows: [Document]) -> [Document] {
    var places: [String: Int] = [:]
    for row in rows where places[row.text("link")] == nil { places[row.text("link")] = places.count }
    let keys = rows.map { [places[$0.text("link")] ?? 0, $0.count("scid"), $0.count("vcid"), $0.count("apid")] }
    return rows.indices.sorted { (keys[$0] + [$0]).lexicographicallyPrecedes(keys[$1] + [$1]) }.map { rows[$0] }
  }

  // MARK: Words

  static func place(_ channel: Document) -> String {
    let name = channel["name"]?.string.map { " \($0)" } ?? ""
    let replay = channel["replay"]?.bool == true ? " replay" : ""
    return "\(channel.count("scid")):\(channel.count("vcid"))\(replay)\(name)"
  }

  static func emphasis(ofState state: String) -> Emphasis {
    switch state {
    case "receiving": .good
    case "quiet": .caution
    case "down": .alarm
    case "disabled": .quiet
    default: .plain
    }
  }

  static func input(of link: Document) -> String {
    [link.text("transport"), link.text("listen"), link.text("endpoint")].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the link is counted in: frames, or packets where there are none.
  static func units(of link: Document) -> String { link["units"]?.string ?? "frames" }

  /// How long ago the last of them came.
  static func lastUnit(of link: Document) -> String {
    guard let last = link["last_\(units(of: link).dropLast())"]?.string else { return "never" }
    return link["as_of"]?.string.map { Moment.age(last, at: $0) } ?? Moment.short(last)
  }

  static func bitRate(_ bits: Double) -> String {
    switch bits {
    case ..<10_000: bits.tenths
    case ..<10_000_000: (bits / 1e3).tenths + " k"
    default: (bits / 1e6).tenths + " M"
    }
  }

  private static func missing(_ counted: Document) -> TextTable.Cell {
    let missing = counted.count("missing")
    guard let most = counted["missing_at_most"]?.int, most > missing else { return .loss(missing) }
    return TextTable.Cell("\(missing.grouped)...\(most.grouped)", .caution)
  }

  private static func trust(_ counted: Document) -> TextTable.Cell {
    let trust = counted.text("trust")
    return TextTable.Cell(trust, trust == "trusted" ? .plain : .caution)
  }
}
