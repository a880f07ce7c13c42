import CCSDSLink
import CCSDSWire

/// The report of a pass as a page that needs nothing else: no script, no other file, no request.
///
/// Whatever comes from the wire or the configuration is escaped; the page forbids itself everything but its own style.
package struct PassPage: Sendable {
  let report: PassReport

  package init(_ report: PassReport) { self.report = report }

  /// The whole document.
  package var html: String {
    var page = PageWriter()
    page.raw(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + "<meta name=\"color-scheme\" content=\"light dark\"><title>")
    page.text(PassWords.title(report))
    page.raw("</title><style>\(PassPageStyle.text)</style></head><body><main>\n")
    writeHead(&page)
    if report.isSilent {
      page.raw("<p class=\"verdict bad\">")
      page.text(PassWords.silence)
      page.raw("</p>")
    } else {
      writeTiles(&page)
      writeCharts(&page)
      writeTables(&page)
    }
    page.raw("<footer>")
    page.text("\(report.id) · downlinkd · all times UTC")
    page.raw("</footer></main></body></html>\n")
    return page.html
  }

  private func writeHead(_ page: inout PageWriter) {
    page.raw("<header><p class=\"kicker\">")
    page.text(report.isSilent ? "Expected and not heard" : report.ending == nil ? "Pass under way" : "Pass report")
    page.raw("</p><h1>")
    page.text(report.link + (report.announced?.label.map { " · \($0)" } ?? ""))
    page.raw("</h1>")
    page.rows(PassWords.timeRows(report))
    page.raw("</header>\n")
  }

  private func writeTiles(_ page: inout PageWriter) {
    let causes = report.causes
    let lost = LossCause.allCases.filter { causes[$0] > 0 }.map { "\(PassWords.grouped(causes[$0])) \($0.words)" }
    page.raw("<section class=\"tiles\">")
    page.tile("complete", PassWords.percent(report.completeness), report.missing == 0 ? "nothing is missing" : "")
    page.tile("good frames", PassWords.grouped(report.acceptedFrames), "")
    page.tile(
      "missing frames", PassWords.range(report.missing, report.missingAtMost), lost.joined(separator: ", "),
      isBad: report.missing > 0)
    page.tile(
      "missing packets", PassWords.grouped(report.missingPackets),
      "\(PassWords.grouped(report.counts.packets)) came",
      isBad: report.missingPackets > 0)
    if report.counts.codeblocks > 0 {
      page.tile(
        "corrected symbols", PassWords.grouped(report.counts.correctedSymbols),
        "in \(PassWords.grouped(report.counts.codeblocks)) codeblocks")
    }
    if report.counts.undecodable > 0 {
      page.tile("undecodable", PassWords.grouped(report.counts.undecodable), "", isBad: true)
    }
    page.raw("</section>\n")
  }

  private func writeCharts(_ page: inout PageWriter) {
    let charts = PassCharts(report)
    for (title, note, svg) in charts.all {
      page.raw("<section><h2>")
      page.text(title)
      page.raw("</h2><p class=\"note\">")
      page.text(note)
      page.raw(svg.isEmpty ? "</p></section>\n" : "</p><div class=\"scroll\">\(svg)</div></section>\n")
    }
  }

  private func writeTables(_ page: inout PageWriter) {
    for table in PassTables(report).all { page.table(table) }
  }
}

/// A table of a report: its title, the names of its columns, and its rows.
struct PassPageTable {
  var title: String
  var columns: [String]
  var rows: [[String]]
  /// What is said below it.
  var note = ""
  /// How many columns at the left hold words; the others hold numbers.
  var wordColumnCount = 1
}

/// Writes a page: text escaped, everything else as it is.
struct PageWriter {
  private(set) var html = ""

  /// Markup of our own.
  mutating func raw(_ markup: String) { html += markup }

  /// Anything else.
  mutating func text(_ text: String) { html += Self.escaped(text) }

  /// A text as it may stand in an element or an attribute.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): escaped += "\u{FFFD}"
      // What turns the direction of a line would let a text look like another one.
      case _ where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Names with their values.
  mutating func rows(_ rows: [(String, String)]) {
    guard !rows.isEmpty else { return }
    raw("<dl>")
    for (name, value) in rows {
      raw("<dt>")
      text(name)
      raw("</dt><dd>")
      text(value)
      raw("</dd>")
    }
    raw("</dl>")
  }

  /// A figure with its name.
  mutating func tile(_ name: String, _ value: String, _ note: String, isBad: Bool = false) {
    raw("<div class=\"tile\(isBad ? " bad" : "")\"><span class=\"name\">")
    text(name)
    raw("</span><strong>")
    text(value)
    raw("</strong><span class=\"note\">")
    text(note)
    raw("</span></div>")
  }

  mutating func table(_ table: PassPageTable) {
    guard !table.rows.isEmpty else { return }
    raw("<section><h2>")
    text(table.title)
    raw("</h2><div class=\"scroll\"><table><thead><tr>")
    for (index, column) in table.columns.enumerated() {
      raw(index < table.wordColumnCount ? "<th>" : "<th class=\"n\">")
      text(column)
      raw("</th>")
    }
    raw("</tr></thead><tbody>")
    for row in table.rows {
      raw("<tr>")
      for (index, cell) in row.enumerated() {
        raw(index < table.wordColumnCount ? "<td>" : "<td class=\"n\">")
        text(cell)
        raw("</td>")
      }
      raw("</tr>")
    }
    raw("</tbody></table></div>")
    if !table.note.isEmpty {
      raw("<p class=\"note\">")
      text(table.note)
      raw("</p>")
    }
    raw("</section>\n")
  }
}
