internal import CCSDSLink
internal import CCSDSWire

/// The mission database of a link, and what is done with the values of its packets.
extension StationDecoder {
  private static let parameterVocabulary = Vocabulary(
    name: "parameters",
    keys: ["root_container", "lenient", "stored_virtual_channels", "clock_set_back_after", "limit_sets"],
    elsewhere: [
      "mission_database": "write it beside 'parameters', not below it",
      "limits": "write 'limit_sets'; the limits themselves are in the mission database",
    ])
  private static let limitSetVocabulary = Vocabulary(name: "a limit set", keys: ["from", "mission_database"])
  /// As many as a database may have.
  private static let fileCapacity = 64
  private static let limitSetCapacity = 32

  mutating func mission(in link: Section) -> MissionConfiguration? {
    let section = section("parameters", in: link, Self.parameterVocabulary)
    guard link.has("mission_database") else {
      if section != nil {
        report(
          "'parameters' needs a mission database", key: "parameters", in: link,
          hint: "write 'mission_database: [FILE.xml]' beside it, or leave it out")
      }
      return nil
    }
    guard let files = databaseFiles(in: link) else { return nil }
    var mission = MissionConfiguration(files: files)
    guard let section else { return mission }
    mission.rootContainer = text("root_container", in: section, capacity: 1024)
    mission.isLenient = boolean("lenient", in: section) ?? false
    mission.storedChannels = storedChannels(in: section)
    mission.clockSetBackSeconds =
      seconds("clock_set_back_after", in: section, 1...86_400) ?? mission.clockSetBackSeconds
    mission.limitSets = limitSets(in: section)
    return mission
  }

  /// A database describes one spacecraft: of several, one would overwrite the values and clear the alarms of the other.
  mutating func checkMission(of channel: PhysicalChannelParameters, in link: Section) {
    guard channel.spacecraftIDs.count > 1 else { return }
    report(
      "a mission database describes one spacecraft, and this link carries \(channel.spacecraftIDs.count)",
      key: "mission_database", in: link,
      hint: "make a link for each, with a 'spacecraft_id' and a 'mission_database' of its own: links may name the same"
        + " input")
  }

  /// One file, or a list of them.
  private mutating func databaseFiles(in section: Section) -> [String]? {
    guard let node = section.value("mission_database") else { return nil }
    let path = section.path("mission_database")
    remember("mission_database", in: section)
    if case .scalar = node.content { return databaseFile(node, path: path).map { [$0] } }
    guard let items = list(node, path: path) else { return nil }
    guard 1...Self.fileCapacity ~= items.count else {
      report(
        "a mission database of \(items.count) files", key: "mission_database", in: section,
        hint: "name 1 to \(Self.fileCapacity) XTCE files")
      return nil
    }
    let files = items.enumerated().compactMap { databaseFile($1, path: "\(path)[\($0)]") }
    return files.count == items.count ? files : nil
  }

  private mutating func databaseFile(_ node: YAMLNode, path: String) -> String? {
    guard let file = text(node, path: path, capacity: 1024) else { return nil }
    guard !file.hasPrefix("/") else { return file }
    let configuration = problems.place(of: node.mark).file
    guard let slash = configuration.lastIndex(of: "/") else { return file }
    return configuration[...slash] + file
  }

  private mutating func storedChannels(in section: Section) -> Set<VirtualChannelID> {
    guard let node = section.value("stored_virtual_channels") else { return [] }
    let path = section.path("stored_virtual_channels")
    var channels: Set<VirtualChannelID> = []
    for (index, item) in (list(node, path: path) ?? []).enumerated() {
      guard let number = integer(item, path: "\(path)[\(index)]", 0...63) else { continue }
      channels.insert(VirtualChannelID(UInt8(number)))
    }
    return channels
  }

  // MARK: Limit sets

  private mutating func limitSets(in section: Section) -> [LimitSetConfiguration] {
    guard let node = section.value("limit_sets") else { return [] }
    let path = section.path("limit_sets")
    let items = list(node, path: path) ?? []
    guard items.count <= Self.limitSetCapacity else {
      report(
        "\(items.count) limit sets", key: "limit_sets", in: section, hint: "write at most \(Self.limitSetCapacity)")
      return []
    }
    var sets: [LimitSetConfiguration] = []
    for (index, item) in items.enumerated() {
      guard let section = self.section(item, path: "\(path)[\(index)]", Self.limitSetVocabulary) else { continue }
      if !section.has("from") {
        reportMissing("from", in: section, hint: "write when it begins, such as 'from: 2026-03-01T00:00:00Z'")
      }
      let validFrom = instant("from", in: section)?.instant
      guard section.has("mission_database") else {
        reportMissing("mission_database", in: section, hint: "name the XTCE files whose alarms hold from then on")
        continue
      }
      guard let validFrom, let files = databaseFiles(in: section) else { continue }
      if sets.contains(where: { $0.validFrom == validFrom }) {
        report("another set begins at the same time", key: "from", in: section, hint: "keep one of the two")
      }
      sets.append(LimitSetConfiguration(validFrom: validFrom, files: files))
    }
    return sets.sorted { $0.validFrom < $1.validFrom }
  }
}
