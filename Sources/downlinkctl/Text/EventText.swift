import Glibc

/// One event in one line: when, how bad, what, where, and its figures.
struct EventText {
  private static let common = [
    "class", "timestamp", "event_type", "severity", "seq", "run_id", "link", "src_ip", "src_port", "scid", "vcid",
    "apid",
  ]

  let paint: Paint

  func line(_ event: Document) -> String {
    let severity = event.text("severity")
    var words = [
      paint(Moment.short(event.text("timestamp")), .quiet),
      paint(severity + String(repeating: " ", count: max(0, 7 - severity.count)), Self.emphasis(of: severity)),
      event.text("event_type"),
    ]
    if let link = event["link"]?.string { words.append(link) }
    for name in ["scid", "vcid", "apid", "src_ip"] {
      if let value = event[name]?.plainText { words.append("\(name)=\(Self.visible(value))") }
    }
    for member in event.members where !Self.common.contains(member.name) {
      words += Self.words(member.value.members)
    }
    return words.joined(separator: " ")
  }

  private static func words(_ parts: [Document.Member]) -> [String] {
    // Of one that was not merged with others, the line has the time already.
    let isSingle = parts.contains { $0.name == "count" && $0.value.int == 1 }
    return parts.filter { !isSingle || !["count", "first", "last"].contains($0.name) }.flatMap { part -> [String] in
      guard let value = part.value.plainText ?? list(part.value) else { return [] }
      let word = "\(part.name)=\(visible(value))"
      guard part.name == "errno", let number = part.value.int else { return [word] }
      return [word, "error=\(visible(unsafe String(cString: strerror(Int32(clamping: number)))))"]
    }
  }

  /// A list of texts, such as what is wrong with a configuration.
  private static func list(_ value: Document) -> String? {
    let texts = value.elements.compactMap(\.string)
    return texts.isEmpty || texts.count < value.elements.count ? nil : texts.joined(separator: "; ")
  }

  private static func emphasis(of severity: String) -> Emphasis {
    switch severity {
    case "error": .alarm
    case "warning": .caution
    case "debug", "info": .quiet
    default: .plain
    }
  }

  /// A value on one line that cannot move the cursor, in quotes if it has blanks.
  private static func visible(_ value: String) -> String {
    let text = value.replacing("\n", with: "; ").harmless
    return text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text
  }
}
