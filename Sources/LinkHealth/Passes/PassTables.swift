import CCSDSLink
import CCSDSWire

/// The lists of a report, as they stand on its page.
struct PassTables {
  private static let rowCount = 200

  private let report: PassReport

  init(_ report: PassReport) { self.report = report }

  var all: [PassPageTable] {
    [minutes, channels, processes, frameGaps, packetGaps, clocks, controlWords, violations]
  }

  private var minutes: PassPageTable {
    PassPageTable(
      title: "Worst minutes", columns: ["Minute", "Frames", "Missing", "Undecodable", "Corrected symbols"],
      rows: report.worstMinutes.map {
        [
          String(PassWords.clock($0.start).prefix(5)), PassWords.grouped($0.frames), PassWords.grouped($0.missing),
          PassWords.grouped($0.undecodable), PassWords.grouped($0.correctedSymbols),
        ]
      })
  }

  private var channels: PassPageTable {
    PassPageTable(
      title: "Virtual channels",
      columns: ["Channel", "Name", "Frames", "Idle", "First", "Last", "Gaps", "Missing", "Complete"],
      rows: report.channels.sorted { $0.key < $1.key }.map {
        [
          $0.key.text, $0.name ?? "", PassWords.grouped($0.frames), PassWords.grouped($0.idleFrames),
          "\($0.firstCount)", "\($0.lastCount)", PassWords.grouped($0.gaps),
          PassWords.range($0.missing, $0.missingAtMost), PassWords.percent($0.completeness),
        ]
      }, wordColumnCount: 2)
  }

  private var processes: PassPageTable {
    let sorted = report.sortedProcesses
    return PassPageTable(
      title: "Application processes",
      columns: ["Channel", "APID", "Packets", "Bytes", "First", "Last", "Gaps", "Missing", "Complete"],
      rows: sorted.prefix(Self.rowCount).map {
        [
          $0.key.text, "\($0.applicationProcessID.rawValue)", PassWords.grouped($0.packets),
          PassWords.grouped($0.byteCount), "\($0.firstSequenceCount)", "\($0.lastSequenceCount)",
          PassWords.grouped($0.gaps), PassWords.grouped($0.missing), PassWords.percent($0.completeness),
        ]
      }, note: Self.rest(sorted.count, "the JSON report has all of them"), wordColumnCount: 2)
  }

  private var frameGaps: PassPageTable {
    let gaps = GapList(report).frames
    return PassPageTable(
      title: "Missing frames", columns: ["Channel", "First", "Last", "Missing", "After", "Before", "Lost by"],
      rows: gaps.prefix(Self.rowCount).map { gap in
        let causes: [(LossCause, Int)] = [
          (.spaceLink, gap.spaceLinkLosses), (.host, gap.hostLosses), (.unknown, gap.unknownLosses),
        ]
        return [
          gap.key.text, "\(gap.first)", "\(gap.last)", PassWords.range(gap.missing, gap.missingAtMost),
          Self.clock(gap.after), Self.clock(gap.before),
          causes.filter { $0.1 > 0 }.map { $0.1 == gap.missing ? $0.0.words : "\($0.0.words) \($0.1)" }
            .joined(separator: ", "),
        ]
      }, note: Self.rest(gaps.count, "the gap list has all of them"))
  }

  private var packetGaps: PassPageTable {
    let gaps = GapList(report).packets
    return PassPageTable(
      title: "Missing packets", columns: ["Channel", "APID", "First", "Last", "Missing", "After", "Before"],
      rows: gaps.prefix(Self.rowCount).map {
        [
          $0.key.text, "\($0.applicationProcessID.rawValue)", "\($0.first)", "\($0.last)",
          PassWords.grouped($0.missing), Self.clock($0.after), Self.clock($0.before),
        ]
      }, note: Self.rest(gaps.count, "the gap list has all of them"), wordColumnCount: 2)
  }

  private var clocks: PassPageTable {
    PassPageTable(
      title: "On-board clock", columns: ["Channel", "Against the time of reception"],
      rows: report.clocks.map { [$0.key.text, PassWords.clock($0)] }, wordColumnCount: 2)
  }

  private var controlWords: PassPageTable {
    let history = report.controlWords
    let changes = history.changes.prefix(Self.rowCount)
    return PassPageTable(
      title: "Telecommand reception", columns: ["Time", "Channel", "Flags"],
      rows: changes.map { [Self.clock($0.time), PassWords.lane($0), $0.flags.words] },
      note: Self.rest(history.changes.count + history.omittedCount, "the JSON report has more"), wordColumnCount: 3)
  }

  private var violations: PassPageTable {
    let violations = report.violations
    return PassPageTable(
      title: "Limit violations", columns: ["Time", "Parameter", "Level", "Value"],
      rows: violations.list.map { [Self.clock($0.time), $0.parameter, $0.level, $0.value] },
      note: violations.count > violations.list.count
        ? "and \(PassWords.grouped(violations.count - violations.list.count)) more" : "", wordColumnCount: 4)
  }

  private static func clock(_ time: ReceptionTime?) -> String {
    time.map { PassWords.clock($0.nanosecondsSince1970) } ?? "-"
  }

  private static func rest(_ count: Int, _ place: String) -> String {
    count > rowCount ? "and \(PassWords.grouped(count - rowCount)) more: \(place)" : ""
  }
}
