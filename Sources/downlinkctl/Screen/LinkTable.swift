/// The links of a station, a line for each.
struct LinkTable {
  let links: [Document]
  /// The documents of the picture before, by name of the link: what grows is marked.
  let earlier: [String: Document]
  /// What the frames are, by name of the link.
  let formats: [String: String]
  /// The link whose ledger is shown.
  let selected: String?

  /// The headings, then the links in the order they have.
  func lines(columns width: Int) -> [ScreenLine] {
    let isCoded = links.contains { $0["coding"] != nil }
    var table = ScreenTable(Self.columns + (isCoded ? Self.codingColumns : []))
    for link in links { table.append(row(link) + (isCoded ? Self.coding(link) : [])) }
    return table.lines(columns: width)
  }

  private static let columns: [ScreenTable.Column] = [
    .init(heading: "  link", rank: 0, isLeftAligned: true), .init(heading: "state", rank: 1, isLeftAligned: true),
    .init(heading: "format", rank: 11, isLeftAligned: true), .init(heading: "frames/s", rank: 3),
    .init(heading: "bit/s", rank: 8), .init(heading: "missing", rank: 2), .init(heading: "complete", rank: 4),
    .init(heading: "", rank: 9), .init(heading: "rejected", rank: 5, isLeftAligned: true),
    .init(heading: "host lost", rank: 6), .init(heading: "last frame", rank: 7), .init(heading: "latency", rank: 10),
  ]

  private static let codingColumns: [ScreenTable.Column] = [
    .init(heading: "lock", rank: 12, isLeftAligned: true), .init(heading: "margin", rank: 13),
    .init(heading: "corrected", rank: 14),
  ]

  private func row(_ link: Document) -> [ScreenLine] {
    let totals = link["totals"] ?? .null
    let rate = link["rates"]?["last1min"]
    let name = link.text("name")
    let isSelected = name == selected
    let state = link.text("state")
    let completeness = Completeness(ofChannels: link["virtual_channels"]?.elements ?? [])
    return [
      ScreenLine((isSelected ? "> " : "  ") + name, isSelected ? .heading : .plain),
      ScreenLine(state, Tables.emphasis(ofState: state)),
      ScreenLine([link.text("transport"), formats[name] ?? ""].filter { !$0.isEmpty }.joined(separator: " ")),
      ScreenLine(rate?["frames_per_second"]?.double?.tenths ?? "-"),
      ScreenLine(rate?["bits_per_second"]?.double.map(Tables.bitRate) ?? "-"),
      loss("missing", totals.count("missing"), earlier[name]?["totals"]?.count("missing")),
      completeness.percent, completeness.bar(columns: 10), rejected(link),
      loss("host", totals.count("kernel_dropped"), earlier[name]?["totals"]?.count("kernel_dropped")),
      ScreenLine(Self.lastFrame(of: link)), ScreenLine(Self.latency(of: link)),
    ]
  }

  /// A count of what is lost; a mark where it has grown since the picture before.
  private func loss(_ name: String, _ count: Int, _ before: Int?) -> ScreenLine {
    let isGrowing = before.map { count > $0 } ?? false
    return ScreenLine((isGrowing ? "▲ " : "") + count.grouped, isGrowing ? .alarm : count > 0 ? .caution : .plain)
  }

  /// How many, and the commonest reason.
  private func rejected(_ link: Document) -> ScreenLine {
    let count = Self.rejectedCount(of: link)
    let before = earlier[link.text("name")].map(Self.rejectedCount)
    var line = loss("rejected", count, before)
    if let (main, of) = Self.mainReason(of: link) {
      line.put(of < count ? " (\(main) \(of.grouped))" : " \(main)", .caution)
    }
    return line
  }

  static func rejectedCount(of link: Document) -> Int {
    (link["totals"]?["rejected"]?.members ?? []).map { ($0.value.int ?? 0) }.total
  }

  private static func mainReason(of link: Document) -> (name: String, count: Int)? {
    let reasons = (link["totals"]?["rejected"]?.members ?? []).map { (name: $0.name, count: $0.value.int ?? 0) }
    return reasons.filter { $0.count > 0 }.max { $0.count < $1.count }
  }

  /// Short, for a column of it.
  private static func lastFrame(of link: Document) -> String {
    let text = Tables.lastUnit(of: link)
    return text.hasSuffix(" ago") ? String(text.dropLast(" ago".count)) : text
  }

  /// What 99 of 100 frames were faster than, from the time stamp of the kernel to the decoded frame.
  private static func latency(of link: Document) -> String {
    let latency = link["latency"] ?? .null
    let buckets = latency["buckets"]?.elements ?? []
    let total = buckets.map { $0.count("count") }.total
    guard total > 0 else { return "-" }
    var sum = 0
    for bucket in buckets {
      sum += bucket.count("count")
      guard Double(sum) >= Double(total) * 0.99 else { continue }
      return bucket["le_seconds"]?.double.map { "< \(short($0))" } ?? "> 1 s"
    }
    return "-"
  }

  private static func short(_ seconds: Double) -> String {
    let isLong = seconds >= 1
    let text = String((isLong ? seconds * 100 : seconds * 1e5).rounded() / 100)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + (isLong ? " s" : " ms")
  }

  private static func coding(_ link: Document) -> [ScreenLine] {
    let lock = link["coding"]?["lock_state"]?.string
    let margin = link["coding"]?["margin"]
    let symbols = margin?["margin_symbols"]?.int
    let mean = margin?["mean_corrected_last_minute"]?.double
    return [
      ScreenLine(lock ?? "-", lock.map(LedgerText.emphasis) ?? .plain),
      ScreenLine(
        symbols.map { "\($0) of \(margin?.count("correctable") ?? 0)" } ?? "-",
        symbols.map { $0 <= 1 ? .caution : .plain } ?? .plain),
      ScreenLine(mean.map { "\($0.tenths)/word" } ?? "-"),
    ]
  }
}
