/// The ledger of one link as a tree: at each level what came in, a branch for each thing that became of it, and beside
/// them what was never part of it.
struct LedgerTree {
  /// One thing that became of a part of a level.
  struct Branch: Equatable {
    let name: String
    let count: Int
    /// Whether nobody downstream has it.
    var isLoss = false
  }

  /// A level: the branches add up to the total.
  struct Level: Equatable {
    let title: String
    let total: Int
    let branches: [Branch]
    /// What is told along with it, and is no part of the sum.
    let beside: [Branch]
  }

  let levels: [Level]

  init(link: Document) {
    let ledger = link["ledger"] ?? .null
    let channels = link["virtual_channels"]?.elements ?? []
    let units = Self.units(in: ledger)
    let kept = Self.descriptions.filter { description in
      description.isAlways || units[description.name].map { $0.count(description.total) > 0 } ?? false
    }
    levels = kept.map { description in
      let level = units[description.name] ?? .null
      var branches = description.parts.map { Branch(name: $0.value, count: level.count($0.key)) }
        .filter { $0.count > 0 || $0.name == description.parts.first?.value }
      branches += description.lost.map { Branch(name: $0.value, count: level.count($0.key), isLoss: true) }
        .filter { $0.count > 0 }
      branches += Self.tally(level[description.losses], prefix: "")
      var beside = description.beside.map { Branch(name: $0.value, count: level.count($0.key), isLoss: true) }
      beside += Self.tally(level["abandoned"], prefix: "never ended: ")
      if description.name == "frames" {
        beside.append(Branch(name: "missing", count: channels.map { $0.count("missing") }.total, isLoss: true))
      }
      return Level(
        title: description.title, total: level.count(description.total), branches: branches,
        beside: beside.filter { $0.count > 0 })
    }
  }

  /// The tree, with the figures below each other.
  func lines(columns width: Int) -> [ScreenLine] {
    let names = levels.flatMap { [$0.title.count] + ($0.branches + $0.beside).map { $0.name.count + Self.indent + 2 } }
    let figures = levels.flatMap { level in ([level.total] + (level.branches + level.beside).map(\.count)) }
      .map { $0.grouped.count }
    let end = min(width, (names.max() ?? 0) + 2 + (figures.max() ?? 0))
    return levels.flatMap { level in
      [Self.line("", level.title, level.total, .heading, end)]
        + level.branches.enumerated().map { index, branch in
          let isLast = index == level.branches.count - 1
          return Self.line(isLast ? "└─ " : "├─ ", branch, end)
        } + level.beside.map { Self.line("   ", $0, end) }
    }
  }

  private static func line(_ stem: String, _ branch: Branch, _ end: Int) -> ScreenLine {
    let isBad = branch.isLoss && branch.count > 0
    return line(stem, (isBad ? "× " : "") + branch.name, branch.count, isBad ? .caution : .plain, end)
  }

  /// A name at the left and its figure at the right; where there is no room for both, the figure stays.
  private static func line(_ stem: String, _ name: String, _ count: Int, _ emphasis: Emphasis, _ end: Int) -> ScreenLine
  {
    let figure = count.grouped
    var line = ScreenLine(stem, .quiet)
    line.put(name, emphasis)
    line = line.cut(to: max(0, end - figure.count - 1))
    line.pad(to: max(0, end - figure.count))
    line.put(figure, emphasis)
    return line.cut(to: end)
  }

  private static func tally(_ reasons: Document?, prefix: String) -> [Branch] {
    (reasons?.members ?? []).map { reason in
      Branch(
        name: prefix + String(reason.name.map { $0 == "_" ? " " : $0 }), count: reason.value.int ?? 0, isLoss: true)
    }.filter { $0.count > 0 }
  }

  /// The levels by name; those of USLP's service data units are counted in bytes within them.
  private static func units(in ledger: Document) -> [String: Document] {
    var units: [String: Document] = [:]
    for member in ledger.members { units[member.name] = member.value }
    units["service_data_unit_bytes"] = ledger["service_data_units"]?["bytes"]
    return units
  }

  private static let indent = 3
}

/// What is counted at each level, and what belongs to the sum.
extension LedgerTree {
  private struct Description {
    let name: String
    let title: String
    var total = "received"
    let parts: KeyValuePairs<String, String>
    var lost: KeyValuePairs<String, String> = [:]
    var losses = ""
    var beside: KeyValuePairs<String, String> = [:]
    var isAlways = false
  }

  private static let descriptions = [
    Description(
      name: "datagrams", title: "datagrams", parts: ["accepted": "accepted"], losses: "rejected",
      beside: ["kernel_dropped": "dropped by the kernel"], isAlways: true),
    Description(
      name: "stream_bytes", title: "bytes of the stream", parts: ["framed": "in units", "pending": "pending"],
      lost: ["skipped": "skipped"]),
    Description(
      name: "codeblocks", title: "codeblocks", parts: ["decoded": "decoded"],
      lost: ["uncorrectable": "uncorrectable", "refused": "of another length"]),
    Description(
      name: "codewords", title: "codewords", parts: ["clean": "clean", "corrected": "corrected"],
      lost: ["uncorrectable": "uncorrectable"]),
    Description(
      name: "frames", title: "frames",
      parts: ["delivered": "delivered", "idle": "idle", "unlisted": "unlisted", "pending": "held back"],
      losses: "rejected", isAlways: true),
    Description(
      name: "zone_bytes", title: "bytes of packet zones",
      parts: ["packets": "in packets", "idle_packets": "in idle packets", "pending": "pending"], losses: "discarded",
      isAlways: true),
    Description(
      name: "packets", title: "packets", total: "completed", parts: ["delivered": "delivered", "idle": "idle"],
      losses: "rejected", isAlways: true),
    Description(
      name: "service_data_unit_bytes", title: "bytes of service data units",
      parts: ["delivered": "delivered", "fill": "fill", "pending": "pending"], losses: "discarded"),
  ]
}
