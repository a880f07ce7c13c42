/// The whole status document for a person.
struct StatusText {
  let paint: Paint

  private var tables: Tables { Tables(paint: paint) }

  func lines(_ status: Document, version: String) -> [String] {
    [headline(status, version: version)] + configurationLines(status["config"] ?? .null)
      + (status["links"]?.elements ?? []).flatMap { [""] + linkLines($0) } + [""]
      + problemLines(status["problems"]?.elements ?? []) + omissionLines(status)
  }

  private func omissionLines(_ status: Document) -> [String] {
    let count = status.count("problems_omitted")
    return count > 0 ? ["and \(count.grouped) more: see 'downlinkctl problems'"] : []
  }

  /// What the daemon is and whether its numbers add up.
  func headline(_ status: Document, version: String) -> String {
    let balance =
      switch status["accounting"]?["balanced"]?.bool {
      case true?: paint("the ledger balances", .good)
      case false?: paint("THE LEDGER DOES NOT BALANCE", .alarm)
      case nil: "the ledger was not checked yet"
      }
    let uptime = status["uptime_seconds"]?.double.map { " for \(Moment.duration($0))" } ?? ""
    return paint("downlinkd \(version)", .heading) + " \(status.text("state"))\(uptime), \(balance)"
  }

  /// One line for a link, such as stands above its ledger.
  func linkHeadline(_ link: Document) -> String {
    var parts = [
      paint(link.text("name"), .heading),
      paint(link.text("state"), Tables.emphasis(ofState: link.text("state"))), Tables.input(of: link),
    ]
    if let rate = link["rates"]?["last1min"] {
      let units = Tables.units(of: link)
      parts.append((rate["\(units)_per_second"]?.double ?? 0).tenths + " \(units)/s")
      let bits = Tables.bitRate(rate["bits_per_second"]?.double ?? 0)
      parts.append(bits + (bits.contains(" ") ? "bit/s" : " bit/s"))
    }
    parts.append("last \(Tables.units(of: link).dropLast()) \(Tables.lastUnit(of: link))")
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  func linkLines(_ link: Document, rates: [String: Double]? = nil) -> [String] {
    let channels = link["virtual_channels"]?.elements ?? link["vcs"]?.elements ?? []
    let ledger = LedgerText(paint: paint)
    return [linkHeadline(link)] + ledger.lines(link["ledger"] ?? .null, coding: link["coding"])
      + (link["parameters"].map(ledger.parameterLines) ?? []) + [ledger.missingLine(channels, of: link)]
      + tables.virtualChannels(channels, hasLink: false, rates: rates)
  }

  func problemLines(_ problems: [Document]) -> [String] {
    guard !problems.isEmpty else { return [paint("no problems", .good)] }
    return problems.flatMap { problem -> [String] in
      let severity = problem["severity"]?.string ?? "warning"
      let words = [
        paint(severity, severity == "critical" ? .alarm : .caution), problem.text("code"), problem.text("link"),
        problem.text("message"), problem["since"]?.string.map { "(since \(Moment.short($0)))" } ?? "",
      ]
      let hint = problem["hint"]?.string.map { ["    hint: \($0)"] } ?? []
      return [words.filter { !$0.isEmpty }.joined(separator: "  ")] + hint
    }
  }

  private func configurationLines(_ configuration: Document) -> [String] {
    guard let path = configuration["path"]?.string else { return [] }
    let loaded = configuration["loaded"]?.string.map { ", loaded \(Moment.short($0))" } ?? ""
    let failure =
      configuration["last_reload_ok"]?.bool == false
      ? ", " + paint("the last reload failed: the old one is in force", .caution) : ""
    let waiting = (configuration["restart_needed"]?.elements ?? []).compactMap(\.string)
    let restart =
      waiting.isEmpty ? "" : ", " + paint("a restart is needed for \(waiting.joined(separator: ", "))", .caution)
    return ["configuration \(path)\(loaded)\(failure)\(restart)"]
  }
}
