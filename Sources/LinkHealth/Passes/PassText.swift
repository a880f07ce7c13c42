import CCSDSLink
import CCSDSWire

/// The report of a pass for a person with a terminal, or in a mail.
package struct PassText: Sendable {
  private let report: PassReport

  package init(_ report: PassReport) { self.report = report }

  /// The lines, without line ends.
  package var lines: [String] {
    let head = [PassWords.title(report), ""] + rows(timeRows)
    guard !report.isSilent else { return head + ["", PassWords.silence] }
    return head + [""] + rows(countRows) + lossLines + channelLines + processLines + minuteLines + clockLines
      + controlWordLines + violationLines + gapLines
  }

  private func rows(_ rows: [(String, String)]) -> [String] {
    rows.map { "  " + $0.0 + String(repeating: " ", count: max(1, 20 - $0.0.count)) + $0.1 }
  }

  private var timeRows: [(String, String)] { PassWords.timeRows(report) }

  private var countRows: [(String, String)] { PassWords.countRows(report) }

  private var lossLines: [String] {
    guard report.missing > 0 else { return [] }
    let causes = report.causes
    return ["", "Lost frames"]
      + rows(LossCause.allCases.map { ($0.words, PassWords.grouped(causes[$0])) })
  }

  private var channelLines: [String] {
    guard !report.channels.isEmpty else { return [] }
    var table = PassTable(["channel", "name", "frames", "idle", "first", "last", "gaps", "missing", "complete"])
    for channel in report.channels.sorted(by: { $0.key < $1.key }) {
      table.append([
        channel.key.text, PassWords.printable(channel.name ?? ""), PassWords.grouped(channel.frames),
        PassWords.grouped(channel.idleFrames), "\(channel.firstCount)", "\(channel.lastCount)",
        PassWords.grouped(channel.gaps), PassWords.range(channel.missing, channel.missingAtMost),
        PassWords.percent(channel.completeness),
      ])
    }
    return ["", "Virtual channels"] + table.lines
  }

  private var processLines: [String] {
    guard !report.processes.isEmpty else { return [] }
    var table = PassTable(["channel", "apid", "packets", "bytes", "first", "last", "gaps", "missing", "complete"])
    let sorted = report.sortedProcesses
    for process in sorted.prefix(Self.rowCount) {
      table.append([
        process.key.text, "\(process.applicationProcessID.rawValue)", PassWords.grouped(process.packets),
        PassWords.grouped(process.byteCount), "\(process.firstSequenceCount)", "\(process.lastSequenceCount)",
        PassWords.grouped(process.gaps), PassWords.grouped(process.missing), PassWords.percent(process.completeness),
      ])
    }
    let rest = sorted.count - Self.rowCount
    return ["", "Application processes"] + table.lines + (rest > 0 ? ["  and \(rest) more: the JSON has them all"] : [])
  }

  private var minuteLines: [String] {
    let worst = report.worstMinutes
    guard !worst.isEmpty else { return [] }
    var table = PassTable(["minute", "frames", "missing", "undecodable", "corrected"], wordColumnCount: 1)
    for minute in worst {
      table.append([
        PassWords.clock(minute.start), PassWords.grouped(minute.frames), PassWords.grouped(minute.missing),
        PassWords.grouped(minute.undecodable), PassWords.grouped(minute.correctedSymbols),
      ])
    }
    return ["", "Worst minutes"] + table.lines
  }

  private var clockLines: [String] {
    guard !report.clocks.isEmpty else { return [] }
    return ["", "On-board clock"] + rows(report.clocks.map { ($0.key.text, PassWords.clock($0)) })
  }

  private var controlWordLines: [String] {
    let history = report.controlWords
    guard history.wordCount > 0 else { return [] }
    var lines = ["", "Telecommand reception, by \(PassWords.grouped(history.wordCount)) control words"]
    for lane in history.lanes {
      lines += rows([(PassWords.lane(lane), PassWords.flags(history, lane, until: report.end))])
    }
    for change in history.changes.prefix(Self.rowCount) {
      let time = change.time.map { PassWords.clock($0.nanosecondsSince1970) } ?? "-"
      lines.append("    \(time)  \(PassWords.lane(change))  \(change.flags.words)")
    }
    let rest = history.changes.count + history.omittedCount - Self.rowCount
    return lines + (rest > 0 ? ["    and \(rest) more changes"] : [])
  }

  private var violationLines: [String] {
    let violations = report.violations
    guard violations.count > 0 else { return [] }
    var lines = ["", "Limit violations: \(PassWords.grouped(violations.count))"]
    for violation in violations.list.prefix(Self.rowCount) {
      let time = violation.time.map { PassWords.clock($0.nanosecondsSince1970) } ?? "-"
      lines.append(
        "    \(time)  \(violation.level)  \(PassWords.printable(violation.parameter)) = "
          + PassWords.printable(violation.value))
    }
    let rest = violations.count - Self.rowCount
    return lines + (rest > 0 ? ["    and \(rest) more"] : [])
  }

  private var gapLines: [String] {
    let gaps = GapList(report)
    guard !gaps.frames.isEmpty else { return [] }
    var table = PassTable(["channel", "first", "last", "missing", "after", "before"], wordColumnCount: 1)
    for gap in gaps.frames.prefix(Self.rowCount) {
      table.append([
        gap.key.text, "\(gap.first)", "\(gap.last)", PassWords.range(gap.missing, gap.missingAtMost),
        gap.after.map { PassWords.clock($0.nanosecondsSince1970) } ?? "-",
        gap.before.map { PassWords.clock($0.nanosecondsSince1970) } ?? "-",
      ])
    }
    let rest = gaps.frames.count - Self.rowCount
    return ["", "Missing frames"] + table.lines
      + (rest > 0 ? ["  and \(PassWords.grouped(rest)) more ranges: the gap list has them"] : [])
  }

  private static let rowCount = 24
}

/// A table of words, numbers to the right.
private struct PassTable {
  private var rows: [[String]]
  private let wordColumnCount: Int

  init(_ head: [String], wordColumnCount: Int = 2) {
    rows = [head]
    self.wordColumnCount = wordColumnCount
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let fill = String(repeating: " ", count: widths[column] - text.count)
        return column < wordColumnCount ? text + fill : fill + text
      }
      return "  " + cells.joined(separator: "  ")
    }
  }
}
