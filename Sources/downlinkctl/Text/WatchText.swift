/// The screen of `watch`: every link's ledger and channels, the problems, the last events; never larger than the
/// terminal.
struct WatchText {
  let paint: Paint

  /// Frames by link and channel at a time, to tell rates from two of them.
  struct Sample {
    let uptime: Double
    let frames: [String: [String: Int]]

    init(_ status: Document) {
      uptime = status["uptime_seconds"]?.double ?? 0
      var frames: [String: [String: Int]] = [:]
      for link in status["links"]?.elements ?? [] {
        for channel in link["virtual_channels"]?.elements ?? [] {
          frames[link.text("name"), default: [:]][Tables.place(channel)] = channel.count("frames")
        }
      }
      self.frames = frames
    }

    /// Frames per second since `earlier`, by channel of the link.
    func rates(since earlier: Sample?, link: String) -> [String: Double] {
      guard let earlier, uptime > earlier.uptime else { return [:] }
      let now = frames[link] ?? [:]
      return now.reduce(into: [:]) { rates, entry in
        guard let before = earlier.frames[link]?[entry.key], entry.value >= before else { return }
        rates[entry.key] = Double(entry.value - before) / (uptime - earlier.uptime)
      }
    }
  }

  func lines(
    _ status: Document, events: [Document], version: String, since earlier: Sample?, rows: Int, columns: Int
  ) -> [String] {
    let text = StatusText(paint: paint)
    let sample = Sample(status)
    var top = [text.headline(status, version: version)]
    for link in status["links"]?.elements ?? [] {
      top += [""] + text.linkLines(link, rates: sample.rates(since: earlier, link: link.text("name")))
    }
    let limit = max(4, rows)
    var bottom = [""] + text.problemLines(status["problems"]?.elements ?? []).prefix(limit / 3)
    let eventCount = min(events.count, max(0, limit / 2 - bottom.count))
    if eventCount > 0 { bottom += [""] + events.suffix(eventCount).map(EventText(paint: paint).line) }
    if top.count + bottom.count > limit {
      top = top.prefix(max(1, limit - bottom.count - 1)) + [paint("  … more: make the window taller", .quiet)]
    }
    return (top + bottom).prefix(limit).map { Self.cut($0, to: columns) }
  }

  /// What goes to the terminal to put these lines in place of the ones before.
  static func redraw(_ lines: [String]) -> String {
    "\u{1B}[H" + lines.joined(separator: "\u{1B}[K\n") + "\u{1B}[K\u{1B}[J"
  }

  /// The line's first columns; colours take no room and are always ended.
  static func cut(_ line: String, to columns: Int) -> String {
    var text = ""
    var width = 0
    var isEscape = false
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if isEscape {
        text.append(character)
        if character == "m" { isEscape = false }
        continue
      }
      guard width < columns else { return text.contains("\u{1B}") ? text + "\u{1B}[0m" : text }
      text.append(character)
      width += 1
    }
    return text
  }
}
