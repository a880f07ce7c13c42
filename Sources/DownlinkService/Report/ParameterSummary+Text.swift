import LinkHealth

/// What became of the values of packets, for a person.
extension ParameterSummary {
  /// The lines, without line ends.
  var lines: [String] {
    var lines = [
      "parameters of \(database): \(parameterCount.grouped), of which \(monitoredCount.grouped) have limits",
      ReportText.level(
        "packets", counts.packets,
        [
          ("whole", counts.whole), ("long", counts.long), ("short", counts.short),
          ("of impossible size", counts.impossibleSize),
          ("unidentified", counts.unidentified), ("of too many values", counts.tooManyValues),
        ]),
    ]
    if counts.stored > 0 { lines.append(ReportText.row("", counts.stored.grouped, "stored on board, and come later")) }
    if counts.ambiguous > 0 {
      lines.append(ReportText.row("", counts.ambiguous.grouped, "with more than one container for them"))
    }
    for (count, text) in [
      (counts.otherSpacecraft, "besides, of other spacecraft"),
      (counts.encapsulation, "encapsulation packets besides, which no database describes"),
    ] where count > 0 { lines.append(ReportText.row("", count.grouped, text)) }
    lines.append(ReportText.row("values", counts.values.grouped, ""))
    for end in shortEnds { lines.append(ReportText.row("", end.count.grouped, "ended before \(end.name)")) }
    for end in longEnds { lines.append(ReportText.row("", end.count.grouped, "went on behind \(end.name)")) }
    if counts.alarmChanges > 0 {
      let raised = alarms.map { "\($0.count.grouped) \($0.level.name)" }.joined(separator: ", ")
      lines.append(
        ReportText.row("alarms", counts.alarmChanges.grouped, "changes; at the end \(raised.isEmpty ? "none" : raised)")
      )
      for (name, level) in worst { lines.append(ReportText.row("", level.name, name)) }
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) } + [""]
  }
}
