internal import CCSDSLink
internal import CCSDSWire

/// Passes: when one is over, and what is announced.
extension StationDecoder {
  private static let vocabulary = Vocabulary(
    name: "passes", keys: ["enabled", "los_after", "lead", "max_reports", "max_bytes", "schedule"],
    elsewhere: ["directory": "reports are kept below state.directory"])
  private static let entryVocabulary = Vocabulary(
    name: "an announced pass", keys: ["start", "end", "spacecraft_id", "link", "label"])
  private static let scheduleCapacity = 4096
  private static let longestSeconds = 86_400.0

  mutating func passes(in station: Section, links: [String]) -> PassConfiguration {
    var passes = PassConfiguration()
    guard let section = section("passes", in: station, Self.vocabulary) else { return passes }
    passes.isEnabled = boolean("enabled", in: section) ?? passes.isEnabled
    passes.lossAfterSeconds = seconds("los_after", in: section, 1...86_400)
    passes.leadSeconds = seconds("lead", in: section, 0...3600) ?? passes.leadSeconds
    passes.maximumReportCount = integer("max_reports", in: section, 1...100_000) ?? passes.maximumReportCount
    passes.maximumByteCount = byteCount("max_bytes", in: section, (1 << 20)...(1 << 40)) ?? passes.maximumByteCount
    guard let node = section.value("schedule") else { return passes }
    let path = section.path("schedule")
    let (list, name) = schedule(node, path: path, file: &passes.scheduleFile)
    if let list { passes.schedule = entries(list, path: name, links: links) }
    return passes
  }

  /// The list itself, or that in the file of this name: JSON, YAML, or CSV.
  private mutating func schedule(
    _ node: YAMLNode, path: String, file scheduleFile: inout String?
  ) -> (list: YAMLNode?, name: String) {
    guard case .scalar = node.content else { return (node, path) }
    guard let name = text(node, path: path, capacity: 1024) else { return (nil, path) }
    let file = ConfigurationFile.read(absolute(name, besides: node))
    scheduleFile = file.name
    switch file.content {
    case .failure(let message, let hint):
      problems.report("\(file.name) \(message)", at: node.mark, path: path, hint: hint)
      return (nil, path)
    case .bytes(let bytes):
      for refusal in file.refusals {
        problems.report(
          "\(file.name): \(refusal.message)", at: node.mark, path: path, hint: refusal.hint,
          severity: purpose == .service ? .error : .warning)
      }
      guard !name.hasSuffix(".csv") else {
        return (CSVTable.read(bytes, name: file.name, into: &problems), "passes")
      }
      return (YAMLDocument.read(bytes, name: file.name, into: &problems), "passes")
    }
  }

  private func absolute(_ name: String, besides node: YAMLNode) -> String {
    let configuration = problems.place(of: node.mark).file
    guard !name.hasPrefix("/"), let slash = configuration.lastIndex(of: "/") else { return name }
    return configuration[...slash] + name
  }

  private mutating func entries(_ node: YAMLNode, path: String, links: [String]) -> [ScheduledPassConfiguration] {
    let items = list(node, path: path) ?? []
    guard items.count <= Self.scheduleCapacity else {
      problems.report(
        "\(items.count) announced passes", at: node.mark, path: path,
        hint: "write at most \(Self.scheduleCapacity): those of the next weeks")
      return []
    }
    var entries: [(pass: ScheduledPassConfiguration, mark: SourceMark)] = []
    for (index, item) in items.enumerated() {
      guard let section = self.section(item, path: "\(path)[\(index)]", Self.entryVocabulary),
        let entry = entry(in: section, links: links)
      else { continue }
      let other = entries.first { $0.pass.overlaps(entry) }
      if let other {
        report(
          "it overlaps the pass at \(problems.name(of: other.mark)), which the same link is to hear", key: "start",
          in: section, hint: "name a link for each of the two, or a spacecraft, or shorten one of them")
      }
      entries.append((entry, section.valueMark(of: "start")))
    }
    return entries.map(\.pass).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  private mutating func entry(in section: Section, links: [String]) -> ScheduledPassConfiguration? {
    for key in ["start", "end"] where !section.has(key) {
      reportMissing(key, in: section, hint: "write the time in UTC, such as '\(key): 2026-03-01T04:12:00Z'")
    }
    let start = receptionTime("start", in: section)
    let end = receptionTime("end", in: section)
    let spacecraft = integer("spacecraft_id", in: section, 0...0xFFFF)
    let link = text("link", in: section, capacity: 32)
    let label = text("label", in: section, capacity: 128)
    if let link, !links.contains(link) {
      let nearest = Suggestion.nearest(to: link, among: links)
      report(
        "there is no link '\(link.shortened)'", key: "link", in: section,
        hint: nearest.map { "did you mean '\($0)'?" } ?? "the links are \(links.joined(separator: ", "))")
    }
    guard let start, let end else { return nil }
    guard start < end else {
      report("the pass ends before it begins", key: "end", in: section, hint: "write the later time behind 'end'")
      return nil
    }
    guard end.seconds(since: start) <= Self.longestSeconds else {
      report("the pass lasts for more than a day", key: "end", in: section, hint: "announce each pass by itself")
      return nil
    }
    var entry = ScheduledPassConfiguration(start: start, end: end)
    entry.spacecraftID = spacecraft.map { SpacecraftID(UInt16($0)) }
    entry.link = link
    entry.label = label
    return entry
  }

  private mutating func receptionTime(_ key: String, in section: Section) -> ReceptionTime? {
    guard let instant = instant(key, in: section)?.instant else { return nil }
    guard let nanoseconds = LeapSecondTable.builtIn.unixNanoseconds(of: instant) else {
      report("no clock of ours shows this time", key: key, in: section, hint: "write a time from 1970 to 2200")
      return nil
    }
    return ReceptionTime(nanosecondsSince1970: nanoseconds)
  }
}

extension ScheduledPassConfiguration {
  /// Whether one link would have to hear both at one time, and could not tell them apart.
  fileprivate func overlaps(_ other: ScheduledPassConfiguration) -> Bool {
    let isSameLink = link == nil || other.link == nil || link == other.link
    let isSameSpacecraft = spacecraftID == nil || other.spacecraftID == nil || spacecraftID == other.spacecraftID
    return isSameLink && isSameSpacecraft && start < other.end && other.start < end
  }
}
