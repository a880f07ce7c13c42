/// The lines above everything: which station, how long it runs, and whether it is well.
struct ScreenHeader {
  let picture: StationPicture

  func lines(columns width: Int) -> [ScreenLine] {
    var lines = [title(columns: width)]
    if let notice = picture.notice { lines.append(ScreenLine("! \(notice)", .alarm)) }
    return (lines + [state]).map { $0.cut(to: width) }
  }

  private func title(columns width: Int) -> ScreenLine {
    var line = ScreenLine("downlinkd \(picture.version)", .heading)
    if !picture.station.isEmpty { line.put("  \(picture.station)", .heading) }
    let state = picture.status.text("state")
    let uptime = picture.status["uptime_seconds"]?.double.map { " for \(Moment.duration($0))" } ?? ""
    line.put("  \(picture.isStale ? "was " : "")\(state)\(uptime)")
    switch picture.status["accounting"]?["balanced"]?.bool {
    case true?: line.put("  the ledger balances", .good)
    case false?: line.put("  THE LEDGER DOES NOT BALANCE", .alarm)
    case nil: break
    }
    let clock = Self.clock(picture)
    guard !clock.isEmpty, width >= Self.leastForClock else { return line }
    line = line.cut(to: max(0, width - clock.count - 2))
    line.pad(to: width - clock.count)
    line.put(clock, picture.isStale ? .caution : .plain)
    return line
  }

  /// In less than this the clock would leave nothing of the rest.
  private static let leastForClock = 40

  private static func clock(_ picture: StationPicture) -> String {
    guard let last = picture.asOf, last.utf8.count >= 19 else { return "" }
    return String(Moment.short(last).dropFirst(11).prefix(8)) + "Z"
  }

  private var state: ScreenLine {
    let dropped = picture.links.map { ($0["totals"]?.count("kernel_dropped") ?? 0) }.total
    let problems = picture.problems
    var line = ScreenLine()
    if let worst = problems.first(where: { $0["severity"]?.string == "critical" }) ?? problems.first {
      let severity = worst["severity"]?.string ?? "warning"
      let place = worst["link"]?.string.map { " \($0)" } ?? ""
      let count = [problems.count, picture.status.count("problems_omitted")].total
      line.put(
        "! \(count.grouped) \(count == 1 ? "problem" : "problems"), \(severity)\(place): ",
        severity == "critical" ? .alarm : .caution)
      line.put(worst["message"]?.string ?? worst.text("code"))
    } else {
      line.put("no problems", .good)
    }
    var host = ScreenLine("host dropped \(dropped.grouped)  ", dropped > 0 ? .alarm : .quiet)
    host.put(line)
    return host
  }
}
