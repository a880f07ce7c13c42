import CCSDSLink
import CCSDSWire

/// How the figures of a pass are put into words, on a terminal and on a page.
package enum PassWords {
  static let silence =
    "Nothing was heard. If the spacecraft was sending, look at the antenna, the receiver and the network."

  /// What it is in a line.
  package static func title(_ report: PassReport) -> String {
    let name = report.announced?.label.map { printable($0) + ", " } ?? ""
    let begin = (report.start ?? report.announced?.start).map { " " + day($0) } ?? ""
    if report.isSilent { return "Pass of \(report.link): \(name)expected\(begin), nothing heard" }
    let state = begin.isEmpty ? "" : (report.ending == nil ? " since" : " on") + begin
    return "Pass of \(report.link)\(name.isEmpty ? "" : ", \(name.dropLast(2))")\(state): "
      + "\(percent(report.completeness)) complete" + (report.ending == nil ? " so far" : "")
  }

  static func timeRows(_ report: PassReport) -> [(String, String)] {
    var rows: [(String, String)] = []
    if let announced = report.announced {
      rows.append(("announced", "\(announced.start.rfc3339) to \(announced.end.rfc3339)"))
      if let spacecraft = announced.spacecraftID { rows.append(("spacecraft", "\(spacecraft.rawValue)")) }
    }
    if let from = report.listenedFrom { rows.append(("listened from", from.rfc3339)) }
    guard !report.isSilent else { return rows }
    guard let start = report.start, let end = report.end else { return rows + [("times", "the input has none")] }
    rows.append(("acquisition", start.rfc3339))
    rows.append((report.ending == nil ? "last good frame" : "loss of signal", end.rfc3339))
    rows.append(("duration", duration(end.seconds(since: start))))
    if let ending = report.ending { rows.append(("ended by", ending.words)) }
    if report.isContinuation { rows.append(("", "goes on from the report before")) }
    for gap in report.interruptions {
      rows.append(("not recorded", "\(gap.from.rfc3339) to \(gap.to.rfc3339): the daemon was restarted"))
    }
    return rows
  }

  static func countRows(_ report: PassReport) -> [(String, String)] {
    let counts = report.counts
    var rows = [
      (
        "good frames",
        grouped(report.acceptedFrames) + (counts.idle > 0 ? ", \(grouped(counts.idle)) of them idle" : "")
      ),
      ("missing frames", range(report.missing, report.missingAtMost)),
      ("complete", percent(report.completeness)),
    ]
    if counts.undecodable > 0 { rows.append(("undecodable", grouped(counts.undecodable))) }
    if report.duplicates > 0 { rows.append(("received twice", grouped(report.duplicates))) }
    if counts.codeblocks > 0 {
      rows.append(
        ("corrected symbols", "\(grouped(counts.correctedSymbols)) in \(grouped(counts.codeblocks)) codeblocks"))
    }
    rows.append(("packets", grouped(counts.packets)))
    rows.append(("missing packets", grouped(report.missingPackets)))
    if report.datagrams.kernelDropped + report.datagrams.rateLimited > 0 {
      rows.append(
        (
          "lost by this host",
          "\(grouped(report.datagrams.kernelDropped)) datagrams dropped by the kernel, "
            + "\(grouped(report.datagrams.rateLimited)) turned away for their rate"
        ))
    }
    return rows
  }

  static func clock(_ clock: PassClock) -> String {
    let estimate = clock.estimate
    return "\(fixed(Double(estimate.offsetNanoseconds) / 1e9, 6)) s ahead, drift "
      + "\(fixed(Double(estimate.driftPartsPerQuadrillion) / 1e9, 3)) ppm, jitter "
      + "\(fixed(Double(estimate.jitterNanoseconds) / 1e9, 6)) s, \(estimate.quality.rawValue)"
      + (clock.steps > 0 ? ", set \(clock.steps) times" : "")
  }

  static func lane(_ change: ControlWordChange) -> String {
    "\(change.spacecraftID.rawValue) TC \(change.virtualChannelID.rawValue)"
  }

  /// For how long each flag was set.
  static func flags(_ history: ControlWordHistory, _ lane: ControlWordChange, until end: ReceptionTime?) -> String {
    let set = ControlWordFlags.named.compactMap { flag, _, words -> String? in
      let seconds = history.seconds(of: flag, lane, until: end)
      let isSet = seconds > 0 || lane.flags.contains(flag)
      return isSet ? "\(words) for \(duration(seconds))" : nil
    }
    return set.isEmpty ? "never flagged anything" : set.joined(separator: ", ")
  }

  // MARK: Figures

  /// With a comma between thousands.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }

  static func range(_ least: Int, _ most: Int) -> String {
    most > least ? "\(grouped(least))…\(grouped(most))" : grouped(least)
  }

  /// Rounded down: 100 % is all of it.
  package static func percent(_ share: Double?) -> String {
    guard let share else { return "-" }
    return fixed(Double(Int(share * 10_000)) / 100, 2) + " %"
  }

  static func duration(_ seconds: Double) -> String {
    guard seconds >= 60 else { return fixed(seconds, 1) + " s" }
    let whole = Int(min(seconds, 1e9))
    let minutes = "\(whole / 60 % 60) min \(whole % 60) s"
    return whole >= 3600 ? "\(whole / 3600) h \(minutes)" : minutes
  }

  static func day(_ time: ReceptionTime) -> String {
    let text = time.rfc3339
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  /// The time of day.
  static func clock(_ nanoseconds: Int64) -> String {
    String(ReceptionTime(nanosecondsSince1970: nanoseconds).rfc3339.dropFirst(11).prefix(12))
  }

  /// With so many digits behind the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((value.magnitude * Double(scale)) + 0.5)
    let fraction = String(scaled % scale)
    let padded = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
    return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale)" + (digits > 0 ? "." + padded : "")
  }

  /// Without anything that a terminal would take for a command.
  package static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory.isPrintable ? $0 : "?" }))
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isPrintable: Bool {
    switch self {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}

extension LossCause {
  /// For a person.
  var words: String {
    switch self {
    case .spaceLink: "space link"
    case .host: "this host"
    case .unknown: "unknown"
    }
  }
}

extension PassDetector.End {
  /// For a person.
  var words: String {
    switch self {
    case .silence: "silence"
    case .schedule: "the next announced pass"
    case .duration: "the longest a report may last; another one goes on"
    case .input: "the end of the input"
    }
  }
}

extension ControlWordFlags {
  /// Those that are set.
  var words: String {
    let set = Self.named.filter { contains($0.flag) }.map(\.words)
    return set.isEmpty ? "nothing flagged" : set.joined(separator: ", ")
  }
}
