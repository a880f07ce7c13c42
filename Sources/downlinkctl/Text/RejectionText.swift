/// What a link rejected, for a terminal of 80 columns.
struct RejectionText {
  private static let width = 80
  private static let labelWidth = 12
  private static let rowByteCount = 16

  let paint: Paint
  /// So many of the first bytes of a unit are shown, and all lines with a byte that is marked.
  let hexByteCount: Int

  /// - Parameter pages: The answers to one question.
  func lines(_ pages: [Document], reason: String? = nil) -> [String] {
    guard let first = pages.first else { return [] }
    let reasons = pages.flatMap { $0["reasons"]?.elements ?? [] }
    let since = first["since"]?.string.map { Moment.short($0) } ?? "it began"
    guard !reasons.isEmpty else {
      let what = reason.map { "nothing was rejected for '\($0)'" } ?? "nothing was rejected"
      return [paint("\(first.text("link")): \(what) since \(since)", .good)]
    }
    let count = first.count("rejected").grouped
    let headline = "\(first.text("link")): rejected \(count) times since \(since)"
    return [paint(headline, .heading)] + reasons.flatMap { [""] + lines($0) }
  }

  // MARK: One reason

  private func lines(_ reason: Document) -> [String] {
    let passedOver = reason.count("passed_over")
    let count = reason.count("count")
    let title =
      "\(Self.title(reason.text("stage"))) (\(reason.text("reason"))), \(count.grouped) time\(count == 1 ? "" : "s")"
      + (passedOver > 0 ? ", \(passedOver.grouped) of them passed over" : "")
    var lines = [paint(Self.visible(title), .alarm)]
    lines += labelled("rule", reason.text("rule"))
    if let nearest = reason["nearest"] {
      lines += nearestLines(nearest)
    } else if !reason.text("hint").isEmpty {
      lines += labelled("hint", reason.text("hint"))
    }
    for unit in reason["units"]?.elements ?? [] { lines += unitLines(unit) }
    return lines
  }

  private func nearestLines(_ nearest: Document) -> [String] {
    let settings = (nearest["settings"]?.elements ?? []).map { setting in
      setting["value"]?.string.map { "\(setting.text("key")): \($0)" } ?? "leave out \(setting.text("key"))"
    }
    var lines: [String] = []
    for (index, setting) in settings.enumerated() {
      lines += labelled(index == 0 ? "nearest" : "", setting, .good)
    }
    let words = nearest.text("words")
    return lines
      + labelled("", "accepts \(nearest.count("accepts")) of \(nearest.count("of")) that were tried: \(words)")
  }

  private func unitLines(_ unit: Document) -> [String] {
    let facts = [
      "number \(unit.count("number").grouped)", unit["time"]?.string.map { Moment.short($0) },
      unit["source"]?.string.map { "from \($0)" }, "\(unit.count("bytes").grouped) bytes",
    ]
    var lines = ["  " + paint(Self.visible(facts.compactMap(\.self).joined(separator: ", ")), .heading)]
    lines += labelled("what", unit.text("what"))
    for name in ["expected", "seen"] { lines += labelled(name, unit.text(name)) }
    for remark in unit["remarks"]?.elements ?? [] { lines += labelled("", remark.string ?? "") }
    return lines + dumpLines(unit)
  }

  // MARK: Bytes

  /// Sixteen bytes to a line behind the offset of the first; below it, what is marked.
  private func dumpLines(_ unit: Document) -> [String] {
    let marks = (unit["marks"]?.elements ?? []).map { mark in
      let start = max(0, mark.count("offset"))
      return start..<[start, max(0, mark.count("bytes"))].total
    }
    var lines: [String] = []
    var end = 0
    for part in unit["dump"]?.elements ?? [] {
      let bytes = Self.bytes(part.text("hex"))
      for start in stride(from: 0, to: bytes.count, by: Self.rowByteCount) {
        let offset = [part.count("offset"), start].total
        let row = bytes[start..<min(start + Self.rowByteCount, bytes.count)]
        let marked = row.indices.map { index in marks.contains { $0.contains([part.count("offset"), index].total) } }
        guard offset < hexByteCount || marked.contains(true) else { continue }
        if offset > end { lines.append(Self.aligned("…", 7)) }
        end = [offset, row.count].total
        lines.append(Self.line(offset, row))
        if marked.contains(true) {
          lines.append(paint(String(repeating: " ", count: 9) + Self.carets(marked), .caution))
        }
      }
    }
    let rest = [unit.count("bytes"), -end].total
    if rest > 0, end > 0 { lines.append(Self.aligned("…", 7) + "  \(rest.grouped) more") }
    return lines
  }

  private static func line(_ offset: Int, _ row: ArraySlice<UInt8>) -> String {
    var text = ""
    for (place, byte) in row.enumerated() { text += (place == 8 ? "  " : place > 0 ? " " : "") + hex(byte) }
    let characters = String(decoding: row.map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    return aligned(String(offset), 7) + "  " + text + String(repeating: " ", count: max(0, 48 - text.count)) + "  "
      + characters
  }

  private static func carets(_ marked: [Bool]) -> String {
    var text = ""
    for (place, isMarked) in marked.enumerated() {
      text += (place == 8 ? "  " : place > 0 ? " " : "") + (isMarked ? "^^" : "  ")
    }
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }

  private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

  private static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  // MARK: Words

  /// A text that cannot move the cursor.
  private static func visible(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return shown
  }

  /// A label and what is said, in lines that fit; nothing where nothing is said.
  private func labelled(_ label: String, _ text: String, _ emphasis: Emphasis = .plain) -> [String] {
    guard !text.isEmpty else { return [] }
    let indent = String(repeating: " ", count: Self.labelWidth)
    var lines: [String] = []
    var line = ""
    for word in Self.visible(text).split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > Self.width - Self.labelWidth {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.enumerated().map { index, line in
      let head = "  " + label
      let start = index == 0 ? head + String(repeating: " ", count: max(1, Self.labelWidth - head.count)) : indent
      return paint(start, .quiet) + paint(line, emphasis)
    }
  }

  private static func title(_ stage: String) -> String {
    switch stage {
    case "datagram": "datagram rejected"
    case "stream": "bytes of the stream skipped"
    case "codeblock": "codeblock without a frame"
    case "frame": "frame rejected"
    case "zone": "bytes of packets discarded"
    case "service_data": "service data discarded"
    case "packet": "packet rejected"
    default: "\(stage) rejected"
    }
  }
}
