/// The panes of a picture: what each has to say about the selected link, or the station.
struct ScreenPanes {
  let picture: StationPicture
  let link: Document
  let view: ScreenView

  /// Whether the packets of the link have values.
  var hasParameters: Bool { link["parameters"] != nil }

  private var name: String { link["name"]?.string ?? "no link" }
  private var counters: CounterTables { CounterTables(link: link, isWorstFirst: view.order == .worst) }

  func pane(_ kind: ScreenView.Pane, columns width: Int) -> ScreenPane {
    switch kind {
    case .ledger:
      ScreenPane(kind: kind, title: "ledger of \(name)", body: LedgerTree(link: link).lines(columns: width))
    case .channels:
      ScreenPane(kind: kind, title: "virtual channels of \(name)", body: counters.channels(columns: width))
    case .apids: ScreenPane(kind: kind, title: "APIDs of \(name)", body: counters.applicationProcesses(columns: width))
    case .problems: ScreenPane(kind: kind, title: "problems", body: problems(columns: width))
    case .alarms: ScreenPane(kind: kind, title: "parameters of \(name)", body: alarms(columns: width))
    case .passes: ScreenPane(kind: kind, title: "passes", body: passes(columns: width))
    case .events: ScreenPane(kind: kind, title: "events, newest first", body: events)
    }
  }

  private func problems(columns width: Int) -> [ScreenLine] {
    guard !picture.problems.isEmpty else { return [ScreenLine("no problems", .good)] }
    return picture.problems.flatMap { problem -> [ScreenLine] in
      let severity = problem["severity"]?.string ?? "warning"
      let emphasis: Emphasis = severity == "critical" ? .alarm : .caution
      let place = problem["link"]?.string.map { " \($0)" } ?? ""
      var first = ScreenLine("! \(severity)\(place): ", emphasis)
      first.put(problem["message"]?.string ?? problem.text("code"))
      if let since = problem["since"]?.string, view.isZoomed { first.put(" (since \(Moment.short(since)))", .quiet) }
      var lines = first.wrapped(to: width, indentation: 2)
      if view.isZoomed, let meaning = problem["meaning"]?.string {
        lines += ScreenLine("  for the data: \(meaning)").wrapped(to: width, indentation: 4)
      }
      if let hint = problem["hint"]?.string {
        lines += ScreenLine("  what to do: \(hint)").wrapped(to: width, indentation: 4)
      }
      return lines
    }
  }

  private func alarms(columns width: Int) -> [ScreenLine] {
    guard let parameters = link["parameters"] else {
      return ScreenLine("no mission database: packets are counted, not decoded", .quiet)
        .wrapped(to: width, indentation: 2)
    }
    let alarms = (parameters["alarms"]?.members ?? []).filter { ($0.value.int ?? 0) > 0 }
    let packets = (parameters["packets"]?.count("decoded") ?? 0).grouped
    guard !alarms.isEmpty else { return [ScreenLine("none is beyond a limit; \(packets) packets decoded", .good)] }
    let counts = alarms.map { "\(($0.value.int ?? 0).grouped) \($0.name)" }.joined(separator: ", ")
    let isGrave = alarms.contains { !["watch", "warning"].contains($0.name) }
    return [ScreenLine("! \(counts); \(packets) packets decoded", isGrave ? .alarm : .caution)]
      + (parameters["worst"]?.elements ?? []).map { ScreenLine("  \($0.text("level"))  \($0.text("parameter"))") }
  }

  private func passes(columns width: Int) -> [ScreenLine] {
    let passes = picture.currentPasses
    guard !passes.isEmpty else { return [ScreenLine("none yet", .quiet)] }
    var table = ScreenTable([
      .init(heading: "link", rank: 0, isLeftAligned: true), .init(heading: "state", rank: 1, isLeftAligned: true),
      .init(heading: "acquisition", rank: 4, isLeftAligned: true), .init(heading: "duration", rank: 5),
      .init(heading: "frames", rank: 6), .init(heading: "missing", rank: 3), .init(heading: "complete", rank: 2),
      .init(heading: "lost by", rank: 7, isLeftAligned: true),
    ])
    for pass in passes {
      let state = pass.text("state")
      let begin = pass["aos"]?.string ?? pass["announced"]?["start"]?.string
      let completeness = Completeness(received: pass.count("good_frames"), missing: pass.count("missing_frames"))
      table.append([
        ScreenLine(pass.text("link")),
        ScreenLine(state, state == "silent" ? .alarm : state == "running" ? .heading : .plain),
        ScreenLine(begin.map { Moment.short($0) } ?? "-"),
        ScreenLine(pass["duration_seconds"]?.double.map { Moment.duration($0) } ?? "-"),
        ScreenLine(pass.count("good_frames").grouped),
        ScreenLine(pass.count("missing_frames").grouped, pass.count("missing_frames") > 0 ? .caution : .plain),
        state == "silent" ? ScreenLine("-") : completeness.percent, Self.losers(pass),
      ])
    }
    return table.lines(columns: width)
  }

  /// Who has lost what is missing of a pass, as far as it was told.
  private static func losers(_ pass: Document) -> ScreenLine {
    let names: KeyValuePairs = ["space_link": "space link", "host": "this host", "unknown": "unknown"]
    let parts = names.map { (pass["losses"]?.count($0.key) ?? 0, $0.value) }.filter { $0.0 > 0 }
    let isOurs = (pass["losses"]?.count("host") ?? 0) > 0
    return ScreenLine(
      parts.map { "\($0.1) \($0.0.grouped)" }.joined(separator: ", "), isOurs ? .alarm : .plain)
  }

  private var events: [ScreenLine] {
    guard !picture.events.isEmpty else { return [ScreenLine("none yet", .quiet)] }
    let text = EventText(paint: Paint(isOn: false))
    let today = picture.asOf.map { Moment.short($0).prefix(11) } ?? "-"
    return picture.events.reversed().map { event in
      let emphasis: Emphasis =
        switch event.text("severity") {
        case "error": .alarm
        case "warning": .caution
        default: .plain
        }
      let line = text.line(event)
      // Of today the time is enough.
      return ScreenLine(line.hasPrefix(today) ? String(line.dropFirst(today.count)) : line, emphasis)
    }
  }
}
